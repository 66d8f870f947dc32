"""The Part 2 workbook: its figures against the agreement and the books, kept and recalculated, and its layout."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from libreoffice import recalculated
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import AgreementFile, read_agreement, read_agreement_text
from pooledfund.control.virements import Virement, make_virement
from pooledfund.pool import Pool
from pooledfund.reports.workbook import WorkbookNotWritten
from pooledfund.returns.part2 import export_part2
from pooledfund.returns.part2_figures import NotThePreviousYear, Part2Figures
from pooledfund.returns.registry import ReturnNotKnown, return_ids, variant
from pooledfund.returns.shown import exact_pence
from s75_rules.agreement import Agreement
from workbooks import formulas, pence, same_money, table, values

EXAMPLES = Path(__file__).parent.parent / "examples"
MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)
SHEETS = ["Finance - Summary", "Finance - Schemes", "Outcomes and metrics"]


def at_noon() -> datetime:
    return datetime(2016, 7, 20, 12, 0, tzinfo=UTC)


def kent_file() -> AgreementFile:
    return read_agreement(EXAMPLES / "kent_2016_17" / "agreement.yaml")


def south_kent_coast(year: str) -> AgreementFile:
    return read_agreement(EXAMPLES / "south_kent_coast_2014_16" / f"agreement_{year}.yaml")


@dataclass(frozen=True)
class Written:
    """A workbook that was written, and the figures that went into it."""

    path: Path
    figures: Part2Figures

    def kept(self) -> Workbook:
        """With the values that were written beside the formulas."""
        return load_workbook(self.path, data_only=True)

    def written(self) -> Workbook:
        """With the formulas themselves."""
        return load_workbook(self.path)


@pytest.fixture(scope="module")
def kent(tmp_path_factory: pytest.TempPathFactory) -> Written:
    path = tmp_path_factory.mktemp("kent") / "part2.xlsx"
    return Written(path, export_part2(kent_file(), path, clock=at_noon))


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Written:
    path = tmp_path_factory.mktemp("coast") / "part2.xlsx"
    previous = south_kent_coast("2014_15").agreement
    return Written(path, export_part2(south_kent_coast("2015_16"), path, previous, at_noon))


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Exampleshire with 63,000 moved from community rehabilitation to equipment."""
    file = read_agreement(EXAMPLES / "exampleshire_2023_24" / "agreement.yaml")
    opened = Pool.create(tmp_path / "books.db", file, MANAGER)
    make_virement(opened, Virement("S5", "S6", "nhs-min", 63_000_00, date(2023, 7, 1), "2023/07 item 6"))
    return opened


def agreed_pence(agreement: Agreement) -> Iterator[tuple[str, int]]:
    for scheme in agreement.schemes.values():
        yield scheme.name, sum(agreement.budget_pence(scheme.id, each) for each in scheme.budgets)


def test_the_workbook_has_the_three_sheets_of_the_return(kent: Written, coast: Written) -> None:
    assert kent.kept().sheetnames == coast.kept().sheetnames == SHEETS


def test_each_sheet_says_that_the_layout_is_our_own(kent: Written) -> None:
    for name in SHEETS[:2]:
        text = " ".join(str(row[0]) for row in values(kent.kept()[name])[:6])
        assert "own layout" in text
        assert "Layout not confirmed" in text


def test_organisations_are_those_that_contribute_with_the_totals_of_the_agreement(kent: Written) -> None:
    rows = table(kent.kept()["Finance - Summary"], "Organisation")
    assert [row["Organisation"] for row in rows[:2]] == ["Kent County Council", "NHS Ashford CCG"]
    assert len(rows) == 9
    ashford, total = rows[1], rows[-1]
    assert pence(ashford["Actual contribution (2016/17) (£)"]) == 7_196_000_00
    assert ashford["Holds the pooled budget? (Y/N)"] == "N"
    assert rows[0]["Holds the pooled budget? (Y/N)"] == "Y"
    assert total["Organisation"] == "BCF Total"
    assert pence(total["Actual contribution (2016/17) (£)"]) == 106_276_000_00
    assert total["Spending on BCF schemes in 2015/16 (£)"] == "not held here"


