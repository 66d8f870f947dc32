"""The part of a pack that leads from the last report to this one. Works no figure out."""

from ledgers.money import pounds_for_people
from pooledfund.reports.cells import Cell, Money, Table, pounds_columns, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.results.bridge import Bridge
from pooledfund.results.monitoring import period_label
from pooledfund.results.words import variance_word


def bridge_sheet(book: Papers, figures: PackFigures) -> None:
    """The forecast variance of the last report, what moved it line by line, and the variance of this one."""
    bridge = figures.bridge
    sheet = book.sheet("Bridge", f"Bridge from the last report to {figures.period}", [28, 44, 22, 22, 22, 14])
    if bridge is None:
        sheet.prose("This is the first quarter of the year: there is no report before it to compare with.")
        return
    sheet.prose(
        bridge_sentence(bridge),
        "A step is how far a line's forecast outturn moved less how far its budget moved; plus is towards overspend.",
    )
    rows: list[tuple[Cell, ...]] = [
        ("Variance then", period_label(bridge.from_month), None, None, Money(bridge.opening_pence), figures.basis),
        *(
            (
                step.scheme,
                step.name,
                Money(step.forecast_pence),
                Money(step.budget_pence),
                Money(step.pence),
                figures.line_basis(step.scheme),
            )
            for step in bridge.steps
        ),
    ]
    columns = (
        *text_columns("Line", "Name"),
        *pounds_columns("Forecast moved by", "Budget moved by", "Variance moved by"),
        *text_columns("Basis"),
    )
    sheet.table(Table("Bridge", columns, rows, {4: bridge.closing_pence}, f"Variance at {figures.period}"))


def bridge_sentence(bridge: Bridge) -> str:
    """The two ends of a bridge in words."""
    then, now = bridge.opening_pence, bridge.closing_pence
    moved = now - then
    if moved == 0:
        return f"The pool's variance is what it was in {period_label(bridge.from_month)}: {_in_words(now)}."
    direction = "towards overspend" if moved > 0 else "towards underspend"
    return (
        f"In {period_label(bridge.from_month)} the pool reported {_in_words(then)}; it is now {_in_words(now)}: "
        f"{pounds_for_people(abs(moved))} {direction}."
    )


def _in_words(pence: int) -> str:
    return f"an {variance_word(pence)} of {pounds_for_people(abs(pence))}" if pence else "nothing over or under budget"
