"""Reading a sheet of an Excel workbook, old or new, as rows of text; a formula gives the result saved with it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from pooledfund.broken_archive import BROKEN_ARCHIVE
from pooledfund.intake.limits import MAX_CELL
from pooledfund.intake.refusals import FileRefused
from pooledfund.intake.workbook_scan import Scan, check_size, scan

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIPPED = b"PK\x03\x04"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Where a workbook is locked with a password, this names what is inside."""

BROKEN = (calamine.CalamineError, *BROKEN_ARCHIVE)
"""What a file that is damaged or no workbook ends in: of the reader its own error, of the archive what Python has."""


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as a workbook does, whatever the file is named."""
    return content.startswith((ZIPPED, OLD_EXCEL))


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook, opened once, whose rows can be read as often as they are asked for."""

    path: Path
    sheet: calamine.CalamineSheet
    seen: Scan

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number; raises FileRefused where a formula has no result or a cell is too long."""
        for number, row in enumerate(self.sheet.iter_rows(), start=1):
            if number in self.seen.unsaved:
                raise FileRefused(
                    f"{self.path.name}:{number}: a formula has no result saved with it: "
                    "open the workbook in Excel, save it, and send that"
                )
            texts = [cell_text(cell) for cell in row]
            for place in self.seen.errors.get(number, ()):
                texts[place] = "#ERROR"
            if max(map(len, texts), default=0) > MAX_CELL:
                raise FileRefused(
                    f"{self.path.name}:{number}: a cell has more than {MAX_CELL:,} characters: shorten it"
                )
            yield number, texts


def open_page(path: Path, content: bytes, sheet: str | None) -> Page:
    """Open a sheet of a workbook, the first one where none is named.

    Raises:
        FileRefused: it is no workbook, locked, or larger than the limits.
    """
    locked = FileRefused(f"{path.name}: is locked with a password: have it sent without one")
    if _LOCKED in content:
        raise locked
    try:
        seen = scan(path, content, sheet) if content.startswith(ZIPPED) else Scan()
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            page = book.get_sheet_by_name(_chosen(path, book.sheet_names, sheet))
    except calamine.PasswordError:
        raise locked from None
    except BROKEN:
        raise FileRefused(
            f"{path.name}: cannot be read as an Excel workbook: open it in Excel and save it again as .xlsx"
        ) from None
    check_size(path, page.total_height + 1, page.total_width + 1)
    return Page(path, page, seen)


def _chosen(path: Path, names: list[str], sheet: str | None) -> str:
    if not names or (sheet is not None and sheet not in names):
        raise FileRefused(f"{path.name}: has no sheet '{sheet or ''}': its sheets are {', '.join(names) or 'none'}")
    return sheet if sheet is not None else names[0]


def cell_text(cell: object) -> str:
    """A cell as the text a person would write: a number to the penny where it is one, a date as 2016-04-30."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case float():
            return _number(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case None:
            return ""
        case timedelta():
            return str(cell)
        case _:
            return str(cell).strip()


def _number(cell: float) -> str:
    """A double as the shortest decimal that names it; money with dust past the sixth decimal loses the dust."""
    if abs(cell) > MAX_EXACT:
        return repr(cell)
    short = repr(cell)
    whole, _, part = short.partition(".")
    if len(part) <= 2 and part.isdecimal():
        # The common case: what is written has no more than pence.
        part = part.rstrip("0")
        return f"{whole}.{part}" if part else whole.replace("-0", "0") if whole == "-0" else whole
    exact = Decimal(short)
    rounded = exact.quantize(Decimal("0.01"))
    shown = rounded if abs(exact - rounded) < Decimal("1e-6") else exact
    return format(shown.normalize(), "f")


MAX_EXACT = 2**53
"""Above it a double no longer names every whole number."""
