"""The command line on a PostgreSQL database: the same commands and figures as on a file, and no password said."""

import subprocess
from pathlib import Path

import pytest

from ledger_homes import PostgresHome
from ledgers.place import Url
from pooledfund.cli import main
from pools import TOWN
from tools.postgres_server import program

SECRET = "sesame"


@pytest.fixture
def url(postgres_home: PostgresHome) -> Url:
    return postgres_home.server.database()


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    path = tmp_path / "town.yaml"
    path.write_text(TOWN, encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A command's status and all that it printed, in which there is never a password."""
    status = main(arguments)
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err
    return status, printed.out + printed.err


COMMANDS = (
    ("virement", "--from", "care", "--to", "equip", "--contribution", "nhs-min", "--amount", "1000", "--effective",
     "2023-07-01", "--minute", "minute 7"),
    ("close", "Q1"),
    ("reopen", "M3", "--reason", "late invoice"),
    ("monitor", "--quarter", "Q2"),
    ("contributions",),
    ("risk-share",),
    ("trial-balance", "--book", "budget"),
    ("balances", "--by", "scheme,contribution,month", "--book", "budget"),
    ("statement", "pool_cash"),
)  # fmt: skip


def test_every_command_says_the_same_of_a_database_as_of_a_file(
    capsys: pytest.CaptureFixture[str], url: Url, agreement: Path, tmp_path: Path
) -> None:
    file = str(tmp_path / "books.db")
    for place in (url.secret, file):
        status, text = said(capsys, "init", str(agreement), "--db", place)
        assert (status, "Opened" in text) == (0, True), text
    for command in COMMANDS:
        in_file = said(capsys, *command, "--db", file)
        in_database = said(capsys, *command, "--db", url.secret)
        assert without_head(in_database[1]) == without_head(in_file[1])
        assert in_database[0] == in_file[0] < 2
    assert said(capsys, "verify", "--db", url.secret)[0] == 0


def without_head(text: str) -> list[str]:
    """What was said but for the head, which holds the time."""
    return [line.partition("head ")[0] for line in text.splitlines()]


def test_an_address_that_leads_nowhere_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], postgres_home: PostgresHome, tmp_path: Path
) -> None:
    address = f"postgresql://me:{SECRET}@127.0.0.1:{postgres_home.server.port}/nowhere"
    for command in (("monitor",), ("verify",), ("upgrade",), ("backup", str(tmp_path / "copy.db"))):
        status, text = said(capsys, *command, "--db", address)
        assert status == 2
        assert text.startswith("postgresql://me@127.0.0.1")
        assert len(text.splitlines()) == 1


def test_upgrade_makes_the_roles_where_asked(
    capsys: pytest.CaptureFixture[str], url: Url, agreement: Path, tmp_path: Path
) -> None:
    said(capsys, "init", str(agreement), "--db", url.secret)
    status, text = said(capsys, "upgrade", "--roles", "--db", url.secret)
    assert (status, "pooledfund_reader may read" in text) == (0, True)
    said(capsys, "init", str(agreement), "--db", str(tmp_path / "books.db"))
    assert said(capsys, "upgrade", "--db", str(tmp_path / "books.db")) == (
        0,
        f"{tmp_path / 'books.db'}: is up to date\n",
    )


def test_books_come_back_whole_through_the_servers_own_tools(
    capsys: pytest.CaptureFixture[str], postgres_home: PostgresHome, url: Url, agreement: Path, tmp_path: Path
) -> None:
    said(capsys, "init", str(agreement), "--db", url.secret)
    head = said(capsys, "verify", "--db", url.secret)[1].split()[-1]
    dump = tmp_path / "kent.dump"
    subprocess.run([program("pg_dump"), "--format=custom", f"--file={dump}", url.secret], check=True)
    restored = postgres_home.server.database()
    subprocess.run(
        [program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments",
         f"--dbname={restored.secret}", str(dump)],
        check=True, capture_output=True,
    )  # fmt: skip
    assert said(capsys, "verify", "--head", head, "--db", restored.secret)[0] == 0
    assert said(capsys, "close", "M1", "--db", restored.secret)[0] == 0
    assert said(capsys, "verify", "--db", restored.secret)[0] == 0
