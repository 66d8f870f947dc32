"""Laying books out by the migrations, in one transaction, and the guards and rights that go with them."""

import sqlite3
import warnings
from collections.abc import Callable
from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from ledgers import migrations, postgres_guards, postgres_rights, sqlite_guards
from ledgers.balances import BALANCES_AS_POSTED
from ledgers.migrations import statements
from ledgers.refusals import NotTheseBooks
from ledgers.schema import TABLES

FIRST = "0001"
"""The migration that made the books which landed before there were migrations."""
_ONE_AT_A_TIME = 0x533735_50
# Also those of an earlier layout that have another name now.
_TAKE_TRIGGERS_OFF = """DO $$ DECLARE kept record; BEGIN
    FOR kept IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE format('DROP TRIGGER %I ON %s', kept.tgname, kept.of_table); END LOOP;
END $$"""


def lay_out_sqlite(connection: sqlite3.Connection, version: int, application_id: int) -> None:
    """Bring a file, new or older, to a version in one transaction, with its guards."""
    engine = sqlalchemy.create_engine(
        "sqlite://", creator=lambda: connection, poolclass=sqlalchemy.StaticPool, pool_reset_on_return=None
    )
    with engine.begin() as session:
        # Not before: an engine's first connection undoes what was begun on it.
        connection.execute("BEGIN EXCLUSIVE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found >= version:
            return
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        _migrate(session, f"{version:04d}", stamped=FIRST if found == 1 else None)
        if found:
            _prove(session)
        for guard in sqlite_guards.guards().values():
            connection.execute(guard)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(f"PRAGMA user_version = {version}")


def lay_out_postgres(connect: Callable[[], psycopg.Connection[tuple[object, ...]]], version: int) -> None:
    """Bring a database, new or older, to a version in one transaction, with its guards and their rights."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=connect, poolclass=sqlalchemy.NullPool, isolation_level="READ COMMITTED"
    )
    with engine.begin() as session:
        run = statements.runner(session)
        run(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        run(_TAKE_TRIGGERS_OFF)
        found = sqlalchemy.inspect(session).has_table("posting")
        _migrate(session, f"{version:04d}", stamped=None)
        if found:
            _prove(session)
        for statement in postgres_guards.function_statements():
            run(statement)
        for _, trigger in postgres_guards.triggers().values():
            run(trigger)
        run(postgres_guards.rebuilding(BALANCES_AS_POSTED))
        for statement in postgres_rights.grants():
            run(statement)


def _migrate(session: sqlalchemy.Connection, revision: str, stamped: str | None) -> None:
    """Run the migrations from where the books are to a revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = session
    if stamped is not None:
        command.stamp(config, stamped)
    command.upgrade(config, revision)


def _prove(session: sqlalchemy.Connection) -> None:
    """See that books that came from an earlier layout now have the tables of this one; raises NotTheseBooks."""
    if found := differences(session):
        raise NotTheseBooks(
            f"the tables of these books are not those that their version has ({'; '.join(found)}): "
            "somebody changed them; nothing was upgraded, restore a backup"
        )


def differences(session: sqlalchemy.Connection) -> list[str]:
    """Where the tables in a database are not those of ledgers.schema: columns, references, unique keys, indexes."""
    names = {str(row.__tablename__) for row in TABLES}

    def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        # PostgreSQL keeps beside a row which transaction wrote it; that is its guards' own.
        return name in names if kind == "table" else (kind, name) != ("column", "written_by")

    with warnings.catch_warnings():
        # Of the type of that column, which SQLAlchemy does not know.
        warnings.simplefilter("ignore", sqlalchemy.exc.SAWarning)
        context = MigrationContext.configure(session, opts={"compare_type": True, "include_object": ours})
        return [_in_words(each) for each in compare_metadata(context, SQLModel.metadata)]


def _in_words(difference: object) -> str:
    """A difference as Alembic gives it: a tuple of what to do and the thing, or a list of such for one column."""
    first = difference[0] if isinstance(difference, list) else difference
    assert isinstance(first, tuple)
    return " ".join(str(getattr(part, "name", part)) for part in first if part is not None)
