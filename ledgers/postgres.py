"""Books in a PostgreSQL database: connecting, and turning its errors into refusals. No rule of accounting is here."""

import logging
import re
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache

import psycopg
from psycopg import errors, generators
from psycopg.adapt import Loader
from psycopg.pq import ExecStatus, TransactionStatus

from ledgers import postgres_faults
from ledgers.database import (
    ENTRY_COLUMNS,
    POSTING_COLUMNS,
    EntryNotTaken,
    EntryRows,
    Row,
    Sealed,
    Standing,
    Value,
    refusal_in,
)
from ledgers.migrations.texts import SCHEMA_VERSION
from ledgers.place import Url
from ledgers.postgres_rules import ALONE_TYPES, ENTRY_TYPES, LEG_TYPES, POSTING_TYPES
from ledgers.refusals import (
    BooksAreBusy,
    BooksAreDamaged,
    BooksAreReadOnly,
    BooksNotFound,
    DiskIsFull,
    LedgerRefusal,
    NotTheseBooks,
    OlderBooks,
    RowRefused,
    WroteAtOnce,
)

# The driver warns of what a broken transaction left of a pipeline: the refusal says it already, in one sentence.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

BUSY_SECONDS = 30
OLDEST_SERVER = 13
_SETTINGS = f"-c search_path=public,pg_temp -c lock_timeout={BUSY_SECONDS}s -c client_encoding=UTF8"
_BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
_USED_KEY = "entry_pool_id_idempotency_key_key"
_ENTRY_OF_GUARD = re.compile(r"entry (\d+)")
_ALONE = f"SELECT record_alone({', '.join(f'${place}' for place, _ in enumerate(ALONE_TYPES, 1))})".encode()
_ALONE_NAME = b"record_alone"
# Refused; or a program between here and the server, which shares connections out, does not keep statements.
_NOT_ALONE = (psycopg.IntegrityError, errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)
_ENTRY_PLACES = [ENTRY_COLUMNS.index(name) for name in ENTRY_TYPES]
_LEG_PLACES = slice(POSTING_COLUMNS.index(next(iter(LEG_TYPES))), None)


class _Driver(psycopg.Connection[tuple[object, ...]]):
    """A connection of the driver, which keeps whether the server has the statement that records an entry alone."""

    knows_how_to_record = False


class _WholeNumber(Loader):
    """Sums of pence, which PostgreSQL gives as numeric: whole numbers, never anything else."""

    def load(self, data: bytes | bytearray | memoryview) -> int:
        return int(bytes(data))


def _listed(values: Iterable[Value]) -> str:
    """A list as PostgreSQL writes it. The driver's own way takes longer than the database takes over an entry."""
    return f"{{{','.join(map(_item, values))}}}"


