"""One sheet's XML as bytes, with the place of each row and cell in them. Changes nothing and reads no figure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree

from pooledfund.returns.official.package import WorkbookRefused, check_xml
from pooledfund.returns.official.places import LAST_COLUMN, LAST_ROW, Place, Range, parse_place, parse_range

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*(/?)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the XML: its bytes from start to end, its attributes, and what is inside."""

    place: Place
    start: int
    end: int
    attributes: bytes
    inner: bytes

    def attribute(self, name: bytes) -> str | None:
        """An attribute of the cell, such as its type ``t`` or style ``s``."""
        return attribute(self.attributes, name)

    @property
    def has_formula(self) -> bool:
        """Whether a formula stands in it."""
        return HAS_FORMULA.search(self.inner) is not None


HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the XML; ``inside_end`` is where its cells end, none for a row that holds no element."""

    number: int
    start: int
    end: int
    attributes: bytes
    inside_end: int | None

    def attribute(self, name: bytes) -> str | None:
        """An attribute of the row."""
        return attribute(self.attributes, name)


def attribute(attributes: bytes, name: bytes) -> str | None:
    """One attribute of an element, from the bytes of all of them."""
    for found in _ATTRIBUTE.finditer(attributes):
        if found[1] == name:
            return (found[2] if found[2] is not None else found[3]).decode()
    return None


@dataclass
class Sheet:
    """A sheet of a workbook: its name, the part that holds it, and the bytes of that part."""

    name: str
    part: str
    content: bytes
    rows: dict[int, Row] = field(default_factory=dict)
    cells: dict[Place, Cell] = field(default_factory=dict)
    prefix: bytes = b""
    data: tuple[int, int] = (0, 0)
    is_empty: bool = False

    @classmethod
    def read(cls, book: str, name: str, part: str, content: bytes) -> "Sheet":
        """Find every row and cell of a sheet.

        Raises:
            WorkbookRefused: it is no whole XML, or is written in a way in which its cells cannot be told apart.
        """
        what = f"{book}: sheet '{name}'"
        check_xml(what, content)
        sheet = cls(name, part, content)
        sheet._find_rows(what)
        return sheet

    def _find_rows(self, what: str) -> None:
        opening = _DATA.search(self.content)
        if opening is None:
            raise WorkbookRefused(f"{what} holds no cells and cannot be filled: use the workbook as it was issued")
        self.prefix = opening[1]
        if opening[2]:
            self.data, self.is_empty = (opening.start(), opening.end()), True
            return
        closing = self.content.find(b"</" + self.prefix + b"sheetData", opening.end())
        self.data = (opening.end(), closing)
        body = self.content[opening.end() : closing]
        if b"<!--" in body or b"<![CDATA[" in body:
            raise WorkbookRefused(f"{what} has remarks between its cells: open it in Excel and save it again")
        row_number = 0
        for row in self._elements(rb"row", *self.data):
            start, end, attributes, body_start, body_end = row
            row_number = _numbered(what, attribute(attributes, b"r"), row_number)
            self.rows[row_number] = Row(row_number, start, end, attributes, None if body_start is None else body_end)
            if body_start is not None:
                self._find_cells(what, row_number, body_start, body_end)

    def _find_cells(self, what: str, row: int, start: int, end: int) -> None:
        column = 0
        for cell_start, cell_end, attributes, inner_start, inner_end in self._elements(rb"c", start, end):
            reference = attribute(attributes, b"r")
            place = parse_place(reference) if reference else Place(row, column + 1)
            if place is None or place.row != row or not column < place.column <= LAST_COLUMN:
                raise WorkbookRefused(
                    f"{what} has a cell '{reference or ''}' out of its order in row {row}: "
                    "open it in Excel and save it again"
                )
            column = place.column
            inner = self.content[inner_start:inner_end] if inner_start is not None else b""
            self.cells[place] = Cell(place, cell_start, cell_end, attributes, inner)

    def _elements(self, name: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes, int | None, int]]:
        """Each element of a name: where it starts and ends, its attributes, and where its inside starts and ends."""
        tag = re.escape(self.prefix) + name
        pattern = _element(tag)
        for found in pattern.finditer(self.content, start, end):
            inner = found.span(2)
            has_inner = inner != (-1, -1)
            yield found.start(), found.end(), found[1], inner[0] if has_inner else None, inner[1]

    @cached_property
    def frame(self) -> ElementTree.Element:
        """The sheet without its cells: protection, validations, merged cells, columns. To look up, never to write."""
        start, end = self.data
        empty = self.content[:start] + self.content[end:]
        return ElementTree.fromstring(empty)

    @cached_property
    def merged(self) -> tuple[Range, ...]:
        """The merged ranges; a value stands in the first cell of one."""
        found = (parse_range(each.get("ref", "")) for each in self.frame.iter(f"{{{MAIN}}}mergeCell"))
        return tuple(each for each in found if each)

    @cached_property
    def is_protected(self) -> bool:
        """Whether only unlocked cells may be written."""
        guard = self.frame.find(f"{{{MAIN}}}sheetProtection")
        return guard is not None and guard.get("sheet") in ("1", "true")

    def style_of(self, place: Place) -> int:
        """The number of a cell's style: its own, else its row's, else its column's, else the first."""
        cell = self.cells.get(place)
        if cell is not None:
            return int(cell.attribute(b"s") or 0)
        row = self.rows.get(place.row)
        if row is not None and row.attribute(b"customFormat") in ("1", "true"):
            return int(row.attribute(b"s") or 0)
        for columns in self.frame.iter(f"{{{MAIN}}}col"):
            if int(columns.get("min", "0")) <= place.column <= int(columns.get("max", "0")):
                return int(columns.get("style", "0"))
        return 0


_ELEMENTS: dict[bytes, re.Pattern[bytes]] = {}


def _element(tag: bytes) -> re.Pattern[bytes]:
    """An element that may be empty; rows hold no rows and cells no cells, so the first end tag is its own."""
    if tag not in _ELEMENTS:
        attributes = rb"((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*"
        _ELEMENTS[tag] = re.compile(rb"<" + tag + attributes + rb"(?:/>|>(.*?)</" + tag + rb"\s*>)", re.DOTALL)
    return _ELEMENTS[tag]


def _numbered(what: str, given: str | None, before: int) -> int:
    """The number of a row: as it says, else one more than the row before."""
    if given is None:
        return before + 1
    if not given.isascii() or not given.isdecimal() or not before < int(given) <= LAST_ROW:
        raise WorkbookRefused(f"{what} has a row '{given[:20]}' out of its order: open it in Excel and save it again")
    return int(given)
