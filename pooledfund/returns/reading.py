"""A filled return read back: its lines and figures with the cell of each, and what could not be understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.returns.figures import Key
from pooledfund.returns.filling import is_blank
from pooledfund.returns.locate import FiguresTable, Finder, Found, LinesTable, NamedCells
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.workbook import Readable, Value
from pooledfund.returns.registry import Variant

MOST_LINES = 5_000
"""Lines of a return that are read."""
BLANK_ROWS = 50
"""A table of lines has ended after so many blank rows."""
AMOUNTS = frozenset({"amount", "to_date", "previous_amount"})
LISTED = frozenset({"source", "commissioner", "area_of_spend", "new_or_existing"})


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell of a return: where it stands and what it shows."""

    sheet: str
    place: Place
    value: Value

    def __str__(self) -> str:
        return f"sheet '{self.sheet}', cell {self.place}"


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row of a table of lines: its cells by field, and by heading where a column has no field."""

    row: int
    cells: Mapping[str, ReadCell]

    def text(self, field: str) -> str | None:
        """The words of a field; None where it is blank."""
        cell = self.cells.get(field)
        return None if cell is None or is_blank(cell.value) else " ".join(str(cell.value).split())


@dataclass(frozen=True, slots=True)
class ReadReturn:
    """A return as it was read."""

    layout: Variant
    name: str
    lines: tuple[ReadLine, ...]
    cells: Mapping[Key, ReadCell]
    not_understood: tuple[str, ...]

    def pence(self, key: Key) -> int | None:
        """A figure in pence, to the nearest penny; None where it is blank or no number."""
        cell = self.cells.get(key)
        return None if cell is None else as_pence(cell.value, 1000 if self.layout.unit == "£000" else 1)

    def line_pence(self, line: ReadLine, field: str) -> int | None:
        """An amount of a line in pence, to the nearest penny; None where it is blank or no number."""
        cell = line.cells.get(field)
        return None if cell is None else as_pence(cell.value, 1000 if self.layout.unit == "£000" else 1)


def as_pence(value: Value, pounds_each: int) -> int | None:
    """A cell's amount in pence, half a penny up; words such as ``£1,234.50`` and ``(20)`` are read as meant."""
    if isinstance(value, Decimal):
        pence = value * pounds_each * 100
        return int(pence.to_integral_value(ROUND_HALF_UP))
    if isinstance(value, str) and not is_blank(value):
        try:
            return parse_pounds(value) * pounds_each
        except MoneyNotUnderstood:
            return None
    return None


def read_return(book: Readable, layout: Variant) -> ReadReturn:
    """Read every table of a return from a filled workbook.

    Raises:
        WorkbookRefused: it is another workbook, or its tables are not where headings say.
    """
    lines: list[ReadLine] = []
    cells: dict[Key, ReadCell] = {}
    tables = Finder(book, layout).tables()
    for table in tables:
        if isinstance(table, LinesTable):
            lines += _read_lines(book, table, _end(table, tables))
        else:
            cells |= dict(_read_figures(book, table))
    faults = [fault for line in lines for fault in _not_understood(layout, line)]
    faults += [
        f"{cell}: '{cell.value}' is no amount"
        for cell in cells.values()
        if isinstance(cell.value, str) and not is_blank(cell.value) and as_pence(cell.value, 1) is None
    ]
    return ReadReturn(layout, book.name, tuple(lines), cells, tuple(faults))


def _read_lines(book: Readable, table: LinesTable, until: int) -> Iterator[ReadLine]:
    """The rows under a header that are filled, up to another table or until many in a row are blank."""
    blank = 0
    for row in range(table.first, until):
        cells = {}
        for column, number in table.columns.items():
            place = Place(row, number)
            value = book.shows(table.sheet, place)
            cells[column.field or column.headings[0]] = ReadCell(table.sheet, place, value)
        if any(not is_blank(each.value) for each in cells.values()):
            blank = 0
            yield ReadLine(row, cells)
        else:
            blank += 1
            if blank == BLANK_ROWS:
                return


def _end(table: LinesTable, tables: Sequence[Found]) -> int:
    """The row that lines have ended by: the header of another table below, else the most that are read."""
    headers = (each.header for each in tables if not isinstance(each, NamedCells) and each.sheet == table.sheet)
    return min((each for each in headers if each > table.header), default=table.first + MOST_LINES)


def _read_figures(book: Readable, table: FiguresTable | NamedCells) -> Iterator[tuple[Key, ReadCell]]:
    for cell in table.cells():
        yield cell.key, ReadCell(cell.sheet, cell.place, book.shows(cell.sheet, cell.place))


def _not_understood(layout: Variant, line: ReadLine) -> Iterator[str]:
    """The cells of a line whose words are none that the return's file of data knows, or whose amount is none."""
    for field, cell in line.cells.items():
        stem = field.partition(":")[0]
        if is_blank(cell.value):
            continue
        if stem in AMOUNTS and as_pence(cell.value, 1) is None:
            yield f"{cell}: '{cell.value}' is no amount"
        if stem in LISTED and layout.value_of(stem, str(cell.value)) is None:
            yield f"{cell}: '{cell.value}' is no {stem.replace('_', ' ')} that {layout.id} knows"
