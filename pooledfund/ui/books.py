"""The books behind the pages: the pools in them, and results kept until the next event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import streamlit as st

from ledgers.calendar import quarter_of
from ledgers.place import Place
from ledgers.refusals import LedgerRefusal
from ledgers.seal import Head
from ledgers.store import Books
from pooledfund.access import Action, Actor, NotAllowed, require
from pooledfund.errors import InputRefused
from pooledfund.people.person import Person
from pooledfund.pool import Pool
from pooledfund.results.conditions import ConditionsReport, conditions_report
from pooledfund.results.contributions import Contributions, contribution_position
from pooledfund.results.course import CourseMonth, course_of_year, last_month_with_spend
from pooledfund.results.met import MetBy, how_met
from pooledfund.results.monitoring import Monitoring, monitor
from s75_rules.agreement import Agreement
from s75_rules.errors import RuleBroken

T = TypeVar("T")

REFUSALS = (InputRefused, LedgerRefusal, RuleBroken)
"""What the rooms below raise for a person to read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A pool that the books hold: its name, its year and its newest event."""

    pool_id: str
    title: str
    year: str
    head: Head


@dataclass(frozen=True, slots=True)
class Quarter:
    """All that the page of a quarter shows, read from the books at one moment."""

    agreement: Agreement
    month: int
    head: Head
    monitoring: Monitoring
    met: tuple[MetBy, ...]
    course: tuple[CourseMonth, ...]
    conditions: ConditionsReport
    contributions: Contributions

    def partner(self, partner: str) -> str:
        """A partner by the name the agreement gives it."""
        return self.agreement.partners[partner].name


def standings(path: Place, person: Person) -> tuple[Standing, ...]:
    """The pools in the books where this person holds a role that may read; raises NotAllowed or LedgerRefusal."""
    books = Books.open(path)
    found = []
    with books.snapshot():
        there = books.pool_ids()
        for pool_id in there:
            if person.roles(pool_id):
                ledger = books.pool(pool_id)
                opened = ledger.events(kind="pool opened")[0].payload
                found.append(Standing(pool_id, str(opened["title"]), str(ledger.year), ledger.head()))
    if there and not found:
        raise NotAllowed(f"{person.login} has no role in any pool of these books: ask an administrator for one")
    return tuple(found)


def open_pool(path: Place, pool_id: str, actor: Actor) -> Pool:
    """One pool of the books, for this person."""
    return Pool.open(path, pool_id, actor)


@st.cache_resource(max_entries=64, show_spinner="Working out the quarter from the books")
def quarter_results(path: Place, pool_id: str, month: int, head: str, _actor: Actor) -> Quarter:
    """A quarter's results, worked out once for each newest event and shared by all who may read."""
    pool = open_pool(path, pool_id, _actor)
    with pool.books.books.snapshot():
        monitoring = monitor(pool, month)
        forecast_pence = sum(line.forecast_pence for line in monitoring.pooled_lines)
        return Quarter(
            agreement=pool.agreement,
            month=month,
            head=pool.books.head(),
            monitoring=monitoring,
            met=how_met(monitoring.risk.share),
            course=course_of_year(pool, month, forecast_pence),
            conditions=conditions_report(pool, month),
            contributions=contribution_position(pool, month),
        )


@st.cache_resource(max_entries=64, show_spinner=False)
def latest_quarter(path: Place, pool_id: str, head: str, _actor: Actor) -> int:
    """The quarter to open with: the last one with spend in it, else the first."""
    return quarter_of(last_month_with_spend(open_pool(path, pool_id, _actor)) or 1)


def kept(path: Place, pool_id: str, head: Head, actor: Actor, what: str, make: Callable[[Pool], T]) -> T:
    """A result worked out once for each newest event and shared by all who may read; ``what`` names it and its choices.

    Raises:
        NotAllowed: the person may not read the pool.
    """
    require(actor, Action.READ)

    def anew() -> T:
        pool = open_pool(path, pool_id, actor)
        with pool.books.books.snapshot():
            return make(pool)

    return cast(T, _kept(path, pool_id, head.hash, what, anew))


@st.cache_resource(max_entries=512, show_spinner="Working it out from the books")
def _kept(path: Place, pool_id: str, head: str, what: str, _make: Callable[[], object]) -> object:
    return _make()
