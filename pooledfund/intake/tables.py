"""Reading CSV and Excel files as rows of text with their place in the file. Knows no column's meaning."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from pooledfund.intake.encodings import EncodingNotClear, encoding_of
from pooledfund.intake.limits import HEADER_WITHIN, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from pooledfund.intake.refusals import Faults, FileRefused
from pooledfund.intake.workbooks import Page, is_workbook, open_page

__all__ = ["Faults", "FileRefused", "Row", "Sheet", "Table", "find_table", "open_sheet", "read_csv", "read_table"]

SEPARATORS = (",", ";", "\t", "|")
"""What may stand between the cells of a text file, in the order in which the header is looked for."""

_OTHER_KINDS = {
    b"%PDF": "is a PDF: ask for the ledger's own extract as CSV or XLSX",
    b"\x89PNG": "is a picture: ask for the ledger's own extract as CSV or XLSX",
    b"<html": "is a web page: open it in Excel and save it as .xlsx",
    b"<!doctype html": "is a web page: open it in Excel and save it as .xlsx",
    b"<table": "is a web page: open it in Excel and save it as .xlsx",
    b"<?xml": "is an XML file: open it in Excel and save it as .xlsx",
    b"\x1f\x8b": "is packed with gzip: unpack it first",
    b"Rar!": "is a RAR archive: unpack it first",
    b"7z\xbc\xaf": "is a 7-Zip archive: unpack it first",
}
"""What a file begins with that is neither text of cells nor a workbook, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number in the file, counted from 1, and the text of each named column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file read as text: where it came from, its digest, its columns and rows."""

    path: Path
    digest: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_file(self) -> bool:
        """Whether its rows stand in a file; one that was given with a command or a form has no number."""
        return all(row.number for row in self.rows)


@dataclass(slots=True)
class Sheet:
    """A file whose rows can be read from its start as often as they are asked for; where text, how it is written."""

    path: Path
    content: bytes
    page: Page | None = None
    encoding: str = "utf-8"
    separator: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def separators(self) -> tuple[str | None, ...]:
        """What may stand between its cells: the signs of a text file, nothing in a workbook."""
        return SEPARATORS if self.page is None else (None,)

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number; raises FileRefused where the file cannot be read on."""
        if self.page is not None:
            return self.page.rows()
        return _csv(self.path, self.content, self.encoding, self.separator or ",")


@dataclass(frozen=True, slots=True)
class Found:
    """A table found in a sheet: its columns and the number of the row that names them."""

    sheet: Sheet
    columns: tuple[str, ...]
    header_row: int
    separator: str | None = None

    def rows(self, words: str | None = None) -> Iterator[tuple[int, list[str]]]:
        """The rows under the header that hold anything, with their cells, as many as the header has.

        ``words`` is as in ``read_table``. Raises FileRefused at the end with every row of too many cells.
        """
        faults = Faults(self.sheet.path)
        header = self.columns
        width = len(header)
        for number, row in islice(self.sheet.lines(), self._skipped(), None):
            if len(row) > width and any(row[width:]):
                if any(_CUT_AMOUNT.fullmatch(f"{left}\x00{right}") for left, right in pairwise(row)):
                    faults.add(
                        number, "an amount is cut at the comma of its thousands: put it in quotes, or leave commas out"
                    )
                    continue
                if header[-1] != words or self.sheet.separator != ",":
                    faults.add(number, f"has {len(row)} cells under {width} columns: a comma may stand outside quotes")
                    continue
                row = [*row[: width - 1], ", ".join(filter(None, row[width - 1 :]))]
            if any(row):
                if len(row) != width:
                    row = [*row[:width], *[""] * (width - len(row))]
                yield number, row
        faults.raise_if_any()

    def _skipped(self) -> int:
        """How many rows come before the table: a quoted cell may take several lines of a text file."""
        return next(place for place, (number, _) in enumerate(self.sheet.lines(), 1) if number == self.header_row)


def read_csv(path: Path, required: Sequence[str], optional: Sequence[str] = (), words: str | None = None) -> Table:
    """Read a CSV file or workbook whose first row names its columns, all of them known.

    ``words`` is as in ``read_table``.

    Raises:
        FileRefused: missing, not text, without a required column, with an unknown or repeated one, or ragged.
    """
    table = read_table(path, required, words=words)
    refuse_unknown(path, table.columns, (*required, *optional))
    return table


def refuse_unknown(path: Path, columns: Sequence[str], known: Sequence[str]) -> None:
    """See that every named column is a known one; raises FileRefused."""
    unknown = [column for column in columns if column and column not in known]
    if unknown:
        raise FileRefused(
            f"{path.name}: unknown column '{unknown[0]}': the columns of this file are {', '.join(known)}"
        )


def read_table(
    path: Path,
    header: Sequence[str],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    words: str | None = None,
) -> Table:
    """Read a CSV or Excel file whose header row, found by the texts it must hold, stands in the first fifty rows.

    ``words`` is a column of plain words: where it is the last one, commas outside quotes are part of its text.
    A row with too many cells that looks as if an amount was cut at its thousands is refused all the same.

    Raises:
        FileRefused: missing, unreadable, without such a header row, or with a column named twice.
    """
    found = find_table(open_sheet(path, encoding=encoding, sheet=sheet), header)
    rows = tuple(
        Row(number, {column: cell for column, cell in zip(found.columns, row, strict=False) if column})
        for number, row in found.rows(words)
    )
    faults = Faults(path)
    for row in rows:
        for column in header:
            if is_rounded(row[column]):
                faults.add(row.number, rounded_fault(column, row[column]))
    faults.raise_if_any()
    return Table(path, found.sheet.digest, found.columns, rows)


