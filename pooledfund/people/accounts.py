"""Who the people are: added, disabled, unlocked, each change recorded. Grants no role and signs nobody in."""

import re
from dataclasses import dataclass

from pooledfund.access import Action, Actor, Role, require
from pooledfund.errors import InputRefused
from pooledfund.people.database import People
from pooledfund.people.passwords import check_password, hashed
from pooledfund.people.person import Grant, Person
from pooledfund.people.rows import Session
from pooledfund.people.tables import ChangeRow, GrantRow, PersonRow, SessionRow

SET_PASSWORD = "set the password of"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class PersonRefused(InputRefused):
    """A change of people that cannot be made."""


class PersonChangedMeanwhile(PersonRefused):
    """Another administrator changed the same person after this one had read how they stand."""


class LastAdministrator(PersonRefused):
    """A change after which nobody could look after the people."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person as an administrator sees them."""

    person: Person
    way: str
    bound: bool
    disabled: bool
    locked_until: str | None
    created_at: str
    changed: int
    """The number of the newest change that an administrator made of them; 0 for none."""

    def status(self, present: str) -> str:
        """In words whether they can sign in at an instant."""
        if self.disabled:
            return "disabled"
        if self.locked_until is not None and self.locked_until > present:
            return f"locked until {_in_words(self.locked_until)}"
        return "may sign in" if self.bound else "has not signed in yet"


def _in_words(at: str) -> str:
    """An instant as the clocks of England show it."""
    # Imported here because the front door knows who is at a page before any library of models is loaded.
    from s75_rules.clock import instant_words

    return instant_words(at)


def login_of(text: str) -> str:
    """A login name in its one form, small letters; raises PersonRefused where it is none."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise PersonRefused(
            f"'{text[:64]}' is no login name: use up to 64 of a to z, 0 to 9, dot, dash and underscore, "
            "and no e-mail address"
        )
    return login


def add(people: People, by: Actor, login: str, *, subject: str | None = None, oidc: bool = False) -> str:
    """Add a person who may sign in by a password, or by their organisation; gives the login as it is kept.

    A person of an organisation is known by the ``subject`` it gives them, else by the first sign-in whose claim of a
    login is theirs.

    Raises:
        NotAllowed: the one who adds is no administrator.
        PersonRefused: the login is none, or is there already.
    """
    require(by, Action.MANAGE_PEOPLE)
    kept = login_of(login)
    with people.writing() as session:
        if session.get(PersonRow, kept) is not None:
            raise PersonRefused(f"{kept} is there already: grant them a role, or choose another login")
        way = "oidc" if oidc or subject else "local"
        session.add(PersonRow(login=kept, way=way, subject=subject, created_at=people.present))
        note(session, people, by.name, "added", kept, "by organisation" if way == "oidc" else "by password")
    return kept


def disable(people: People, by: Actor, login: str, *, expected_change: int | None = None) -> None:
    """Keep a person from signing in and end their sessions; what they did stays theirs.

    ``expected_change`` is the newest change of them that the administrator had read, here and in all that changes a
    person; None where it is not said what was read.

    Raises:
        NotAllowed: the one who disables is no administrator.
        PersonChangedMeanwhile: another administrator changed them since.
        LastAdministrator: nobody could look after the people.
    """
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = known(session, login, expected_change)
        row.disabled = True
        end_sessions(session, people, row.login)
        note(session, people, by.name, "disabled", row.login)
        keep_an_administrator(session)


def enable(people: People, by: Actor, login: str, *, expected_change: int | None = None) -> None:
    """Let a person who was disabled sign in again; raises NotAllowed or PersonRefused."""
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = known(session, login, expected_change)
        row.disabled = False
        note(session, people, by.name, "enabled", row.login)


def unlock(people: People, by: Actor, login: str, *, expected_change: int | None = None) -> None:
    """Let a person try again at once whom wrong passwords locked out; raises NotAllowed or PersonRefused."""
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = known(session, login, expected_change)
        row.failures, row.locked_until = 0, None
        note(session, people, by.name, "unlocked", row.login)


def set_password(people: People, by: Actor, login: str, password: str) -> None:
    """Give a local account a password and end its sessions; raises NotAllowed, PersonRefused or PasswordRefused."""
    require(by, Action.MANAGE_PEOPLE)
    check_password(password, login)
    kept = hashed(password)
    with people.writing() as session:
        take_password(session, people, local(session, login), kept)
        note(session, people, by.name, SET_PASSWORD, login_of(login))


def take_password(session: Session, people: People, row: PersonRow, kept: str) -> None:
    """Keep a new password's hash; whoever was signed in by the old one is not any more."""
    row.password_hash, row.failures, row.locked_until = kept, 0, None
    end_sessions(session, people, row.login)


