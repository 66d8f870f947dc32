"""The quarter's page from nearer: groups that add up, filters, the bridge, the reports, and figure to file."""

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, KENT, document, exampleshire_books, run
from ledgers.place import place_of
from ledgers.store import Books
from pooledfund import chart
from shown import MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE

TABLE = "Monitoring by scheme line"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


def monitored(books: Path) -> dict[str, dict[str, str]]:
    found = document(["monitor", "--quarter", "Q3", "--db", str(books), "--json"])
    return {"total": found["total"], **{line["scheme"]: line for line in found["lines"]}}


@pytest.mark.parametrize("by", ["fund", "lead", "source", "sub-area", "condition"])
def test_the_groups_of_the_table_add_up_to_the_pool(books: Path, by: str) -> None:
    shown = Shown("quarter", books).put({"Group by": by})
    subtotals = subtotal_rows(shown)
    assert subtotals
    *_, total = shown.rows(TABLE)
    for column in (1, 4, 6, 8):
        assert sum(Decimal(row[column]) for row in subtotals) == Decimal(total[column])


def test_the_groups_are_the_agreements_leads(books: Path) -> None:
    shown = Shown("quarter", books).put({"Group by": "lead"})
    assert [row[0] for row in subtotal_rows(shown)] == ["Exampleshire Council", "NHS Exampleshire ICB"]
    icb = [row for name, row in monitored(books).items() if row.get("lead") == "icb"]
    spent = sum(Decimal(row["actual_to_date"]) for row in icb)
    assert Decimal(subtotal_rows(shown)[1][6]) == spent


def test_filters_leave_the_pools_total_alone_and_say_how_many_lines_are_shown(books: Path) -> None:
    lines = monitored(books)
    red = [name for name, line in lines.items() if line.get("rag") == "Red"]
    shown = Shown("quarter", books).put({"Rating": "Red"})
    rows = shown.rows(TABLE)
    assert [row[0].split()[0] for row in rows[: len(red)]] == red
    assert f"Lines shown: {len(red)} of 6" in rows[len(red)][0]
    assert Decimal(rows[len(red)][6]) == sum(Decimal(lines[name]["actual_to_date"]) for name in red)
    assert rows[-1][6] == lines["total"]["actual_to_date"]
    shown.put({"Line, name or lead has": "no such line"})
    assert "No line is so rated and so named." in shown.text


def test_the_order_puts_the_largest_variance_first(books: Path) -> None:
    shown = Shown("quarter", books).put({"Order": "largest variance first"})
    variances = [abs(Decimal(row[9])) for row in shown.rows(TABLE)[:-1]]
    assert variances == sorted(variances, reverse=True)


def test_what_is_no_money_stands_beside_each_line(books: Path) -> None:
    rows = Shown("quarter", books).rows("Beside the money")
    assert len(rows) == 6
    dfg = rows[0]
    assert "Disabled Facilities Grant" in dfg[2]
    assert dfg[9] == "none"
    first = monitored(books)["S1"]
    assert Decimal(first["forecast_outturn"]) - Decimal(dfg[6]) == Decimal(first["movement_since_last_quarter"])


def test_the_bridge_leads_from_report_to_report(books: Path) -> None:
    then = document(["monitor", "--quarter", "Q2", "--db", str(books), "--json"])["total"]["forecast_variance"]
    opening, *steps, closing = Shown("quarter", books).rows("Bridge from the last report")
    assert opening[3] == then
    assert closing[3] == monitored(books)["total"]["forecast_variance"]
    assert Decimal(opening[3]) + sum(Decimal(row[3]) for row in steps) == Decimal(closing[3])
    for row in steps:
        assert Decimal(row[1]) - Decimal(row[2]) == Decimal(row[3])


def test_the_reports_of_the_year_have_their_forecasts(books: Path) -> None:
    *lines, total, variance = Shown("quarter", books).rows("Forecast outturn as each report had it")
    for column, quarter in enumerate(("Q1", "Q2", "Q3"), start=1):
        said = document(["monitor", "--quarter", quarter, "--db", str(books), "--json"])["total"]
        assert total[column] == said["forecast_outturn"]
        assert variance[column] == said["forecast_variance"]
        assert sum(Decimal(row[column]) for row in lines) == Decimal(total[column])


def test_a_figure_leads_to_its_postings_their_row_and_the_files_digest(books: Path) -> None:
    line = monitored(books)["S3"]
    shown = Shown("quarter", books).put({"Line to look into": "S3"})
    *postings, total = shown.rows("Postings of S3, spend")
    assert total[5] == line["actual_to_date"]
    assert sum(Decimal(row[5]) for row in postings) == Decimal(line["actual_to_date"])
    in_m9 = sum(Decimal(row[5]) for row in postings if row[1].startswith("M9"))
    shown.put({"Month": 9})
    assert Decimal(shown.rows("Postings of S3, spend")[-1][5]) == in_m9
    pool = Books.open(place_of(str(books))).pool(EXAMPLESHIRE)
    number = next(
        int(row[0].split()[0])
        for row in shown.rows("Postings of S3, spend")
        if pool.source_lines(entry=int(row[0].split()[0]))
    )
    shown.put({"Entry to look into": number})
    digest = hashlib.sha256((EXAMPLE / "actuals_q3.csv").read_bytes()).hexdigest()
    assert digest in shown.text
    row = shown.rows("Row ")
    (came,) = pool.source_lines(entry=number)
    assert dict(row) == {name: value or "empty" for name, value in came.cells.items()}
    assert shown.rows(f"Entry {number}")[-1][4] == "0.00"


