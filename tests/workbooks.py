"""Reading a workbook back as a reader has it: tables by their header, pence, formulas. Holds no tests."""

from collections.abc import Iterator
from decimal import Decimal

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None


def pence(value: object) -> int:
    """A cell's pounds, rounded to the penny as a reader sees them."""
    assert isinstance(value, int | float), value
    return int((Decimal(repr(value)) * 100).quantize(Decimal(1)))


def values(sheet: Worksheet) -> list[list[object]]:
    """Every row of a sheet."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def table(sheet: Worksheet, first_heading: str) -> list[dict[str, object]]:
    """The rows under the header whose first cell is this heading, up to and with its total row."""
    rows = values(sheet)
    start = next(place for place, row in enumerate(rows) if row[0] == first_heading and row[1] is not None)
    headings = [str(cell) for cell in rows[start] if cell is not None]
    found = []
    for row in rows[start + 1 :]:
        if row[0] is None or (len(headings) > 1 and all(cell is None for cell in row[1:])):
            break
        found.append(dict(zip(headings, row, strict=False)))
    return found


def formulas(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Every formula of a workbook read without values: sheet, cell, text."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(cell.value)


def same_money(kept: Workbook, worked_out: Workbook, where: list[tuple[str, str, str]]) -> None:
    """Check that each formula's kept value is what it comes to, to the penny."""
    for sheet, cell, text in where:
        one, other = kept[sheet][cell].value, worked_out[sheet][cell].value
        if isinstance(one, str):
            assert one == other, (sheet, cell, text)
        else:
            assert pence(one) == pence(other), (sheet, cell, text)
