"""A workbook read for what its cells show and no more, by a library made for speed. Fills nothing."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pooledfund.returns.official.package import Package, WorkbookRefused, checked_content
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.workbook import ExcelFile, Value

_Cell = int | float | str | bool | time | date | datetime | timedelta


class CellValues:
    """A workbook of Excel 2007 or later, to be read."""

    def __init__(self, name: str, content: bytes, book: CalamineWorkbook) -> None:
        self.name = name
        self._content = content
        self._book = book
        pages = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        self._order = tuple(each.name for each in pages)
        self.hidden = frozenset(each.name for each in pages if each.visible is not SheetVisibleEnum.Visible)
        self._rows: dict[str, list[list[_Cell]]] = {}
        self._texts: dict[str, dict[Place, str]] = {}

    @classmethod
    def open(cls, path: Path) -> "CellValues":
        """Open a workbook; raises WorkbookRefused, as for one that is to be filled."""
        content = checked_content(path)
        try:
            return cls(path.name, content, CalamineWorkbook.from_filelike(io.BytesIO(content)))
        except CalamineError as error:
            raise WorkbookRefused(
                f"{path.name}: cannot be read ({error}): open it in Excel and save it again"
            ) from None

    @property
    def sheet_order(self) -> Sequence[str]:
        """The names of the sheets in their order."""
        return self._order

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each name of the workbook stands for, the name in small letters."""
        return ExcelFile(Package.of(self.name, self._content)).names

    def sheet_names(self) -> str:
        """The names of the sheets that a person sees, in words."""
        return ", ".join(f"'{each}'" for each in self._order if each not in self.hidden) or "none"

    def texts(self, sheet: str) -> Mapping[Place, str]:
        """The words of a sheet, row by row."""
        if sheet not in self._texts:
            self._texts[sheet] = {
                Place(row, column): cell
                for row, cells in enumerate(self._read(sheet), start=1)
                for column, cell in enumerate(cells, start=1)
                if cell and isinstance(cell, str)
            }
        return self._texts[sheet]

    def shows(self, sheet: str, place: Place) -> Value:
        """What a cell shows; a number as the shortest decimal that names it."""
        rows = self._read(sheet)
        if place.row > len(rows) or place.column > len(rows[place.row - 1]):
            return None
        cell = rows[place.row - 1][place.column - 1]
        match cell:
            case bool():
                return cell
            case int() | float():
                return Decimal(repr(cell))
            case str():
                return cell or None
            case _:
                return str(cell)

    def _read(self, sheet: str) -> list[list[_Cell]]:
        if sheet not in self._rows:
            try:
                self._rows[sheet] = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            except CalamineError as error:
                raise WorkbookRefused(
                    f"{self.name}: sheet '{sheet}' cannot be read ({error}): open it in Excel and save it again"
                ) from None
        return self._rows[sheet]
