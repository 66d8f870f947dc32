"""Who bears the variance of a quarter and why, as HTML. The risk share has worked it out; nothing is shared here."""

from pooledfund.results.met import total
from pooledfund.results.words import variance_word
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row


def standing_of(quarter: Quarter) -> str:
    """Whether the shares are projected or final, in a sentence."""
    if quarter.monitoring.risk.projected:
        return (
            f"Projected: worked out on the forecast at M{quarter.month}. Nothing is posted, drawn or "
            "paid on it until the outturn is settled."
        )
    return "Outturn: worked out on the spend of the whole year. It is due when the year is settled."


def partners_table(quarter: Quarter, unit: Unit) -> Html:
    """What each partner that takes part bears and gets back, with totals."""
    share = quarter.monitoring.risk.share
    taking_part = [
        partner
        for partner, each in quarter.agreement.partners.items()
        if each.signs or share.overspend_pence[partner] or share.underspend_pence[partner]
    ]
    rows = [
        Row(
            Cell(quarter.partner(partner)),
            (
                html.money(share.overspend_pence[partner], unit),
                html.money(share.underspend_pence[partner], unit),
            ),
        )
        for partner in taking_part
    ]
    totals = (html.money(total(share.overspend_pence), unit), html.money(total(share.underspend_pence), unit))
    columns = (Heading("Partner", kind="text"), Heading("Bears of overspend"), Heading("Gets back of underspend"))
    return html.table(
        f"Who bears what, {_basis(quarter)}, {unit}", columns, [*rows, Row(Cell("All partners"), totals, "total")]
    )


def met_table(quarter: Quarter, unit: Unit) -> Html:
    """How the variance is met, adding up to it."""
    rows = [Row(Cell(each.what), (html.money(each.pence, unit),)) for each in quarter.met]
    variance = quarter.monitoring.risk.share.variance_pence
    whole = Row(Cell("Variance of the year"), (html.money(variance, unit, variance_word(variance)),), "total")
    return html.table(
        f"How the variance is met, {_basis(quarter)}, {unit}",
        (Heading("Met by (a minus uses an underspend)", kind="text"), Heading("Amount")),
        [*rows, whole],
    )


def reserves_table(quarter: Quarter, unit: Unit) -> Html | None:
    """Each reserve with the change that the risk share makes; None where the agreement has none."""
    changes = quarter.monitoring.risk.share.reserves_pence
    rows = []
    for reserve in quarter.agreement.reserves.values():
        outside = reserve.held == "outside_pool"
        mark = " · illustrative" if reserve.basis == "illustrative" else ""
        where = ("held outside the pool, in no total" if outside else "held in the pool") + mark
        change = changes.get(reserve.id, 0)
        word = "drawn" if change < 0 else "fed" if change else "unchanged"
        figure = Cell("never drawn") if outside else html.money(change, unit, word)
        rows.append(Row(Cell(reserve.name or reserve.id, where), (figure,)))
    columns = (Heading("Reserve", kind="text"), Heading("Change"))
    return html.table(f"Reserves, {_basis(quarter)}, {unit}", columns, rows) if rows else None


def unresolved(quarter: Quarter) -> str | None:
    """A sentence where something waits for the board's decision."""
    share = quarter.monitoring.risk.share
    if not share.unresolved_overspend_pence and not share.unresolved_underspend_pence:
        return None
    return "A part of the variance is unresolved: the agreement leaves it to the board, which has not decided yet."


def explanation(quarter: Quarter) -> list[tuple[str, str]]:
    """The steps in the order they were taken: the clause of each, and its sentence."""
    return [
        (f"Clause {step.clause}:" if step.clause else "Before any clause:", step.because)
        for step in quarter.monitoring.risk.share.trace
    ]


def _basis(quarter: Quarter) -> str:
    return "projected" if quarter.monitoring.risk.projected else "outturn"
