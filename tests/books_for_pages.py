"""Books that the pages are shown on: the Exampleshire year up to a quarter, made by the command line itself."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from pooledfund.cli import main
from year_of_exampleshire import EXAMPLE, ROOT, commands_of_the_year

EXAMPLESHIRE = "exampleshire-2023-24"
KENT = ROOT / "examples" / "kent_2016_17"


def exampleshire_books(books: Path, through: str) -> Path:
    """The example's commands in their order, up to the close of a quarter such as Q3."""
    for command in commands_of_the_year():
        if command[0] == "check":
            continue
        here = [str(EXAMPLE / part) if (EXAMPLE / part).is_file() else part for part in command]
        run([*here, "--db", str(books)])
        if command == ["close", through]:
            return books
    raise AssertionError(f"the example does not close {through}")


def run(command: list[str]) -> str:
    """Run a command of the command line and give what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(command)
    return printed.getvalue()


def why_printed(quarter: str, books: Path, pool: str) -> list[str]:
    """The points under Why that the risk share prints: each step once, with the part of each line beneath it."""
    printed = run(["risk-share", "--quarter", quarter, "--pool", pool, "--db", str(books)])
    points = printed.partition("\nWhy\n")[2].split("\n\n")[0]
    return [line.strip().removeprefix("- ") for line in points.splitlines()]


def document(command: list[str]) -> dict[str, Any]:
    """The one JSON document that a command with ``--json`` prints."""
    found: dict[str, Any] = json.loads(run(command))
    return found


def as_json(command: str, quarter: str, books: Path, pool: str) -> dict[str, Any]:
    """The one JSON document that a reporting command prints."""
    return document([command, "--quarter", quarter, "--pool", pool, "--db", str(books), "--json"])
