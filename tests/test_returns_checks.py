"""A filled return looked over before it is sent: the checkers' words, slips, gaps."""

from decimal import Decimal
from pathlib import Path

import pytest

from official_workbooks import changed, filled_lookalike, make_official, town
from pooledfund.agreement_file import read_agreement_text
from pooledfund.returns.blocks import LinesBlock, PartsBlock
from pooledfund.returns.checks import check_return
from pooledfund.returns.export import export_return, return_figures
from pooledfund.returns.figures import figures_of_agreement
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.registry import return_ids, variant
from pools import TOWN, imported, pool_of, spent


def test_the_checkers_words_and_every_fault_with_its_cell(tmp_path: Path) -> None:
    checked = check_return(ExcelFile.open(filled_lookalike(tmp_path)), variant("planning-2023-25"))
    assert checked.state == "Incomplete Template"
    answers = {each.what: each for each in checked.checks}
    assert answers["Totals cast"].answer == "Yes"
    gaps = answers["Every required cell is filled"]
    assert gaps.answer == "No"
    assert "sheet '6a. Expenditure', cell E28: Scheme Type of line care is blank" in map(str, gaps.because)


def test_a_complete_return_is_complete(tmp_path: Path) -> None:
    layout = variant("planning-2016-17")
    text = TOWN.replace("fund: bcf, lead:", "fund: bcf, scheme_type: Other, provider: NHS, lead:")
    file = read_agreement_text(text.replace("2023/24", "2016/17"), "town.yaml")
    template = make_official(tmp_path / "official.xlsx", layout, 4)
    export_return(file, layout, tmp_path / "out.xlsx", template=template)
    checked = check_return(ExcelFile.open(tmp_path / "out.xlsx"), layout)
    assert [each.because for each in checked.checks if each.answer == "No"] == []
    assert checked.state == "Complete Template"


@pytest.mark.parametrize("return_id", return_ids())
def test_a_blank_workbook_is_incomplete_by_the_books_by_the_agreement_and_by_itself(
    tmp_path: Path, return_id: str
) -> None:
    layout = variant(return_id)
    blank = ExcelFile.open(make_official(tmp_path / "official.xlsx", layout, 1))
    pool = pool_of(tmp_path, TOWN.replace("2023/24", layout.years[0] if layout.years else "2023/24"))
    by_books, by_agreement = (return_figures(each, layout, 12, ()) for each in (pool, town(layout)))
    for figures in (by_books, by_agreement, None):
        checked = check_return(blank, layout, figures)
        assert checked.state == "Incomplete Template"
        gaps = [str(each) for each in checked.checks[1].because]
        for block in layout.blocks:
            assert any(f"table '{block.title}' has no" in each or each.endswith("is blank") for each in gaps), (
                block.title
            )
            if isinstance(block, LinesBlock | PartsBlock):
                assert f"table '{block.title}' has no row that is filled" in gaps


def test_a_blank_cell_is_a_gap_only_where_the_books_hold_what_goes_there(tmp_path: Path) -> None:
    layout, pool = variant("quarterly-2015-17"), pool_of(tmp_path, TOWN.replace("2023/24", "2015/16"))
    blank = ExcelFile.open(make_official(tmp_path / "official.xlsx", layout, 1))

    def gaps(month: int | None) -> tuple[str, ...]:
        figures = None if month is None else return_figures(pool, layout, month, ())
        return tuple(
            each.said.removesuffix(" is blank") for each in check_return(blank, layout, figures).checks[1].because
        )

    actual = "Expenditure Actual*, "
    asked = [[each[-2:] for each in gaps(month) if actual in each and ", Q" in each] for month in (3, 6, 12, None)]
    assert asked == [["Q1"], ["Q1", "Q2"], ["Q1", "Q2", "Q3", "Q4"], []]
    assert any("Expenditure Plan, Q4" in each for each in gaps(None))


