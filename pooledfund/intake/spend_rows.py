"""The rows of a ledger extract as spend, read in one pass and kept small. How a map's row is read is elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledgers.calendar import PeriodNotUnderstood
from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds, pounds_for_people
from pooledfund.intake.map_columns import REVERSALS, ROW_KINDS, CellNotUnderstood, RowKind
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.tables import (
    Faults,
    FileRefused,
    Found,
    Row,
    find_table,
    is_rounded,
    open_sheet,
    refuse_unknown,
    rounded_fault,
)
from s75_rules.agreement import Agreement

PLAIN_COLUMNS = (
    "effective",
    "document_date",
    "posted_month",
    "scheme",
    "partner",
    "kind",
    "reference",
    "net",
    "vat",
    "vat_recoverable",
    "cost",
    "description",
)
PLAIN = "plain layout"
"""What the layout without a map is called where a map would have a name."""


class SpendRow(NamedTuple):
    """One line of a partner's ledger: cost to the pool in pence is net plus the VAT that is not recovered."""

    number: int
    reference: str
    partner: str
    scheme: str | None
    contribution: str | None
    kind: RowKind
    effective_on: date
    document_on: date
    net_pence: int
    vat_pence: int
    recoverable_pence: int
    description: str
    code: str

    @property
    def cost_pence(self) -> int:
        """Net plus VAT less what of it the spending body recovers."""
        return self.net_pence + self.vat_pence - self.recoverable_pence

    @property
    def key(self) -> str:
        """By what the same ledger line is known again, from whichever file it comes.

        A reversal may have the reference of its accrual: its key is that of the books' own reversal.
        """
        key = f"spend/{self.partner}/{self.reference}"
        return f"{key}/reversal" if self.kind in REVERSALS else key


class Outside(NamedTuple):
    """A row of the file that is no spend of the pool, or its own total: its cost counts in control totals only."""

    is_total: bool
    cost_pence: int


@dataclass(frozen=True, slots=True)
class Extract:
    """A ledger extract that was read: its spend, and what else the file holds, counted and added up in pence."""

    found: Found
    ledger: str
    words: str | None
    rows: tuple[SpendRow, ...]
    reference_columns: tuple[str, ...]
    read: int
    ignored: int
    of_nil: int
    total_pence: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return self.found.sheet.digest

    @property
    def notes(self) -> tuple[str, ...]:
        """What was concluded of the file that it does not say itself."""
        return tuple(self.found.sheet.notes)

    def cells(self, numbers: Iterable[int]) -> Iterator[dict[str, str]]:
        """The cells of rows as they came, by their numbers in rising order; the file is read through once more."""
        columns = self.found.columns
        rows = self.found.rows(self.words)
        for wanted in numbers:
            for number, row in rows:
                if number == wanted:
                    yield {column: cell for column, cell in zip(columns, row, strict=True) if column}
                    break


def is_plain(path: Path) -> bool:
    """Whether a file has every column of the plain layout, so that it needs no map."""
    try:
        find_table(open_sheet(path), PLAIN_COLUMNS)
    except FileRefused:
        return False
    return True


def read_extract(path: Path, agreement: Agreement, ledger_map: LedgerMap | None) -> Extract:
    """Read an extract by its map, or in the plain layout where there is none; every fault of the file at once.

    Raises:
        FileRefused: the file cannot be read, or rows of it are not what they should be.
    """
    if ledger_map is None:
        found = find_table(open_sheet(path), PLAIN_COLUMNS)
        refuse_unknown(path, found.columns, (*PLAIN_COLUMNS, "contribution"))
        columns = found.columns
        return _read(
            found,
            agreement,
            PLAIN,
            "description",
            ("reference",),
            lambda number, cells: plain_row(Row(number, dict(zip(columns, cells, strict=True))), agreement),
        )
    from pooledfund.intake.mapped_rows import MappedRows

    sheet = open_sheet(path, encoding=ledger_map.encoding, sheet=ledger_map.sheet)
    if ledger_map.format is not None and (sheet.page is not None) != (ledger_map.format == "xlsx"):
        faults = Faults(path)
        faults.add(None, f"is not {ledger_map.format}, which its map says: use the map of this layout")
        faults.raise_if_any()
    found = find_table(sheet, ledger_map.columns())
    reader = MappedRows(ledger_map, found.columns)
    return _read(found, agreement, ledger_map.name, ledger_map.description, ledger_map.reference, reader.read)


