"""The rows of a ledger extract as spend: by a mapping file, or as they stand in the plain layout. Posts nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledgers.calendar import PeriodNotUnderstood
from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds
from pooledfund.intake.maps import ROW_KINDS, CellNotUnderstood, CodeColumn, LedgerMap, RowKind
from pooledfund.intake.tables import Faults, Row, Table, read_csv, read_table
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


@dataclass(frozen=True, slots=True)
class SpendRow:
    """One line of a partner's ledger: cost to the pool in pence is net plus the VAT that is not recovered."""

    row: Row
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
        return f"{key}/reversal" if self.kind == "accrual_reversal" else key


@dataclass(frozen=True, slots=True)
class Extract:
    """A ledger extract that was read: its spend, the columns of its references, and how many rows are no spend."""

    table: Table
    rows: tuple[SpendRow, ...]
    reference_columns: tuple[str, ...]
    ignored: int

    @property
    def of_nil(self) -> int:
        """Rows whose cost is nil: they post nothing."""
        return len(self.table.rows) - self.ignored - len(self.rows)


def read_extract(path: Path, agreement: Agreement, ledger_map: LedgerMap | None) -> Extract:
    """Read an extract by its map, or in the plain layout where there is none; every fault of the file at once.

    Raises:
        FileRefused: the file cannot be read, or rows of it are not what they should be.
    """
    faults = Faults(path)
    if ledger_map is None:
        table = read_csv(path, PLAIN_COLUMNS, ("contribution",), words="description")
        rows = tuple(_understood(table, faults, lambda row: _plain(row, agreement)))
        ignored = 0
    else:
        if (path.suffix.lower() == ".xlsx") != (ledger_map.format == "xlsx"):
            faults.add(None, f"is not {ledger_map.format}, which its map says: use the map of this layout")
            faults.raise_if_any()
        table = read_table(
            path,
            ledger_map.columns(),
            encoding=ledger_map.encoding,
            sheet=ledger_map.sheet,
            words=ledger_map.description,
        )
        spend = [row for row in table.rows if not ledger_map.ignores(row)]
        ignored = len(table.rows) - len(spend)
        kept = Table(table.path, table.digest, table.columns, tuple(spend))
        rows = tuple(_understood(kept, faults, lambda row: _mapped(row, ledger_map)))
    if not rows and not faults.found:
        faults.add(None, "holds no spend: check that it is the right file")
    for spent in rows:
        if spent.effective_on not in agreement.year:
            faults.add(spent.row.number, f"{spent.effective_on.isoformat()} is not in {agreement.year}")
    faults.raise_if_any()
    return Extract(table, rows, ledger_map.reference if ledger_map else ("reference",), ignored)


def _understood(table: Table, faults: Faults, read: Callable[[Row], SpendRow]) -> Iterator[SpendRow]:
    """Rows as spend; what cannot be understood is a fault, and a row of nothing is passed over."""
    for row in table.rows:
        try:
            spent = read(row)
        except (CellNotUnderstood, MoneyNotUnderstood, PeriodNotUnderstood) as error:
            faults.add(row.number, str(error))
            continue
        if spent.cost_pence:
            yield spent


def _plain(row: Row, agreement: Agreement) -> SpendRow:
    if row["scheme"] not in agreement.schemes:
        raise CellNotUnderstood(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    if row["partner"] not in agreement.partners:
        raise CellNotUnderstood(f"'{row['partner']}' is not a partner: use one that the agreement names")
    if row["contribution"] and row["contribution"] not in agreement.contributions:
        raise CellNotUnderstood(f"'{row['contribution']}' is not a contribution: use one that the agreement names")
    if not row["reference"]:
        raise CellNotUnderstood("a row has a reference: it is how the same line is known again")
    effective = _day(row, "effective")
    spent = SpendRow(
        row=row,
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


def _mapped(row: Row, ledger_map: LedgerMap) -> SpendRow:
    effective = ledger_map.effective.read(row)
    dated = ledger_map.document_date
    net, vat, recoverable = ledger_map.amount.read(row)
    line = ledger_map.line_of(row)
    missing = [column for column in ledger_map.reference if not row[column]]
    if missing:
        raise CellNotUnderstood(f"{missing[0]} is blank: the line cannot be known again without it")
    return SpendRow(
        row=row,
        reference="/".join(row[column] for column in ledger_map.reference),
        partner=ledger_map.partner.read(row) if isinstance(ledger_map.partner, CodeColumn) else ledger_map.partner,
        scheme=line.scheme if line else None,
        contribution=line.contribution if line else None,
        kind=row_kind(ledger_map.kind.read(row)) if ledger_map.kind else "ledger",
        effective_on=effective,
        document_on=dated.read(row) if dated is not None and row[dated.column] else effective,
        net_pence=net,
        vat_pence=vat,
        recoverable_pence=recoverable,
        description=row[ledger_map.description] if ledger_map.description else "",
        code=ledger_map.code_of(row),
    )


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
