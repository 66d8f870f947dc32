"""What the ledgers ask of a database, SQLite or PostgreSQL. Each has a module of its own; the SQL elsewhere is shared.

A statement marks each value by ``?``. What a guard refuses is raised as the connection's ``refused``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from ledgers import refusals
from ledgers.refusals import LedgerRefusal, RowRefused, WroteAtOnce

Value: TypeAlias = str | int | None
Row: TypeAlias = Sequence[Value]
EntryRows: TypeAlias = tuple[Row, Sequence[Row]]
"""The row of an entry and the rows of its postings."""
Sealed: TypeAlias = tuple[Row, Iterable[EntryRows]]
"""The row of an event and the entries that it announces."""

_Result = TypeVar("_Result")

TRIES = 5
"""How often a command is tried whose transaction gave way to another's."""

EVENT_COLUMNS = (
    "pool_id", "number", "kind", "recorded_at", "who", "first_entry", "last_entry", "content", "previous_hash", "hash",
)  # fmt: skip
ENTRY_COLUMNS = (
    "pool_id", "number", "book", "kind", "month", "effective_on", "document_on", "recorded_at", "who", "why",
    "source_reference", "idempotency_key", "reverses", "corrects", "adjusting", "legs", "digest", "event",
)  # fmt: skip
POSTING_COLUMNS = ("pool_id", "entry", "line", "account", "amount_pence", "scheme", "contribution", "partner")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pool's books stand: the last event and its hash, the last entry, and entries that have keys asked for."""

    last_event: int
    last_hash: str | None
    last_entry: int
    there: Sequence[int]


class EntryNotTaken(Exception):
    """The database refused entries: the number of the one that it names, if it names one, and the refusal."""

    def __init__(self, number: int | None, refusal: LedgerRefusal) -> None:
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
    like: str
    """The operator that finds a pattern in a text with A to Z taken as small, and no other letter."""

    def executemany(self, statement: str, rows: Sequence[Row], /) -> object:
        """Run one statement for each row."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def begin_reading(self) -> None:
        """Begin a transaction that sees the books at one moment."""

    def begin_writing(self, pool_id: str) -> None:
        """Begin a transaction as the one writer of a pool, and wait for another's to end."""

    def numbers_by_key(self, pool_id: str, keys: Iterable[str]) -> Sequence[int]:
        """The numbers of the entries that have one of these idempotency keys."""

    def presumed(self, pool_id: str) -> Standing | None:
        """Where a pool stands if nobody wrote to it since this program last did, or None where that is not known.

        Whether it is so the guards prove: an event has the number and the hash that follow the last one's.
        """

    def standing(self, pool_id: str, keys: Iterable[str]) -> Standing:
        """Where a pool stands that is being written to, and which of these keys its entries have."""

    def record(self, event: Row, entries: Iterable[EntryRows]) -> None:
        """Write an event and the entries that it announces, weighed, all of it or nothing; raises EntryNotTaken."""

    def record_alone(self, pool_id: str, sealed: Callable[[Standing], Sealed]) -> int | None:
        """Record one entry as the whole of a transaction, begun and kept by one message, and give its number.

        None where this is not to be had, or where it is not known where the pool stands; ``sealed`` gives the rows for
        where it is presumed to. Raises EntryNotTaken, and then nothing is kept.
        """

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


@contextmanager
def all_or_nothing(connection: Connection) -> Iterator[None]:
    """Undo the steps of one command where one of them is refused, so that a caller may go on with others."""
    connection.execute("SAVEPOINT command")
    try:
        yield
    except BaseException:
        # A full disk has undone the whole transaction by itself, and the savepoint with it.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO command")
            connection.execute("RELEASE command")
        raise
    connection.execute("RELEASE command")


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
