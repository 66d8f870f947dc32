"""What the ledgers ask of a database, SQLite or PostgreSQL. Each has a module of its own; the SQL elsewhere is shared.

A statement marks each value by ``?``. What a guard refuses is raised as the connection's ``refused``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias, TypeVar

from ledgers import refusals
from ledgers.refusals import LedgerRefusal, RowRefused, WroteAtOnce

Value: TypeAlias = str | int | None
Row: TypeAlias = Sequence[Value]
EntryRows: TypeAlias = tuple[Row, Sequence[Row]]
"""The row of an entry and the rows of its postings."""

_Result = TypeVar("_Result")

TRIES = 5
"""How often a command is tried whose transaction gave way to another's."""

ENTRY_COLUMNS = (
    "pool_id", "number", "book", "kind", "month", "effective_on", "document_on", "recorded_at", "who", "why",
    "source_reference", "idempotency_key", "reverses", "corrects", "adjusting", "legs", "digest", "event",
)  # fmt: skip
POSTING_COLUMNS = ("pool_id", "entry", "line", "account", "amount_pence", "scheme", "contribution", "partner")


class EntryNotTaken(Exception):
    """A guard refused an entry: its number, and the refusal in the guard's words."""

    def __init__(self, number: int, refusal: LedgerRefusal) -> None:
        super().__init__(str(refusal))
        self.number = number
        self.refusal = refusal


class Cursor(Protocol):
    """The rows that a statement gives. What a row holds is for who asked it, as in sqlite3."""

    def fetchone(self) -> Any: ...  # noqa: ANN401, D102  # as the class says

    def fetchall(self) -> list[Any]: ...  # noqa: D102

    def __iter__(self) -> Iterator[Any]: ...


class Reader(Protocol):
    """What gives the rows of a statement."""

    def execute(self, statement: str, values: Sequence[Value] = ..., /) -> Cursor:
        """Run one statement."""


class Connection(Reader, Protocol):
    """One connection to the books, with the few things that the two databases do each in its own way."""

    refused: type[Exception]

    def executemany(self, statement: str, rows: Sequence[Row], /) -> object:
        """Run one statement for each row."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def begin_reading(self) -> None:
        """Begin a transaction that sees the books at one moment."""

    def begin_writing(self, pool_id: str) -> None:
        """Begin a transaction as the one writer of a pool, and wait for another's to end."""

    def numbers_by_key(self, pool_id: str, keys: Iterable[str]) -> list[int]:
        """The numbers of the entries that have one of these idempotency keys."""

    def insert_entries(self, entries: Iterable[EntryRows]) -> None:
        """Write entries, each a row with the rows of its postings, and weigh them; raises EntryNotTaken."""

    def refusal_of(self, error: Exception) -> LedgerRefusal:
        """The refusal that an error of this database stands for."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the database itself, by check and sentence."""

    def rebuild_balances(self, pool_id: str, postings_summed: str) -> None:
        """Drop a pool's kept balances and write them anew, in a transaction that sets their guards aside."""


class Database(Protocol):
    """Books in one database: what gives connections to them."""

    def connected(self) -> AbstractContextManager[Connection]:
        """A connection to use and give back; errors of the database leave it as refusals."""

    def refusing(self) -> AbstractContextManager[None]:
        """Turns errors of the database into refusals."""

    def close(self) -> None:
        """Close the connections that are kept for use again."""


def giving_way(command: Callable[[], _Result]) -> _Result:
    """Run a command, and again from its start where its transaction gave way to another's: nothing of it was kept.

    The program's own writers never cross: each takes its pool's lock before it looks at anything, and holds nothing
    while it waits. Another program that locks tables by hand may cross them.

    Raises:
        WroteAtOnce: it gave way every time it was tried.
    """
    for _ in range(TRIES - 1):
        try:
            return command()
        except WroteAtOnce:
            continue
    return command()


def refusal_in(message: str) -> LedgerRefusal:
    """The refusal that a guard's message opens with the name of, else RowRefused with what the database said."""
    name, _, sentence = message.partition(": ")
    kind = getattr(refusals, name, None)
    if isinstance(kind, type) and issubclass(kind, LedgerRefusal):
        return kind(sentence)
    return RowRefused(f"the database refused a row: {message}")
