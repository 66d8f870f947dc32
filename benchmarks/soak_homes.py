"""Where books are kept while they are soaked, on SQLite and on PostgreSQL, and the shared pieces of a soak."""

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

from tools.postgres_server import Server, running

_Thing = TypeVar("_Thing")


class BooksDoNotHold(Exception):
    """What the books say, or how they answer, is not what it must be."""


class FileHome:
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def new(self) -> Path:
        """A file that is not there yet, in a folder of its own."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "books.db"


class ServerHome:
    """Databases of a server."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server
        self.new = server.database


@contextmanager
def homes(wanted: Iterable[str]) -> Iterator[list[FileHome | ServerHome]]:
    """The homes that are wanted by name, taken away at the end."""
    with ExitStack() as stack:
        found: list[FileHome | ServerHome] = []
        if "sqlite" in wanted:
            found.append(FileHome(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        if "postgresql" in wanted:
            # As in earnest, but that nobody pulls the plug: what is committed is with the machine when it is said.
            found.append(
                ServerHome(
                    stack.enter_context(running(synchronous_commit="on", full_page_writes="on", max_connections="120"))
                )
            )
        yield found


def counted(things: Iterable[_Thing], total: int, what: str) -> Iterator[_Thing]:
    """The same things, with a line on the terminal every few seconds of how many are done."""
    said = time.monotonic()
    for number, thing in enumerate(things):
        if time.monotonic() - said > 5:
            print(f"  {number:,} of {total:,} {what}", file=sys.stderr, flush=True)
            said = time.monotonic()
        yield thing
