"""The page of scheme lines: the command line's figures; a virement shown first, then made once; outcomes told once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, KENT, document, exampleshire_books, run
from ledgers.place import place_of
from ledgers.store import Books
from shown import LEAD, MANAGER, READER, Shown

MOVE = {"Line that gives": "S5", "Line that gets": "S6", "Amount": "1,000.01", "Minute that": "JCB 9"}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


@pytest.fixture(scope="module")
def kent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = tmp_path_factory.mktemp("books") / "kent.db"
    run(["init", str(KENT / "agreement.yaml"), "--db", str(books)])
    return books


def test_every_lines_budgets_are_the_command_lines_and_cast(books: Path) -> None:
    found = document(["monitor", "--quarter", "Q3", "--db", str(books), "--json"])
    *rows, total = Shown("schemes", books).rows("Scheme lines")
    names = ("original_budget", "contribution_changes", "virements", "current_budget", "actual_to_date",
             "forecast_outturn")  # fmt: skip
    for row, line in zip((*rows, total), (*found["lines"], found["total"]), strict=True):
        assert row[1:7] == [line[name] for name in names]
    assert [row[7] for row in rows] == [line["committed"] for line in found["lines"]]
    for column in range(1, 8):
        assert sum(Decimal(row[column]) for row in rows) == Decimal(total[column])


def test_a_line_by_month_comes_to_its_budget_and_its_spend(books: Path) -> None:
    line = document(["monitor", "--quarter", "Q3", "--db", str(books), "--json"])["lines"][4]
    shown = Shown("schemes", books).put({"Line": line["scheme"]})
    budget, spent = shown.rows(f"{line['scheme']} by month")
    assert sum(map(Decimal, budget[1:13])) == Decimal(budget[13]) == Decimal(line["current_budget"])
    assert sum(map(Decimal, budget[1:10])) == Decimal(line["budget_to_date"])
    assert sum(map(Decimal, spent[1:10])) == Decimal(spent[13]) == Decimal(line["actual_to_date"])
    assert spent[10:13] == ["to come"] * 3
    *parts, whole = shown.rows(f"What pays for {line['scheme']}")
    assert sum(Decimal(row[2]) for row in parts) == Decimal(whole[2]) == Decimal(line["current_budget"])


def test_orders_on_a_line_come_to_what_is_committed(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    order = ["commit", "--line", "S1", "--reference", "PO <7>", "--amount", "1234.56", "--effective", "2023-07-03"]
    run([*order, "--db", str(books)])
    shown = Shown("schemes", books).put({"Quarter": 2, "Line": "S1"})
    assert shown.rows("Orders on S1") == [["PO <7>", "1234.56"], ["Committed", "1234.56"]]
    assert shown.rows("Scheme lines")[0][7] == "1234.56"


def test_a_virement_is_shown_before_it_is_made_once(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    before = books.read_bytes()
    call = ["virement", "--from", "S5", "--to", "S6", "--contribution", "nhs-min", "--amount", "1000.01",
            "--effective", "2023-07-01", "--minute", "JCB 9", "--dry-run", "--json", "--db", str(books)]  # fmt: skip
    found = document(call)
    shown = Shown("schemes", books, MANAGER)
    assert "to see what the virement would do" in shown.text
    shown.put({**MOVE, "Contribution whose": "nhs-min", "Effective": date(2023, 7, 1)})
    rows = shown.rows("What the virement would do")
    assert [[row[1], row[3]] for row in rows] == [[each["before"], each["after"]] for each in found["budgets"].values()]
    assert [row[0] for row in shown.rows("What becomes of the minimum tests")] == [
        test["title"] for test in found["tests_after"]
    ]
    assert books.read_bytes() == before
    button = next(each for each in shown.app.button if each.label == "Make the virement")
    button.click()
    shown.run()
    assert "£1,000.01 moved from S5 to S6" in shown.said
    button.click()
    shown.run()
    assert shown.put({"Quarter": 2}).rows("Virements made")[-1][3].startswith("JCB 9")
    assert len(virements(books)) == len(shown.rows("Virements made")) == 1


def test_a_virement_that_cannot_be_made_says_every_reason(books: Path) -> None:
    before = books.read_bytes()
    shown = Shown("schemes", books, MANAGER)
    shown.put({**MOVE, "Line that gets": "S5", "Amount": "-1", "Effective": date(2023, 4, 1)})
    assert "the two lines are the same" in shown.text
    assert "above nil" in shown.text
    assert "Make the virement" not in shown.buttons
    shown.put({"Amount": "much"})
    assert "much" in shown.text
    assert books.read_bytes() == before


def test_a_finance_lead_agrees_a_virement_and_cannot_make_it(books: Path) -> None:
    shown = Shown("schemes", books, LEAD)
    shown.put({**MOVE, "Contribution whose": "nhs-min", "Effective": date(2024, 1, 1)})
    assert "Make the virement" not in shown.buttons
    shown.press("Agree to this virement for your body")
    assert "Agreed for council, JCB 9" in shown.said


def test_outcomes_are_told_once_and_shown(kent: Path) -> None:
    shown = Shown("schemes", kent, MANAGER)
    measure = shown.field("Measure").value
    shown.typed({"Reading": "12.5", "Note on the reading": "=<b>late</b>"}).press("Record the reading for Q1")
    assert f"The reading of {measure} for Q1 is recorded." in shown.said
    row = next(row for row in shown.rows("Outcomes and measures") if row[0].endswith(measure))
    assert row[2].startswith("12.5")
    assert "<b>late" not in shown.markup
    told = document(["narrative", "--quarter", "Q1", "--db", str(kent), "--json"])["measures"]
    assert next(each["value"] for each in told if each["id"] == measure) == "12.5"
    shown.typed({"Status": "done", "Done on": date(2016, 6, 30)}).press("Record the status for Q1")
    assert "is recorded." in shown.said
    assert any(row[2] == "● done" for row in shown.rows("Milestones"))


def test_grant_by_district_is_the_command_lines(kent: Path) -> None:
    found = document(["dfg", "--quarter", "Q1", "--db", str(kent), "--json"])
    shown = Shown("schemes", kent)
    *rows, total = shown.rows("Grant passed on")
    assert [row[1] for row in (*rows, total)] == [
        *(each["allocated"] for each in found["districts"]),
        found["total"]["allocated"],
    ]
    assert {row[2] for row in rows} == {"not known"}
    assert "Not returned:" in shown.text


def test_a_reader_moves_nothing(books: Path) -> None:
    shown = Shown("schemes", books, READER)
    assert not shown.buttons
    assert "A new virement" not in [each.value for each in shown.app.subheader]
    assert "may not read" in Shown("schemes", books, "administrator").text


def virements(books: Path) -> list[int]:
    pool = Books.open(place_of(str(books))).pool(EXAMPLESHIRE)
    return [each.number for each in pool.entries(book="budget", kind="virement")]
