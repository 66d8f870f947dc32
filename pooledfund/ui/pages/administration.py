"""The page of people: who may sign in and as what, sign-ins, changes. Decides nothing: the room of people does."""

import streamlit as st

from pooledfund.access import OWN_PARTNER, Action, Actor, Role
from pooledfund.people import accounts, codes, granting, signing_in
from pooledfund.people.database import People
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.ui import html
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import text_of
from pooledfund.ui.frame import Here, field, heading, nothing, page, perform_with_people, put
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.who import people_here
from s75_rules.clock import instant_words

_DEEDS = {
    "disable": (accounts.disable, "is disabled and signed out everywhere"),
    "enable": (accounts.enable, "is enabled"),
    "unlock": (accounts.unlock, "is unlocked"),
}
_SHOWN = 50
_ADD, _DEED, _GRANT = "add person", "deed", "grant"


def show(here: Here) -> None:
    """The people with their roles, what may be done to them, and what was."""
    heading(here, "Administration", "People sign in by a login name; no e-mail address or name is kept.")
    people = people_here()
    found = accounts.accounts(people, here.actor)
    rows = [
        Row(
            Cell(each.person.login, "by organisation" if each.way == "oidc" else "by password"),
            (
                Cell(each.status(people.present)),
                Cell(html.lines([str(one) for one in each.person.grants] or ["no role"])),
            ),
        )
        for each in found
    ]
    columns = (Heading("Login", kind="text"), Heading("Status", kind="text"), Heading("Roles", kind="text"))
    put(html.table("People", columns, rows))
    if here.may(Action.MANAGE_PEOPLE):
        _forms(here, {each.person.login: each.changed for each in found})
    else:
        nothing("Only an administrator changes people.", "You see who may do what, and who signed in.")
    _record(here, people)


def _forms(here: Here, changed: dict[str, int]) -> None:
    """The forms that change people; ``changed`` is each person's newest change as the table above shows them."""
    st.header("Change people", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(border=True):
            Drafted(_ADD).text("login", "Login of the new person")
            Drafted(_ADD).tick("oidc", "Signs in by the organisation, without a password")
            st.button("Add the person", key=field(_ADD, "button"), on_click=_do_add)
        with st.container(border=True):
            Drafted(_DEED).choice("login", "Person", list(changed))
            Drafted(_DEED).choice("what", "What to do", [*_DEEDS, "give a one-time code"])
            st.button("Do it", key=field(_DEED, "button"), on_click=_do_deed, args=(changed,))
    with right, st.container(border=True):
        form, own = Drafted(_GRANT), " and ".join(each.in_words for each in Role if each in OWN_PARTNER)
        form.choice("login", "Person who gets or loses a role", list(changed))
        form.choice("role", "Role", list(Role), lambda each: each.in_words)
        form.choice(
            "pool",
            "In",
            [EVERY_POOL, *(each.pool_id for each in here.pools)],
            lambda each: "every pool" if each == EVERY_POOL else each,
        )
        form.text("partner", f"Partner, for {own}")
        form.text("lines", "Scheme lines, for a scheme manager, as S1,S2")
        form.text("deputy", "Deputy for the finance lead")
        give, take = st.columns(2)
        give.button("Grant the role", key=field(_GRANT, "give"), on_click=_do_grant, args=(changed,))
        take.button("Take the role", key=field(_GRANT, "take"), on_click=_do_revoke, args=(changed,))


def _do_add() -> None:
    login, oidc = text_of(_ADD, "login"), text_of(_ADD, "oidc") == "True"

    def do(people: People, by: Actor) -> str:
        return f"{accounts.add(people, by, login, oidc=oidc)} is added: grant a role, and give a one-time code."

    perform_with_people(_ADD, do)


def _do_deed(changed: dict[str, int]) -> None:
    login, what = text_of(_DEED, "login"), text_of(_DEED, "what")

    def do(people: People, by: Actor) -> str:
        read = changed.get(login, 0)
        if what not in _DEEDS:
            code = codes.password_code(people, by, login, expected_change=read)
            return f"One-time code for {login}, for {codes.PERSON_HOURS} hours, shown once: {code}"
        deed, said = _DEEDS[what]
        deed(people, by, login, expected_change=read)
        return f"{login} {said}."

    perform_with_people(_DEED, do)


def _given() -> tuple[str, Grant]:
    lines = tuple(each.strip() for each in text_of(_GRANT, "lines").split(",") if each.strip())
    partner, deputy = text_of(_GRANT, "partner") or None, text_of(_GRANT, "deputy") or None
    grant = Grant(text_of(_GRANT, "pool"), Role(text_of(_GRANT, "role")), partner, lines, deputy)
    return text_of(_GRANT, "login"), grant


def _do_grant(changed: dict[str, int]) -> None:
    login, grant = _given()

    def do(people: People, by: Actor) -> str:
        granting.grant(people, by, login, grant, expected_change=changed.get(login, 0))
        return f"{login} is {grant}."

    perform_with_people(_GRANT, do)


def _do_revoke(changed: dict[str, int]) -> None:
    login, grant = _given()

    def do(people: People, by: Actor) -> str:
        granting.revoke(people, by, login, grant.pool_id, grant.role, expected_change=changed.get(login, 0))
        return f"{login} is no {grant.role.in_words} there any more."

    perform_with_people(_GRANT, do)


def _record(here: Here, people: People) -> None:
    st.header("What was done", anchor=False)
    changes = [
        Row(Cell(instant_words(each.at)), (Cell(each.who), Cell(each.what), Cell(each.login), Cell(each.detail)))
        for each in accounts.changes(people, here.actor, _SHOWN)
    ]
    texts = ("At", "Who", "What", "Login", "Detail")
    put(html.table("Changes of people, newest first", [Heading(each, kind="text") for each in texts], changes))
    tries = [
        Row(Cell(instant_words(each.at)), (Cell(each.login), Cell(each.way), Cell(each.outcome)))
        for each in signing_in.sign_ins(people, here.actor, _SHOWN)
    ]
    headings = [Heading(each, kind="text") for each in ("At", "Login", "Way", "Outcome")]
    put(html.table("Sign-ins, newest first", headings, tries))


page("Administration", show, needs=Action.SEE_PEOPLE)
