"""A reconciliation with a partner's ledger as a workbook: the statement, lines and months, every item."""

from pathlib import Path

from pooledfund.access import Action, require_partner
from pooledfund.control.reconciling.position import Item, Position
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cell, Money, Table, pounds_columns, summed, text_columns
from pooledfund.reports.pack_back import proof_sheet
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.monitoring import period_label
from pooledfund.results.standing import standing_of


class ReconciliationNotWritten(InputRefused):
    """A reconciliation that cannot be saved where it was to go."""


def write_reconciliation(pool: Pool, found: Position, path: Path, as_of: int | None = None) -> Path:
    """Write a reconciliation to a file whose name ends in .xlsx; every total is a formula over its rows.

    Raises:
        NotAllowed: the person may not take copies of this partner's figures.
        ReconciliationNotWritten: the name ends otherwise.
        WorkbookNotWritten: the file cannot be saved.
    """
    require_partner(pool.actor, Action.EXPORT, found.partner)
    if path.suffix != ".xlsx":
        raise ReconciliationNotWritten(f"{path}: a reconciliation is a workbook: let the name end in .xlsx")
    name = pool.agreement.partners[found.partner].name
    book = Book(path, provenance_of_pool(pool, period_label(found.month), as_of), f"Reconciliation with {name}")
    _statement(book, pool, found)
    _cells(book, found)
    _items(book, found)
    proof_sheet(book)
    book.save()
    return path


def _statement(book: Book, pool: Pool, found: Position) -> None:
    sheet = book.sheet("Statement", "From their figure to ours", [22, 26, 22, 10, 18])
    sheet.prose(*standing_of(pool.agreement).lines)
    rows: list[tuple[Cell, ...]] = [("Their ledger", "", found.run.file, "", Money(found.theirs_pence))]
    rows += [
        (each.id, each.outcome, each.first.line.reference, each.first.line.scheme or "suspense",
         Money(each.difference_pence))
        for each in found.steps
    ]  # fmt: skip
    columns = (*text_columns("Item", "Outcome", "Reference", "Line"), *pounds_columns("Amount"))
    sheet.table(Table("Statement", columns, rows, {4: found.ours_pence}, "Our books"))


def _cells(book: Book, found: Position) -> None:
    sheet = book.sheet("Lines and months", "By line and month", [14, 10, 18, 18, 18])
    rows: list[tuple[Cell, ...]] = [
        (each.scheme or "suspense", f"M{each.month}", Money(each.ours_pence), Money(each.theirs_pence),
         Money(each.difference_pence))
        for each in found.cells
    ]  # fmt: skip
    columns = (*text_columns("Line", "Month"), *pounds_columns("Ours", "Theirs", "Difference"))
    sheet.table(Table("Lines", columns, rows, summed(rows, 2, 3, 4)))


def _items(book: Book, found: Position) -> None:
    sheet = book.sheet("Items", "Every item", [18, 24, 26, 22, 22, 20, 10, 16, 16, 16, 16, 40, 40, 22])
    rows: list[tuple[Cell, ...]] = [_item(each) for each in found.items]
    words = ("Item", "Outcome", "Pass", "Entries", "Rows of theirs", "Reference", "Line", "Age")
    said = text_columns("Disputed", "Note", "Owner")
    columns = (*text_columns(*words), *pounds_columns("Ours", "Theirs", "Difference"), *said)
    sheet.table(Table("Items", columns, rows, summed(rows, 8, 9, 10)))


def _item(item: Item) -> tuple[Cell, ...]:
    line, remark = item.first.line, item.remark
    return (
        item.id,
        item.outcome,
        item.by or "",
        ", ".join(str(each.place) for each in item.ours),
        ", ".join(str(each.place) for each in item.theirs),
        line.reference,
        line.scheme or "suspense",
        item.band,
        Money(item.ours_pence),
        Money(item.theirs_pence),
        Money(item.difference_pence),
        remark.disputed,
        remark.note,
        remark.owner,
    )