def open_sheet(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Sheet:
    """Open a file by what it holds, whatever it is named; an encoding is concluded where none is given.

    Raises:
        FileRefused: missing, too large, neither text nor a workbook, or of an encoding that is not clear.
    """
    content = _content(path)
    if is_workbook(content):
        return Sheet(path, content, open_page(path, content, sheet))
    if path.suffix.lower() in (".xlsx", ".xlsm") and (not content or b"\x00" in content):
        raise FileRefused(f"{path.name}: cannot be read as an Excel workbook: open it in Excel and save it as .xlsx")
    start = content[:200].lstrip().lower()
    for begins, remedy in _OTHER_KINDS.items():
        if start.startswith(begins.lower()):
            raise FileRefused(f"{path.name}: {remedy}")
    opened = Sheet(path, content)
    if path.suffix.lower().startswith(".xls"):
        opened.notes.append(f"is named {path.suffix} and holds text: read as text")
    if encoding is None:
        try:
            concluded = encoding_of(content)
        except EncodingNotClear as error:
            raise FileRefused(f"{path.name}: {error}") from None
        encoding = concluded.name
        if not concluded.certain:
            opened.notes.append(f"read as {encoding}, which the file itself does not say")
    opened.encoding = encoding
    try:
        text = content.decode(encoding)
    except (ValueError, LookupError):
        raise FileRefused(
            f"{path.name}: is not text in {encoding}: save it as CSV UTF-8, or name its encoding"
        ) from None
    if "\x00" in text:
        raise FileRefused(f"{path.name}: is not a text file, it holds nil bytes: save it as CSV")
    return opened


def find_table(sheet: Sheet, header: Sequence[str]) -> Found:
    """The table whose header row holds these texts; of a text file also finds what separates its cells.

    Raises:
        FileRefused: no such header row stands in the first fifty, or a column is named twice.
    """
    path, wanted = sheet.path, set(header)
    nearest: list[str] = []
    unreadable: list[FileRefused] = []
    for separator in sheet.separators():
        sheet.separator = separator
        for number, row in first_rows(sheet, unreadable):
            if wanted <= set(row):
                named = [column for column in row if column]
                repeated = next((column for column in named if named.count(column) > 1), None)
                if repeated:
                    raise FileRefused(f"{path.name}: two columns are named '{repeated}': give each its own name")
                return Found(sheet, tuple(row), number, separator)
            nearest = max(nearest, row, key=lambda each: len(wanted & set(each)))
    if unreadable:
        raise unreadable[0]
    missing = ", ".join(column for column in header if column not in nearest)
    raise FileRefused(
        f"{path.name}: no header row within the first {HEADER_WITHIN} rows has the columns {', '.join(header)}"
        f" (missing: {missing}): check the file, or the header texts of its map"
    )


def first_rows(sheet: Sheet, unreadable: list[FileRefused] | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows among which a header is looked for; a text file that this separator cannot read is kept as a fault."""
    try:
        yield from islice(sheet.lines(), HEADER_WITHIN)
    except FileRefused as error:
        if sheet.separator is None:
            raise
        if unreadable is not None:
            unreadable.append(error)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FileRefused(f"{path.name}: is larger than {MAX_FILE_BYTES >> 20} MB: split it by month")
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"{path}: there is no such file: check the name") from None
    except OSError as error:
        raise FileRefused(f"{path}: cannot be read ({error.strerror}): check that it is a file you may open") from None


_CUT_AMOUNT = re.compile(r"[-−(£]*\d{1,3}\x00\d{3}(\.\d*)?\)?")
"""Two neighbouring cells that together are an amount with its thousands marked, NUL standing for the comma."""

_ROUNDED = re.compile(r"-?\d([.,]\d+)?[eE]\+\d+")
"""How a spreadsheet writes a number of more digits than it keeps."""


def is_rounded(text: str) -> bool:
    """Whether a cell holds a number that a spreadsheet rounded: two references become one."""
    return ("E+" in text or "e+" in text) and _ROUNDED.fullmatch(text) is not None


def rounded_fault(column: str, text: str) -> str:
    """What is said of such a cell."""
    return f"{column} '{text}' is a long number that a spreadsheet has rounded: have the column sent as text"


def _csv(path: Path, content: bytes, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, strict=True, delimiter=separator)
    broken_off = not content.rstrip(b"\x00").endswith((b"\n", b"\r")) and bool(content)
    columns, last, last_number = 0, None, 0
    try:
        for row in reader:
            if last is not None:
                yield last_number, last
                columns = max(columns, len(last))
            last, last_number = [cell.strip() for cell in row], reader.line_num
            if last_number > MAX_ROWS:
                raise FileRefused(f"{path.name}: has more than {MAX_ROWS:,} rows: split it by month")
            if len(last) > MAX_COLUMNS:
                raise FileRefused(
                    f"{path.name}:{last_number}: has more than {MAX_COLUMNS} columns: send only those of the extract"
                )
    except csv.Error as error:
        raise FileRefused(f"{path.name}:{reader.line_num}: cannot be read as CSV ({error}): check its quotes") from None
    if last is not None:
        if broken_off and len(last) < columns:
            raise FileRefused(f"{path.name}:{last_number}: the file breaks off in this row: have it sent again whole")
        yield last_number, last
