"""Filling other people's workbooks: only the cells asked for change, and what rests on them is right."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from libreoffice import recalculated
from pooledfund.returns.official.calculator import Calculator
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.formula_tree import NotWorkedOut, parse
from pooledfund.returns.official.package import Package, WorkbookRefused
from pooledfund.returns.official.places import Place, parse_place
from pooledfund.returns.official.validations import Rules
from pooledfund.returns.official.workbook import BOOK, ExcelFile
from pooledfund.returns.official.write import Filled, fill, to_be_recalculated

# openpyxl, which reads as a check here, says what it would lose if it saved.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"
LINES, INCOME = "6a. Expenditure", "5. Income"


def at(text: str) -> Place:
    place = parse_place(text)
    assert place is not None
    return place


def line(row: int, pounds: str) -> dict[Place, Written]:
    words = {"B": f"S{row}", "C": "Carers & <breaks>", "E": "Carers Services", "K": "Social Care", "M": "LA"}
    words |= {"P": "Local Authority", "Q": "Minimum NHS Contribution", "R": "New", "D": "=HYPERLINK(1)"}
    cells: dict[Place, Written] = {at(f"{column}{row}"): text for column, text in words.items()}
    return cells | {at(f"S{row}"): Decimal(pounds), at(f"T{row}"): Decimal("0.5")}


def lookalike() -> Filled:
    values: dict[str, dict[Place, Written]] = {
        LINES: line(28, "1234.56") | line(29, "99999999.99"),
        INCOME: {at("C10"): Decimal("100000.01"), at("D23"): Decimal(7)},
    }
    return fill(ExcelFile.open(LOOKALIKE), values)


def test_every_part_but_the_filled_sheets_is_the_same_byte_for_byte() -> None:
    before, filled = ExcelFile.open(LOOKALIKE), lookalike()
    changed = {part for part, content in before.package.parts.items() if filled.package.parts[part] != content}
    sheets = {before.sheet_parts[name] for name in (LINES, INCOME, "2. Cover", "3. Summary")}
    assert changed <= sheets | {BOOK}
    assert list(filled.package.parts) == list(before.package.parts)


def test_what_simple_tools_lose_is_still_there() -> None:
    sheet = lookalike().package.parts["xl/worksheets/sheet5.xml"]
    for kept in (
        b"x14:sparkline",
        b"x14:dataValidation",
        b"x14:dataBar",
        b"mc:Ignorable",
        b"<pane ",
        b"<sheetProtection",
    ):
        assert kept in sheet, kept


def test_libreoffice_works_out_what_was_kept_in_every_formula(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    lookalike().save(path)
    kept, worked_out = load_workbook(path, data_only=True), recalculated(path, tmp_path)
    compared = 0
    for sheet in worked_out.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                here = kept[sheet.title][cell.coordinate].value
                compared += cell.value is not None
                if isinstance(cell.value, float):
                    assert here == pytest.approx(cell.value, rel=1e-12), (sheet.title, cell.coordinate)
                else:
                    assert here == cell.value, (sheet.title, cell.coordinate)
    assert compared > 300


def test_a_reader_that_works_nothing_out_sees_the_new_totals(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    lookalike().save(path)
    book = CalamineWorkbook.from_path(str(path))
    spent = book.get_sheet_by_name(LINES).to_python(skip_empty_area=False)
    assert spent[6][4] == 100_001_234.55
    assert spent[25][1] == "Yes"
    assert book.get_sheet_by_name("2. Cover").to_python(skip_empty_area=False)[3][1] == "Complete Template"


def test_words_that_look_like_a_formula_are_words(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    lookalike().save(path)
    cell = load_workbook(path)[LINES]["D28"]
    assert (cell.value, cell.data_type) in {("=HYPERLINK(1)", "s"), ("=HYPERLINK(1)", "inlineStr")}


def test_writing_nothing_changes_nothing_but_the_mark_to_work_all_out() -> None:
    book = ExcelFile.open(LOOKALIKE)
    assert fill(book, {}).package.parts == book.package.parts


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "said"),
    [
        (INCOME, "C7", Decimal(1), "cell C7 is locked"),
        (INCOME, "C26", Decimal(1), "cell C26 is locked, merged or holds a formula"),
        (LINES, "U28", Decimal(1), "cell U28 is locked"),
        (LINES, "C2", "x", "cell C2 is locked, merged"),
        (LINES, "S28", Decimal("-0.01"), "-0.01 is outside the limits of the cell, 0 to 1,000,000,000"),
        (LINES, "S28", Decimal("1000000000.01"), "outside the limits"),
        (LINES, "S28", "nil", "'nil' stands where only a number fits"),
        (LINES, "Q28", "CCG Minimum Contribution", "is not in its drop-down list: DFG, Minimum NHS Contribution"),
        (LINES, "K28", "Hospital", "is not in its drop-down list: Acute, Mental Health"),
        ("2. Cover", "D6", "Essex", "is not in its drop-down list: Kent, Medway, Exampleshire"),
    ],
)
def test_a_cell_that_does_not_let_a_value_in_is_refused_in_a_sentence(
    sheet: str, cell: str, value: Written, said: str
) -> None:
    with pytest.raises(WorkbookRefused, match=r"^[^\n]*$") as refused:
        fill(ExcelFile.open(LOOKALIKE), {sheet: {at(cell): value}})
    assert said in str(refused.value)


def test_all_refused_cells_are_named_at_once() -> None:
    with pytest.raises(WorkbookRefused) as refused:
        fill(ExcelFile.open(LOOKALIKE), {INCOME: {at("C7"): Decimal(1), at("D7"): Decimal(2)}, LINES: {at("Q28"): "x"}})
    assert len(refused.value.sentences) == 3


def test_lists_are_read_from_the_workbook_whether_old_style_or_new() -> None:
    book = ExcelFile.open(LOOKALIKE)
    rules = Rules(book, book.sheet(LINES))
    assert rules.choices(at("K28")) == (
        "Acute", "Mental Health", "Community Health", "Continuing Care", "Primary Care", "Social Care", "Other",
    )  # fmt: skip
    assert rules.choices(at("M100")) == ("LA", "NHS", "Joint")
    assert rules.choices(at("B28")) is None


def sheet_of(cells: dict[str, object]) -> ExcelFile:
    """A workbook of one sheet; formulas are text that starts with a sign of equality."""
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for place, value in cells.items():
            sheet.write(place, value)
    with zipfile.ZipFile(packed) as archive:
        return ExcelFile(Package("made.xlsx", {each: archive.read(each) for each in archive.namelist()}))


FORMULAS = [
    "=SUM(A1:A3)", "=SUM(A1:A3,10,B1)", "=A1-A2*A3^2/4", "=-A1^2", "=A1^-1", "=A1&B2", "=IF(A1>A2,B1,B2)", "=A1%",
    "=SUMIF(B1:B3,\"care*\",A1:A3)", "=SUMIF(A1:A3,\">5\")", "=SUMIFS(A1:A3,B1:B3,\"Care\",A1:A3,\"<100\")",
    "=COUNTIF(B1:B3,\"<>Care\")", "=COUNTA(B1:C3)", "=COUNT(A1:B3)", "=COUNTBLANK(A1:C3)",
    "=SUMPRODUCT((B1:B3=\"care\")*(A1:A3))", "=SUMPRODUCT(A1:A3,A1:A3)", "=ROUND(A2/3,2)", "=ROUND(-A2/5,0)",
    "=MAX(0,A1-A2)", "=MIN(A1:A3)", "=AVERAGE(A1:A3)", "=IFERROR(A1/C1,\"none\")", "=A1/C1", "=AND(ISBLANK(C1),A1=7)",
    "=VLOOKUP(\"care\",B1:D3,3,FALSE)", "=INDEX(A1:A3,MATCH(\"House\",B1:B3,0))", "=AND(A1>0,A2>0)", "=OR(A1<0,C1=0)",
    "=NOT(A1=7)", "=LEN(TRIM(\"  a  \"&B2))", "=UPPER(LEFT(B2,2))", "=ABS(A3)", "=INT(A3)", "=N(B1)+N(A1)",
    "=B2=\"HOUSE\"", "=B1<B2", "=AND(C1=\"\",A1=7)", "=AND(C1=0,A1=7)", "=EXACT(B2,\"care\")", "=CONCATENATE(A1,B1)",
    "=IF(C1,1,A1)",
    "=(A1+A2)*(A3-1)", "=IF(A1>=7,\"Yes\",\"No\")", "=SUM(C1:C3,A1)", "=COUNTIFS(A1:A3,\">0\",B1:B3,\"*\")", "=A1<>2",
]  # fmt: skip


def test_formulas_come_to_what_libreoffice_says(tmp_path: Path) -> None:
    cells: dict[str, object] = {
        "A1": 7,
        "A2": 12.5,
        "A3": -3.25,
        "B1": "Care",
        "B2": "House",
        "B3": "care home",
        "D1": 4,
    }
    cells |= {f"F{place}": formula for place, formula in enumerate(FORMULAS, start=1)}
    book = sheet_of(cells)
    calculator = Calculator(
        book, {"Data": {at("A1"): Decimal(7), at("A2"): Decimal("12.5"), at("A3"): Decimal("-3.25"), at("B2"): "House"}}
    )
    results = calculator.results()["Data"]
    assert len(results) == len(FORMULAS)
    path = tmp_path / "made.xlsx"
    book.package.write(path)
    sheet = recalculated(path, tmp_path)["Data"]
    for place, formula in enumerate(FORMULAS, start=1):
        ours, theirs = results[at(f"F{place}")], sheet[f"F{place}"].value
        if isinstance(ours, Decimal):
            assert float(ours) == pytest.approx(theirs, rel=1e-9), formula
        else:
            assert ours == theirs, formula


def test_a_formula_beyond_us_loses_its_kept_result_and_so_does_all_that_rests_on_it() -> None:
    book = sheet_of({"A1": 1, "B1": "=XIRR(A1:A2,A1:A2)", "C1": "=B1+1", "D1": "=A1+1", "E1": '=INDIRECT("A1")'})
    results = fill(book, {"Data": {at("A1"): Decimal(5)}}).recalculated["Data"]
    assert results == {at("B1"): None, at("C1"): None, at("D1"): Decimal(6), at("E1"): None}


def test_formulas_that_do_not_rest_on_what_was_written_are_left_alone() -> None:
    book = sheet_of({"A1": 1, "A2": 2, "B1": "=A1", "B2": "=A2"})
    assert fill(book, {"Data": {at("A1"): Decimal(5)}}).recalculated == {"Data": {at("B1"): Decimal(5)}}


def test_a_chain_in_a_circle_is_not_followed() -> None:
    book = sheet_of({"A1": 1, "B1": "=C1+A1", "C1": "=B1"})
    assert set(fill(book, {"Data": {at("A1"): Decimal(5)}}).recalculated["Data"].values()) == {None}


def test_cells_that_the_sheet_does_not_hold_yet_find_their_place(tmp_path: Path) -> None:
    book = sheet_of({"B3": 1, "E3": 2, "B5": 3, "B9": 4})
    new = {at(cell): Decimal("1.10") for cell in ("A1", "C3", "F3", "A5", "B4", "Z9", "A20", "A2")}
    path = tmp_path / "made.xlsx"
    fill(book, {"Data": {**new, at("D3"): "words"}}).save(path)
    sheet = recalculated(path, tmp_path)["Data"]
    assert all(sheet[str(place)].value == 1.1 for place in new)
    assert [cell.value for cell in sheet[3]][:6] == [None, 1, 1.1, "words", 2, 1.1]


def test_an_empty_sheet_can_be_filled() -> None:
    book = sheet_of({})
    filled = ExcelFile(fill(book, {"Data": {at("C2"): "x", at("A1"): Decimal(1)}}).package)
    assert filled.value(filled.sheet("Data"), at("C2")) == "x"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<calcPr calcId="1"/>', b'<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        (b'<calcPr fullCalcOnLoad="0" calcId="1"/>', b'<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        (b"<w><sheets></sheets></w>", b'<w><sheets></sheets><calcPr fullCalcOnLoad="1"/></w>'),
        (b"<x:w><x:sheets></x:sheets></x:w>", b'<x:w><x:sheets></x:sheets><x:calcPr fullCalcOnLoad="1"/></x:w>'),
        (
            b"<w><sheets></sheets><definedNames/></w>",
            b'<w><sheets></sheets><definedNames/><calcPr fullCalcOnLoad="1"/></w>',
        ),
    ],
)
def test_excel_is_told_to_work_everything_out(before: bytes, after: bytes) -> None:
    assert to_be_recalculated(before) == after


@given(st.text(alphabet="=+-*/^&<>%(),;:!'\"#{}[]$AB12 SUMIF.", max_size=16))
def test_any_text_is_a_formula_or_is_left_to_the_spreadsheet(text: str) -> None:
    book = sheet_of({"A1": 1})
    try:
        parse(text)
    except NotWorkedOut:
        return
    assert Calculator(book, {"Data": {at("A1"): Decimal(2)}}).results() == {}