def accounts(people: People, by: Actor) -> tuple[Account, ...]:
    """Every person by login, with their roles; raises NotAllowed."""
    require(by, Action.SEE_PEOPLE)
    with people.reading() as session:
        return tuple(
            Account(
                person_of(session, row),
                row.way,
                row.password_hash is not None or row.issuer is not None,
                row.disabled,
                row.locked_until,
                row.created_at,
                changed.number or 0 if (changed := _newest_change(session, row.login)) else 0,
            )
            for row in session.all(PersonRow, order="login")
        )


def changes(people: People, by: Actor, last: int = 200) -> tuple[ChangeRow, ...]:
    """The newest changes of people, the newest first; raises NotAllowed."""
    require(by, Action.SEE_PEOPLE)
    with people.reading() as session:
        return tuple(session.all(ChangeRow, order="number DESC", last=last))


def known(session: Session, login: str, expected_change: int | None = None) -> PersonRow:
    """The row of a person, to change; raises PersonRefused where there is none, or they were changed meanwhile."""
    row = session.get(PersonRow, login_of(login))
    if row is None:
        raise PersonRefused(f"there is nobody called {login_of(login)}: add them first")
    newest = _newest_change(session, row.login)
    if expected_change is not None and newest is not None and (newest.number or 0) > expected_change:
        did = f"{newest.what} {newest.login}" + (f", {newest.detail}" if newest.detail else "")
        raise PersonChangedMeanwhile(
            f"{newest.who} {did} on {_in_words(newest.at)}, after you had read how {row.login} stands: nothing was "
            "changed by you. Read what stands now, then do yours again."
        )
    return row


def _newest_change(session: Session, login: str) -> ChangeRow | None:
    """The newest change that was made of a person; that they set a password of their own is none."""
    rows = session.all(
        ChangeRow,
        "login = ? AND (who <> ? OR what <> ?)",
        login,
        login,
        SET_PASSWORD,
        order="number DESC",
        last=1,
    )
    return next(iter(rows), None)


def local(session: Session, login: str, expected_change: int | None = None) -> PersonRow:
    """The row of a person who signs in by a password; raises as ``known`` does."""
    row = known(session, login, expected_change)
    if row.way != "local":
        raise PersonRefused(f"{row.login} signs in by their organisation, which keeps their password")
    return row


def person_of(session: Session, row: PersonRow) -> Person:
    """The person of a row, with their roles."""
    rows = session.all(GrantRow, "login = ?", row.login, order="pool_id")
    return Person(row.login, tuple(grant_of(each) for each in rows))


def end_sessions(session: Session, people: People, login: str) -> None:
    """End every session of a person that has not ended."""
    for each in session.all(SessionRow, "login = ? AND ended_at IS NULL", login):
        each.ended_at = people.present


def note(session: Session, people: People, who: str, what: str, login: str, detail: str = "") -> None:
    """Record who changed what about whom, in the transaction that changes it."""
    session.add(ChangeRow(at=people.present, who=who, what=what, login=login, detail=detail))


def grant_of(row: GrantRow) -> Grant:
    """The grant of a row."""
    schemes = tuple(each for each in row.schemes.split(",") if each)
    return Grant(row.pool_id, Role(row.role), row.partner, schemes, row.deputy_for)


def keep_an_administrator(session: Session) -> None:
    """Pass while someone can look after the people; raises LastAdministrator."""
    able = "role = ? AND login IN (SELECT login FROM person WHERE NOT disabled)"
    if not session.all(GrantRow, able, Role.ADMINISTRATOR.value, last=1):
        raise LastAdministrator("nobody would be left to look after the people: make another administrator first")
