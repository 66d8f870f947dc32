"""What comes in, as HTML: whose figures are in, what a file would post, suspense, files of before. Sums nothing."""

from collections.abc import Sequence
from datetime import datetime

from ledgers.calendar import month_label
from pooledfund.intake.actuals import Imported
from pooledfund.intake.history import Change
from pooledfund.intake.learning import CodeSeen
from pooledfund.results.batches import BatchSeen
from pooledfund.results.submissions import SubmissionStatus
from pooledfund.results.suspense import Suspense
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.clock import instant_words

_SHAPES = {"agreed": "Green", "received": "Green", "estimated": "Amber", "due": "Amber", "late": "Red"}


def submissions_table(found: Sequence[SubmissionStatus], agreement: Agreement, unit: Unit) -> Html:
    """Each partner's figures of each month: state, what the books hold, when due and received."""
    columns = (
        Heading("Partner", kind="text"),
        Heading("Month", kind="text"),
        Heading("State", kind="text"),
        Heading("In the books"),
        Heading("Due", kind="text"),
        Heading("Received", kind="text"),
        Heading("Agreed by", kind="text"),
    )
    rows = [
        Row(
            Cell(agreement.partners[each.partner].name),
            (
                Cell(month_label(each.month)),
                Cell(
                    html.marked(each.state, _SHAPES.get(each.state, "")), "came late" if each.came_late else each.note
                ),
                html.money(each.figure_pence, unit, "an estimate in part" if each.estimate_pence else ""),
                Cell(_when(each.due_at, "no date")),
                Cell(_when(each.received_at, "not yet")),
                Cell(each.agreed_by or "nobody"),
            ),
        )
        for each in found
    ]
    return html.table(f"Whose figures are in, {unit}", columns, rows)


def _when(at: datetime | None, without: str) -> str:
    return instant_words(at) if at is not None else without


def rows_table(rows: Sequence[tuple[int, Sequence[str]]]) -> Html:
    """Rows of a file as they stand in it."""
    width = max((len(cells) for _, cells in rows), default=1)
    columns = (
        Heading("Row", kind="text"),
        *(Heading(f"Column {number}", kind="text") for number in range(1, width + 1)),
    )
    body = [
        Row(Cell(str(number)), tuple(Cell(text) for text in (*cells, *[""] * (width - len(cells)))))
        for number, cells in rows
    ]
    return html.table("Rows of the file as they stand", columns, body)


def codes_table(column: str, codes: Sequence[CodeSeen], unit: Unit) -> Html:
    """The codes of a file with their rows, cost and line."""
    columns = (
        Heading(column, kind="text"),
        Heading("Words", kind="text"),
        Heading("Rows"),
        Heading("Cost"),
        Heading("Line", kind="text"),
    )
    rows = [
        Row(
            Cell(each.code or "(blank)"),
            (
                Cell(each.words),
                html.number(f"{each.rows:,}"),
                html.money(each.cost_pence, unit),
                Cell(each.scheme or "none", f"perhaps {each.suggested}" if each.suggested and not each.scheme else ""),
            ),
        )
        for each in codes
    ]
    return html.table(f"Codes of the file, {unit}", columns, rows)


def would_post(found: Imported, agreement: Agreement, unit: Unit) -> Html:
    """What a file would post on each line, with its total."""
    columns = (Heading("Line", kind="text"), Heading("Rows"), Heading("Cost"))
    rows = [
        Row(
            Cell(agreement.schemes[each.scheme].name if each.scheme else "Suspense", each.scheme or ""),
            (html.number(f"{each.rows:,}"), html.money(each.cost_pence, unit)),
        )
        for each in found.lines
    ]
    total = (html.number(f"{sum(each.rows for each in found.lines):,}"), html.money(found.total_pence, unit))
    return html.table(f"What it would post, {unit}", columns, [*rows, Row(Cell("Total"), total, kind="total")])


def changes_table(caption: str, changes: Sequence[Change]) -> Html:
    """Lines that were in the books with other content, each in its own words."""
    rows = [Row(Cell(str(number)), (Cell(str(each)),)) for number, each in enumerate(changes, start=1)]
    return html.table(caption, (Heading("No", kind="text"), Heading("What changed", kind="text")), rows)


def suspense_table(found: Suspense, agreement: Agreement, unit: Unit) -> Html:
    """Every item that waits, with owner and age, and what they come to."""
    columns = (
        Heading("Entry", kind="text"),
        Heading("Partner", kind="text"),
        Heading("Reference", kind="text"),
        Heading("What", kind="text"),
        Heading("Days"),
        Heading("Owner", kind="text"),
        Heading("Amount"),
    )
    rows = [
        Row(
            Cell(str(each.entry), f"M{each.month}"),
            (
                Cell(agreement.partners[each.partner].name if each.partner in agreement.partners else each.partner),
                Cell(each.reference, f"batch {each.batch}, row {each.file_row}" if each.batch else "journal"),
                Cell(each.what, each.note),
                html.number(str(each.age_days)),
                Cell(each.owner or "nobody"),
                html.money(each.amount_pence, unit),
            ),
        )
        for each in found.items
    ]
    blank = tuple(Cell("") for _ in range(5))
    if found.by_journals_pence:
        rows.append(Row(Cell("Moved by journals"), (*blank, html.money(found.by_journals_pence, unit))))
    rows.append(Row(Cell("Total"), (*blank, html.money(found.total_pence, unit)), kind="total"))
    return html.table(f"In suspense, {unit}", columns, rows)


def batches_table(found: Sequence[BatchSeen], words: str, unit: Unit) -> Html:
    """The files that came in, newest first, with who brought them, their months, counts and totals."""
    columns = (
        Heading("Batch", kind="text"),
        Heading("File", kind="text"),
        Heading("Brought by", kind="text"),
        Heading("Months", kind="text"),
        Heading("Rows"),
        Heading("Entries"),
        Heading("Spend"),
        Heading("Stated"),
        Heading("Digest", kind="text"),
    )
    rows = [
        Row(
            Cell(str(each.number), instant_words(each.recorded_at)),
            (
                Cell(each.batch.file_name, each.ledger),
                Cell(each.who),
                Cell(each.covers or "none"),
                html.number(f"{each.batch.rows_read:,}"),
                html.number(f"{each.batch.entries_made:,}"),
                html.money(each.batch.control_total_pence, unit),
                html.number("not stated")
                if each.control_total_pence is None
                else html.money(each.control_total_pence, unit),
                Cell(f"{each.batch.digest[:12]}…"),
            ),
        )
        for each in found
    ]
    return html.table(f"Files that came in, {unit}. {words}", columns, rows)
