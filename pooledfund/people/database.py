"""The people's database, SQLite or PostgreSQL, apart from the books: where it is, opened, read and written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from ledgers.place import Place, place_of
from pooledfund import settings
from pooledfund.errors import InputRefused
from pooledfund.people.homes import home_of
from pooledfund.people.rows import Run, Session
from pooledfund.people.tables import ONLY_ADDED, TABLES
from pooledfund.pool import Clock, now

LAYOUT = 1


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
        people._lay_out()
        return people

    def close(self) -> None:
        """Close the connections that are kept to a server; a file has none."""
        home_of(self.place).close()

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
        with self._connected() as run:
            yield Session(run)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The tables, to write all or nothing; one writer at a time, so what it reads stays so until it is done."""
        with self._turn() as run:
            session = Session(run)
            yield session
            session.flush()

    def _lay_out(self) -> None:
        if isinstance(self.place, Path):
            _make_private(self.place)
        home = home_of(self.place)
        with self._connected() as run:
            laid_out = bool(run(home.is_laid_out, ()))
        if not laid_out:
            with self._turn() as run:
                if not run(home.is_laid_out, ()):  # nobody else did meanwhile
                    _make_tables(run, self.place)
        with self._connected() as run:
            version = next(iter(run("SELECT version FROM people_layout", ())), (None,))[0]
        if version != LAYOUT:
            raise NoPeople(f"{self.place} holds people as version {version}, this program reads {LAYOUT}: update it")

    @contextmanager
    def _turn(self) -> Iterator[Run]:
        """A transaction of the one writer of the people; what is raised in it undoes it."""
        with self._connected() as run:
            for statement in home_of(self.place).take_turn:
                run(statement, ())
            yield run
            run("COMMIT", ())

    @contextmanager
    def _connected(self) -> Iterator[Run]:
        home = home_of(self.place)
        try:
            with home.connected() as run:
                yield run
        except home.errors as error:
            reason = str(error).strip().splitlines()[0]
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


def _make_tables(run: Run, place: Place) -> None:
    home = home_of(place)
    for statement in TABLES:
        run(statement.format(numbered=home.numbered), ())
    for table in ONLY_ADDED:
        for verb in ("UPDATE", "DELETE"):
            for statement in home.only_added:
                run(statement.format(table=table, verb=verb), ())
    run(f"INSERT INTO people_layout (version) VALUES ({LAYOUT})", ())
