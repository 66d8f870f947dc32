"""The one way in: who proved who they are gets a session. Every try is recorded, and no secret with it."""

import logging
from dataclasses import dataclass
from typing import Literal

from pooledfund import settings
from pooledfund.access import Action, Actor, require
from pooledfund.errors import InputRefused
from pooledfund.people.accounts import PersonRefused, login_of
from pooledfund.people.database import People
from pooledfund.people.passwords import fingerprint, hashed, is_outdated, is_right, new_token
from pooledfund.people.rows import Session
from pooledfund.people.tables import PersonRow, SessionRow, SignInRow

Way = Literal["local", "oidc"]
NOBODY = "(nobody known)"
"""Stands in the record for a login that no one has: a password typed into the wrong box must not be kept."""

_log = logging.getLogger(__name__)


class SignInRefused(InputRefused):
    """Nobody was signed in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A proof of who someone is: a login whose password was right, or what an organisation's provider said of them."""

    way: Way
    login: str
    issuer: str = ""
    subject: str = ""


def proved_by_password(people: People, login: str, password: str) -> Identity:
    """The identity of whoever knows the password of a local account.

    A try is counted before the password is looked at, so that many at once get no more tries than one after another.
    Takes as long, and says the same, whatever the reason.

    Raises:
        SignInRefused: nobody has that login and password, or the account is locked or disabled.
    """
    kept, refusal = _begin_try(people, login)
    right = is_right(password, kept)
    if refusal is None and not right:
        refusal = "wrong password"
    name = _known_name(people, login)
    if refusal is not None:
        record(people, name, "local", refusal)
        tries, minutes = settings.TRIES.number, settings.LOCK_MINUTES.number
        raise SignInRefused(
            "Not signed in: the login and the password do not go together, or the account is locked or disabled. "
            f"After {tries} wrong passwords an account is locked for {minutes} minutes; an administrator can unlock it."
        )
    with people.writing() as session:
        row = session.get_one(PersonRow, name)
        row.failures, row.locked_until = 0, None
        if kept is not None and is_outdated(kept):
            row.password_hash = hashed(password)
    return Identity("local", name)


def sign_in(people: People, identity: Identity, token: str | None = None) -> str:
    """Begin a session for a proved identity and give its token, which only the browser keeps.

    The provider of an organisation proves a subject; the first time, its claim of a login says whose it is, and the
    two stay together from then on.

    Raises:
        SignInRefused: the identity is nobody's here, or the person is disabled.
    """
    given = token or new_token()
    with people.writing() as session:
        row = _row_of(session, identity)
        refusal = "not known here" if row is None else "disabled" if row.disabled else None
        if row is not None and refusal is None:
            if identity.way == "oidc":
                row.issuer, row.subject = identity.issuer, identity.subject
            session.add(
                SessionRow(
                    token_hash=fingerprint(given), login=row.login, began_at=people.present, seen_at=people.present
                )
            )
        name = NOBODY if row is None else row.login
        session.add(SignInRow(at=people.present, login=name, way=identity.way, outcome=refusal or "signed in"))
    _log.info("sign-in", extra={"login": name, "way": identity.way, "outcome": refusal or "signed in"})
    if refusal is not None:
        raise SignInRefused(
            f"Not signed in: {identity.login or 'this account'} is {refusal}. Ask an administrator of the pooled funds."
        )
    return given


def record(people: People, login: str, way: Way, outcome: str) -> None:
    """Record a try to sign in, or the end of a session."""
    with people.writing() as session:
        session.add(SignInRow(at=people.present, login=login, way=way, outcome=outcome))
    _log.info("sign-in", extra={"login": login, "way": way, "outcome": outcome})


def sign_ins(people: People, by: Actor, last: int = 200) -> tuple[SignInRow, ...]:
    """The newest sign-ins and refused tries, the newest first; raises NotAllowed."""
    require(by, Action.SEE_PEOPLE)
    with people.reading() as session:
        return tuple(session.all(SignInRow, order="number DESC", last=last))


def _begin_try(people: People, login: str) -> tuple[str | None, str | None]:
    """The hash to try a password against, and why it cannot be right; counts the try."""
    name = _known_name(people, login)
    with people.writing() as session:
        row = session.get(PersonRow, name)
        if row is None:
            return None, "no such login"
        if row.disabled:
            return None, "disabled"
        if row.password_hash is None:
            return None, "no password"
        if row.locked_until is not None and row.locked_until > people.present:
            return None, "locked"
        if row.locked_until is not None:
            row.failures, row.locked_until = 0, None
        row.failures += 1
        if row.failures >= settings.TRIES.number:
            row.locked_until = people.later(minutes=settings.LOCK_MINUTES.number)
        return row.password_hash, None


def _known_name(people: People, login: str) -> str:
    try:
        name = login_of(login)
    except PersonRefused:
        return NOBODY
    with people.reading() as session:
        return NOBODY if session.get(PersonRow, name) is None else name


def _row_of(session: Session, identity: Identity) -> PersonRow | None:
    if identity.way == "local":
        return session.get(PersonRow, identity.login)
    theirs = "way = 'oidc' AND subject = ? AND (issuer = ? OR issuer IS NULL)"
    if bound := session.all(PersonRow, theirs, identity.subject, identity.issuer, last=1):
        return bound[0]
    try:
        claimed = session.get(PersonRow, login_of(identity.login))
    except PersonRefused:
        return None
    free = claimed is not None and claimed.way == "oidc" and claimed.subject is None
    return claimed if free else None
