"""A small pool's books for the ledger tests, and a raw connection that knows nothing of our code. Holds no tests."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from ledgers.accounts import Account, PoolSpec
from ledgers.calendar import FinancialYear
from ledgers.journal import Entry, Posting
from ledgers.store import Books, Ledger

AT = datetime(2016, 4, 1, 9, 0, tzinfo=UTC)
WHO = "A. Accountant"
CHART = (
    Account("expenditure", "Expenditure", "expense", "debit"),
    Account("pool_cash", "Cash of the pool", "asset", "debit"),
    Account("contribution_plan", "Contributions planned", "control", "credit"),
    Account("unallocated", "Unallocated budget", "budget", "debit", floor="not_negative_by_contribution"),
    Account("line_budget", "Line budgets", "budget", "debit"),
    Account("line_budget:original", "Original budget", "budget", "debit", parent="line_budget"),
)


def pool_spec(pool_id: str = "thanet") -> PoolSpec:
    return PoolSpec(
        id=pool_id,
        title="Thanet Better Care Fund",
        year=FinancialYear(2016),
        accounts=CHART,
        partners={"kcc": "Kent County Council", "ccg": "Thanet CCG"},
        contributions={"nhs-min": "NHS minimum", "dfg": "Disabled Facilities Grant"},
        schemes={"S1": "Reablement", "S2": "Rapid response"},
    )


def open_books(folder: Path) -> Ledger:
    """New books in a folder with one pool and nothing recorded."""
    return Books.create(folder / "books.db").open_pool(pool_spec(), who=WHO, at=AT, payload={"agreement": "abc"})


def spend(key: str, pence: int = 12_500, on: date = date(2016, 5, 3), scheme: str = "S1") -> Entry:
    """Spend on a scheme line from the NHS minimum, paid from the pool's cash."""
    return Entry(
        book="actual",
        kind="spend",
        effective_on=on,
        document_on=on,
        who=WHO,
        why="reablement visits",
        source_reference="invoice 1",
        idempotency_key=key,
        postings=(Posting("expenditure", pence, scheme, "nhs-min"), Posting("pool_cash", -pence, partner="kcc")),
    )


def budget(key: str, *legs: tuple[str, int, str | None], on: date = date(2016, 4, 1)) -> Entry:
    """A budget entry whose legs are account, pence and scheme, all from the NHS minimum."""
    postings = tuple(Posting(account, pence, scheme, "nhs-min") for account, pence, scheme in legs)
    return Entry("budget", "opening budget", on, on, WHO, "agreed plan", "section 75", key, postings)


def raw(ledger: Ledger, foreign_keys: str = "ON") -> sqlite3.Connection:
    """A second connection by the standard library alone, with its own defaults but for foreign keys."""
    connection = sqlite3.connect(ledger.books.path, isolation_level=None)
    connection.execute(f"PRAGMA foreign_keys = {foreign_keys}")
    return connection


def without_guards(ledger: Ledger, *statements: str) -> None:
    """What the owner of a file can do: take the guards off, change rows, and put the guards back."""
    connection = sqlite3.connect(ledger.books.path, isolation_level=None)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()
