"""Sessions: whose a token is now, and their end. Begins none."""

from dataclasses import dataclass

from pooledfund import settings
from pooledfund.people.accounts import person_of
from pooledfund.people.database import People
from pooledfund.people.passwords import fingerprint
from pooledfund.people.person import Person
from pooledfund.people.tables import PersonRow, SessionRow, SignInRow

_SEEN_EVERY_SECONDS = 30
_KEPT_DAYS = 40
"""Longer than any browser keeps a sign-in: the token of a session that ended is never taken for a new one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a token is: a person, or nobody and why."""

    person: Person | None
    why: str = ""


STRANGER = Standing(None, "You are not signed in.")
"""What a token is that was never given."""


def standing(people: People, token: str) -> Standing:
    """Whose session a token is, and that it was used now.

    A session ends by signing out, when nobody clicked for POOLEDFUND_IDLE_MINUTES, after POOLEDFUND_SESSION_HOURS in
    any case, and when its person is disabled or gets another password.
    """
    with people.reading() as session:
        row = session.get(SessionRow, fingerprint(token))
        if row is None:
            return STRANGER
        if row.ended_at is not None:
            return Standing(None, "You are signed out.")
        idle, long_ago = settings.IDLE_MINUTES.number, settings.SESSION_HOURS.number
        if row.seen_at <= people.later(minutes=-idle):
            return Standing(None, f"Your session ended: nothing was done in it for {idle} minutes.")
        if row.began_at <= people.later(hours=-long_ago):
            return Standing(None, f"Your session ended: it had lasted {long_ago} hours.")
        login = session.get_one(PersonRow, row.login)
        if login.disabled:
            return Standing(None, "Your account is disabled.")
        found = Standing(person_of(session, login))
        old = row.seen_at <= people.later(seconds=-_SEEN_EVERY_SECONDS)
    if old:
        with people.writing() as session:
            session.get_one(SessionRow, fingerprint(token)).seen_at = people.present
    return found


def is_known(people: People, token: str) -> bool:
    """Whether a token is or was that of a session."""
    with people.reading() as session:
        return session.get(SessionRow, fingerprint(token)) is not None


def sign_out(people: People, token: str) -> None:
    """End a session and record it; a token that is nobody's is passed over."""
    with people.writing() as session:
        row = session.get(SessionRow, fingerprint(token))
        if row is not None and row.ended_at is None:
            row.ended_at = people.present
            way = session.get_one(PersonRow, row.login).way
            session.add(SignInRow(at=people.present, login=row.login, way=way, outcome="signed out"))
        session.remove(SessionRow, "seen_at < ?", people.later(days=-_KEPT_DAYS))
