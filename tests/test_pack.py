"""The quarterly pack: its figures against the results and the expected year, kept and recalculated, and its layout."""

import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from books_for_pages import exampleshire_books
from ledgers.money import parse_pounds, pounds
from libreoffice import recalculated
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.pool import Pool
from pooledfund.reports.cells import CastingFailed, Money, Table, pounds_columns, text_columns
from pooledfund.reports.pack import PackSummary, write_pack
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from workbooks import formulas, pence, same_money, table, values
from year_of_exampleshire import EXAMPLE, EXPECTED

MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)
SHEETS = (
    "Summary",
    "Monitoring",
    "Who bears it",
    "Variance chart",
    "Spend chart",
    "Bridge",
    "Risk position",
    "Risk explained",
    "Conditions",
    "Minimum tests",
    "Decisions",
    "Contributions",
    "Memorandum account",
    "Close",
    "Casting proof",
    "About",
)
MONITORED = {
    "Original budget (£)": "original_budget",
    "Virements (£)": "virements",
    "Current budget (£)": "current_budget",
    "Budget to date (£)": "budget_to_date",
    "Actual to date (£)": "actual_to_date",
    "Variance to date (£)": "variance_to_date",
    "Forecast outturn (£)": "forecast_outturn",
    "Forecast variance (£)": "forecast_variance",
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """Exampleshire at the end of its third quarter."""
    books = exampleshire_books(tmp_path_factory.mktemp("books") / "books.db", "Q3")
    return Pool.open(books, None, MANAGER)


@pytest.fixture(scope="module")
def pack(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> PackSummary:
    return write_pack(pool, 9, tmp_path_factory.mktemp("pack") / "pack.xlsx")


@pytest.fixture(scope="module")
def kept(pack: PackSummary) -> Workbook:
    """The pack with the values written beside its formulas."""
    return load_workbook(pack.path, data_only=True)


@pytest.fixture(scope="module")
def written(pack: PackSummary) -> Workbook:
    """The pack with its formulas."""
    return load_workbook(pack.path)


def test_the_pack_has_a_sheet_for_each_part(pack: PackSummary, kept: Workbook) -> None:
    assert pack.sheets == tuple(kept.sheetnames) == SHEETS


def test_monitoring_is_the_expected_table_to_the_penny(kept: Workbook) -> None:
    expected = json.loads((EXPECTED / "expected_monitoring.json").read_text(encoding="utf-8"))["Q3"]
    rows = table(kept["Monitoring"], "Line")
    for row, wanted in zip(rows, [*expected["lines"], expected["total"]], strict=True):
        found = {key: pounds(pence(row[heading])) for heading, key in MONITORED.items()}
        assert found == {key: wanted[key] for key in MONITORED.values()}, wanted["scheme"]
        assert pence(row["Movement since last quarter (£)"]) == parse_pounds(wanted["movement_since_last_quarter"])
    assert rows[0]["How the forecast was arrived at"] == "entered (M9)"
    assert [row["RAG"] for row in rows[:-1]] == ["Red", "Green", "Red", "Amber", "Green", "Red"]


def test_who_bears_it_comes_to_what_the_risk_position_shows(pool: Pool, kept: Workbook) -> None:
    share = monitor(pool, 9).risk.share
    by_line = table(kept["Who bears it"], "Line")
    assert pence(by_line[-1]["Borne by Exampleshire Council (£)"]) == share.overspend_pence["council"]
    by_partner = {str(row["Partner"]): row for row in table(kept["Risk position"], "Partner")}
    assert pence(by_partner["Exampleshire Council"]["Overspend borne (£)"]) == 85_831_97
    assert pence(by_partner["NHS Exampleshire ICB"]["Overspend borne (£)"]) == 19_768_15


def test_a_risk_position_on_a_forecast_is_labelled_projected(kept: Workbook) -> None:
    assert "Projected" in str(values(kept["Risk position"])[2][0])
    assert "nothing is posted" in str(values(kept["Risk position"])[2][0])


def test_the_proof_of_the_risk_position_adds_up_to_the_variance(kept: Workbook) -> None:
    rows = table(kept["Risk position"], "What became of it")
    assert sum(pence(row["Amount (£)"]) for row in rows[:-1]) == pence(rows[-1]["Amount (£)"]) == 65_600_12


def test_each_step_of_the_risk_share_has_its_clause_and_sentence(pool: Pool, kept: Workbook) -> None:
    steps = monitor(pool, 9).risk.share.trace
    rows = table(kept["Risk explained"], "Clause")
    assert [row["Because"] for row in rows] == [step.because for step in steps]
    assert any("Schedule 3, 4.1" in str(row["Clause"]) for row in rows)


def test_contributions_show_what_is_overdue(pool: Pool, kept: Workbook) -> None:
    rows = {row["Contribution"]: row for row in table(kept["Contributions"], "Contribution")}
    assert pence(rows["nhs-min"]["Overdue (£)"]) == 327_500_41
    assert rows["nhs-min"]["In words"] == "overdue"
    positions = contribution_position(pool, 9).positions
    assert pence(rows["Total"]["Due to date (£)"]) == sum(each.due_pence for each in positions)


def test_the_memorandum_account_is_the_books_own(pool: Pool, kept: Workbook) -> None:
    account = memorandum_account(pool, 9)
    sheet = kept["Memorandum account"]
    assert pence(table(sheet, "Funding")[-1]["Amount (£)"]) == account.funding_pence
    assert pence(table(sheet, "Line")[-1]["Amount (£)"]) == account.expenditure_pence
    assert pence(table(sheet, "Balance")[-1]["Amount (£)"]) == account.closing_pence


def test_the_summary_says_the_position_in_plain_words(kept: Workbook) -> None:
    text = " ".join(str(row[0]) for row in values(kept["Summary"])[:6])
    assert "forecast to overspend by £65,600.12, 1.1% of its current budget of £5,950,005.00" in text
    assert "Signed by Exampleshire Council on 28 March 2023; NHS Exampleshire ICB on 30 March 2023" in text
    subjects = {row["Subject"]: row for row in table(kept["Summary"], "Subject")}
    assert "NHS Exampleshire ICB, nhs-min, £327,500.41" in str(subjects["Overdue"]["In words"])


def test_minimum_tests_stand_on_plan_and_forecast(kept: Workbook) -> None:
    rows = table(kept["Minimum tests"], "Test")
    assert {row["On"] for row in rows} == {"plan", "forecast", "forecast, after the risk share"}
    social_care = next(row for row in rows if "adult social care" in str(row["Test"]) and row["On"] == "plan")
    assert pence(social_care["Headroom (£)"]) == 50_000_00
    assert social_care["Result"] == "met"


def test_recalculated_every_formula_is_our_figure_to_the_penny(
    pack: PackSummary, kept: Workbook, written: Workbook, tmp_path: Path
) -> None:
    where = list(formulas(written))
    worked_out = recalculated(pack.path, tmp_path)
    same_money(kept, worked_out, where)
    for cast in pack.casts:
        assert pence(worked_out[cast.sheet][cast.cell].value) == cast.pence, cast
    agreed = [worked_out[sheet][cell].value for sheet, cell, text in where if text.startswith("=IF(")]
    assert agreed == ["yes"] * (len(pack.casts) + len(pack.checks))


def test_every_total_is_a_sum_and_stands_in_the_casting_proof(pack: PackSummary, written: Workbook) -> None:
    sums = {(sheet, cell) for sheet, cell, text in formulas(written) if text.startswith("=SUM(")}
    assert sums == {(cast.sheet, cast.cell) for cast in pack.casts}
    proof = table(written["Casting proof"], "Sheet and cell")
    assert [row["Sheet and cell"] for row in proof] == [f"{cast.sheet}, {cast.cell}" for cast in pack.casts]


def test_a_total_that_does_not_cast_is_refused(pool: Pool, tmp_path: Path) -> None:
    book = Book(tmp_path / "book.xlsx", provenance_of_pool(pool), "Trial")
    sheet = book.sheet("Trial", "Trial", [20, 20])
    columns = (*text_columns("Part"), *pounds_columns("Amount"))
    rows = [("one", Money(1_00)), ("two", Money(2_00))]
    with pytest.raises(CastingFailed, match=r"its 2 parts come to £3\.00 and the total is £3\.01"):
        sheet.table(Table("Trial", columns, rows, {1: 3_01}))


@pytest.mark.parametrize("amount", [1, -1, 29, 1_005, 33_333_33, 99_999_999_999_999, -123_456_789_012_345])
def test_a_cell_gives_back_the_pence_that_went_in(pool: Pool, tmp_path: Path, amount: int) -> None:
    path = tmp_path / "book.xlsx"
    book = Book(path, provenance_of_pool(pool), "Trial")
    columns = (*text_columns("Part"), *pounds_columns("Amount"))
    book.sheet("Trial", "Trial", [20, 20]).table(Table("Trial", columns, [("one", Money(amount))], {1: amount}))
    book.save()
    rows = table(load_workbook(path, data_only=True)["Trial"], "Part")
    assert [pence(row["Amount (£)"]) for row in rows] == [amount, amount]


def test_every_sheet_says_pool_period_status_and_head(pool: Pool, pack: PackSummary, written: Workbook) -> None:
    assert (pack.event, pack.head) == (pool.books.head().number, pool.books.head().hash)
    for sheet in written.worksheets:
        assert sheet.oddFooter is not None
        foot = str(sheet.oddFooter.left.text)
        assert "exampleshire-2023-24, 2023/24 Q3 (M9), agreement signed" in foot
        assert f"Event {pack.event}, head {pack.head}" in foot
        assert sheet["A1"].value
        assert "Money in pounds (£)" in f"{sheet['A2'].value} {sheet['A3'].value}"
        assert not sheet.merged_cells.ranges
        assert sheet.tables
        assert sheet.page_setup.orientation == "landscape"


def test_charts_are_native_with_a_title_and_a_text_for_those_who_do_not_see_them(pack: PackSummary) -> None:
    with zipfile.ZipFile(pack.path) as parts:
        names = parts.namelist()
        drawings = [parts.read(name).decode() for name in names if name.startswith("xl/drawings/drawing")]
        charts = [parts.read(name).decode() for name in names if name.startswith("xl/charts/chart")]
    assert len(drawings) == len(charts) == 2
    assert all("Bar chart of" in drawing for drawing in drawings)
    assert any("Forecast variance by line (£), Q3 (M9)" in chart for chart in charts)
    assert all("'Variance chart'!$A$" in chart or "'Spend chart'!$A$" in chart for chart in charts)


def test_a_pack_as_of_an_earlier_event_shows_the_books_as_they_stood(pool: Pool, tmp_path: Path) -> None:
    opened = pool.books.events(kind="pool opened")[0].number
    earlier = write_pack(pool, 9, tmp_path / "pack.xlsx", as_of=opened)
    rows = table(load_workbook(earlier.path, data_only=True)["Monitoring"], "Line")
    assert pence(rows[-1]["Actual to date (£)"]) == 0
    assert pence(rows[-1]["Virements (£)"]) == 0
    assert earlier.event == opened
    about = {row["What"]: row["Value"] for row in table(load_workbook(earlier.path)["About"], "What")}
    assert str(about["As of"]).startswith(f"event {opened}, recorded ")


def test_at_the_end_of_the_year_the_pack_rests_on_the_outturn(pool: Pool, tmp_path: Path) -> None:
    write_pack(pool, 12, tmp_path / "pack.xlsx")
    sheet = load_workbook(tmp_path / "pack.xlsx", data_only=True)["Risk position"]
    assert values(sheet)[2][0] == "Worked out on the outturn of the year."


def test_a_board_reader_may_not_take_the_pack(pool: Pool, tmp_path: Path) -> None:
    reader = Pool(pool.books, Actor("board", Role.BOARD_READER))
    with pytest.raises(NotAllowed):
        write_pack(reader, 9, tmp_path / "pack.xlsx")


def test_names_that_look_like_formulas_stay_text_in_cells_and_headings(tmp_path: Path) -> None:
    text = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
    for name, formula in (
        ("name: Exampleshire Council", "name: '=cmd|calc'"),
        ("name: NHS Exampleshire ICB", "name: '@SUM(A1)'"),
        ("name: Care Act duties", "name: '+1+1'"),
        ("title: Exampleshire Better Care Fund Section 75 agreement", "title: '-1+1 & more'"),
    ):
        assert name in text
        text = text.replace(name, formula)
    opened = Pool.create(tmp_path / "books.db", read_agreement_text(text, "agreement.yaml"), MANAGER)
    path = write_pack(opened, 3, tmp_path / "pack.xlsx").path
    book = load_workbook(path)
    ours = ("=SUM(", "=IF(ROUND(", "='")
    assert all(formula.startswith(ours) for _, _, formula in formulas(book))
    contributions = {row["Partner"] for row in table(book["Contributions"], "Contribution")}
    assert {"=cmd|calc", "@SUM(A1)"} <= contributions
    assert "+1+1" in {row["Name"] for row in table(book["Monitoring"], "Line")}
