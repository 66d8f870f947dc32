"""What holds for every test: how long an example takes says nothing of whether it is right.

The examples of a property are the same in every run of `make test`, so that red means a change, and are drawn
anew by `make soak`, which looks for the ones that nobody has seen.

And the databases that ledger tests run on: files, and one PostgreSQL server a session.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from ledger_homes import Home, PostgresHome, SqliteHome
from tools.postgres_server import Server, running

settings.register_profile("project", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("project")
expect.set_options(timeout=60_000)  # a browser's test says what is shown, not how soon on a busy machine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the story of a quarter leaves the pictures of the pages: ``make pictures`` keeps them in the docs."""
    parser.addoption("--pictures", help="keep the pictures of the pages in this folder")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_home(server: Server) -> PostgresHome:
    return PostgresHome(server)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Each database in turn: what a ledger test asks of it, it asks of both."""
    if request.param == "sqlite":
        return SqliteHome(tmp_path_factory.mktemp("books"))
    found: PostgresHome = request.getfixturevalue("postgres_home")
    return found
