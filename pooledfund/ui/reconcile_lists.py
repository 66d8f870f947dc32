"""The items of a reconciliation as lines to tick, and as tables for those who only read. Chooses none."""

from collections.abc import Sequence

from pooledfund.control.reconciling.position import Item
from pooledfund.control.reconciling.workbench import amount_of
from pooledfund.ui import html
from pooledfund.ui.figures import in_unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.reconcile_section import place_of, remarks_of, words

_BLANK = "\u2007"
"""As wide as a digit: amounts of one list end below one another."""
_LONGEST = 80


def amount(pence: int) -> str:
    """An amount in pounds with its sign: ``£1,234.50``."""
    return f"{'-' if pence < 0 else ''}£{in_unit(abs(pence), '£')}"


def label(item: Item, width: int) -> str:
    """An item in one line, as a box to tick says it: amount, day, reference, line, words, remarks."""
    line = item.first.line
    figure = amount(amount_of(item))
    said = [f"{line.on:%d/%m/%Y}", line.reference or "no reference", line.scheme or "suspense", place_of(item)]
    if item.by is not None:
        said.insert(0, _against(item))
        said.append(item.by)
    elif line.words:
        said.append(line.words if len(line.words) <= _LONGEST else f"{line.words[:_LONGEST]}…")
    if remarks := remarks_of(item):
        said.append(remarks)
    return f"{_BLANK * (width - len(figure))}{figure} · {html.spoken(' · '.join(said))}"


def _against(item: Item) -> str:
    if not item.theirs:
        return "a contra in the books"
    if not item.ours:
        return "a contra in the ledger"
    if not item.difference_pence:
        return f"agrees, {item.outcome}"
    return f"against {amount(item.theirs_pence)}, differs by {amount(abs(item.difference_pence))}"


def lines_table(caption: str, part: Sequence[Item]) -> Html:
    """Open lines of one side, for those who only read."""
    rows = []
    for each in part:
        line = each.first.line
        rows.append(
            Row(
                Cell(line.reference or "no reference", place_of(each)),
                (
                    Cell(f"{line.on:%d/%m/%Y}", f"{each.age_days} days old"),
                    Cell(line.scheme or "suspense"),
                    Cell(line.words, remarks_of(each)),
                    html.money(amount_of(each), "£"),
                ),
            )
        )
    return html.table(caption, (*words("Reference", "Day", "Line", "Words and remarks"), Heading("Amount")), rows)


def matches_table(caption: str, part: Sequence[Item]) -> Html:
    """Matches with both sides, for those who only read."""
    rows = [
        Row(
            Cell(each.first.line.reference or "no reference", place_of(each)),
            (
                Cell(each.outcome, each.by or ""),
                Cell(each.first.line.scheme or "suspense"),
                Cell(remarks_of(each) or "none"),
                html.money(each.ours_pence, "£"),
                html.money(each.theirs_pence, "£"),
                html.money(each.difference_pence, "£"),
            ),
        )
        for each in part
    ]
    columns = (*words("Reference", "Outcome", "Line", "Remarks"), *map(Heading, ("Ours", "Theirs", "Difference")))
    return html.table(caption, columns, rows)
