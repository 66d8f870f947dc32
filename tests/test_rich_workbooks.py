"""What official workbooks carry is there after filling: chains, links, macros, tables, charts, notes, prefixes."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from libreoffice import recalculated
from pooledfund.returns.official.places import parse_place
from pooledfund.returns.official.workbook import BOOK, ExcelFile
from pooledfund.returns.official.write import fill
from rich_workbooks import CELLS, KINDS, USUAL, formula_cells, parts_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_sheets_that_were_written_change_and_every_other_part_is_there(tmp_path: Path, kind: str) -> None:
    suffix = "xlsm" if kind == "with macros" else "xlsx"
    content, path = KINDS[kind](), tmp_path / f"blank.{suffix}"
    path.write_bytes(content)
    sheet, cell = CELLS.get(kind, USUAL)
    place = parse_place(cell)
    assert place is not None
    book = ExcelFile.open(path)
    filled = tmp_path / f"filled.{suffix}"
    fill(book, {sheet: {place: Decimal("1234.56")}}).save(filled)
    before, after = parts_of(content), parts_of(filled.read_bytes())
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert book.sheet_parts[sheet] in changed
    assert all(name == BOOK or name.startswith("xl/worksheets/sheet") for name in changed)
    assert formula_cells(after) == formula_cells(before)
    read = CalamineWorkbook.from_path(str(filled)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    assert read[place.row - 1][place.column - 1] == 1234.56
    worked_out = recalculated(filled, tmp_path)
    assert worked_out[sheet][cell].value == 1234.56


def test_a_calculation_chain_names_every_formula_and_no_other_cell(tmp_path: Path) -> None:
    content = KINDS["with a calculation chain"]()
    path = tmp_path / "blank.xlsx"
    path.write_bytes(content)
    place = parse_place(USUAL[1])
    assert place is not None
    fill(ExcelFile.open(path), {USUAL[0]: {place: Decimal(1)}}).save(tmp_path / "filled.xlsx")
    after = parts_of((tmp_path / "filled.xlsx").read_bytes())
    chain = after["xl/calcChain.xml"]
    assert chain == parts_of(content)["xl/calcChain.xml"]
    assert chain.count(b"<c ") == len(formula_cells(after)) > 20


def test_a_total_that_rests_on_an_array_formula_is_right_or_left_to_the_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(KINDS["of another tool"]())
    place = parse_place("B3")
    assert place is not None
    fill(ExcelFile.open(path), {"Income & more": {place: Decimal("0.01")}}).save(tmp_path / "filled.xlsx")
    kept = load_workbook(tmp_path / "filled.xlsx", data_only=True)["Income & more"]
    assert kept["B13"].value == 0.01
    assert kept["C3"].value in (None, 0.02)
    worked_out = recalculated(tmp_path / "filled.xlsx", tmp_path)["Income & more"]
    assert (worked_out["B13"].value, worked_out["C3"].value) == (0.01, 0.02)
