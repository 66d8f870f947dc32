"""The tables of the books as they now are, for any database: columns, keys and checks.

Guards are in sqlite_guards and postgres_guards; how books come to have these tables is in migrations.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.types import BigInteger, Integer, Text
from sqlmodel import Field, SQLModel

from ledgers.journal import MAX_TEXT
from ledgers.money import MAX_PENCE

# STRICT makes SQLite hold each column to its type, so that no penny is ever kept as a float.
# Without a rowid there is no second, hidden key by which REPLACE could reach a recorded row.
_SQLITE = {"sqlite_strict": True, "sqlite_with_rowid": False}
# One order of texts whatever the database was made with, so that both list rows alike.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_PENCE = BigInteger().with_variant(Integer(), "sqlite")
_BOOKS = "book IN ('budget', 'actual', 'forecast')"


def _of_pool(*columns: str, to: str, later: str | None = None) -> ForeignKeyConstraint:
    """A reference within one pool: another pool's row never satisfies it. ``later`` names one judged at commit."""
    target, keys = to.split(":")
    return ForeignKeyConstraint(
        ["pool_id", *columns],
        [f"{target}.{key}" for key in ("pool_id", *keys.split(","))],
        name=later,
        deferrable=True if later else None,
        initially="DEFERRED" if later else None,
    )


def _carried() -> ForeignKeyConstraint:
    """The event that carries a row."""
    return _of_pool("event", to="event:number")