def test_schemes_spend_what_the_agreement_budgets_and_the_total_casts(kent: Written) -> None:
    rows = table(kent.kept()["Finance - Schemes"], "BCF Investment")
    expected = list(agreed_pence(kent_file().agreement))
    spend = "2016/17 spend, recurrent (£)"
    assert [(row["BCF Investment"], pence(row[spend])) for row in rows[:-1]] == expected
    assert pence(rows[-1][spend]) == sum(amount for _, amount in expected) == 106_251_000_00


def test_what_is_illustrative_says_so_in_its_row(kent: Written) -> None:
    rows = {row["Scheme"]: row for row in table(kent.kept()["Finance - Schemes"], "BCF Investment")}
    assert rows["G1-ASH"]["Basis"] == "illustrative"
    assert rows["G4-DOM"]["Basis"] == "published"
    assert rows["G4-DOM"]["2016/17 benefits, recurrent (£)"] == "none stated"


def test_contingency_plan_has_savings_and_support_for_each_outcome(kent: Written) -> None:
    rows = table(kent.kept()["Finance - Summary"], "Outcome")
    assert len(rows) == 8
    admissions = [row for row in rows if "Non-elective" in str(row["Outcome"])]
    assert [pence(row["2016/17 (£)"]) for row in admissions] == [1_750_000_00, 900_000_00]
    assert {row["Ongoing (£)"] for row in rows} == {"not stated"}


def test_recalculated_totals_are_our_figures_to_the_penny(kent: Written, tmp_path: Path) -> None:
    where = list(formulas(kent.written()))
    worked_out = recalculated(kent.path, tmp_path)
    same_money(kent.kept(), worked_out, where)
    _, minimum, actual = kent.figures.organisation_totals()
    total = table(worked_out["Finance - Summary"], "Organisation")[-1]
    assert pence(total["Minimum contribution (2016/17) (£)"]) == exact_pence(minimum)
    assert pence(total["Actual contribution (2016/17) (£)"]) == exact_pence(actual)
    schemes = list(table(worked_out["Finance - Schemes"], "BCF Investment")[-1].values())[2:10]
    for shown, cell in zip(kent.figures.investment_totals(), schemes, strict=True):
        assert cell == shown if isinstance(shown, str) else pence(cell) == exact_pence(shown)


def test_ranges_stay_ranges_and_their_total_is_in_words(coast: Written) -> None:
    rows = table(coast.kept()["Finance - Summary"], "Organisation")
    council, ccg, total = rows
    actual = "Actual contribution (2015/16) (£)"
    assert council[actual] == "none stated"
    assert ccg[actual] == "£13,283,000.00 to £18,862,575.00"
    assert total[actual] == "from £13,283,000.00 to £18,862,575.00"
    assert pence(ccg["Minimum contribution (2015/16) (£)"]) == 13_283_000_00
    text = " ".join(str(row[0]) for row in values(coast.kept()["Finance - Summary"])[:7])
    assert "2014/15: minimum required £3,884,000.00 (published)" in text
    assert "£3,884,000.00 to £4,543,143.00" in text


def test_schemes_without_money_are_not_stated_and_never_nil(coast: Written) -> None:
    rows = table(coast.kept()["Finance - Schemes"], "BCF Investment")
    assert len(rows) == 7
    amounts = {cell for row in rows for heading, cell in row.items() if heading.endswith("(£)")}
    assert amounts == {"not stated", "none stated"}


def test_all_outcomes_and_measures_of_the_plan_are_listed(coast: Written) -> None:
    sheet = coast.kept()["Outcomes and metrics"]
    others = table(sheet, "Outcome or measure")
    kinds = [row["Kind"] for row in others]
    # Patient experience is one of the nineteen outcomes, and stands among the metrics.
    assert (kinds.count("outcome"), kinds.count("success measure")) == (18, 14)
    metrics = [str(row["Metrics"]) for row in table(sheet, "Metrics")]
    assert any("Improved patient experience" in metric for metric in metrics)


