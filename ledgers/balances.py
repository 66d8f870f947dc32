"""Balances by any dimension, the trial balance and the statement of an account, now or as of an event."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledgers.accounts import Account
from ledgers.database import Connection
from ledgers.journal import Book, RecordedEntry

Dimension = Literal["account", "scheme", "contribution", "partner", "month"]
Key = tuple[str | int | None, ...]

BALANCES_AS_POSTED = """SELECT entry.pool_id, entry.book, posting.account, coalesce(posting.scheme, '') AS scheme,
        coalesce(posting.contribution, '') AS contribution, coalesce(posting.partner, '') AS partner, entry.month,
        sum(posting.amount_pence) AS amount_pence, max(entry.number) AS through_entry
    FROM entry JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
    WHERE entry.pool_id = ? GROUP BY 1, 2, 3, 4, 5, 6, 7"""
"""What the kept balances of a pool should be, by its postings."""


def kept_balances(
    connection: Connection,
    pool_id: str,
    book: Book,
    by: tuple[Dimension, ...],
    accounts: Collection[str] | None,
    through_month: int,
) -> dict[Key, int]:
    """Balances in pence from the kept ones, which cost the number of balances and not of postings."""
    columns = [f"nullif({name}, '')" if name in ("scheme", "contribution", "partner") else name for name in by]
    conditions = ["pool_id = ?", "book = ?", "month <= ?"]
    return _summed(connection, "balance", columns, conditions, [pool_id, book, through_month], "account", accounts)


def posted_balances(
    connection: Connection,
    pool_id: str,
    book: Book,
    by: tuple[Dimension, ...],
    accounts: Collection[str] | None,
    through_month: int,
    as_of: int,
) -> dict[Key, int]:
    """The same balances worked out from the postings recorded up to an event."""
    columns = ["entry.month" if name == "month" else f"posting.{name}" for name in by]
    source = "entry JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number"
    conditions = ["entry.pool_id = ?", "entry.book = ?", "entry.month <= ?", "entry.event <= ?"]
    values: list[str | int] = [pool_id, book, through_month, as_of]
    return _summed(connection, source, columns, conditions, values, "posting.account", accounts)


def _summed(
    connection: Connection,
    source: str,
    columns: list[str],
    conditions: list[str],
    values: list[str | int],
    account_column: str,
    accounts: Collection[str] | None,
) -> dict[Key, int]:
    if accounts is not None:
        conditions = [*conditions, f"{account_column} IN ({', '.join('?' * len(accounts))})"]
        values = [*values, *accounts]
    selected = ", ".join([*columns, "sum(amount_pence)"])
    places = [str(place) for place in range(1, len(columns) + 1)]
    # The two databases place null differently unless told.
    order = ", ".join(f"{place} NULLS FIRST" for place in places)
    grouped = f" GROUP BY {', '.join(places)} ORDER BY {order}" if columns else " HAVING count(*) > 0"
    rows = connection.execute(f"SELECT {selected} FROM {source} WHERE {' AND '.join(conditions)}{grouped}", values)
    return {tuple(row[:-1]): row[-1] for row in rows}


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """One account of a trial balance: its balance in pence on the side where it stands, the other side nil."""

    account: str
    name: str
    debit_pence: int
    credit_pence: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account of a book that has moved; the two totals agree."""

    lines: tuple[TrialBalanceLine, ...]

    @property
    def debit_pence(self) -> int:
        """The total of the debit balances."""
        return sum(line.debit_pence for line in self.lines)

    @property
    def credit_pence(self) -> int:
        """The total of the credit balances."""
        return sum(line.credit_pence for line in self.lines)


def trial_balance(balances: Mapping[Key, int], chart: Mapping[str, Account]) -> TrialBalance:
    """Set out balances by account as a trial balance, in the order of the account codes."""
    lines = []
    for (code,), amount in sorted(balances.items(), key=lambda item: str(item[0][0])):
        account = str(code)
        lines.append(TrialBalanceLine(account, chart[account].name, max(amount, 0), max(-amount, 0)))
    return TrialBalance(tuple(lines))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting in an account's statement and the running balance after it, in pence, debit plus."""

    entry: int
    effective_on: date
    document_on: date
    month: int
    kind: str
    why: str
    source_reference: str
    scheme: str | None
    contribution: str | None
    partner: str | None
    amount_pence: int
    balance_pence: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An account's postings in the order they take effect, between its opening and closing balance."""

    account: str
    opening_pence: int
    lines: tuple[StatementLine, ...]

    @property
    def closing_pence(self) -> int:
        """The balance after the last posting."""
        return self.lines[-1].balance_pence if self.lines else self.opening_pence


def account_statement(account: str, entries: Iterable[RecordedEntry], from_month: int = 1) -> Statement:
    """Set out one account's postings from a month on; what was posted to earlier months is the opening balance."""
    opening, lines = 0, []
    balance = 0
    for recorded in sorted(entries, key=lambda each: (each.entry.effective_on, each.number)):
        for posting in recorded.entry.postings:
            if posting.account != account:
                continue
            balance += posting.amount_pence
            if recorded.month < from_month:
                opening = balance
                continue
            entry = recorded.entry
            lines.append(
                StatementLine(
                    recorded.number, entry.effective_on, entry.document_on, recorded.month, entry.kind, entry.why,
                    entry.source_reference, posting.scheme, posting.contribution, posting.partner,
                    posting.amount_pence, balance,
                )
            )  # fmt: skip
    return Statement(account, opening, tuple(lines))
