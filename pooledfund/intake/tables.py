"""Reading CSV and XLSX files as rows of text with their place in the file. Knows no column's meaning."""

import csv
import hashlib
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pooledfund.errors import InputRefused

MAX_ROWS = 1_048_576
"""Rows of the largest sheet Excel holds: a longer file is refused before it fills the memory."""

HEADER_WITHIN = 50
"""The header row is looked for in so many first rows."""


class FileRefused(InputRefused):
    """A file that cannot be read as a table; holds every fault that was found in it."""


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


@dataclass(slots=True)
class Faults:
    """The faults of one file, collected so that all are shown at once."""

    path: Path
    found: list[str] = field(default_factory=list)

    def add(self, row: int | None, fault: str) -> None:
        """Keep a fault with its place: the row of the file where there is one."""
        place = f"{self.path.name}:{row}" if row is not None else self.path.name
        self.found.append(f"{place}: {fault}")

    def raise_if_any(self) -> None:
        """Raise FileRefused with every fault; pass if there is none."""
        if self.found:
            raise FileRefused(*self.found)


def read_csv(path: Path, required: Sequence[str], optional: Sequence[str] = (), words: str | None = None) -> Table:
    """Read a CSV file whose first row names its columns, all of them known.

    ``words`` is as in ``read_table``.

    Raises:
        FileRefused: missing, not text, without a required column, with an unknown or repeated one, or ragged.
    """
    table = read_table(path, required, encoding="utf-8-sig", words=words)
    unknown = [column for column in table.columns if column and column not in (*required, *optional)]
    if unknown:
        known = ", ".join((*required, *optional))
        raise FileRefused(f"{path.name}: unknown column '{unknown[0]}': the columns of this file are {known}")
    return table


def read_table(
    path: Path,
    header: Sequence[str],
    *,
    encoding: str = "utf-8-sig",
    sheet: str | None = None,
    words: str | None = None,
) -> Table:
    """Read a CSV or XLSX file whose header row, found by the texts it must hold, stands in the first fifty rows.

    ``words`` is a column of plain words: where it is the last one, commas outside quotes are part of its text.
    A row with too many cells that looks as if an amount was cut at its thousands is refused all the same.

    Raises:
        FileRefused: missing, unreadable, without such a header row, or with a column named twice.
    """
    content = _content(path)
    cells = _xlsx(path, content, sheet) if path.suffix.lower() == ".xlsx" else _csv(path, content, encoding)
    digest = hashlib.sha256(content).hexdigest()
    wanted = set(header)
    first: list[tuple[int, list[str]]] = []
    for number, row in cells:
        first.append((number, row))
        if wanted <= set(row):
            rows = _rows(path, row, cells, words)
            return Table(path, digest, tuple(row), tuple(_exact(path, rows, header)))
        if len(first) == HEADER_WITHIN:
            break
    nearest = max((row for _, row in first), key=lambda row: len(wanted & set(row)), default=[])
    missing = ", ".join(column for column in header if column not in nearest)
    raise FileRefused(
        f"{path.name}: no header row within the first {HEADER_WITHIN} rows has the columns {', '.join(header)}"
        f" (missing: {missing}): check the file, or the header texts of its map"
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"{path}: there is no such file: check the name") from None
    except OSError as error:
        raise FileRefused(f"{path}: cannot be read ({error.strerror}): check that it is a file you may open") from None


_CUT_AMOUNT = re.compile(r"[-−(£]*\d{1,3}\x00\d{3}(\.\d*)?\)?")
"""Two neighbouring cells that together are an amount with its thousands marked, NUL standing for the comma."""


def _rows(path: Path, header: list[str], cells: Iterator[tuple[int, list[str]]], words: str | None) -> Iterator[Row]:
    named = [column for column in header if column]
    repeated = next((column for column in named if named.count(column) > 1), None)
    if repeated:
        raise FileRefused(f"{path.name}: two columns are named '{repeated}': give each column its own name")
    faults = Faults(path)
    for number, row in cells:
        if not any(row):
            continue
        over = len(row) > len(header) and any(row[len(header) :])
        if over and any(_CUT_AMOUNT.fullmatch(f"{left}\x00{right}") for left, right in pairwise(row)):
            faults.add(number, "an amount is cut at the comma of its thousands: put it in quotes, or leave commas out")
            continue
        if over and header[-1] == words:
            row = [*row[: len(header) - 1], ", ".join(filter(None, row[len(header) - 1 :]))]
        elif over:
            faults.add(number, f"has {len(row)} cells under {len(header)} columns: a comma may stand outside quotes")
            continue
        yield Row(number, {column: cell for column, cell in zip(header, row, strict=False) if column})
    faults.raise_if_any()


