"""A filled return read back: its lines and figures with the cell of each, and what could not be understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.returns.blocks import MONEY, Block, PartsBlock
from pooledfund.returns.figures import Key
from pooledfund.returns.filling import is_blank
from pooledfund.returns.locate import FiguresTable, Finder, Found, LinesTable, NamedCells, plainly
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.workbook import Readable, Value
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import Remark

MOST_LINES = 5_000
"""Lines of a return that are read."""
BLANK_ROWS = 50
"""A table of lines has ended after so many blank rows."""
LISTED = frozenset({"holds_the_pool", "source", "commissioner", "area_of_spend", "new_or_existing"})


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

    @property
    def name(self) -> str | None:
        """What the row is about: the scheme's id or name, or the organisation's name; None where all are blank."""
        return self.text("scheme_id") or self.text("scheme_name") or self.text("organisation")

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
    not_understood: tuple[Remark, ...]
    parts: Mapping[str, tuple[ReadLine, ...]] = field(default_factory=dict)
    comments: Mapping[str, str | None] = field(default_factory=dict)
    """What stands in the box for a comment by the id of its table; None where it is blank, no key where none is."""

    def rows(self, kind: str) -> tuple[ReadLine, ...]:
        """The filled rows of a table by its kind: lines, organisations or schemes."""
        return self.lines if kind == "lines" else self.parts.get(kind, ())

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
    rows: dict[str, list[ReadLine]] = {}
    cells: dict[Key, ReadCell] = {}
    tables = Finder(book, layout).tables()
    for table in tables:
        if isinstance(table, LinesTable):
            rows.setdefault(table.block.kind, []).extend(_read_lines(book, table, _end(table, tables)))
        else:
            cells |= dict(_read_figures(book, table))
    faults = [fault for lines in rows.values() for line in lines for fault in _not_understood(layout, line)]
    faults += [
        Remark(str(cell), f"'{cell.value}' is no amount")
        for cell in cells.values()
        if isinstance(cell.value, str) and not is_blank(cell.value) and as_pence(cell.value, 1) is None
    ]
    comments = {
        table.block.id: said for table in tables if isinstance(table, FiguresTable) for said in _comment(book, table)
    }
    parts = {kind: tuple(lines) for kind, lines in rows.items() if kind != "lines"}
    return ReadReturn(layout, book.name, tuple(rows.get("lines", ())), cells, tuple(faults), parts, comments)


def _read_lines(book: Readable, table: LinesTable, until: int) -> Iterator[ReadLine]:
    """The rows under a header that are filled, up to another table or until many in a row are blank."""
    blank = 0
    for row in range(table.first, until):
        cells = {}
        for column, number in table.columns.items():
            place = Place(row, number)
            value = book.shows(table.sheet, place)
            if isinstance(table.block, PartsBlock) and isinstance(value, str) and table.block.holds_a_place(value):
                value = None
            cells[column.field or column.headings[0]] = ReadCell(table.sheet, place, value)
        if _is_end(table.block, cells):
            return
        if any(not is_blank(each.value) for each in cells.values()):
            blank = 0
            yield ReadLine(row, cells)
        else:
            blank += 1
            if blank == BLANK_ROWS:
                return


def _is_end(block: Block, cells: Mapping[str, ReadCell]) -> bool:
    """Whether this is the row of totals below the rows of a table."""
    ends = {plainly(each) for each in block.ends} if isinstance(block, PartsBlock) else set()
    return any(isinstance(each.value, str) and plainly(each.value) in ends for each in cells.values())


def _end(table: LinesTable, tables: Sequence[Found]) -> int:
    """The row that lines have ended by: the header of another table below, else the most that are read."""
    headers = (each.header for each in tables if not isinstance(each, NamedCells) and each.sheet == table.sheet)
    return min((each for each in headers if each > table.header), default=table.first + MOST_LINES)


def _read_figures(book: Readable, table: FiguresTable | NamedCells) -> Iterator[tuple[Key, ReadCell]]:
    for cell in table.cells():
        yield cell.key, ReadCell(cell.sheet, cell.place, book.shows(cell.sheet, cell.place))


def _comment(book: Readable, table: FiguresTable) -> Iterator[str | None]:
    """What is written beside or under the label of the table's box for a comment, where the sheet has one."""
    begins = tuple(plainly(each) for each in table.block.comment)
    texts = book.texts(table.sheet)
    labels = [place for place, text in texts.items() if begins and plainly(text).startswith(begins)]
    label = min((each for each in labels if each.row > table.header), default=None)
    if label is None:
        return
    beside = [text for place, text in texts.items() if place.row == label.row and place.column > label.column]
    under = [text for place, text in texts.items() if place.row == label.row + 1 and place.column >= label.column]
    yield next((" ".join(text.split()) for text in (*beside, *under) if not is_blank(text)), None)


def _not_understood(layout: Variant, line: ReadLine) -> Iterator[Remark]:
    """The cells of a line whose words are none that the return's file of data knows, or whose amount is none."""
    for name, cell in line.cells.items():
        stem = name.partition(":")[0]
        if is_blank(cell.value):
            continue
        if stem in MONEY and as_pence(cell.value, 1) is None:
            yield Remark(str(cell), f"'{cell.value}' is no amount")
        if stem in LISTED and layout.value_of(stem, str(cell.value)) is None:
            yield Remark(str(cell), f"'{cell.value}' is no {stem.replace('_', ' ')} that {layout.id} knows")
