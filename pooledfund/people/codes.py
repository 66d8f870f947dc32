"""One-time codes: the first administrator's, and those by which a person sets their own password."""

from pooledfund.access import Action, Actor, Role, require
from pooledfund.errors import InputRefused
from pooledfund.people.accounts import local, login_of, note, take_password
from pooledfund.people.database import People
from pooledfund.people.passwords import check_password, code_fingerprint, hashed, new_code
from pooledfund.people.person import EVERY_POOL
from pooledfund.people.rows import Session
from pooledfund.people.tables import CodeRow, GrantRow, PersonRow

FIRST_RUN_HOURS = 1
PERSON_HOURS = 24


class CodeRefused(InputRefused):
    """A one-time code that cannot be used."""


def nobody_yet(people: People) -> bool:
    """Whether no person was ever added: the first is made with the code that the terminal prints."""
    with people.reading() as session:
        return not session.all(PersonRow, last=1)


def first_run_code(people: People) -> str:
    """A code that makes the first administrator, once and within the hour; those printed before end.

    Whoever can run this holds the machine, so that no sign-in is asked for.

    Raises:
        CodeRefused: there are people already.
    """
    if not nobody_yet(people):
        raise CodeRefused("there are people already: an administrator adds others and gives them codes")
    return _new_code(people, None, FIRST_RUN_HOURS)


def password_code(people: People, by: Actor, login: str) -> str:
    """A code by which a person sets a password of their own, once and within a day; those given before end.

    Raises:
        NotAllowed: the one who gives it is no administrator.
        PersonRefused: there is no such person, or their organisation keeps their password.
    """
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = local(session, login)
        note(session, people, by.name, "gave a code to", row.login, f"valid for {PERSON_HOURS} hours")
    return _new_code(people, row.login, PERSON_HOURS)


def use_code(people: People, code: str, login: str, password: str, *, manages_pools: bool = False) -> str:
    """Set a person's password by a one-time code, or make the first administrator; gives the login.

    The first administrator may also be made pooled fund manager of every pool.

    Raises:
        CodeRefused: the code is not known, is used or too old, or is another person's.
        PersonRefused, PasswordRefused: the login or the password cannot be used; the code stays good.
    """
    name = login_of(login)
    check_password(password, name)
    kept = hashed(password)
    with people.writing() as session:
        row = session.get(CodeRow, code_fingerprint(code))
        if row is None or row.used_at is not None or row.expires_at <= people.present or row.login not in (None, name):
            raise CodeRefused(
                "The code is not known for this login, was used, or is too old: ask for a new one, "
                "or for the first start run 'pooledfund people setup-code'"
            )
        row.used_at = people.present
        if row.login is None:
            _make_first(session, people, name, kept, manages_pools=manages_pools)
        else:
            take_password(session, people, local(session, name), kept)
            note(session, people, name, "set the password of", name, "with a one-time code")
    return name


def _make_first(session: Session, people: People, login: str, kept: str, *, manages_pools: bool) -> None:
    if session.all(PersonRow, last=1):
        raise CodeRefused("there are people already: an administrator adds others and gives them codes")
    session.add(PersonRow(login=login, way="local", password_hash=kept, created_at=people.present))
    note(session, people, login, "set up", login, "the first administrator, with the code of the terminal")
    for role in (Role.ADMINISTRATOR, *([Role.POOLED_FUND_MANAGER] if manages_pools else [])):
        session.add(GrantRow(login=login, pool_id=EVERY_POOL, role=role.value))
        note(session, people, login, "granted", login, f"{role.in_words} of every pool")


def _new_code(people: People, login: str | None, hours: int) -> str:
    code = new_code()
    with people.writing() as session:
        same = ("login = ?", login) if login else ("login IS NULL",)
        for each in session.all(CodeRow, *same):
            each.used_at = each.used_at or people.present
        session.add(CodeRow(code_hash=code_fingerprint(code), login=login, expires_at=people.later(hours=hours)))
    return code
