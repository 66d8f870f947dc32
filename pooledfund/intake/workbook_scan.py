"""A look into an XLSX file before it is opened: true sizes, entities, formulas without results. Gives no cell."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from pooledfund.intake.limits import LARGE_PART, MAX_CELLS, MAX_COLUMNS, MAX_RATIO, MAX_ROWS, MAX_UNPACKED
from pooledfund.intake.refusals import FileRefused

_CHUNK = 2**20
_TAIL = 2**17
"""Bytes carried from one chunk to the next at most: longer than any cell that is let in by its text."""

_ROW = re.compile(rb"<(?:\w+:)?row[^<>]*?\sr\s*=\s*[\"'](\d{1,9})")
_WIDE = re.compile(rb"\"([A-Z]{2,9})\d")
_WIDE_TOO = re.compile(rb"'([A-Z]{2,9})\d")
# Tags are bounded by [^<>] and blanks taken once for all by *+, so that no text makes the search slow.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*>\s*+<(?:\w+:)?f(?:\s[^<>]*)?"
    rb"(?:/>|>[^<]*</(?:\w+:)?f>)\s*+(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*+</(?:\w+:)?v>)?\s*+</(?:\w+:)?c>"
)
_ERROR = re.compile(rb"<(?:\w+:)?c\s(?=[^<>]*?\bt\s*=\s*[\"']e[\"'])[^<>]*?\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)")


@dataclass(slots=True)
class Scan:
    """What was found: rows with a formula without a result, and the places of cells that hold an Excel error."""

    unsaved: set[int] = field(default_factory=set)
    errors: dict[int, list[int]] = field(default_factory=dict)


def scan(path: Path, content: bytes, sheet: str | None) -> Scan:
    """Look through every part of a workbook, unpacked as it truly is and not as its directory says.

    Raises:
        FileRefused: a part declares entities, or a limit is passed.
        BadZipFile: it is no archive, or damaged.
    """
    found = Scan()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if any(part.flag_bits & 1 for part in book.infolist()):
            raise FileRefused(f"{path.name}: is locked with a password: have it sent without one")
        if "xl/workbook.bin" in book.namelist() or "xl/workbook.xml" not in book.namelist():
            raise FileRefused(f"{path.name}: is an archive but no .xlsx workbook: save it as .xlsx in Excel")
        chosen, room = None, [MAX_UNPACKED]
        small = {}
        for part in sorted(book.infolist(), key=lambda each: each.filename.startswith("xl/worksheets/")):
            if part.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
                small[part.filename] = b"".join(_unpacked(path, book, part, room))
                _refuse_entities(path, small[part.filename])
                continue
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                chosen = chosen or _part_of(small, sheet)
                _look(path, _unpacked(path, book, part, room), found if part.filename == chosen else Scan())
                continue
            for chunk in _unpacked(path, book, part, room):
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_entities(path, chunk)
    return found


def _unpacked(path: Path, book: zipfile.ZipFile, part: zipfile.ZipInfo, room: list[int]) -> Iterator[bytes]:
    """A part in chunks, until its compressed bytes end: its stated size may be a lie, and is not gone by."""
    part.file_size = MAX_UNPACKED + 1
    unpacked = 0
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > LARGE_PART and unpacked > MAX_RATIO * part.compress_size:
                raise FileRefused(
                    f"{path.name}: unpacks to more than {MAX_RATIO} times its size: save it again in Excel"
                )
            room[0] -= len(chunk)
            if room[0] < 0:
                raise FileRefused(f"{path.name}: unpacks to more than {MAX_UNPACKED >> 30} gigabyte: split it by month")
            yield chunk


def _refuse_entities(path: Path, chunk: bytes) -> None:
    if _DECLARES.search(chunk):
        raise FileRefused(f"{path.name}: declares entities of its own, as no Excel does: save it again in Excel")


def _part_of(small: dict[str, bytes], sheet: str | None) -> str | None:
    """The part that holds a sheet: the first one where none is named; None where there is no such sheet."""
    try:
        pages = list(ElementTree.fromstring(small.get("xl/workbook.xml", b"")).iterfind(".//{*}sheets/{*}sheet"))
        links = ElementTree.fromstring(small.get("xl/_rels/workbook.xml.rels", b"")).iterfind("{*}Relationship")
    except ElementTree.ParseError:
        raise zipfile.BadZipFile("the list of sheets is damaged") from None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for page in pages:
        if sheet is None or page.get("name") == sheet:
            link = next((value for key, value in page.attrib.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _look(path: Path, chunks: Iterator[bytes], found: Scan) -> None:
    """Hold a sheet to the limits before it is opened, and find the cells whose value is not what it seems."""
    rows = columns = 1
    left = b""
    for chunk in chunks:
        _refuse_entities(path, chunk)
        seen = left + chunk
        cut = max(seen.rfind(b"<c "), seen.rfind(b"<row"), seen.rfind(b":c "), seen.rfind(b":row"), 0)
        left = seen[max(cut - 10, len(seen) - _TAIL, 0) :]
        rows = max(rows, *map(int, _ROW.findall(seen)), 1)
        columns = max([columns, *(_column(letters) for letters in {*_WIDE.findall(seen), *_WIDE_TOO.findall(seen)})])
        if rows * columns > MAX_CELLS or rows > MAX_ROWS or columns > MAX_COLUMNS:
            check_size(path, rows, columns)
        # The searches are slow where nothing is to be found, which a look for a few bytes tells.
        if b"<f" in seen or b":f" in seen:
            found.unsaved.update(int(row) for _, row in _FORMULA.findall(seen))
        for letters, row in _ERROR.findall(seen) if b'"e"' in seen or b"'e'" in seen else ():
            places = found.errors.setdefault(int(row), [])
            if (place := _column(letters) - 1) not in places:
                places.append(place)


def check_size(path: Path, rows: int, columns: int) -> None:
    """See that a sheet is within the limits; raises FileRefused."""
    if columns > MAX_COLUMNS:
        raise FileRefused(
            f"{path.name}: has cells past column {MAX_COLUMNS:,} (ZZ): send only the columns of the extract"
        )
    if rows > MAX_ROWS:
        raise FileRefused(f"{path.name}: has more than {MAX_ROWS:,} rows: split it by month")
    if rows * columns > MAX_CELLS:
        raise FileRefused(
            f"{path.name}: spans {rows:,} rows by {columns:,} columns, over {MAX_CELLS:,} cells: "
            "clear what stands far from the table, or split it by month"
        )


def _column(letters: bytes) -> int:
    """The number of a column from its letters, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
