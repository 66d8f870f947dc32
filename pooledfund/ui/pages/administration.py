"""The page of people: who may sign in and as what, sign-ins, changes. Decides nothing: the room of people does."""

from collections.abc import Callable

import streamlit as st

from pooledfund.access import OWN_PARTNER, Action, Actor, Role
from pooledfund.people import accounts, codes, granting, signing_in
from pooledfund.people.database import People
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.forms import text_of
from pooledfund.ui.frame import Here, field, heading, nothing, page, put, settle
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.who import people_here, person_here

_DEEDS = {
    "disable": (accounts.disable, "is disabled and signed out everywhere"),
    "enable": (accounts.enable, "is enabled"),
    "unlock": (accounts.unlock, "is unlocked"),
}
_SHOWN = 50


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
        _forms(here, [each.person.login for each in found])
    else:
        nothing("Only an administrator changes people.", "You see who may do what, and who signed in.")
    _record(here, people)


def _forms(here: Here, logins: list[str]) -> None:
    st.header("Change people", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        with st.form(field("add person")):
            st.text_input("Login of the new person", key=field("add person", "login"))
            st.checkbox("Signs in by the organisation, without a password", key=field("add person", "oidc"))
            st.form_submit_button("Add the person", on_click=_do_add)
        with st.form(field("deed")):
            st.selectbox("Person", logins, key=field("deed", "login"))
            st.selectbox("What to do", [*_DEEDS, "give a one-time code"], key=field("deed", "what"))
            st.form_submit_button("Do it", on_click=_do_deed)
    with right, st.form(field("grant")):
        st.selectbox("Person who gets or loses a role", logins, key=field("grant", "login"))
        st.selectbox("Role", list(Role), format_func=lambda each: each.in_words, key=field("grant", "role"))
        st.selectbox("In", [EVERY_POOL, *(each.pool_id for each in here.pools)], key=field("grant", "pool"),
                     format_func=lambda each: "every pool" if each == EVERY_POOL else each)  # fmt: skip
        st.text_input(f"Partner, for {' and '.join(each.in_words for each in Role if each in OWN_PARTNER)}",
                      key=field("grant", "partner"))  # fmt: skip
        st.text_input("Scheme lines, for a scheme manager, as S1,S2", key=field("grant", "lines"))
        st.text_input("Deputy for the finance lead", key=field("grant", "deputy"))
        give, take = st.columns(2)
        give.form_submit_button("Grant the role", on_click=_do_grant)
        take.form_submit_button("Take the role", on_click=_do_revoke)


def _perform(name: str, do: Callable[[People, Actor], str]) -> None:
    """Do what a form asks as the administrator who is signed in now."""
    try:
        person = person_here()
        if person is None:
            settle(name, refused="Nothing was done: you are no longer signed in. Sign in and do it again.")
            return
        settle(name, done=do(people_here(), person.administrator))
    except REFUSALS as refusal:
        settle(name, refused=str(refusal))


def _do_add() -> None:
    login, oidc = text_of("add person", "login"), text_of("add person", "oidc") == "True"

    def do(people: People, by: Actor) -> str:
        return f"{accounts.add(people, by, login, oidc=oidc)} is added: grant a role, and give a one-time code."

    _perform("add person", do)


def _do_deed() -> None:
    login, what = text_of("deed", "login"), text_of("deed", "what")

    def do(people: People, by: Actor) -> str:
        if what not in _DEEDS:
            code = codes.password_code(people, by, login)
            return f"One-time code for {login}, for {codes.PERSON_HOURS} hours, shown once: {code}"
        deed, said = _DEEDS[what]
        deed(people, by, login)
        return f"{login} {said}."

    _perform("deed", do)


def _given() -> tuple[str, Grant]:
    lines = tuple(each.strip() for each in text_of("grant", "lines").split(",") if each.strip())
    partner, deputy = text_of("grant", "partner") or None, text_of("grant", "deputy") or None
    grant = Grant(text_of("grant", "pool"), Role(text_of("grant", "role")), partner, lines, deputy)
    return text_of("grant", "login"), grant


def _do_grant() -> None:
    login, grant = _given()

    def do(people: People, by: Actor) -> str:
        granting.grant(people, by, login, grant)
        return f"{login} is {grant}."

    _perform("grant", do)


def _do_revoke() -> None:
    login, grant = _given()

    def do(people: People, by: Actor) -> str:
        granting.revoke(people, by, login, grant.pool_id, grant.role)
        return f"{login} is no {grant.role.in_words} there any more."

    _perform("grant", do)


def _record(here: Here, people: People) -> None:
    st.header("What was done", anchor=False)
    changes = [
        Row(Cell(each.at), (Cell(each.who), Cell(each.what), Cell(each.login), Cell(each.detail)))
        for each in accounts.changes(people, here.actor, _SHOWN)
    ]
    texts = ("At", "Who", "What", "Login", "Detail")
    put(html.table("Changes of people, newest first", [Heading(each, kind="text") for each in texts], changes))
    tries = [
        Row(Cell(each.at), (Cell(each.login), Cell(each.way), Cell(each.outcome)))
        for each in signing_in.sign_ins(people, here.actor, _SHOWN)
    ]
    headings = [Heading(each, kind="text") for each in ("At", "Login", "Way", "Outcome")]
    put(html.table("Sign-ins, newest first", headings, tries))


page("Administration", show, needs=Action.SEE_PEOPLE)
