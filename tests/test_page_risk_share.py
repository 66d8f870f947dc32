"""The page of the risk share: the command line's figures, what if without a trace in the books, decisions once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, document, exampleshire_books, run
from ledgers.place import place_of
from ledgers.store import Books
from shown import LEAD, MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE

CLAUSE = "Schedule 3, 4.1"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


def test_who_meets_the_variance_and_every_step_are_the_command_lines(books: Path) -> None:
    found = document(["risk-share", "--quarter", "Q3", "--db", str(books), "--json"])
    shown = Shown("risk_share", books)
    *met, variance = shown.rows("The variance and who meets it")
    assert variance[1] == found["variance"]
    assert sum(Decimal(row[1]) for row in met) == Decimal(found["variance"])
    by_name = {row[0]: Decimal(row[1]) for row in met}
    council = found["partners"]["council"]
    assert by_name.get("Exampleshire Council bears", 0) == Decimal(council["overspend"])
    assert -by_name.get("Exampleshire Council gets back", Decimal(0)) == Decimal(council["underspend"])
    steps = shown.rows("The risk share step by step")
    assert [row[3] for row in steps] == [step["amount"] for step in found["trace"]]
    assert [row[4] for row in steps] == [step["because"] for step in found["trace"]]


def test_a_line_that_comes_out_otherwise_gives_what_its_forecast_would_and_writes_nothing(
    books: Path, tmp_path: Path
) -> None:
    before = books.read_bytes()
    shown = Shown("risk_share", books).put({"Lines to try": ["S1"]}).put({"Outturn of S1": "2500000.01"})
    rows = {row[0]: row[1:] for row in shown.rows("If these lines came out otherwise")}
    assert books.read_bytes() == before
    copy = tmp_path / "copy.db"
    copy.write_bytes(before)
    run(["reopen", "M9", "--reason", "to try it", "--db", str(copy)])
    (tmp_path / "forecast.csv").write_text("quarter,scheme,forecast_outturn\nQ3,S1,2500000.01\n", encoding="utf-8")
    run(["forecast", str(tmp_path / "forecast.csv"), "--db", str(copy)])
    for side, of_books in ((0, books), (1, copy)):
        found = document(["risk-share", "--quarter", "Q3", "--db", str(of_books), "--json"])
        for name, partner in (("Exampleshire Council", "council"), ("NHS Exampleshire ICB", "icb")):
            share = found["partners"][partner]
            assert Decimal(rows[name][side]) == Decimal(share["overspend"]) - Decimal(share["underspend"])
        assert rows["Variance of the year"][side] == found["variance"]
    differences = [Decimal(row[2]) for name, row in rows.items() if name != "Variance of the year"]
    assert sum(differences) == Decimal(rows["Variance of the year"][2])


def test_an_outturn_that_is_no_amount_is_said_in_words(books: Path) -> None:
    shown = Shown("risk_share", books).put({"Lines to try": ["S1"]}).put({"Outturn of S1": "lots"})
    assert "Outturn of S1" in shown.text
    assert "lots" in shown.text


def test_another_agreement_is_compared_as_by_the_command(books: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
    other.write_text(text.replace("id: exampleshire-2023-24", "id: other-2023-24"), encoding="utf-8")
    found = document(["compare", str(other), "--quarter", "Q3", "--db", str(books), "--json"])
    shown = Shown("risk_share", books).put({"Agreement": "A text from a file"})
    shown.put({"Agreement file to compare": ("other.yaml", other.read_bytes(), "text/yaml")})
    *rows, total = shown.rows("On the books&#x27; figures")
    assert total[1:] == [found["total"][side] for side in ("first", "second", "difference")]
    assert [row[1] for row in rows if row[0].startswith(("Exampleshire", "NHS"))] == [
        row["first"] for row in found["rows"] if row["what"] == "partner"
    ]
    shown.put({"Agreement file to compare": ("bad.yaml", b"agreement: [", "text/yaml")})
    assert "bad.yaml" in shown.text


def test_the_exposure_is_the_commands_with_its_seed(books: Path, tmp_path: Path) -> None:
    ranges = tmp_path / "ranges.csv"
    ranges.write_text("scheme,low,most_likely,high\nS1,1000000,2000000,3000000\n", encoding="utf-8")
    call = ["simulate", "--ranges", str(ranges), "--runs", "1000", "--seed", "7", "--quarter", "Q3", "--db", str(books)]
    found = document([*call, "--json"])
    shown = Shown("risk_share", books)
    assert "Nothing is worked out yet." in shown.text
    shown.field("Or a range").set_value(("ranges.csv", ranges.read_bytes(), "text/csv"))
    shown.put({"Runs": 1000, "Seed": 7, "Work out": True})
    rows = shown.rows("What partners may have to bear")
    partners = found["partners"].values()
    assert [row[1:] for row in rows[: len(partners)]] == [list(each["bears"].values()) for each in partners]
    assert rows[-1][1:] == list(found["variance"].values())
    assert "1,000 runs with seed 7" in shown.text


def test_ranges_about_the_forecast_cover_every_line_that_spends(books: Path) -> None:
    shown = Shown("risk_share", books).put({"Runs": 1000, "Work out": True})
    points = [Decimal(cell) for cell in shown.rows("What partners may have to bear")[-1][1:]]
    assert points == sorted(points)
    assert points[0] < points[-1]


def test_a_dispute_is_recorded_once_shown_and_resolved(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    lead = Shown("risk_share", books, LEAD)
    assert "Nothing is in dispute." in lead.text
    lead.typed({"What is disputed": "<b>the packages</b>", "Day it was raised": date(2023, 8, 1)})
    lead.press("Record the dispute")
    assert "It is not settled until it is resolved; at M3 the clause gives it nothing yet." in lead.said
    assert "<b>the packages</b>" in lead.text
    assert "<b>the" not in lead.markup
    lead.typed({"What is disputed": "again", "Day it was raised": date(2023, 8, 1)}).press("Record the dispute")
    assert "already" in lead.said
    assert len(events(books, "dispute recorded")) == 1
    manager = Shown("risk_share", books, MANAGER)
    manager.typed({"Minute that": "JCB 5", "Day it was resolved": date(2023, 8, 2)})
    manager.press("Record that it is resolved")
    assert f"under clause {CLAUSE} is resolved" in manager.said
    assert "Nothing is in dispute." in manager.text
    assert "JCB 5" in manager.text


def test_a_cut_is_recorded_with_its_minute_and_refused_without(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    shown = Shown("risk_share", books, MANAGER).put({"Quarter": 2})
    shown.typed({"Amount that is not": "1,000.01", "Day of the cut": date(2023, 7, 10)}).press("Record the cut")
    assert "needs its minute" in shown.said
    assert not events(books, "containment decided")
    shown.typed({"Minute of the cut": "JCB 6"}).press("Record the cut")
    assert "£1,000.01 less is forecast" in shown.said
    assert "JCB 6" in shown.rows("What was decided")[-1][0]
    assert len(events(books, "containment decided")) == 1


def test_a_decision_on_what_is_not_open_is_refused(books: Path) -> None:
    before = books.read_bytes()
    shown = Shown("risk_share", books, MANAGER)
    shown.typed({"Exampleshire Council": "5", "Minute of": "JCB 6", "Day of the decision": date(2023, 8, 1)})
    shown.press("Record the decision")
    assert shown.app.error
    assert books.read_bytes() == before


def test_a_reader_is_offered_nothing_to_press(books: Path) -> None:
    assert not Shown("risk_share", books, READER).buttons
    assert "may not read" in Shown("risk_share", books, "administrator").text


def events(books: Path, kind: str) -> list[int]:
    return [each.number for each in Books.open(place_of(str(books))).pool(EXAMPLESHIRE).events(kind=kind)]