def test_a_cell_that_still_asks_for_a_choice_is_blank_and_one_that_begins_with_a_sign_is_not(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    for words, blank in (("<Please Select>", True), ("Please select", True), ("<18s support", False), (" ", True)):
        book = changed(tmp_path, "6a. Expenditure", {"C28": words})
        gaps = [str(each) for each in check_return(book, layout).checks[1].because]
        said = "sheet '6a. Expenditure', cell C28: Scheme Name of line care is blank"
        assert (said in gaps) == blank, words


UNIT = "Amounts are in the unit of the return"
SHARES = "The shares of joint commissioners come to 100%"


@pytest.mark.parametrize(
    ("cells", "what", "because"),
    [
        ({"S28": Decimal(600_000_000)}, UNIT, "£600,000,000.00 where £600,000.00 is held here"),
        ({"S28": Decimal(600)}, UNIT, "£600.00 where £600,000.00 is held here: £ or £000?"),
        ({"M28": "Joint", "N28": Decimal("0.6")}, SHARES, "N28"),
        ({"N28": Decimal("0.6")}, SHARES, "no joint commissioner"),
        ({"S28": Decimal(1)}, "Income meets expenditure for each source", "more than the income of £0.00"),
    ],
)  # fmt: skip
def test_a_slip_is_found(tmp_path: Path, cells: dict[str, Written], what: str, because: str) -> None:
    layout = variant("planning-2023-25")
    book = changed(tmp_path, "6a. Expenditure", cells)
    checked = check_return(book, layout, return_figures(town(layout), layout, 12, ()))
    found = next(each for each in checked.checks if each.what == what)
    assert found.answer == "No"
    assert any(because in str(each) for each in found.because), found.because


@pytest.mark.parametrize("half", [True, False])
def test_exactly_a_half_is_asked_about(tmp_path: Path, half: bool) -> None:
    layout = variant("quarterly-2025-26")
    pool = pool_of(tmp_path, TOWN.replace("2023/24", "2025/26"))
    imported(pool, tmp_path, spent("ref-grant", "50000.00" if half else "50000.01", "grant", "2025-05-10"))
    template = make_official(tmp_path / "official.xlsx", layout, 2)
    export_return(pool, layout, tmp_path / "out.xlsx", template=template, month=6)
    checked = check_return(ExcelFile.open(tmp_path / "out.xlsx"), layout)
    found = next(each for each in checked.checks if each.what == "No source is spent to exactly a half")
    assert (found.answer == "No") == half


def test_a_word_that_asks_for_a_note_needs_the_note(tmp_path: Path) -> None:
    book = changed(tmp_path, "6a. Expenditure", {"E28": "Other"})
    checked = check_return(book, variant("planning-2023-25"))
    gaps = next(each for each in checked.checks if each.what == "Every required cell is filled")
    said = "sheet '6a. Expenditure', cell G28: Please specify if 'Scheme Type' is 'Other': this is blank"
    assert said in map(str, gaps.because)


def test_what_has_to_be_commented_on_is_complete_once_the_comment_stands_in_its_box(tmp_path: Path) -> None:
    layout, what = variant("quarterly-2015-17"), "What differs from plan or forecast has its comment"
    pool = pool_of(tmp_path, TOWN.replace("2023/24", "2015/16"))
    imported(pool, tmp_path, spent("ref-care", "250000.50", "care", "2015-05-10"))
    template = make_official(tmp_path / "official.xlsx", layout, 3)
    export_return(pool, layout, tmp_path / "out.xlsx", template=template, month=3)
    book = ExcelFile.open(tmp_path / "out.xlsx")
    asked = next(each for each in check_return(book, layout).checks if each.what == what)
    assert asked.answer == "No"
    assert any("actual expenditure of Q1 is £250,000.50" in each.said for each in asked.because), asked.because
    assert all("a comment is required, and the box" in each.said for each in asked.because)
    assert all(each.said.endswith("is blank") for each in asked.because)
    sheet = next(each for each in book.sheet_order if "Income and Expenditure" in each)
    boxes = [place for place, text in book.texts(sheet).items() if text.startswith("Please comment")]
    said = {Place(each.row, each.column + 1): "The invoice of March came in April" for each in boxes}
    fill(book, {sheet: dict(said)}).save(tmp_path / "commented.xlsx")
    commented = check_return(ExcelFile.open(tmp_path / "commented.xlsx"), layout)
    assert next(each for each in commented.checks if each.what == what).answer == "Yes"


def test_a_slip_that_plan_and_return_share_is_found_against_the_year_before(tmp_path: Path) -> None:
    layout = variant("planning-2025-26")
    small = TOWN.replace("amount: 100_000", "amount: 100").replace("{dfg: 100_000}", "{dfg: 100}")
    figures = return_figures(town(layout, small), layout, 12, ())
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    export_return(town(layout, small), layout, tmp_path / "out.xlsx", template=template)
    book, before = ExcelFile.open(tmp_path / "out.xlsx"), figures_of_agreement(town(layout).agreement, layout)
    found = {each.what: each for each in check_return(book, layout, figures, before).checks}[UNIT]
    assert any("£100.00 where £100,000.00 is held here" in each.said for each in found.because)
