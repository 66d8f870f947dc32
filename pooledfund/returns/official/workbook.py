"""A workbook opened to be looked at: its sheets, names, styles and what its cells show. Writes nothing."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from pooledfund.returns.official.package import Package, WorkbookRefused, check_xml
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.sheet import MAIN, Cell, Sheet

BOOK = "xl/workbook.xml"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
Value = str | Decimal | bool | None
"""What a cell shows: words, a number, true or false, or nothing."""
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v\s*>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?t\s*>)", re.DOTALL)
_ITEM = re.compile(rb"<((?:\w+:)?)si\s*(?:/>|>(.*?)</\1si\s*>)", re.DOTALL)
_SHARED = "xl/sharedStrings.xml"
_PHONETIC = re.compile(rb"<((?:\w+:)?)rPh\b.*?</\1rPh\s*>", re.DOTALL)


class Readable(Protocol):
    """A workbook whose cells can be looked at, whatever reads it."""

    name: str

    @property
    def sheet_order(self) -> Sequence[str]:
        """The names of the sheets in their order."""

    @property
    def hidden(self) -> frozenset[str]:
        """The sheets that a person does not see."""

    @property
    def names(self) -> Mapping[str, str]:
        """What each name of the workbook stands for, the name in small letters."""

    def sheet_names(self) -> str:
        """The names of the sheets that a person sees, in words."""

    def texts(self, sheet: str) -> Mapping[Place, str]:
        """The words of a sheet, row by row."""

    def shows(self, sheet: str, place: Place) -> Value:
        """What a cell shows."""


class ExcelFile:
    """A workbook of Excel 2007 or later, its sheets by name in their order."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.name = package.name
        self._sheets: dict[str, Sheet] = {}
        self._texts: dict[str, dict[Place, str]] = {}

    @classmethod
    def open(cls, path: Path) -> "ExcelFile":
        """Open a workbook; raises WorkbookRefused."""
        return cls(Package.read(path))

    @cached_property
    def _book(self) -> ElementTree.Element:
        return self.package.xml(BOOK)

    @cached_property
    def sheet_parts(self) -> Mapping[str, str]:
        """The part of each sheet by the sheet's name; sheets that are charts are left out."""
        rels = self.package.xml("xl/_rels/workbook.xml.rels")
        targets = {each.get("Id"): each.get("Target", "") for each in rels.iter(_PACKAGE)}
        found = {}
        for each in self._book.iter(f"{{{MAIN}}}sheet"):
            target = targets.get(each.get(_RELATED, ""), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if part.startswith("xl/worksheets/") or (part in self.package.parts and "sheet" in part.rsplit("/", 1)[0]):
                found[each.get("name", "")] = part
        if not found:
            raise WorkbookRefused(f"{self.name}: has no sheet: use the workbook as it was issued")
        return found

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The sheets that a person does not see."""
        sheets = self._book.iter(f"{{{MAIN}}}sheet")
        return frozenset(each.get("name", "") for each in sheets if each.get("state", "visible") != "visible")

    def sheet(self, name: str) -> Sheet:
        """One sheet by its name; raises WorkbookRefused where there is none."""
        if name not in self._sheets:
            if name not in self.sheet_parts:
                raise WorkbookRefused(f"{self.name}: has no sheet '{name}': its sheets are {self.sheet_names()}")
            part = self.sheet_parts[name]
            self._sheets[name] = Sheet.read(self.name, name, part, self.package.part(part))
        return self._sheets[name]

    @property
    def sheet_order(self) -> Sequence[str]:
        """The names of the sheets in their order."""
        return tuple(self.sheet_parts)

    def sheet_names(self) -> str:
        """The names of the sheets that a person sees, in words."""
        return ", ".join(f"'{each}'" for each in self.sheet_parts if each not in self.hidden) or "none"

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each name of the workbook stands for, the name in small letters; names of one sheet are left out."""
        return {
            each.get("name", "").lower(): each.text or ""
            for each in self._book.iter(f"{{{MAIN}}}definedName")
            if each.get("localSheetId") is None
        }

    @cached_property
    def _shared_texts(self) -> list[bytes]:
        """The shared texts as they stand in their part; each is read when it is asked for."""
        if _SHARED not in self.package.parts:
            return []
        content = self.package.part(_SHARED)
        check_xml(f"{self.name}: its part {_SHARED}", content)
        return [each[2] or b"" for each in _ITEM.finditer(content)]

    @cached_property
    def unlocked_styles(self) -> frozenset[int]:
        """The numbers of the styles whose cells may be written on a protected sheet."""
        if "xl/styles.xml" not in self.package.parts:
            return frozenset()
        styles = self.package.xml("xl/styles.xml").find(f"{{{MAIN}}}cellXfs")
        unlocked = set()
        for number, style in enumerate(styles if styles is not None else ()):
            lock = style.find(f"{{{MAIN}}}protection")
            if lock is not None and lock.get("locked") in ("0", "false"):
                unlocked.add(number)
        return frozenset(unlocked)

    def texts(self, sheet: str) -> Mapping[Place, str]:
        """The words of a sheet, row by row."""
        if sheet not in self._texts:
            page = self.sheet(sheet)
            values = ((place, self.value_of(page, cell)) for place, cell in page.cells.items())
            self._texts[sheet] = {place: value for place, value in values if isinstance(value, str)}
        return self._texts[sheet]

    def shows(self, sheet: str, place: Place) -> Value:
        """What a cell shows, as ``value`` does."""
        return self.value(self.sheet(sheet), place)

    def value(self, sheet: Sheet, place: Place) -> Value:
        """What a cell shows, of a formula its kept result; nothing where it is empty.

        Raises:
            WorkbookRefused: the cell holds no value of a kind that Excel writes.
        """
        cell = sheet.cells.get(place)
        return None if cell is None else self.value_of(sheet, cell)

    def value_of(self, sheet: Sheet, cell: Cell) -> Value:
        """What a cell shows, as ``value`` does."""
        kind = cell.attribute(b"t") or "n"
        if kind == "inlineStr":
            return _text_of(cell.inner) or None
        found = _VALUE.search(cell.inner)
        text = plain(found[1]) if found else ""
        if not text:
            return None
        try:
            match kind:
                case "s":
                    return _text_of(self._shared_texts[int(text)]) or None
                case "b":
                    return text in ("1", "true")
                case "str" | "e" | "d":
                    return text
                case _:
                    return Decimal(text.strip())
        except (InvalidOperation, ValueError, IndexError):
            raise WorkbookRefused(
                f"{self.name}: sheet '{sheet.name}', cell {cell.place} holds '{text[:40]}', which is no value: "
                "open the workbook in Excel and save it again"
            ) from None

    def is_open(self, sheet: Sheet, place: Place) -> bool:
        """Whether a person may type into a cell: no formula, no part of a merged cell but the first, not locked."""
        cell = sheet.cells.get(place)
        if cell is not None and cell.has_formula:
            return False
        if any(each.holds(place) and place != (each.top, each.left) for each in sheet.merged):
            return False
        return not sheet.is_protected or sheet.style_of(place) in self.unlocked_styles


def plain(text: bytes) -> str:
    """Words as they stand in XML, without its signs for characters."""
    return unescape(text.decode(), _ENTITIES).replace("\r\n", "\n") if b"&" in text or b"\r" in text else text.decode()


_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#10;": "\n", "&#13;": "\r", "&#9;": "\t", "&#xA;": "\n", "&#xa;": "\n"}


def _text_of(content: bytes) -> str:
    """The words of a text, its runs joined; reading aids for other scripts are left out."""
    return plain(b"".join(each[1] or b"" for each in _TEXT.finditer(_PHONETIC.sub(b"", content))))
