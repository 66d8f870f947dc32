"""Where the tables of a return stand in a workbook: by the text of headers and labels, never by place or colour."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pooledfund.returns.blocks import (
    Block,
    Column,
    FieldColumn,
    FigureColumn,
    FigureRow,
    FiguresBlock,
    LinesBlock,
    NamedBlock,
    NamedFigure,
    PartsBlock,
)
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.places import LAST_ROW, Place, parse_place
from pooledfund.returns.official.workbook import Readable
from pooledfund.returns.registry import Variant

_Column = TypeVar("_Column", bound=Column)

TITLE_WITHIN = 12
"""A title is looked for in so many first rows of a sheet."""
_NUMBERING = re.compile(r"^\s*\d+\s*[a-z]?\s*[).:]?\s*", re.IGNORECASE)
_NOISE = re.compile(r"[\s*:]+")


def plainly(text: str) -> str:
    """A text as it is compared: small letters, single spaces, without colons and stars."""
    return _NOISE.sub(" ", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class LinesTable:
    """A table of lines found: its sheet, the column of each heading, and its first row below the header."""

    block: LinesBlock | PartsBlock
    sheet: str
    header: int
    columns: Mapping[FieldColumn, int]

    @property
    def first(self) -> int:
        """The row of the first line."""
        return self.header + 1


@dataclass(frozen=True, slots=True)
class FiguresTable:
    """A table of figures found: its sheet, and the cell of each row and column."""

    block: FiguresBlock
    sheet: str
    header: int
    columns: Mapping[FigureColumn, int]
    rows: Mapping[FigureRow, int]

    def cells(self) -> Iterator["FigureCell"]:
        """Every cell of the table, row by row."""
        for row, number in self.rows.items():
            for column, letter in self.columns.items():
                what = f"{row.labels[0]}, {column.headings[0]}"
                yield FigureCell(what, (row.figure, column.figure), self.sheet, Place(number, letter))


@dataclass(frozen=True, slots=True)
class NamedCells:
    """Cells found by their names: the sheet and place of each figure."""

    block: NamedBlock
    places: Mapping[NamedFigure, tuple[str, Place]]

    def cells(self) -> Iterator["FigureCell"]:
        """Every cell, in the order of the file of data."""
        for each, (sheet, place) in self.places.items():
            yield FigureCell(each.name, (each.row, each.column), sheet, place)


@dataclass(frozen=True, slots=True)
class FigureCell:
    """The cell of a figure: what it is called in the workbook, our name for it, and where it stands."""

    what: str
    key: tuple[str, str]
    sheet: str
    place: Place


Found = LinesTable | FiguresTable | NamedCells


class Finder:
    """A workbook held against a return's file of data; every fault is kept, so that all are shown at once."""

    def __init__(self, book: Readable, layout: Variant) -> None:
        self.book = book
        self.layout = layout
        self.faults: list[str] = []

    def tables(self) -> tuple[Found, ...]:
        """Every table of the return.

        Raises:
            WorkbookRefused: it is another workbook, or its tables are not where headers say; with every fault.
        """
        self._check_fingerprint()
        found: list[Found] = []
        for block in self.layout.blocks if not self.faults else ():
            table = self._find(block)
            found += [table] if table else []
        if self.faults:
            raise WorkbookRefused(*self.faults)
        return tuple(found)

    def _check_fingerprint(self) -> None:
        mark = self.layout.fingerprint
        if mark is None:
            self.faults.append(f"{self.layout.id} has no official workbook here: leave --template out")
            return
        if any(text.startswith(f"{self.layout.title}: ") for text in self._titles()):
            self.faults.append(
                f"{self.book.name}: is pooledfund's own layout of {self.layout.id}, written from the books and not the "
                f"workbook that is sent: fill the official one with export {self.layout.id} --template and give that"
            )
            return
        titles = {plainly(each) for each in mark.titles}
        if not any(plainly(text) in titles for sheet in self.book.sheet_order for text in self._near_the_top(sheet)):
            self.faults.append(
                f"{self.book.name}: is not the workbook of {self.layout.id}: no sheet has the title "
                f"{_or(mark.titles)} near its top; found {_or(self._titles()) or 'no title'}"
            )
        there = {self._plain_name(name) for name in self.book.sheet_order}
        missing = [each for each in mark.sheets if plainly(each) not in there]
        if missing:
            self.faults.append(
                f"{self.book.name}: is not the workbook of {self.layout.id}: it has no sheet {_or(missing)}; "
                f"its sheets are {self.book.sheet_names()}"
            )
        extra = [each for each in mark.absent if plainly(each) in there]
        if extra:
            self.faults.append(f"{self.book.name}: has a sheet {_or(extra)}, which {self.layout.id} does not have")

    def _near_the_top(self, sheet: str) -> Iterator[str]:
        return (text for place, text in self.book.texts(sheet).items() if place.row <= TITLE_WITHIN)

    def _titles(self) -> list[str]:
        """The first text of each sheet that a person sees."""
        found = []
        for name in self.book.sheet_order:
            if name not in self.book.hidden:
                found += [next(self._near_the_top(name), "")]
        return list(dict.fromkeys(each for each in found if each))[:5]

    @staticmethod
    def _plain_name(name: str) -> str:
        return plainly(_NUMBERING.sub("", name))

    def _sheet(self, names: Sequence[str]) -> str | None:
        wanted = [plainly(each) for each in names]
        found = [name for name in self.book.sheet_order if self._plain_name(name) in wanted]
        if len(found) != 1:
            what = "no sheet" if not found else f"{len(found)} sheets"
            self.faults.append(f"{self.book.name}: has {what} {_or(names)}: its sheets are {self.book.sheet_names()}")
            return None
        return found[0]

    def _find(self, block: Block) -> Found | None:
        match block:
            case LinesBlock() | PartsBlock():
                return self._lines(block)
            case FiguresBlock():
                return self._figures(block)
            case NamedBlock():
                return self._named(block)

    def _named(self, block: NamedBlock) -> NamedCells:
        """The one cell that each name stands for."""
        places = {}
        for each in block.cells:
            where, _, cell = self.book.names.get(each.name.lower(), "").partition("!")
            sheet, place = where.strip("'").replace("''", "'"), parse_place(cell)
            if place is None or sheet not in self.book.sheet_order:
                self.faults.append(f"{self.book.name}: has no cell by the name '{each.name}' of '{block.title}'")
            else:
                places[each] = sheet, place
        return NamedCells(block, places)

    def _lines(self, block: LinesBlock | PartsBlock) -> LinesTable | None:
        sheet = self._sheet(block.sheets)
        found = self._header(sheet, block.title, block.columns) if sheet else None
        return LinesTable(block, sheet, *found) if sheet and found else None

    def _figures(self, block: FiguresBlock) -> FiguresTable | None:
        sheet = self._sheet(block.sheets)
        found = self._header(sheet, block.title, block.columns, block.under) if sheet else None
        if sheet is None or found is None:
            return None
        header, columns = found
        until = min((row for row, _ in self._headers(sheet, block.columns) if row > header), default=LAST_ROW + 1)
        rows = {}
        for row in block.rows:
            number = self._label(sheet, block, row, range(header + 1, until), min(columns.values()))
            if number is not None:
                rows[row] = number
        return FiguresTable(block, sheet, header, columns, rows)

    def _header(
        self, sheet: str, title: str, columns: Sequence[_Column], under: Sequence[str] = ()
    ) -> tuple[int, Mapping[_Column, int]] | None:
        """The one row in which every column of a table has its heading, with the column of each."""
        where = f"{self.book.name}: sheet '{sheet}'"
        candidates = self._headers(sheet, columns)
        if under and len(candidates) > 1:
            candidates = [each for each in candidates if self._section(sheet, each[0]) in map(plainly, under)]
        if len(candidates) != 1:
            self.faults.append(
                f"{where} has the table '{title}' {len(candidates)} times: use the workbook as it was issued"
                if candidates
                else f"{where} has no row with the headings of '{title}': {self._nearest(sheet, columns)}"
            )
            return None
        row, placed = candidates[0]
        twice = [each.headings[0] for each, found in placed.items() if len(found) > 1]
        if twice:
            self.faults.append(f"{where}, row {row} has the heading {_or(twice)} more than once")
            return None
        return row, {each: found[0] for each, found in placed.items() if found}

    def _headers(self, sheet: str, columns: Sequence[_Column]) -> list[tuple[int, dict[_Column, list[int]]]]:
        """The rows that have a heading for every column that a table must have."""
        placed = self._placed(sheet, columns)
        return [
            (row, found)
            for row, found in placed.items()
            if all(places or column.optional for column, places in found.items())
        ]

    def _placed(self, sheet: str, columns: Sequence[_Column]) -> dict[int, dict[_Column, list[int]]]:
        """In each row with words, the columns that each heading stands in."""
        by_row: dict[int, dict[int, str]] = {}
        for place, text in self.book.texts(sheet).items():
            by_row.setdefault(place.row, {})[place.column] = plainly(text)
        return {
            row: {each: self._columns(each, headings, by_row.get(row - 1, {})) for each in columns}
            for row, headings in by_row.items()
        }

    def _nearest(self, sheet: str, columns: Sequence[_Column]) -> str:
        """The row that has the most of a table's headings, and what it lacks, in words."""
        lacking = [
            ([each.headings[0] for each, places in found.items() if not places and not each.optional], row)
            for row, found in self._placed(sheet, columns).items()
        ]
        missing, row = min(lacking, key=lambda each: len(each[0]), default=(list[str](), 0))
        if not row or len(missing) == len(columns):
            return f"none has {_or(each.headings[0] for each in columns if not each.optional)}"
        return f"row {row} is the nearest and lacks {_or(missing)}"

    def _section(self, sheet: str, header: int) -> str:
        """The heading that a table stands below: the last one, of all that the return names, at or above its header."""
        known = {
            plainly(text) for block in self.layout.blocks if isinstance(block, FiguresBlock) for text in block.under
        }
        texts = ((place, plainly(text)) for place, text in self.book.texts(sheet).items())
        above = [(place, text) for place, text in texts if place.row <= header and text in known]
        return max(above, default=(Place(0, 0), ""))[1]

    @staticmethod
    def _columns(wanted: Column, headings: Mapping[int, str], above: Mapping[int, str]) -> list[int]:
        """The columns whose heading is one of the texts, by itself or under a heading over several columns."""
        texts = {plainly(each) for each in wanted.headings}
        found = [column for column, text in headings.items() if text in texts]
        if found:
            return found
        over = {
            column: next((above[each] for each in range(column, 0, -1) if each in above), "") for column in headings
        }
        return [column for column, text in headings.items() if f"{over[column]} {text}" in texts]

    def _label(self, sheet: str, block: FiguresBlock, row: FigureRow, rows: range, before: int) -> int | None:
        """The row of these whose label, left of its figures, is one of a row's."""
        wanted = {plainly(each) for each in row.labels}
        places = [
            place
            for place, text in self.book.texts(sheet).items()
            if place.row in rows and place.column < before and plainly(text) in wanted
        ]
        if not places and row.optional:
            return None
        if len({place.row for place in places}) != 1:
            what = "no row" if not places else f"{len(places)} rows"
            self.faults.append(
                f"{self.book.name}: sheet '{sheet}' has {what} {_or(row.labels)} under the headings of "
                f"'{block.title}': use the workbook as it was issued"
            )
            return None
        return places[0].row


def _or(texts: Iterable[str]) -> str:
    return " or ".join(f"'{each}'" for each in texts)
