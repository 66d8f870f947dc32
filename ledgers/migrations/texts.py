"""The migrations that are written as SQL, one file a database, as text. Runs nothing."""

import re
from pathlib import Path

_SQL = Path(__file__).with_name("sql")
_MADE = re.compile(r"(CREATE|DROP) (TABLE|INDEX|VIEW) (\w+)")

SCHEMA_VERSION = max(int(path.name.partition(".")[0]) for path in _SQL.glob("*.sql"))
"""The number of the newest migration, which is the layout of books that this program reads and makes."""


def statements(revision: str, dialect: str) -> list[str]:
    """The statements of one migration, without the comments in front of them."""
    text = (_SQL / f"{revision}.{dialect}.sql").read_text(encoding="utf-8")
    parts = (re.sub(r"\A(\s|--.*\n)+", "", part).rstrip(" \n;") for part in f"{text}\n".split(";\n"))
    return [part for part in parts if part]


def made(dialect: str) -> dict[str, str]:
    """Each table, index and view that the migrations leave, with the statement that made it."""
    found: dict[str, str] = {}
    for path in sorted(_SQL.glob(f"*.{dialect}.sql")):
        for statement in statements(path.name.partition(".")[0], dialect):
            if begins := _MADE.match(statement):
                found.pop(begins[3], None)
                if begins[1] == "CREATE":
                    found[begins[3]] = statement
    return found
