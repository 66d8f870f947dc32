"""The statements of a migration that is written as SQL, one file a database."""

from collections.abc import Callable
from pathlib import Path

from alembic import op
from sqlalchemy import Connection

_SQL = Path(__file__).with_name("sql")


def runner(session: Connection) -> Callable[[str], object]:
    """What runs a statement as it is written, in the transaction of the session: the driver itself."""
    driver = session.connection.driver_connection
    assert driver is not None
    return lambda statement: driver.execute(statement)


def run(revision: str) -> None:
    """Run a migration's own statements for the database at hand."""
    session = op.get_bind()
    execute = runner(session)
    text = (_SQL / f"{revision}.{session.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            execute(statement)
