"""What was decided and what is in dispute, as HTML. Decides nothing."""

from collections.abc import Sequence

from pooledfund.results.minutes import Minuted
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.clause_records import Dispute


def decided_table(decided: Sequence[Minuted]) -> Html:
    """Everything the books decided, newest last, with its minute and its event."""
    rows = [
        Row(Cell(each.ref or "no reference"), (Cell(each.kind), Cell(each.said), html.number(f"{each.event or 0:,}")))
        for each in decided
    ]
    columns = (*(Heading(text, kind="text") for text in ("Minute", "What", "What it says")), Heading("Event"))
    return html.table("What was decided, in the order of the books", columns, rows)


def disputes_table(disputes: Sequence[Dispute], agreement: Agreement, unit: Unit) -> Html:
    """Each dispute that is not resolved: who disputes how much of what, and why."""
    rows = [
        Row(
            Cell(agreement.partners[each.partner].name, f"clause {each.clause}, {each.side}"),
            (
                html.number("all of it") if each.amount is None else html.money(each.amount, unit),
                Cell(each.reason),
                Cell(f"{each.raised:%d/%m/%Y}"),
            ),
        )
        for each in disputes
    ]
    columns = (
        Heading("Partner and clause", kind="text"),
        Heading("Amount"),
        Heading("Reason", kind="text"),
        Heading("Raised", kind="text"),
    )
    return html.table(f"In dispute: visible, and not settled until resolved, {unit}", columns, rows)
