"""Each check of verify alone by its name, and the slow ones that only --strict runs."""

from pathlib import Path

import pytest

from ledger_sample import AT, WHO, open_books, spend, without_guards
from ledgers.seal import digest
from ledgers.store import Ledger
from ledgers.verification import ALWAYS, STRICT
from pooledfund.cli import main
from pooledfund.cli.parser import CHECKS
from pools import pool_of


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = open_books(tmp_path)
    with ledger.writing(WHO, AT) as writing:
        writing.record_all([spend("one"), spend("two", 40)])
    return ledger


def test_the_command_line_names_the_checks_that_there_are() -> None:
    assert (*ALWAYS, *STRICT) == CHECKS


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_runs_alone_on_sound_books(ledger: Ledger, name: str) -> None:
    assert ledger.verify(checks=[name]) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE posting SET partner = 'nobody' WHERE entry = 1 AND line = 2", "file"),
        ("UPDATE event SET who = 'another' WHERE number = 2", "chained"),
        ("UPDATE scheme SET name = 'Mine' WHERE id = 'S2'", "registers"),
        ("UPDATE month_state SET state = 'closed' WHERE month = 9", "months"),
        ("UPDATE entry SET why = 'another' WHERE number = 1", "sealed"),
        ("UPDATE posting SET amount_pence = 1 WHERE entry = 1 AND line = 1", "balanced"),
        ("DELETE FROM entry WHERE number = 1", "gapless"),
        ("UPDATE entry SET reverses = 1 WHERE number = 2", "mirrored"),
        ("INSERT INTO balance VALUES ('thanet', 'budget', 'unallocated', '', 'dfg', '', 1, -1, 1)", "floors"),
        ("UPDATE balance SET amount_pence = 1", "kept"),
        ("INSERT INTO batch VALUES ('thanet', 1, hex(zeroblob(32)), 'a.csv', NULL, 'x', 1, 1, 1, 2)", "files"),
        ("INSERT INTO sign_off VALUES ('thanet', 'close/M1', '', 2, 'reviewed', 'B. Reviewer')", "signed"),
        ("UPDATE entry SET why = ' ' WHERE number = 1", "re-added"),
        ("UPDATE balance SET amount_pence = amount_pence + 1 WHERE account = 'expenditure'", "re-added"),
    ],
)
def test_the_check_of_that_name_finds_it_alone(ledger: Ledger, statement: str, named: str) -> None:
    without_guards(ledger, statement)
    assert ledger.verify(checks=[named])
    if statement == "UPDATE event SET who = 'another' WHERE number = 2":
        assert ledger.verify(checks=["balanced", "kept", "sealed"]) == []


def test_an_event_in_another_form_of_the_same_words_is_found_by_the_strict_check(ledger: Ledger) -> None:
    text = ledger.events()[-1].content
    other = text.replace('","', '", "')
    without_guards(ledger, f"UPDATE event SET content = '{other}', hash = '{digest(other)}' WHERE number = 2")
    assert ledger.verify() == []
    assert [each.row for each in ledger.verify(checks=[*ALWAYS, *STRICT])] == ["event 2"]


def test_verify_says_which_checks_it_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books = str(pool_of(tmp_path).books.books.path)
    assert main(["verify", "--db", books, "--only", "balanced", "--only", "kept"]) == 0
    assert "Checked: balanced, kept" in capsys.readouterr().out
    assert main(["verify", "--db", books, "--strict"]) == 0
    assert "re-added" in capsys.readouterr().out
    assert main(["verify", "--db", books]) == 0
    assert "Checked" not in capsys.readouterr().out


def test_a_head_is_not_asked_of_a_check_that_does_not_look_at_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = str(pool_of(tmp_path).books.books.path)
    assert main(["verify", "--db", books, "--only", "kept", "--head", "0" * 64]) == 2
    assert "chained" in capsys.readouterr().err