def _read(
    found: Found,
    agreement: Agreement,
    ledger: str,
    words: str | None,
    reference: tuple[str, ...],
    understand: Callable[[int, list[str]], SpendRow | Outside],
) -> Extract:
    """Rows as spend; what cannot be understood is a fault, and a row of nothing is passed over."""
    faults = Faults(found.sheet.path)
    year = agreement.year
    first, last = year.first_day, year.last_day
    rows: list[SpendRow] = []
    read = ignored = of_nil = total = 0
    totals: list[tuple[int, int]] = []
    for number, cells in found.rows(words):
        read += 1
        try:
            spent = understand(number, cells)
        except (CellNotUnderstood, MoneyNotUnderstood, PeriodNotUnderstood) as error:
            faults.add(number, str(error))
            continue
        if isinstance(spent, Outside):
            ignored += 1
            if spent.is_total:
                totals.append((number, spent.cost_pence))
            else:
                total += spent.cost_pence
            continue
        cost = spent.cost_pence
        total += cost
        if not first <= spent.effective_on <= last:
            faults.add(number, f"{spent.effective_on.isoformat()} is not in {year}")
        if cost:
            rows.append(spent)
        else:
            of_nil += 1
    if not rows and not faults.found:
        faults.add(None, "holds no spend: check that it is the right file")
    for number, pence in totals:
        if pence != total and not faults.found:
            faults.add(
                number,
                f"the file's own total is {pounds_for_people(pence)} and its rows add up to "
                f"{pounds_for_people(total)}: have it sent again whole",
            )
    faults.raise_if_any()
    return Extract(found, ledger, words, tuple(rows), reference, read, ignored, of_nil, total)


def plain_row(row: Row, agreement: Agreement) -> SpendRow:
    """A row of the plain layout as spend; raises CellNotUnderstood, MoneyNotUnderstood or PeriodNotUnderstood."""
    if row["scheme"] not in agreement.schemes:
        raise CellNotUnderstood(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    if row["partner"] not in agreement.partners:
        raise CellNotUnderstood(f"'{row['partner']}' is not a partner: use one that the agreement names")
    if row["contribution"] and row["contribution"] not in agreement.contributions:
        raise CellNotUnderstood(f"'{row['contribution']}' is not a contribution: use one that the agreement names")
    if not row["reference"]:
        raise CellNotUnderstood("a row has a reference: it is how the same line is known again")
    if is_rounded(row["reference"]):
        raise CellNotUnderstood(rounded_fault("reference", row["reference"]))
    effective = _day(row, "effective")
    spent = SpendRow(
        number=row.number,
        reference=row["reference"],
        partner=row["partner"],
        scheme=row["scheme"],
        contribution=row["contribution"] or None,
        kind=row_kind(row["kind"]),
        effective_on=effective,
        document_on=_day(row, "document_date") if row["document_date"] else effective,
        net_pence=parse_pounds(row["net"]),
        vat_pence=parse_pounds(row["vat"] or "0"),
        recoverable_pence=parse_pounds(row["vat_recoverable"] or "0"),
        description=row["description"],
        code=f"scheme {row['scheme']}",
    )
    if row["cost"] and parse_pounds(row["cost"]) != spent.cost_pence:
        raise CellNotUnderstood(
            f"cost {row['cost']} is not net + VAT - recoverable VAT, which is {pounds(spent.cost_pence)}"
        )
    month = f"M{agreement.year.month_of(effective)}"
    if row["posted_month"] not in ("", month):
        raise CellNotUnderstood(f"{row['effective']} is in {month}, and the row says {row['posted_month']}")
    return spent


def row_kind(text: str) -> RowKind:
    """Read what kind of ledger line a row is; raises CellNotUnderstood."""
    for kind in ROW_KINDS:
        if text == kind:
            return kind  # type: ignore[return-value] # ROW_KINDS holds just the values of RowKind
    raise CellNotUnderstood(f"'{text}' is not a kind of ledger line: write one of {', '.join(ROW_KINDS)}")


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        raise CellNotUnderstood(f"{column} '{row[column]}' is not a date: write it as 2016-04-30") from None
