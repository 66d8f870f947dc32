"""What every page stands in: the person, the pool and quarter they chose, and a sentence where there is no page."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlencode

import streamlit as st

from ledgers.calendar import QUARTERS, FinancialYear
from ledgers.place import Place
from pooledfund.access import Action, Actor, Role, require
from pooledfund.people import drafts
from pooledfund.people.database import People
from pooledfund.people.person import Person
from pooledfund.pool import Pool
from pooledfund.results.standing import standing_of
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS, Standing, kept, latest_quarter, open_pool, standings
from pooledfund.ui.figures import UNITS, Unit, quarter_choice
from pooledfund.ui.html import Html
from pooledfund.ui.place import books_place
from pooledfund.ui.who import people_here, person_here, why_nobody
from s75_rules.agreement import Agreement

if TYPE_CHECKING:
    import altair as alt

T = TypeVar("T")

_AGAIN = "then load this page again"
_IN_ADDRESS: Literal["query-params"] = "query-params"
_HERE = "here"
_LONGEST_REASON = 600
_WHY_NOT = "why not here"


@dataclass(frozen=True, slots=True)
class Here:
    """Where the person at the page is: the books, the pool, the quarter and the unit they chose."""

    place: Place
    person: Person
    actor: Actor
    pools: tuple[Standing, ...]
    pool: Standing
    quarter: int
    unit: Unit

    @property
    def year(self) -> FinancialYear:
        """The pool's financial year."""
        return FinancialYear.parse(self.pool.year)

    @property
    def month(self) -> int:
        """The month that the quarter ends in, 3 to 12."""
        return self.quarter * 3

    def open(self) -> Pool:
        """The pool's books for this person as they are now; raises NotAllowed or LedgerRefusal."""
        return open_pool(self.place, self.pool.pool_id, self.actor)

    def kept(self, what: str, make: Callable[[Pool], T]) -> T:
        """A result worked out once for each newest event; ``what`` names it and every choice that it depends on."""
        return kept(self.place, self.pool.pool_id, self.pool.head, self.actor, what, make)

    @property
    def agreement(self) -> Agreement:
        """The agreement in force."""
        return self.kept("agreement", lambda pool: pool.agreement)

    def may(self, action: Action) -> bool:
        """Whether the person's role covers an action, to say so beside a button; the rooms below check it again."""
        return allowed(self.actor, action)


def allowed(actor: Actor, action: Action) -> bool:
    """Whether a role covers an action at all."""
    try:
        require(actor, action)
    except REFUSALS:
        return False
    return True


def choose(person: Person) -> None:
    """Draw the choices that all pages share, in the sidebar, and keep where the person is for the page that follows.

    What was kept stands until it is known anew: a click that cuts a drawing short is still done where it was made.
    """
    found = _found(person)
    if isinstance(found, Here):
        st.session_state[_HERE] = found
    else:
        st.session_state.pop(_HERE, None)
        st.session_state[_WHY_NOT] = found


def _found(person: Person) -> Here | tuple[str, str]:
    """Where the person is, or why nowhere and what to do."""
    books = books_place()
    if isinstance(books, Path) and not books.exists():
        return (
            f"There are no books at {books.name} yet.",
            f"Run 'pooledfund demo' for a worked example, or 'pooledfund init' with an agreement file, {_AGAIN}. "
            "To open other books, start with 'pooledfund serve --db FILE'.",
        )
    try:
        if pools := standings(books, person):
            with st.sidebar:
                return _chosen(books, person, pools)
    except REFUSALS as refusal:
        return "The books cannot be shown.", str(refusal)
    return "These books hold no pool yet.", f"Add one with 'pooledfund init' and an agreement file, {_AGAIN}."


def page(title: str, show: Callable[[Here], None], needs: Action = Action.READ) -> None:
    """Draw a page for the person and pool here, or a sentence on why there is none; nothing shows a traceback.

    ``needs`` is what a person must be allowed to do to see the page at all.
    """
    here: Here | None = st.session_state.get(_HERE)
    if here is None:
        state(title, *st.session_state.get(_WHY_NOT, ("This page has no pool to show.", f"Choose one, {_AGAIN}.")))
        return
    try:
        require(here.actor, needs)
        show(here)
    except REFUSALS as refusal:
        state(title, f"{title} cannot be shown.", str(refusal))


def heading(here: Here, title: str, lead: str = "") -> None:
    """The head of a page: the pool, what the page is about, and the event that its figures stand on."""
    year = "" if here.pool.year in here.pool.title else f", {here.pool.year}"
    put(html.paragraph(f"{here.pool.title}{year}", "pf-kicker"))
    st.title(title, anchor=False)
    if here.may(Action.READ):
        put(html.paragraph(f"{standing_of(here.agreement).lines[0]} {books_at(here)}", "pf-standing"))
    if lead:
        put(html.paragraph(lead, "pf-lead"))
    said()


def pool_choice(pool: Standing) -> str:
    """A pool in the list to choose from, and in an address."""
    return f"{pool.title} ({pool.pool_id})"


def address(page: str, pool: Standing, quarter: int) -> str:
    """Where a page shows a pool at a quarter, to be followed or sent on."""
    return f"{page}?{urlencode({'pool': pool_choice(pool), 'quarter': quarter_choice(quarter)})}"


def books_at(here: Here) -> str:
    """The event and the hash that a page's figures stand on."""
    return f"Books at event {here.pool.head.number:,}, hash {here.pool.head.hash[:12]}."


