"""Reconciliations as workbooks: with a partner's ledger, of contributions due and received, of balances."""

from pathlib import Path

from pooledfund.access import Action, require, require_partner
from pooledfund.control.reconciling.balances import WORDS, AgreementOfBalances
from pooledfund.control.reconciling.contributions import DueAgainstReceived
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
    _must_be_workbook(path)
    name = pool.agreement.partners[found.partner].name
    book = Book(path, provenance_of_pool(pool, period_label(found.month), as_of), f"Reconciliation with {name}")
    _statement(book, pool, found)
    _cells(book, found)
    _items(book, found)
    proof_sheet(book)
    book.save()
    return path


def write_due_against_received(pool: Pool, found: DueAgainstReceived, path: Path, as_of: int | None = None) -> Path:
    """Write what is due of each contribution against what was received, and the statement from the one to the other.

    Raises as ``write_reconciliation`` does.
    """
    require(pool.actor, Action.EXPORT)
    _must_be_workbook(path)
    book = Book(path, provenance_of_pool(pool, period_label(found.month), as_of), "Contributions due and received")
    sheet = book.sheet("Contributions", "Due against received", [20, 20, 18, 18, 18, 18, 18])
    sheet.prose(*standing_of(pool.agreement).lines)
    rows: list[tuple[Cell, ...]] = [
        (each.position.contribution, pool.agreement.partners[each.position.partner].name, Money(each.due_pence),
         Money(each.invoiced_pence), Money(each.position.received_pence), Money(each.late_pence),
         Money(each.timing_pence))
        for each in found.rows
    ]  # fmt: skip
    money = pounds_columns("Due", "Invoiced", "Received", "Late", "Timing")
    columns = (*text_columns("Contribution", "Partner"), *money)
    sheet.table(Table("Contributions", columns, rows, summed(rows, 2, 3, 4, 5, 6)))
    sheet = book.sheet("Statement", "From what is due to what was received", [24, 32, 18])
    steps: list[tuple[Cell, ...]] = [("Due", "", Money(found.due_pence))]
    steps += [(name, why, Money(pence)) for name, why, pence in found.steps]
    columns = (*text_columns("Contribution", "Why"), *pounds_columns("Amount"))
    sheet.table(Table("Statement", columns, steps, {2: found.received_pence}, "Received"))
    proof_sheet(book)
    book.save()
    return path


def write_balances(pool: Pool, found: AgreementOfBalances, path: Path, as_of: int | None = None) -> Path:
    """Write the agreement of balances with a partner: each figure with its threshold, and the way from theirs to ours.

    Raises as ``write_reconciliation`` does.
    """
    require_partner(pool.actor, Action.EXPORT, found.partner)
    _must_be_workbook(path)
    name = pool.agreement.partners[found.partner].name
    book = Book(path, provenance_of_pool(pool, period_label(found.month), as_of), f"Agreement of balances with {name}")
    sheet = book.sheet("Balances", "Figure by figure", [34, 18, 18, 18, 18, 28, 20])
    sheet.prose(*standing_of(pool.agreement).lines)
    rows: list[tuple[Cell, ...]] = [
        (WORDS[each.heading], Money(each.theirs_pence), Money(each.ours_pence), Money(each.difference_pence),
         "not known here" if each.threshold_pence is None else Money(each.threshold_pence), each.state, each.statement)
        for each in found.rows
    ]  # fmt: skip
    columns = (
        *text_columns("Figure"),
        *pounds_columns("Theirs", "Ours", "Difference", "Threshold"),
        *text_columns("State", "Statement to issue"),
    )
    sheet.table(Table("Balances", columns, rows))
    sheet = book.sheet("Statements", "From theirs to ours", [34, 24, 18])
    for each in found.rows:
        sheet.heading(WORDS[each.heading])
        steps: list[tuple[Cell, ...]] = [("Theirs", "", Money(each.theirs_pence))]
        steps += [("difference", item, Money(pence)) for item, pence in each.steps]
        columns = (*text_columns("What", "Item"), *pounds_columns("Amount"))
        sheet.table(Table(each.heading.capitalize(), columns, steps, {2: each.ours_pence}, "Ours"))
    proof_sheet(book)
    book.save()
    return path


def _must_be_workbook(path: Path) -> None:
    if path.suffix != ".xlsx":
        raise ReconciliationNotWritten(f"{path}: a reconciliation is a workbook: let the name end in .xlsx")


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
