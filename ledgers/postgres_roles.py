"""Making the roles of a PostgreSQL database of books, which own nothing. No login or password is made here.

The owner, who lays the books out, gives a login the books by making it a member: ``GRANT pooledfund_writer TO name``.
"""

import psycopg

from ledgers.place import Url
from ledgers.postgres import check_is_books, connect, refusing
from ledgers.postgres_rights import READER, WRITER, grants
from ledgers.refusals import BooksAreReadOnly


def set_up(url: Url) -> None:
    """Make the two roles where they are missing and give them their rights; the address is the owner's.

    Raises:
        BooksAreReadOnly: the owner may not make roles; the sentence says what to ask for.
        NotTheseBooks, OlderBooks, BooksNotFound: there are no books of this version there.
    """
    check_is_books(url)
    with refusing(url), connect(url) as driver:
        for role in (WRITER, READER):
            if driver.execute("SELECT to_regrole(%s)", (role,)).fetchone() == (None,):
                _make(driver, url, role)
        for statement in grants():
            driver.execute(statement.encode())


def _make(driver: psycopg.Connection[tuple[object, ...]], url: Url, role: str) -> None:
    try:
        driver.execute(f"CREATE ROLE {role} NOLOGIN".encode())
    except psycopg.errors.InsufficientPrivilege as error:
        raise BooksAreReadOnly(
            f"{url} may not make roles: have the administrator run CREATE ROLE {role} NOLOGIN, then do this again"
        ) from error
    except psycopg.errors.UniqueViolation:
        # Roles are of the whole server, and another database's books made it a moment ago.
        return
