"""The close of a period as HTML: the checklist with its evidence, who put their name to it, how the months stand."""

from collections.abc import Mapping

from ledgers.calendar import month_label
from ledgers.reading import MonthState
from ledgers.signing import Part
from pooledfund.control.checklist import Checklist, Item
from pooledfund.control.period import Signed
from pooledfund.ui import html
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement

_COLOURS = {"done": "Green", "waived": "Amber", "not done": "Red"}


def headline(found: Checklist, states: Mapping[int, MonthState]) -> str:
    """How the close of the period stands, in a sentence."""
    name, months = found.period.name, found.period.months
    if all(states[month] == "closed" for month in months):
        return f"{name} is closed: its report stands, and what arrives later goes to the next open month."
    if not found.open_items:
        return f"{name} may be closed: nothing that the agreement asks for is open."
    titles = ", ".join(item.title.lower() for item in found.open_items)
    return f"{name} cannot be closed yet. Open: {titles}."


def checklist_table(found: Checklist) -> Html:
    """Each item of the close: whether the agreement asks for it, how it stands, and what proves it."""
    columns = (
        Heading("Item", kind="text"),
        Heading("By the agreement", kind="text"),
        Heading("State", kind="text"),
        Heading("Evidence", kind="text"),
        Heading("Events", kind="text"),
    )
    return html.table(f"Checklist of {found.period.name}", columns, [_row(item) for item in found.items], css="pf-wide")


def _row(item: Item) -> Row:
    events = ", ".join(f"{number:,}" for number in item.events)
    return Row(
        Cell(item.title),
        (
            Cell("required" if item.required else "not asked for"),
            Cell(html.marked(item.state, _COLOURS.get(item.state, "") if item.required else "")),
            Cell(html.lines(item.evidence), f"SHA-256 {item.digest[:16]}" if item.digest else ""),
            Cell(events or "none"),
        ),
    )


def signatures_table(found: Checklist, signed: tuple[Signed, ...], agreement: Agreement) -> Html:
    """Who agreed for each partner that signs, who prepared and who reviewed, and over which figures."""
    by_place = {(each.part, each.body): each for each in signed}
    places: list[tuple[Part, str, str]] = [
        ("agreed", partner.id, f"{partner.name}, finance lead") for partner in agreement.signatories()
    ]
    places += [("prepared", "", "Preparer"), ("reviewed", "", "Reviewer, another person")]
    rows = [_signed(name, by_place.get((part, body)), found.figures) for part, body, name in places]
    columns = (
        Heading("Whose part", kind="text"),
        Heading("Signed by", kind="text"),
        Heading("Event"),
        Heading("Over which figures", kind="text"),
    )
    return html.table(f"Names put to {found.period.name}", columns, rows)


def _signed(name: str, signed: Signed | None, figures: str) -> Row:
    if signed is None:
        return Row(Cell(name), (Cell("nobody yet"), html.number(""), Cell("")))
    same = (
        "those shown here" if signed.figures == figures else "others: they have changed since, it is to be signed again"
    )
    return Row(Cell(name), (Cell(signed.who), html.number(f"{signed.event:,}"), Cell(same)))


def months_table(states: Mapping[int, MonthState]) -> Html:
    """How each month of the year stands."""
    words = {"open": "open", "adjusting": "open to year-end adjustments only", "closed": "closed"}
    rows = [Row(Cell(month_label(month)), (Cell(words[state]),)) for month, state in states.items()]
    return html.table("Months of the year", (Heading("Month", kind="text"), Heading("State", kind="text")), rows)