def test_the_year_before_must_be_the_one_that_is_followed(tmp_path: Path) -> None:
    with pytest.raises(NotThePreviousYear, match="give the agreement of the year before"):
        export_part2(south_kent_coast("2015_16"), tmp_path / "part2.xlsx", kent_file().agreement)
    renamed = south_kent_coast("2014_15").text.replace("id: south-kent-coast-2014-15", "id: elsewhere-2014-15")
    with pytest.raises(NotThePreviousYear, match="follows 'south-kent-coast-2014-15', not 'elsewhere-2014-15'"):
        export_part2(south_kent_coast("2015_16"), tmp_path / "part2.xlsx", read_agreement_text(renamed, "a").agreement)


def test_from_the_books_the_spend_is_the_current_budget(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "part2.xlsx"
    figures = export_part2(pool, path)
    rows = {
        row["Scheme"]: row for row in table(load_workbook(path, data_only=True)["Finance - Schemes"], "BCF Investment")
    }
    spend = "2023/24 spend, recurrent (£)"
    assert pence(rows["S5"][spend]) == 1_887_005_00
    assert pence(rows["S6"][spend]) == 563_000_00
    assert pence(rows[None][spend]) == 5_950_005_00
    assert figures.as_json()["from"] == "books"


def test_the_foot_of_a_page_names_the_event_and_head_of_the_books(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "part2.xlsx"
    export_part2(pool, path)
    head = pool.books.head()
    for sheet in load_workbook(path).worksheets:
        assert sheet.oddFooter is not None
        foot = str(sheet.oddFooter.left.text)
        assert f"Event {head.number}, head {head.hash}" in foot
        assert "exampleshire-2023-24, 2023/24, agreement signed" in foot


def test_a_person_who_may_not_take_copies_gets_no_workbook(pool: Pool, tmp_path: Path) -> None:
    reader = Pool.open(tmp_path / "books.db", None, Actor("board", Role.BOARD_READER))
    with pytest.raises(NotAllowed):
        export_part2(reader, tmp_path / "part2.xlsx")
    assert not (tmp_path / "part2.xlsx").exists()


def test_what_looks_like_a_formula_in_the_agreement_stays_text(tmp_path: Path) -> None:
    text = kent_file().text
    for name, formula in (
        ("name: Kent County Council\n", 'name: \'=HYPERLINK("https://example.org","council")\'\n'),
        ('name: "Group 4: Residential care"', "name: '@SUM(A1:A9)'"),
        ('name: "Group 4: Direct payments"', "name: '+1+1'"),
        ("name: Permanent admissions to residential and nursing care", "name: '-2+3'"),
    ):
        assert name in text
        text = text.replace(name, formula)
    path = tmp_path / "part2.xlsx"
    export_part2(read_agreement_text(text, "agreement.yaml"), path)
    book = load_workbook(path)
    assert {text.split("(")[0] for _, _, text in formulas(book)} == {"=SUM"}
    assert not any(cell.hyperlink for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    names = [row["BCF Investment"] for row in table(book["Finance - Schemes"], "BCF Investment")]
    assert {"@SUM(A1:A9)", "+1+1"} <= set(names)
    organisations = table(book["Finance - Summary"], "Organisation")
    assert organisations[0]["Organisation"] == '=HYPERLINK("https://example.org","council")'


@pytest.mark.parametrize("name", SHEETS)
def test_each_sheet_is_marked_up_for_a_screen_reader_and_for_print(kent: Written, name: str) -> None:
    sheet = kent.written()[name]
    assert sheet["A1"].value == name
    assert not sheet.merged_cells.ranges
    assert sheet.tables
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.freeze_panes is not None


def test_the_same_agreement_gives_the_same_bytes(kent: Written, tmp_path: Path) -> None:
    export_part2(kent_file(), tmp_path / "again.xlsx", clock=at_noon)
    assert (tmp_path / "again.xlsx").read_bytes() == kent.path.read_bytes()


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkbookNotWritten, match="choose another place"):
        export_part2(kent_file(), tmp_path / "no such folder" / "part2.xlsx")


def test_returns_are_known_by_their_id() -> None:
    assert "part2" in return_ids()
    assert variant("part2").certainty == "recalled"
    with pytest.raises(ReturnNotKnown, match="choose one of part2"):
        variant("part3")
