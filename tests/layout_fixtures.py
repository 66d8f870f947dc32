"""Books of every layout that landed, kept whole as SQL with rows in them. Run as a program it keeps the newest layout.

Holds no tests. A layout's files are never changed once it has landed: a change of any table, view or guard is a
new layout, with a migration and two new files beside the old ones:
``PYTHONPATH=. .venv/bin/python tests/layout_fixtures.py``.
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

from ledger_sample import AT, WHO, budget, pool_spec, spend
from ledgers.journal import reversal_of
from ledgers.migrations.texts import SCHEMA_VERSION
from ledgers.place import Place, Url
from ledgers.sources import Batch, SourceLine
from ledgers.store import Books, Ledger
from tools.postgres_server import program, psql, running

FOLDER = Path(__file__).parent / "fixtures"


def file_of(version: int, dialect: str) -> Path:
    """Where the books of a layout are kept."""
    return FOLDER / f"layout_{version}.{dialect}.sql"


def sample_books(place: Place) -> Ledger:
    """Books with a row in every table of record: registers, a reversal, a closed month, a file with its row."""
    ledger = Books.create(place).open_pool(pool_spec(), who=WHO, at=AT, payload={"agreement": "abc"})
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
        writing.record(budget("plan", ("unallocated", 5000, None), ("contribution_plan", -5000, None)))
        back = {"effective_on": date(2016, 6, 1), "who": WHO, "why": "twice", "idempotency_key": "back"}
        writing.record(reversal_of(ledger.entry(1), **back))  # type: ignore[arg-type]  # the values are of their kinds
        batch = writing.batch(Batch("d" * 64, "actuals.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
        writing.set_month(1, "closed", reason="April is done")
        writing.sign_off("close/M1", "prepared")
    return ledger


def restored(version: int, place: Place) -> Place:
    """Books of a layout as they were kept, put into an empty database or a new file."""
    if isinstance(place, Url):
        psql(place, file_of(version, "postgresql").read_text(encoding="utf-8"))
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            connection.executescript(file_of(version, "sqlite").read_text(encoding="utf-8"))
    return place


def dump_of_file(path: Path) -> str:
    """A file of books as SQL: tables with their rows, then indexes, guards and views."""
    with closing(sqlite3.connect(path)) as connection:
        lines = list(connection.iterdump())
        for mark in ("application_id", "user_version"):
            lines.append(f"PRAGMA {mark} = {connection.execute(f'PRAGMA {mark}').fetchone()[0]};")
    return "\n".join([*lines, ""])


def dump_of_database(url: Url, *options: str) -> str:
    """A database of books as pg_dump writes it, without what differs from one run to the next."""
    command = [program("pg_dump"), "--no-owner", "--no-privileges", "--inserts", *options, url.secret]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^(--.*|\\(un)?restrict .*|SET transaction_timeout.*|)\n", "", text, flags=re.MULTILINE)


def keep_newest() -> None:
    """Write the two files of the newest layout; what is kept already stays as it is."""
    for dialect in ("sqlite", "postgresql"):
        if file_of(SCHEMA_VERSION, dialect).exists():
            sys.exit(f"layout {SCHEMA_VERSION} is kept already, for good: make a migration and a new version first")
    with tempfile.TemporaryDirectory() as folder, running() as server:
        place = Path(folder) / "books.db"
        sample_books(place)
        file_of(SCHEMA_VERSION, "sqlite").write_text(dump_of_file(place), encoding="utf-8")
        url = server.database()
        sample_books(url)
        file_of(SCHEMA_VERSION, "postgresql").write_text(dump_of_database(url), encoding="utf-8")


if __name__ == "__main__":
    keep_newest()