_ROUNDED = re.compile(r"-?\d([.,]\d+)?[eE]\+\d+")
"""How a spreadsheet writes a number of more digits than it keeps."""


def _exact(path: Path, rows: Iterator[Row], columns: Collection[str]) -> Iterator[Row]:
    """The rows, unless one of these columns holds a number that a spreadsheet rounded: two references become one."""
    faults = Faults(path)
    for row in rows:
        for column in columns:
            if _ROUNDED.fullmatch(row[column]):
                faults.add(
                    row.number,
                    f"{column} '{row[column]}' is a long number that a spreadsheet has rounded: "
                    "have the column sent as text",
                )
        yield row
    faults.raise_if_any()


def _csv(path: Path, content: bytes, encoding: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode(encoding)
    except (ValueError, LookupError):
        raise FileRefused(
            f"{path.name}: is not text in {encoding}: save it as CSV UTF-8, or name its encoding"
        ) from None
    if "\x00" in text:
        raise FileRefused(f"{path.name}: is not a text file: save it as CSV")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    cut_off = bool(text) and text[-1] not in "\r\n"
    columns = 0
    try:
        for row in reader:
            if reader.line_num > MAX_ROWS:
                raise FileRefused(f"{path.name}: has more than {MAX_ROWS:,} rows: split it by month")
            if cut_off and len(row) < columns and reader.line_num > text.count("\n"):
                raise FileRefused(
                    f"{path.name}:{reader.line_num}: the file breaks off in this row: have it sent again whole"
                )
            columns = max(columns, len(row))
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise FileRefused(f"{path.name}:{reader.line_num}: cannot be read as CSV ({error}): check its quotes") from None


def _xlsx(path: Path, content: bytes, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as text; a formula gives the result that was saved with it, and is refused without one."""
    try:
        formulas = _formulas(path, content, sheet)
        rows = _cells(path, content, sheet, results=True)
    except _BROKEN_WORKBOOK:
        raise FileRefused(f"{path.name}: cannot be read as an Excel workbook: save it again as .xlsx") from None
    for number, row in enumerate(rows, start=1):
        if any(row[place] is None for place in formulas.get(number, ())):
            raise FileRefused(
                f"{path.name}:{number}: a formula has no result saved with it: "
                "open the workbook in Excel, save it, and send that"
            )
        yield number, [cell_text(cell) for cell in row]


_BROKEN_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, SyntaxError, ArithmeticError, AttributeError, LookupError, OSError, TypeError,
    ValueError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl lets through from a file that is damaged, locked with a password, or no workbook: it names no error."""

MAX_UNPACKED = 2**30
"""Bytes: a workbook that unpacks to more is refused before it fills the memory."""


def _formulas(path: Path, content: bytes, sheet: str | None) -> dict[int, list[int]]:
    """The places of the formulas of a sheet by row; an extract mostly has none, which one look at its text tells."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise FileRefused(f"{path.name}: unpacks to more than a gigabyte: split it by month")
        sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
        if not any(_FORMULA.search(parts.read(part)) for part in sheets):
            return {}
    found = {}
    for number, row in enumerate(_cells(path, content, sheet, results=False), start=1):
        places = [place for place, cell in enumerate(row) if isinstance(cell, str) and cell.startswith("=")]
        if places:
            found[number] = places
    return found


_FORMULA = re.compile(rb"<(\w+:)?f[ />]")


def _cells(path: Path, content: bytes, sheet: str | None, *, results: bool) -> list[tuple[object, ...]]:
    """The cells of a sheet's rows: of a formula its saved result, or its own text."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it does not know: they mean nothing here.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=results)
        try:
            pages = {page.title: page for page in book.worksheets}
            if not pages or (sheet is not None and sheet not in pages):
                known = ", ".join(pages) or "none"
                raise FileRefused(f"{path.name}: has no sheet '{sheet or ''}': its sheets are {known}")
            page = pages[sheet] if sheet is not None else next(iter(pages.values()))
            return list(page.iter_rows(values_only=True))
        finally:
            book.close()


def cell_text(cell: object) -> str:
    """A cell as the text a person would write: a number to the penny where it is one, a date as 2016-04-30."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return _number(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def _number(cell: float) -> str:
    """A double as the shortest decimal that names it; money with dust past the sixth decimal loses the dust."""
    if abs(cell) > MAX_EXACT:
        return repr(cell)
    exact = Decimal(repr(cell))
    rounded = exact.quantize(Decimal("0.01"))
    shown = rounded if abs(exact - rounded) < Decimal("1e-6") else exact
    return format(shown.normalize(), "f")


MAX_EXACT = 2**53
"""Above it a double no longer names every whole number."""