def put(part: Html) -> None:
    """Show a piece of markup."""
    st.html(part.markup)


def chart(here: Here, name: str, make: Callable[[], "alt.Chart"]) -> None:
    """Show a chart, laid out once for each newest event: checking its layout takes longer than all tables together."""
    st.vega_lite_chart(here.kept(f"chart {name}", lambda _: make().to_dict()), theme=None)


def state(title: str, what: str, remedy: str) -> None:
    """A page that has nothing to show: why, and what to do."""
    st.title(title, anchor=False)
    put(html.state(what, remedy))


def nothing(what: str, remedy: str = "") -> None:
    """A part of a page that is empty, said in words."""
    put(html.state(what, remedy))


def field(name: str, part: str = "") -> str:
    """The key of a form or of one of its fields, new after each success: a second click finds the form gone."""
    return f"{name}:{part}:{st.session_state.get(_times(name), 0)}"


def given(name: str, part: str) -> object:
    """What stands in a field of a form, by the key that ``field`` gave it; None where it was never drawn."""
    return st.session_state.get(field(name, part))


def legible(text: str) -> str:
    """A text as it was typed, without blanks around it; a sign without a shape, pasted with it, is a blank.

    Such a sign would split a sentence, or could not be kept at all.
    """
    return (text if text.isprintable() else "".join(sign if _shows(sign) else " " for sign in text)).strip()


def _shows(sign: str) -> bool:
    return sign == "\n" or unicodedata.category(sign) not in ("Cc", "Zl", "Zp", "Cs")


def draft_name(name: str, part: str) -> str:
    """What a draft of a field is kept as; with no part, how all of a form's drafts begin."""
    return f"{name}: {part}"


def where() -> Here | None:
    """Where the person at the page is, for what is drawn or done on it; None where there is no pool to show."""
    here: Here | None = st.session_state.get(_HERE)
    return here


def perform(name: str, do: Callable[[Pool], str]) -> None:
    """Do what a form asks, once, from its ``on_click``: as the person who is signed in now, on the books as they are.

    ``do`` gets the pool and gives the sentence to show. A refusal is shown in its own words and the form keeps
    what was typed; after a success the form is drawn anew and empty, so a double click does the thing once.
    """
    _perform(
        name,
        lambda here, person: do(
            open_pool(here.place, here.pool.pool_id, person.actor(here.pool.pool_id, here.actor.role))
        ),
    )


def perform_with_people(name: str, do: Callable[[People, Actor], str]) -> None:
    """Do what a form asks of the people, once, as the administrator who is signed in now; else as ``perform``."""
    _perform(name, lambda _, person: do(people_here(), person.administrator))


def _perform(name: str, do: Callable[[Here, Person], str]) -> None:
    here = where()
    try:
        person = person_here()
        if here is None or person is None:
            settle(name, refused=f"{why_nobody()} Nothing was done: sign in and do it again.")
            return
        settle(name, done=do(here, person))
        drafts.drop_of(people_here(), person.login, here.pool.pool_id, draft_name(name, ""))
    except REFUSALS as refusal:
        settle(name, refused=str(refusal))


def settle(name: str, *, done: str = "", refused: str = "") -> None:
    """Keep what a form did, or why it did not, for the page to say; what was done once has a new form."""
    if done:
        st.session_state["done"] = done
        st.session_state[_times(name)] = int(st.session_state.get(_times(name), 0)) + 1
    else:
        st.session_state["refused"] = refused


def said() -> None:
    """What the last form did, or why it did not; its place is kept, so that no field below moves and loses its text."""
    place = st.empty()
    done, refused = st.session_state.pop("done", None), st.session_state.pop("refused", None)
    if done or refused:
        with place.container():
            if done:
                st.success(html.plain(done), icon=":material/check_circle:")
            if refused:
                reasons = [html.plain(_shortened(each)) for each in refused.split("\n")]
                listed = reasons[0] if len(reasons) == 1 else "".join(f"\n- {each}" for each in reasons)
                st.error(f"Not done: {listed}", icon=":material/error:")


def _shortened(sentence: str) -> str:
    """A reason without the middle of a long text that it quotes: what is wrong and what to do stand at its ends."""
    if len(sentence) <= _LONGEST_REASON:
        return sentence
    half = _LONGEST_REASON // 2
    return f"{sentence[:half]} … {sentence[-half:]}"


def _times(name: str) -> str:
    return f"times done: {name}"


def _chosen(books: Place, person: Person, pools: tuple[Standing, ...]) -> Here:
    by_id = {pool.pool_id: pool for pool in pools}
    pool = by_id[
        st.selectbox(
            "Pool",
            list(by_id),
            format_func=lambda each: pool_choice(by_id[each]),
            key="pool",
            bind=_IN_ADDRESS,
        )
    ]
    roles = person.roles(pool.pool_id)
    role = roles[0]
    if len(roles) > 1:
        role = st.selectbox("Acting as", roles, format_func=lambda each: Role(each).replace("_", " "), key="role")
    actor = person.actor(pool.pool_id, role)
    latest = latest_quarter(books, pool.pool_id, pool.head.hash, actor) if allowed(actor, Action.READ) else 1
    quarter = st.selectbox(
        "Quarter",
        QUARTERS,
        index=latest - 1,
        format_func=quarter_choice,
        key="quarter",
        bind=_IN_ADDRESS,
    )
    unit: Unit = st.selectbox("Figures in tables", UNITS, key="unit")
    return Here(books, person, actor, pools, pool, quarter, unit)
