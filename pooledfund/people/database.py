"""The people's database, SQLite or PostgreSQL, apart from the books: where it is, opened, read and written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, select

from ledgers.place import Place, Url, place_of
from pooledfund import settings
from pooledfund.errors import InputRefused
from pooledfund.people.tables import ONLY_ADDED, TABLES, LayoutRow
from pooledfund.pool import Clock, now

LAYOUT = 1
_BUSY_SECONDS = 10
_ADDED_ONLY = {
    "sqlite": (
        "CREATE TRIGGER {table}_stays_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION people_rows_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME; END $$",
        "CREATE TRIGGER {table}_stays_{verb} BEFORE {verb} ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION people_rows_stay()",
    ),
}


class NoPeople(InputRefused):
    """The people's database is not there, cannot be reached, or is something else."""


def people_place(books: Place) -> Place:
    """Where people are kept: POOLEDFUND_PEOPLE, else people.db beside books in a file, else people.db here."""
    if settings.PEOPLE.value:
        return place_of(settings.PEOPLE.value)
    return books.resolve().with_name("people.db") if isinstance(books, Path) else Path("people.db").resolve()


class People:
    """The people's database at one place, with the clock that its instants are read from."""

    def __init__(self, place: Place, clock: Clock = now) -> None:
        self.place = place
        self.clock = clock

    @classmethod
    def at(cls, place: Place, clock: Clock = now) -> "People":
        """The database there, made where it is missing.

        Raises:
            NoPeople: it cannot be made or reached, is something else, or was made by a later version.
        """
        people = cls(place, clock)
        with people._explained():
            people._lay_out()
        return people

    def close(self) -> None:
        """Close the connections that are kept to a server; a file has none."""
        _engine(self.place).dispose()

    @property
    def present(self) -> str:
        """This instant as the tables hold it."""
        return instant(self.clock())

    def later(self, **by: float) -> str:
        """An instant after this one, such as ``minutes=15``; before it where the number is negative."""
        return instant(self.clock() + timedelta(**by))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The tables, to read."""
        with self._explained(), Session(_engine(self.place), expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The tables, to write all or nothing; one writer at a time, so what it reads stays so until it is done."""
        with self._explained(), Session(_engine(self.place), expire_on_commit=False) as session, session.begin():
            _take_turn(session.connection())
            yield session

    def _lay_out(self) -> None:
        if isinstance(self.place, Path):
            _make_private(self.place)
        with _engine(self.place).begin() as connection:
            _take_turn(connection)
            if not connection.dialect.has_table(connection, LayoutRow.__tablename__):
                TABLES.create_all(connection)
                for table in ONLY_ADDED:
                    for verb in ("UPDATE", "DELETE"):
                        for statement in _ADDED_ONLY[connection.dialect.name]:
                            connection.execute(text(statement.format(table=table, verb=verb)))
                connection.execute(text(f"INSERT INTO people_layout (version) VALUES ({LAYOUT})"))
        with Session(_engine(self.place)) as session:
            version = session.exec(select(LayoutRow.version)).one()
        if version != LAYOUT:
            raise NoPeople(f"{self.place} holds people as version {version}, this program reads {LAYOUT}: update it")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise NoPeople(
                f"{self.place}: people cannot be read or kept there ({reason}); see to POOLEDFUND_PEOPLE"
            ) from error


def instant(at: datetime) -> str:
    """An instant as the tables hold it: UTC, to the second."""
    return at.isoformat(timespec="seconds")


def _make_private(path: Path) -> None:
    """Make the file where there is none, for its owner alone where the system knows that."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise NoPeople(f"{path}: people cannot be kept there ({error.strerror}); see to POOLEDFUND_PEOPLE") from error


def _take_turn(connection: Connection) -> None:
    """Wait to be the one writer of the people."""
    turn = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(7527)"}
    connection.exec_driver_sql(turn[connection.dialect.name])


@lru_cache(maxsize=8)
def _engine(place: Place) -> Engine:
    if isinstance(place, Url):
        url = make_url(place.secret).set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    # No connection is kept: a file that was restored or replaced is the one that is read next.
    engine = create_engine(
        f"sqlite:///{place}", poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS}
    )
    event.listen(engine, "connect", _as_we_begin)
    return engine


def _as_we_begin(connection: object, _record: object) -> None:
    """Leave the beginning of transactions to us, and hold references."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # a sqlite3.Connection, as the engine's dialect has it
    connection.execute("PRAGMA foreign_keys = 1")  # type: ignore[attr-defined]  # as above