class PoolRow(SQLModel, table=True):
    """A pool and its financial year, named by the calendar year that it starts in."""

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint("length(pool_id) BETWEEN 1 AND 64"),
        CheckConstraint("year_starts BETWEEN 1948 AND 2200"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    title: str = Field(sa_type=_TEXT)
    year_starts: int


class EventRow(SQLModel, table=True):
    """The log: each event with the exact text that was hashed and the hash of the event before it."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["pool_id"], ["pool.pool_id"]),
        # An event that announces entries is refused at commit unless the last of them is there;
        # with gapless numbers so are the others.
        _of_pool("last_entry", to="entry:number", later="event_announces_recorded_entries"),
        # The database asks who refers to an entry as it writes one: without these it would read the whole table.
        Index("event_by_last_entry", "last_entry", "pool_id"),
        CheckConstraint("length(hash) = 64 AND length(previous_hash) = 64"),
        Index("event_by_kind", "kind", "pool_id", "number"),
        CheckConstraint("(first_entry IS NULL) = (last_entry IS NULL)"),
        CheckConstraint("first_entry <= last_entry"),
        CheckConstraint("length(who) > 0 AND length(kind) > 0"),
        # Kept by rowid: a long text in the key's own tree would be read whole at every look-up. A guard
        # sees to the rowid.
        {"sqlite_strict": True},
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    number: int = Field(primary_key=True)
    kind: str = Field(sa_type=_TEXT)
    recorded_at: str = Field(sa_type=_TEXT)
    who: str = Field(sa_type=_TEXT)
    first_entry: int | None = None
    last_entry: int | None = None
    content: str = Field(sa_type=_TEXT)
    previous_hash: str = Field(sa_type=_TEXT)
    hash: str = Field(sa_type=_TEXT)


class AccountRow(SQLModel, table=True):
    """The chart of accounts of a pool."""

    __tablename__ = "account"
    __table_args__ = (
        _carried(),
        _of_pool("parent", to="account:code"),
        CheckConstraint("type IN ('asset', 'liability', 'income', 'expense', 'budget', 'control')"),
        CheckConstraint("normal_side IN ('debit', 'credit')"),
        CheckConstraint("floor IN ('none', 'not_negative_by_contribution')"),
        CheckConstraint("length(code) > 0"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    code: str = Field(primary_key=True, sa_type=_TEXT)
    name: str = Field(sa_type=_TEXT)
    type: str = Field(sa_type=_TEXT)
    normal_side: str = Field(sa_type=_TEXT)
    parent: str | None = Field(default=None, sa_type=_TEXT)
    floor: str = Field(sa_type=_TEXT)
    event: int


class PartnerRow(SQLModel, table=True):
    """The partners of a pool."""

    __tablename__ = "partner"
    __table_args__ = (_carried(), CheckConstraint("length(id) > 0"), _SQLITE)
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    id: str = Field(primary_key=True, sa_type=_TEXT)
    name: str = Field(sa_type=_TEXT)
    event: int


class ContributionRow(SQLModel, table=True):
    """The contributions to a pool."""

    __tablename__ = "contribution"
    __table_args__ = (_carried(), CheckConstraint("length(id) > 0"), _SQLITE)
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    id: str = Field(primary_key=True, sa_type=_TEXT)
    name: str = Field(sa_type=_TEXT)
    event: int


class SchemeRow(SQLModel, table=True):
    """The scheme lines of a pool."""

    __tablename__ = "scheme"
    __table_args__ = (_carried(), CheckConstraint("length(id) > 0"), _SQLITE)
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    id: str = Field(primary_key=True, sa_type=_TEXT)
    name: str = Field(sa_type=_TEXT)
    event: int


class MonthStateRow(SQLModel, table=True):
    """What became of each month, one row a change; the newest row of a month is its state."""

    __tablename__ = "month_state"
    __table_args__ = (
        _carried(),
        CheckConstraint("month BETWEEN 1 AND 12"),
        CheckConstraint("state IN ('open', 'adjusting', 'closed')"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    month: int = Field(primary_key=True)
    event: int = Field(primary_key=True)
    state: str = Field(sa_type=_TEXT)
    reason: str = Field(sa_type=_TEXT)


class EntryRow(SQLModel, table=True):
    """The journal: one row an entry, written after its postings."""

    __tablename__ = "entry"
    __table_args__ = (
        _carried(),
        _of_pool("reverses", to="entry:number"),
        _of_pool("corrects", to="entry:number"),
        UniqueConstraint("pool_id", "idempotency_key"),
        UniqueConstraint("pool_id", "reverses"),
        Index("entry_by_kind", "book", "pool_id", "kind", "number"),
        Index("entry_by_corrects", "corrects", "pool_id"),
        CheckConstraint(_BOOKS),
        CheckConstraint("month BETWEEN 1 AND 12"),
        CheckConstraint("legs >= 2"),
        CheckConstraint("adjusting IN (0, 1)"),
        CheckConstraint("reverses < number"),
        CheckConstraint("corrects < number"),
        CheckConstraint(f"length(who) BETWEEN 1 AND {MAX_TEXT} AND length(why) BETWEEN 1 AND {MAX_TEXT}"),
        CheckConstraint(f"length(kind) BETWEEN 1 AND {MAX_TEXT} AND length(source_reference) <= {MAX_TEXT}"),
        CheckConstraint(f"length(idempotency_key) BETWEEN 1 AND {MAX_TEXT}"),
        CheckConstraint("length(digest) = 64"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    number: int = Field(primary_key=True)
    book: str = Field(sa_type=_TEXT)
    kind: str = Field(sa_type=_TEXT)
    month: int
    effective_on: str = Field(sa_type=_TEXT)
    document_on: str = Field(sa_type=_TEXT)
    recorded_at: str = Field(sa_type=_TEXT)
    who: str = Field(sa_type=_TEXT)
    why: str = Field(sa_type=_TEXT)
    source_reference: str = Field(sa_type=_TEXT)
    idempotency_key: str = Field(sa_type=_TEXT)
    reverses: int | None = None
    corrects: int | None = None
    adjusting: int
    legs: int
    digest: str = Field(sa_type=_TEXT)
    event: int


class PostingRow(SQLModel, table=True):
    """The legs of entries: pence, debit plus and credit minus."""

    __tablename__ = "posting"
    __table_args__ = (
        _of_pool("entry", to="entry:number", later="posting_has_its_entry"),
        _of_pool("account", to="account:code"),
        _of_pool("scheme", to="scheme:id"),
        _of_pool("contribution", to="contribution:id"),
        _of_pool("partner", to="partner:id"),
        CheckConstraint("line >= 1"),
        CheckConstraint(f"amount_pence <> 0 AND amount_pence BETWEEN -{MAX_PENCE} AND {MAX_PENCE}"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    entry: int = Field(primary_key=True)
    line: int = Field(primary_key=True)
    account: str = Field(sa_type=_TEXT)
    amount_pence: int = Field(sa_type=_PENCE)
    scheme: str | None = Field(default=None, sa_type=_TEXT)
    contribution: str | None = Field(default=None, sa_type=_TEXT)
    partner: str | None = Field(default=None, sa_type=_TEXT)


class BalanceRow(SQLModel, table=True):
    """Kept balances: what the postings of a month come to by book, account and dimensions.

    A dimension that does not apply is the empty text. ``through_entry`` is the last entry that
    moved the balance, by which the guards know that a change is that entry's and nothing else.
    """

    __tablename__ = "balance"
    __table_args__ = (
        ForeignKeyConstraint(["pool_id"], ["pool.pool_id"]),
        CheckConstraint(_BOOKS),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    book: str = Field(primary_key=True, sa_type=_TEXT)
    account: str = Field(primary_key=True, sa_type=_TEXT)
    scheme: str = Field(primary_key=True, sa_type=_TEXT)
    contribution: str = Field(primary_key=True, sa_type=_TEXT)
    partner: str = Field(primary_key=True, sa_type=_TEXT)
    month: int = Field(primary_key=True)
    amount_pence: int = Field(sa_type=_PENCE)
    through_entry: int


class BatchRow(SQLModel, table=True):
    """A file that came in: its digest, name, sender, kind, counts and control total."""

    __tablename__ = "batch"
    __table_args__ = (
        _carried(),
        _of_pool("partner", to="partner:id"),
        UniqueConstraint("pool_id", "digest"),
        CheckConstraint("length(digest) = 64"),
        CheckConstraint("rows_read >= 0 AND entries_made >= 0"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    number: int = Field(primary_key=True)
    digest: str = Field(sa_type=_TEXT)
    file_name: str = Field(sa_type=_TEXT)
    partner: str | None = Field(default=None, sa_type=_TEXT)
    kind: str = Field(sa_type=_TEXT)
    rows_read: int
    entries_made: int
    control_total_pence: int = Field(sa_type=_PENCE)
    event: int


class SourceLineRow(SQLModel, table=True):
    """One row of a file as it came, and the entry that it made if it made one."""

    __tablename__ = "source_line"
    __table_args__ = (
        _carried(),
        _of_pool("batch", to="batch:number"),
        _of_pool("entry", to="entry:number"),
        Index("source_line_by_entry", "pool_id", "entry"),
        CheckConstraint("file_row >= 1"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    batch: int = Field(primary_key=True)
    file_row: int = Field(primary_key=True)
    entry: int | None = None
    cells: str = Field(sa_type=_TEXT)
    event: int


class SignOffRow(SQLModel, table=True):
    """Who prepared, agreed and reviewed what, for a partner of the pool or for none."""

    __tablename__ = "sign_off"
    __table_args__ = (
        _carried(),
        CheckConstraint(f"length(subject) BETWEEN 1 AND {MAX_TEXT}"),
        CheckConstraint("part IN ('prepared', 'agreed', 'reviewed')"),
        CheckConstraint("length(trim(who)) > 0"),
        _SQLITE,
    )
    pool_id: str = Field(primary_key=True, sa_type=_TEXT)
    subject: str = Field(primary_key=True, sa_type=_TEXT)
    body: str = Field(primary_key=True, sa_type=_TEXT)
    event: int = Field(primary_key=True)
    part: str = Field(sa_type=_TEXT)
    who: str = Field(sa_type=_TEXT)


TABLES = (
    PoolRow, EventRow, AccountRow, PartnerRow, ContributionRow, SchemeRow, MonthStateRow, EntryRow, PostingRow,
    BalanceRow, BatchRow, SourceLineRow, SignOffRow,
)  # fmt: skip


def columns_of(table: str) -> tuple[list[str], list[str]]:
    """The columns of a table, and those of its key."""
    found = SQLModel.metadata.tables[table]
    return [column.name for column in found.columns], [column.name for column in found.primary_key]
