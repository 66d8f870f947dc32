"""The pool's cash, and cost share, cash due and balances: three statements that come to one another."""

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.journal import Entry, Posting
from pooledfund import chart
from pooledfund.access import Action, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.chart import chart_of
from pooledfund.cli import main
from pooledfund.control.invoicing import issue_invoices
from pooledfund.control.settlement import settle
from pooledfund.pool import Pool
from pooledfund.results.between_partners import BALANCES, COST_SHARE, SETTLED, Statements, statements
from pooledfund.results.cash import cash_by_month
from pooledfund.results.partner_statement import PartnerNotKnown
from pools import MANAGER, TOWN, as_actor, imported, pool_of, spent, total_of
from test_late_interest import received
from year_of_exampleshire import EXAMPLE, commands_of_the_year

CHART = chart_of(read_agreement_text(TOWN, "town.yaml").agreement)


def come_to_the_books(pool: Pool, month: int, as_of: int | None = None) -> tuple[Statements, ...]:
    """The statements of a month: each reconciles, and all of them together are the accounts of the actual book."""
    found = statements(pool, month, as_of=as_of)
    assert [each.differences for each in found] == [()] * len(found)
    books = pool.books.balances("actual", ("account",), through_month=month, as_of=as_of)
    for accounts, sign, part in ((COST_SHARE, -1, "cost_share"), (SETTLED, 1, "settled"), (BALANCES, 1, "balances")):
        for account, name in accounts.items():
            told = sum(pence for each in found for what, pence in getattr(each, part) if what == name)
            assert told == sign * books.get((account,), 0), account
    assert sum(each.spanning_pence for each in found) == 0
    cash = cash_by_month(pool, month, as_of)
    assert cash[-1].closing_pence == books.get((chart.CASH,), 0)
    assert [each.opening_pence for each in cash[1:]] == [each.closing_pence for each in cash[:-1]]
    return found


def test_every_account_of_the_actual_book_has_its_place() -> None:
    placed = {*COST_SHARE, *SETTLED, *BALANCES}
    held = {chart.CARRIED_FORWARD, chart.BROUGHT_FORWARD, chart.BALANCES_BROUGHT_FORWARD}
    other_books = {each.code for each in CHART if each.type == "budget"} | {
        chart.CONTRIBUTION_PLAN, chart.FORECAST_CONTROL, chart.COMMITMENTS_CONTROL, chart.BUDGET_BROUGHT_FORWARD,
    }  # fmt: skip
    left = {each.code for each in CHART} - placed - held - other_books
    assert {code for code in left if not code.startswith("reserve:")} == set()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """The books of Exampleshire after its whole year, command by command."""
    folder = tmp_path_factory.mktemp("year")
    books = folder / "books.db"
    with contextlib.chdir(EXAMPLE):
        for command in commands_of_the_year():
            if command[0] != "check":
                assert main([*command, "--db", str(books)]) in (0, 1)
    return Pool.open(books, None, MANAGER)


def test_a_year_comes_to_the_books_in_every_month(year: Pool) -> None:
    for month in range(1, 13):
        come_to_the_books(year, month)


def test_the_statements_of_exampleshire_at_the_years_end(year: Pool) -> None:
    icb = next(each for each in come_to_the_books(year, 12) if each.partner == "icb")
    assert dict(icb.cost_share)["contributions due"] == 3_930_005_00 + 20_000_00
    assert dict(icb.settled)["cash"] == total_of(year, "pool_cash")
    assert icb.balances_pence == sum(
        pence
        for (_, partner), pence in year.books.balances(
            "actual", ("account", "partner"), accounts=tuple(BALANCES)
        ).items()
        if partner == "icb"
    )


def test_shares_that_were_settled_are_in_the_balances_gross(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 12, date(2023, 4, 1))
    imported(pool, tmp_path, spent("A", "1500000", day="2024-03-30"), spent("B", "20000", "rehab", partner="icb"))
    received(pool, tmp_path, "2023-04-05", "500000", "R")
    settle(pool)
    icb = next(each for each in come_to_the_books(pool, 12) if each.partner == "icb")
    shares = dict(icb.receivable)["shares of the risk and breaches, less received"]
    assert dict(icb.cost_share)["overspend borne"] == shares
    assert dict(icb.balances)["owed to the pool"] > 0 > dict(icb.balances)["owed by the pool for spend on its behalf"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["debtors", "creditors", "pool_cash", "expenditure", "host_transfer", "accruals"]),
            st.sampled_from(["council", "icb", None]),
            st.integers(-(10**9), 10**9).filter(bool),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_any_journal_leaves_the_three_statements_together(
    tmp_path: Path, legs: list[tuple[str, str | None, int]]
) -> None:
    pool = pool_of(tmp_path)
    postings = [Posting(account, pence, partner=partner) for account, partner, pence in legs]
    rest = sum(each.amount_pence for each in postings)
    last = [Posting("suspense", -rest, partner="council")] if rest else []
    day = date(2023, 6, 1)
    with pool.writing(Action.POST) as writing:
        writing.record(Entry("actual", "journal", day, day, "someone", "why", "", "key", (*postings, *last)))
    come_to_the_books(pool, 12)


def test_they_stand_as_they_were_at_an_event(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    event = pool.books.head().number
    before = come_to_the_books(pool, 12, event)
    received(pool, tmp_path, "2023-04-05", "500000", "R")
    assert come_to_the_books(pool, 12, event) == before
    assert come_to_the_books(pool, 12) != before


def test_partner_finance_reads_its_own(tmp_path: Path) -> None:
    pool = as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE, "icb")
    assert [each.partner for each in statements(pool, 12, "icb")] == ["icb"]
    with pytest.raises(NotAllowed, match="only of their own partner"):
        statements(pool, 12, "council")
    with pytest.raises(PartnerNotKnown, match="'gp' is not a partner"):
        statements(pool, 12, "gp")
