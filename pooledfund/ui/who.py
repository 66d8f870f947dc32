"""Who is at the page: their session, checked anew at each click. Keeps no password."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import streamlit as st

from pooledfund import settings
from pooledfund.people.database import People, people_place
from pooledfund.people.passwords import fingerprint
from pooledfund.people.person import Person
from pooledfund.people.sessions import STRANGER, is_known, sign_out, standing
from pooledfund.people.signing_in import Identity, SignInRefused, sign_in
from pooledfund.ui.place import books_place

TOKEN = "session token"
"""Where a page's own state may hold a token: for programs that run a page without a browser, which has a cookie."""
_WHY = "why nobody is here"
_REFUSED = "refused sign-in"


def cookie_name() -> str:
    """The name of the cookie that holds a session's token; over https one that no other site of the domain can set."""
    return "__Host-pooledfund" if is_secure() else "pooledfund"


def is_secure() -> bool:
    """Whether people reach the front end over https, as POOLEDFUND_URL says."""
    return settings.URL.value.lower().startswith("https://")


def people_here() -> People:
    """The people beside the books of the pages; raises NoPeople."""
    return People.at(people_place(books_place()))


def person_here() -> Person | None:
    """The person at this page if their session stands now; nobody where it does not, and ``why_nobody`` says why.

    Raises:
        NoPeople: the people's database cannot be read.
    """
    people = people_here()
    found = STRANGER
    for token in _tokens(people):
        if (now := standing(people, token)) is not STRANGER:
            found = now
        if now.person is not None:
            break
    st.session_state[_WHY] = st.session_state.get(_REFUSED) or found.why
    return found.person


def why_nobody() -> str:
    """Why the last ``person_here`` found nobody, in a sentence."""
    return str(st.session_state.get(_WHY, ""))


def leave() -> None:
    """End the sessions of this page, and the organisation's sign-in that one of them began by."""
    people = people_here()
    for token in _tokens(people):
        sign_out(people, token)
    st.logout()


def _tokens(people: People) -> Iterator[str]:
    """Every token that the browser, or the page's own state, holds."""
    for token in (st.session_state.get(TOKEN), st.context.cookies.get(cookie_name())):
        if token:
            yield str(token)
    token = _of_organisation(people)
    if token is not None:
        yield token


def _of_organisation(people: People) -> str | None:
    """The token of a sign-in by an organisation, whose session begins when it is first seen.

    It is worked out from what the provider said of this one sign-in, which the server's own signed cookie holds: so
    there is nothing further to keep in the browser, and a session that ended does not begin again.
    """
    said = st.user.to_dict()
    if not said.get("is_logged_in"):
        return None
    token = fingerprint("\n".join(str(said.get(name, "")) for name in ("iss", "sub", "iat", "nonce")))
    if is_known(people, token):
        return token
    if st.session_state.get(_REFUSED):
        return None
    identity = Identity(
        "oidc", str(said.get(settings.OIDC_CLAIM.value) or ""), str(said.get("iss") or ""), str(said.get("sub") or "")
    )
    try:
        if not identity.subject or not _is_recent(said.get("iat")):
            raise SignInRefused("Your organisation's sign-in is too old, or names nobody: sign in again.")
        return sign_in(people, identity, token)
    except SignInRefused as refusal:
        st.session_state[_REFUSED] = str(refusal)
        return None


def _is_recent(issued: object) -> bool:
    if not isinstance(issued, int | float):
        return False
    return datetime.fromtimestamp(issued, UTC) > datetime.now(UTC) - timedelta(hours=settings.SESSION_HOURS.number)
