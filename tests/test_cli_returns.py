"""The commands of the official returns, as a person types them."""

import json
from pathlib import Path

import pytest

from official_workbooks import make_official
from pooledfund.cli import main
from pooledfund.returns.registry import variant
from pools import imported, pool_of, spent
from year_of_exampleshire import EXAMPLE

Calls = pytest.CaptureFixture[str]
LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"


@pytest.fixture
def books(tmp_path: Path) -> str:
    """The small pool's books, with a little spend; and an official year-end workbook beside them."""
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A1", "300000.01"))
    make_official(tmp_path / "official.xlsx", variant("year-end"), 3)
    return str(pool.books.books.path)


def run(capsys: Calls, *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_return_is_filled_checked_compared_registered_and_worked_out_again(
    tmp_path: Path, books: str, capsys: Calls
) -> None:
    db, out = ("--db", books), tmp_path / "sent.xlsx"
    template = tmp_path / "official.xlsx"
    status, said, _ = run(capsys, "export", "year-end", "--template", template, "-o", out, *db)
    assert status == 0
    assert "cells written" in said
    assert "not confirmed" not in said
    assert run(capsys, "check-return", "year-end", out, *db)[:2] == (0, _all_yes())
    status, said, _ = run(capsys, "compare-return", "year-end", out, *db)
    assert (status, said.splitlines()[0]) == (0, "Every figure is that of the books")
    status, said, _ = run(capsys, "submit-return", "year-end", out, "--signed", "council=2024-05-20", *db)
    assert status == 0
    event = said.splitlines()[0].rpartition(" ")[2]
    words = ("--body", "Wellbeing Board", "--on", "2024-07-01", "--minute", "item 7")
    assert run(capsys, "approve-return", event, *words, *db)[0] == 0
    status, said, _ = run(capsys, "returns", "--json", *db)
    (sent,) = json.loads(said)["returns"]
    assert (status, sent["signed"], sent["approvals"][0]["on"]) == (0, {"council": "2024-05-20"}, "2024-07-01")
    again = tmp_path / "again.xlsx"
    status, said, _ = run(capsys, "replay-return", event, "--template", template, "-o", again, *db)
    assert status == 0
    assert "the same figures, every one" in said
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("command", ["check-return", "compare-return", "submit-return"])
def test_our_own_layout_is_told_from_the_workbook_that_is_sent(
    tmp_path: Path, books: str, capsys: Calls, command: str
) -> None:
    own = tmp_path / "own.xlsx"
    assert run(capsys, "export", "year-end", "-o", own, "--db", books)[0] == 0
    status, _, said = run(capsys, command, "year-end", own, "--db", books)
    assert (status, len(said.splitlines())) == (2, 1)
    assert "is pooledfund's own layout of year-end" in said
    assert "export year-end --template" in said


def _all_yes() -> str:
    looked = [
        "Every cell can be understood",
        "Every required cell is filled",
        "Every amount is within the limits of the return",
        "Every cell holds what its rule lets in",
        "The shares of joint commissioners come to 100%",
        "Totals cast",
        "Income meets expenditure for each source",
        "No source is spent beyond its income",
        "Each year's total is the pooled fund, or a comment says why not",
        "What differs from plan or forecast has its comment",
        "Amounts are in the unit of the return",
        "Minimums are met",
    ]
    return "".join(f"Yes  {each}\n" for each in looked) + "Complete Template\n"


def test_an_incomplete_return_ends_with_status_1(tmp_path: Path, books: str, capsys: Calls) -> None:
    out = tmp_path / "plan.xlsx"
    assert run(capsys, "export", "planning-2023-25", "--template", LOOKALIKE, "-o", out, "--db", books)[0] == 0
    status, said, _ = run(capsys, "check-return", "planning-2023-25", out, "--json", "--db", books)
    assert (status, json.loads(said)["state"]) == (1, "Incomplete Template")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "year-end", "--template", "none.xlsx", "-o", "x.xlsx"), "there is no such file"),
        (("export", "year-end", "--template", LOOKALIKE, "-o", "x.xlsx"), "is not the workbook of year-end"),
        (("export", "part3", "-o", "x.xlsx"), "there is no return 'part3' here: choose one of part2"),
        (("export", "part2", "--template", LOOKALIKE, "-o", "x.xlsx"), "is not the workbook of part2"),
        (("submit-return", "year-end", LOOKALIKE), "is not the workbook of year-end"),
        (("approve-return", "1", "--body", "B", "--on", "soon", "--minute", "m"), "'soon' is not a day"),
        (("replay-return", "1"), "event 1 registered no return"),
        (("read-return", "year-end", LOOKALIKE), "holds no lines of a year"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    tmp_path: Path, books: str, capsys: Calls, words: tuple[object, ...], said: str
) -> None:
    place = () if words[0] == "read-return" else ("--db", books)
    status, _, refused = run(capsys, *words, *place)
    assert status == 2
    assert said in refused
    assert not Path("x.xlsx").exists()


def test_money_that_pays_for_no_line_yet_and_has_no_row_in_a_return_stands_in_no_way_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exampleshire's additional NHS money goes to the reserve alone, and Part 2 does not name it."""
    books, wrong = tmp_path / "books.db", tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"no workbook")
    run(capsys, "init", EXAMPLE / "agreement.yaml", "--db", books)
    call = ("export", "part2", "--template", wrong, "-o", tmp_path / "o.xlsx", "--db", books)
    status, _, error = run(capsys, *call)
    assert (status, error.split(":")[0]) == (2, "wrong.xlsx")
    assert "is not a whole Excel workbook" in error
    assert not (tmp_path / "o.xlsx").exists()
