"""Which of the two databases a place is of. The driver of PostgreSQL is imported only where one of its is used."""

from ledgers import sqlite
from ledgers.database import Database
from ledgers.place import Place, Url


def database(place: Place) -> Database:
    """The database at a place."""
    if isinstance(place, Url):
        from ledgers.postgres import PostgresDatabase

        return PostgresDatabase(place)
    return sqlite.SqliteDatabase(place)


def create(place: Place) -> None:
    """Lay out books, or leave those that are there; raises BooksRefused."""
    if isinstance(place, Url):
        from ledgers import postgres

        postgres.create(place)
    else:
        sqlite.create(place)


def check_is_books(place: Place) -> None:
    """See that a place holds books of this version; raises BooksNotFound, NotTheseBooks, OlderBooks, BooksRefused."""
    if isinstance(place, Url):
        from ledgers import postgres

        postgres.check_is_books(place)
    else:
        sqlite.check_is_books(place)


def upgrade(place: Place) -> bool:
    """Bring books of an earlier version to this program's layout; whether there was anything to do."""
    if isinstance(place, Url):
        from ledgers import postgres

        return postgres.upgrade(place)
    return sqlite.upgrade(place)