def _item(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


def _columns(names: Sequence[str], wanted: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """The columns that are wanted of some rows, each as a list."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return [_listed(columns[name]) for name in wanted]


@lru_cache(maxsize=512)
def _marked(statement: str) -> str:
    """A statement with its values marked as psycopg marks them."""
    return statement.replace("%", "%%").replace("?", "%s")


class PostgresConnection:
    """A connection to a database of books, which begins and ends its transactions when told."""

    refused: type[Exception] = psycopg.IntegrityError
    like: str = "ILIKE"

    def __init__(self, driver: _Driver, left: dict[str, Standing]) -> None:
        self.driver = driver
        self._escaping = psycopg.pq.Escaping(driver.pgconn)
        self._left = left
        """Where this program left each pool; others may have written since, and then the guards say so."""
        self._pool: str | None = None
        """The pool that is to be written to, until its place was asked for."""

    def execute(self, statement: str, values: Sequence[Value] = (), /) -> psycopg.Cursor[tuple[object, ...]]:
        """Run one statement."""
        if statement == "ROLLBACK":
            self._pool = None
        self._begin()
        return self.driver.execute(_marked(statement).encode(), values or None)

    def executemany(self, statement: str, rows: Sequence[Row], /) -> None:
        """Run one statement for each row."""
        self._begin()
        with self.driver.cursor() as cursor:
            cursor.executemany(_marked(statement).encode(), rows)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, be it one that an error has stopped."""
        return self.driver.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def begin_reading(self) -> None:
        """Begin a transaction that sees the books at one moment."""
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_writing(self, pool_id: str) -> None:
        """Take the one place to write to a pool and wait for another writer; other pools have their own.

        It is asked for together with the first thing that is read or written, to wait for one answer and not for two.
        """
        self._pool = pool_id

    def _begin(self) -> None:
        """Ask for the place to write where it was not asked for yet."""
        if self._pool is not None:
            self.standing(self._pool, ())

    def presumed(self, pool_id: str) -> Standing | None:
        """Where this program left a pool the last time that it recorded an entry."""
        return self._left.get(pool_id)

    def standing(self, pool_id: str, keys: Iterable[str]) -> Standing:
        """Where a pool stands that is being written to, and which of these keys its entries have."""
        self._left.pop(pool_id, None)
        # No entry has a key that the database cannot hold.
        wanted = _listed([key for key in keys if "\x00" not in key])
        found = self._call("take_pool", pool_id, wanted)
        event, hash_, entry, there = found or (None, None, None, None)
        return Standing(event or 0, hash_, entry or 0, there or ())  # type: ignore[arg-type]  # as the function says

    def _call(self, function: str, *values: str) -> tuple[object, ...] | None:
        """Call a function by one message with whatever begins the transaction, and give its row."""
        if any("\x00" in value for value in values):
            raise psycopg.DataError("a text holds a character that the database cannot hold")
        written = b", ".join(self._escaping.escape_literal(value.encode()) for value in values)
        begin, self._pool = b"" if self._pool is None else _BEGIN, None
        cursor = self.driver.execute(b"%sSELECT * FROM %s(%s)" % (begin, function.encode(), written))
        if begin:
            cursor.nextset()
        return cursor.fetchone()

    def numbers_by_key(self, pool_id: str, keys: Iterable[str]) -> list[int]:
        """The numbers of the entries that have one of these keys, asked for all at once."""
        wanted = [key for key in keys if "\x00" not in key]
        self._begin()
        rows = self.driver.execute(
            "SELECT number FROM entry WHERE pool_id = %s AND idempotency_key = ANY(%s::text[])", (pool_id, wanted)
        )
        return [int(str(row[0])) for row in rows]

    def record(self, event: Row, entries: Iterable[EntryRows]) -> None:
        """Have the database write the event, the entries and the postings and weigh them; raises EntryNotTaken."""
        pool_id, number, *_, last_entry, _, _, hash_ = event
        self._left.pop(str(pool_id), None)
        rows = list(entries)
        found = self._call(
            "record_entries",
            _listed(
                (
                    *event,
                    *_columns(ENTRY_COLUMNS, ENTRY_TYPES, [entry for entry, _ in rows]),
                    *_columns(
                        POSTING_COLUMNS, POSTING_TYPES, [posting for _, postings in rows for posting in postings]
                    ),
                )
            ),
        )
        refusal, of_entry, broken = (None if each is None else str(each) for each in found or (None, None, None))
        if refusal is not None:
            blamed = _ENTRY_OF_GUARD.fullmatch(of_entry or "")
            raise EntryNotTaken(blamed and int(blamed[1]), refusal_in(_in_our_words(refusal, broken)))
        self._left[str(pool_id)] = Standing(int(str(number)), str(hash_), int(str(last_entry)), ())

    def record_alone(self, pool_id: str, sealed: Callable[[Standing], Sealed]) -> int | None:
        """Record one entry as the whole of a transaction, by one message; None where nobody knows where the pool is."""
        presumed = self._left.pop(pool_id, None)
        if presumed is None:
            return None
        event, ((row, postings),) = sealed(presumed)
        legs = _listed([value for posting in postings for value in posting[_LEG_PLACES]])
        given = (*event, *(row[place] for place in _ENTRY_PLACES), legs)
        values = [None if value is None else str(value).encode() for value in given]
        if any(value is not None and b"\x00" in value for value in values):
            raise psycopg.DataError("a text holds a character that the database cannot hold")
        try:
            self._run(values)
        except _NOT_ALONE as error:
            self.driver.knows_how_to_record = not isinstance(error, errors.InvalidSqlStatementName)
            raise EntryNotTaken(None, self.refusal_of(error)) from error
        number = presumed.last_entry + 1
        self._left[pool_id] = Standing(presumed.last_event + 1, str(event[-1]), number, ())
        return number

    def _run(self, values: list[bytes | None]) -> None:
        """Run the statement that the server keeps for it. The driver's own way takes as long as the database."""
        raw = self.driver.pgconn
        if not self.driver.knows_how_to_record:
            raw.send_prepare(_ALONE_NAME, _ALONE)
            self._answer()
            self.driver.knows_how_to_record = True
        raw.send_query_prepared(_ALONE_NAME, values)
        self._answer()

    def _answer(self) -> None:
        """Wait for the server's answer; raises what the driver raises."""
        (answer,) = self.driver.wait(generators.execute(self.driver.pgconn))
        if answer.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            raise errors.error_from_result(answer)

    def refusal_of(self, error: Exception) -> LedgerRefusal:
        """The refusal that a guard's message names, else RowRefused with what the database said."""
        return refusal_in(_said(error) if isinstance(error, psycopg.Error) else str(error))

    def faults(self) -> Iterator[tuple[str, str]]:
        """References that lead nowhere, and guards that were taken off, set aside or changed."""
        return postgres_faults.faults(self.driver)

    def rebuild_balances(self, pool_id: str, postings_summed: str) -> None:
        """Drop a pool's kept balances and write them anew, by a function that sets their guards aside."""
        self.execute("SELECT rebuild_balances(?)", (pool_id,))


class PostgresDatabase:
    """Books in a PostgreSQL database. Connections given back are kept for use again."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._kept: list[_Driver] = []
        self._left: dict[str, Standing] = {}
        weakref.finalize(self, _close_all, self._kept)

    @contextmanager
    def connected(self) -> Iterator[PostgresConnection]:
        """A connection that no one else uses meanwhile; errors become refusals."""
        with refusing(self._url):
            driver = self._take()
            try:
                yield PostgresConnection(driver, self._left)
            finally:
                self._give_back(driver)

    def refusing(self) -> AbstractContextManager[None]:
        """Turns errors of the database into refusals."""
        return refusing(self._url)

    def close(self) -> None:
        """Close the connections that are kept for use again."""
        _close_all(self._kept)

    def _take(self) -> _Driver:
        while self._kept:
            driver = self._kept.pop()
            try:
                driver.execute("")
            except psycopg.OperationalError:
                # The server was started anew since this connection was last used.
                driver.close()
            else:
                return driver
        return connect(self._url)

    def _give_back(self, driver: _Driver) -> None:
        if driver.info.transaction_status is TransactionStatus.IDLE:
            self._kept.append(driver)
        else:
            driver.close()


def _close_all(kept: list[_Driver]) -> None:
    while kept:
        kept.pop().close()


def connect(url: Url) -> _Driver:
    """A connection with the settings that the books rely on; raises what psycopg raises."""
    driver = _Driver.connect(url.secret, autocommit=True, options=_SETTINGS, application_name="pooledfund")
    # A plan kept from the time when a table was small would read all of it when it is large.
    driver.prepare_threshold = None
    driver.adapters.register_loader("numeric", _WholeNumber)
    return driver


def create(url: Url) -> None:
    """Lay out the books in an empty database, or leave them as they are where it holds books already."""
    with refusing(url), connect(url) as driver:
        if _version(driver) == 0:
            _lay_out(url)
    check_is_books(url)


def upgrade(url: Url) -> bool:
    """Bring older books to the layout of this program, all of it or none; whether there was anything to do."""
    try:
        check_is_books(url)
    except OlderBooks:
        with refusing(url):
            _lay_out(url)
        return True
    return False


def _lay_out(url: Url) -> None:
    # Imported here because SQLAlchemy and Alembic take half a second, and only laying books out needs them.
    from ledgers.layout import lay_out_postgres

    lay_out_postgres(lambda: connect(url), SCHEMA_VERSION)


def check_is_books(url: Url) -> None:
    """See that a database holds pooled fund books of this version; raises NotTheseBooks or OlderBooks."""
    with refusing(url), connect(url) as driver:
        version = _version(driver)
    if version == 0:
        raise NotTheseBooks(f"{url} holds no pooled fund books: make them with init, or name another database")
    if version < SCHEMA_VERSION:
        raise OlderBooks(f"{url} is laid out as an earlier version: run 'pooledfund upgrade' on it, then go on")
    if version > SCHEMA_VERSION:
        raise NotTheseBooks(f"{url} is laid out as version {version}, this program reads {SCHEMA_VERSION}: update it")


def _version(driver: _Driver) -> int:
    """The number of the layout, nought for a database without tables; raises NotTheseBooks."""
    if driver.info.server_version < OLDEST_SERVER * 10_000:
        raise NotTheseBooks(f"PostgreSQL {driver.info.server_version // 10_000} is too old for books: use 13 or later")
    row = driver.execute("SELECT to_regclass('public.alembic_version'), to_regclass('public.posting')").fetchone()
    if row == (None, None):
        return 0
    if row is None or None in row:
        raise NotTheseBooks("the database holds something that is not pooled fund books: name another")
    versions = [str(each[0]) for each in driver.execute("SELECT version_num FROM alembic_version")]
    return int(versions[0]) if len(versions) == 1 and versions[0].isdecimal() else 0


@contextmanager
def refusing(url: Url) -> Iterator[None]:
    """Turn what PostgreSQL says into one sentence, without any secret of the address."""
    try:
        yield
    except psycopg.IntegrityError as error:
        raise refusal_in(_said(error)) from error
    except psycopg.Error as error:
        raise _books_refusal(url, error) from error


def _said(error: psycopg.Error) -> str:
    return _in_our_words(error.diag.message_primary or "a row", error.diag.constraint_name)


def _in_our_words(said: str, constraint: str | None) -> str:
    """What a guard said; a key used twice is refused by its index, which says it in words of its own."""
    return "KeyConflict: this key is used already" if constraint == _USED_KEY else said


def _books_refusal(url: Url, error: psycopg.Error) -> LedgerRefusal:
    said = error.diag.message_primary or "no answer"
    if isinstance(error, errors.SerializationFailure | errors.DeadlockDetected):
        return WroteAtOnce(f"{url}: another program wrote at the same time, and nothing was changed; do it again")
    if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled | errors.TooManyConnections):
        return BooksAreBusy(f"{url}: others are writing to the books; wait until they are done")
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return BooksAreReadOnly(
            f"{url} may not be used so ({said}): ask the administrator of the database for the right"
        )
    if isinstance(error, errors.DiskFull | errors.OutOfMemory):
        return DiskIsFull(f"{url}: no room left on the server, and nothing was changed; free some and do it again")
    if isinstance(error, psycopg.DataError):
        return RowRefused(f"the database refused a row: {said}")
    if isinstance(error, psycopg.OperationalError | psycopg.ProgrammingError) and error.sqlstate is None:
        return BooksNotFound(f"{url}: no such database answers; see that the address is right and the server runs")
    if isinstance(error, errors.InvalidPassword | errors.InvalidAuthorizationSpecification):
        return BooksNotFound(f"{url}: the server does not let this user in; see to the name and the password")
    return BooksAreDamaged(f"{url}: the books cannot be read ({said}); restore a backup")
