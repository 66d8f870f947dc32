"""Running the statements of a migration that is written as SQL."""

from collections.abc import Callable

from alembic import op
from sqlalchemy import Connection

from ledgers.migrations import texts


def runner(session: Connection) -> Callable[[str], object]:
    """What runs a statement as it is written, in the transaction of the session: the driver itself."""
    driver = session.connection.driver_connection
    assert driver is not None
    return lambda statement: driver.execute(statement)


def run(revision: str) -> None:
    """Run a migration's own statements for the database at hand."""
    session = op.get_bind()
    execute = runner(session)
    for statement in texts.statements(revision, session.dialect.name):
        execute(statement)