@pytest.mark.parametrize(("figure", "key"), [("budget", "current_budget"), ("spend", "actual_to_date")])
def test_the_postings_of_every_line_come_to_its_figure(books: Path, figure: str, key: str) -> None:
    lines = monitored(books)
    shown = Shown("quarter", books)
    for name in ("S1", "S5", "S6"):
        shown.put({"Line to look into": name, "Figure": figure})
        assert shown.rows(f"Postings of {name}, {figure}")[-1][5] == lines[name][key]


def test_an_entry_that_is_not_there_is_said_and_one_by_hand_has_no_file(books: Path) -> None:
    shown = Shown("quarter", books).put({"Entry to look into": 999_999})
    assert "has no entry 999999" in shown.text
    made = Books.open(place_of(str(books))).pool(EXAMPLESHIRE).entries(book="budget", kind="virement")[0]
    shown.put({"Entry to look into": made.number})
    assert "The entry came from no file." in shown.text
    assert made.entry.source_reference in shown.text


def test_the_address_opens_a_line_and_an_entry(books: Path) -> None:
    shown = Shown("quarter", books, READER, line="S5", entry="1")
    assert shown.rows("Postings of S5, spend")
    assert shown.rows("Entry 1")
    assert not Shown("quarter", books, READER, line="none", entry="x").field("Entry to look into").value


def test_postings_are_read_a_page_at_a_time(books: Path) -> None:
    pool = Books.open(place_of(str(books))).pool(EXAMPLESHIRE)
    total, whole = pool.postings_page(book="actual", accounts=[chart.EXPENDITURE], scheme="S3", take=1000)
    pages = [
        pool.postings_page(book="actual", accounts=[chart.EXPENDITURE], scheme="S3", skip=skip, take=2)[1]
        for skip in range(0, total, 2)
    ]
    assert len(whole) == total
    assert [each for page in pages for each in page] == whole


def test_many_lines_are_shown_a_page_at_a_time(tmp_path: Path) -> None:
    books = tmp_path / "kent.db"
    run(["init", str(KENT / "agreement.yaml"), "--db", str(books)])
    found = document(["monitor", "--quarter", "Q1", "--db", str(books), "--json"])
    shown = Shown("quarter", books).put({"Group by": "sub-area"})
    subtotals = subtotal_rows(shown)
    assert len(subtotals) > 3
    assert sum(Decimal(row[4]) for row in subtotals) == Decimal(found["total"]["current_budget"])


def subtotal_rows(shown: Shown) -> list[list[str]]:
    """The rows of the monitoring table that add up a group."""
    marked = re.findall(r'<tr class="pf-subtotal">(.*?)</tr>', shown.table(TABLE), re.DOTALL)
    heads = [re.sub(r"<small>.*?</small>|<[^>]+>", "", each.split("</th>")[0]) for each in marked]
    figures = [re.findall(r'<data value="([^"]+)">', each) for each in marked]
    return [[head, *of] for head, of in zip(heads, figures, strict=True)]


def test_a_forecast_is_entered_at_the_page_once_and_moves_the_table(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    shown = Shown("quarter", books, MANAGER).put({"Quarter": 2, "Line to forecast": "S3"})
    shown.put({"Forecast outturn of the year": "1,600,000.01"}).press("Record the forecast")
    assert "The forecast of S3 is recorded." in shown.said
    line = document(["monitor", "--quarter", "Q2", "--db", str(books), "--json"])["lines"][2]
    assert line["forecast_outturn"] == "1600000.01"
    assert next(row for row in shown.rows(TABLE) if row[0].startswith("S3"))[8] == "1600000.01"
    assert "That forecast stood already." in shown.press("Record the forecast").said
    shown.put({"Forecast outturn of the year": "a lot"}).press("Record the forecast")
    assert "a lot" in shown.said
    assert shown.field("Forecast outturn of the year").value == "a lot"


def test_a_forecast_that_another_changed_meanwhile_is_refused_and_kept_as_a_draft(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    first = Shown("quarter", books, MANAGER).put({"Quarter": 2, "Line to forecast": "S3"})
    second = Shown("quarter", books, MANAGER, "second").put({"Quarter": 2, "Line to forecast": "S3"})
    first.put({"Forecast outturn of the year": "1600000"})
    second.put({"Forecast outturn of the year": "1700000"}).press("Record the forecast")
    first.press("Record the forecast")
    assert "was changed by second" in first.said
    line = document(["monitor", "--quarter", "Q2", "--db", str(books), "--json"])["lines"][2]
    assert line["forecast_outturn"] == "1700000.00"


def test_a_partner_forecasts_its_own_lines_and_a_reader_none(books: Path) -> None:
    options = Shown("quarter", books, "partner_finance").field("Line to forecast").options
    assert [each.split(":")[0] for each in options] == ["S1", "S2", "S3", "S4", "S6"]
    assert "Record the forecast" not in Shown("quarter", books, READER).buttons


def test_the_quarter_in_one_sentence(books: Path) -> None:
    assert "an overspend of £" in Shown("quarter", books).text.split("Monitoring")[0]
