"""Who bears the variance of a quarter and why, as HTML. The risk share has worked it out; nothing is shared here."""

from itertools import groupby

import altair as alt

from pooledfund.results.met import met_by_whom, total
from pooledfund.results.words import variance_word
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.figures import Unit, in_millions, in_words
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.waterfall import Bar, waterfall
from s75_rules.explain import steps_said
from s75_rules.risk_share import RiskShare


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
    return _adds_up(rows, quarter, f"How the variance is met, {_basis(quarter)}, {unit}", unit)


def _adds_up(rows: list[Row], quarter: Quarter, caption: str, unit: Unit) -> Html:
    variance = quarter.monitoring.risk.share.variance_pence
    whole = Row(Cell("Variance of the year"), (html.money(variance, unit, variance_word(variance)),), "total")
    columns = (Heading("Met by (a minus uses an underspend)", kind="text"), Heading("Amount"))
    return html.table(caption, columns, [*rows, whole])


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


def met_chart(quarter: Quarter) -> alt.Chart:
    """The variance, and each partner, reserve and contribution that takes its part of it, down to nil."""
    share = quarter.monitoring.risk.share
    met = sorted(met_by_whom(quarter.agreement, share), key=lambda each: each.pence > 0)
    bars = [Bar("Variance of the year", share.variance_pence, "whole"), *(Bar(each.what, -each.pence) for each in met)]
    title = f"How the variance is met, {_basis(quarter)}, £000"
    return waterfall(title, met_sentence(quarter), bars, "Uses an underspend", "Meets an overspend")


def met_sentence(quarter: Quarter) -> str:
    """What the waterfall shows."""
    share = quarter.monitoring.risk.share
    met = met_by_whom(quarter.agreement, share)
    parts = "; ".join(f"{each.what} {in_millions(abs(each.pence))}" for each in met)
    return f"The variance of the year is {in_words(share.variance_pence)}. {parts}." if parts else "Nothing is shared."


def met_by_table(quarter: Quarter, unit: Unit) -> Html:
    """The figures of the waterfall, adding up to the variance."""
    share = quarter.monitoring.risk.share
    rows = [Row(Cell(each.what), (html.money(each.pence, unit),)) for each in met_by_whom(quarter.agreement, share)]
    return _adds_up(rows, quarter, f"The variance and who meets it, {_basis(quarter)}, {unit}", unit)


def steps_table(quarter: Quarter, unit: Unit) -> Html:
    """Every step of the risk share in its order: its clause, its lines and partner, its amount and its sentence."""
    share, agreement = quarter.monitoring.risk.share, quarter.agreement
    rows = [
        Row(
            Cell(f"{number}. {step.step}", f"clause {step.clause}" if step.clause else "before any clause"),
            (
                Cell(step.scheme or "several"),
                Cell(agreement.partners[step.partner].name if step.partner else ""),
                html.money(step.amount_pence, unit),
                Cell(step.because),
            ),
        )
        for number, step in enumerate(share.trace, start=1)
    ]
    columns = (
        Heading("Step", kind="text"),
        Heading("Line", kind="text"),
        Heading("Partner", kind="text"),
        Heading("Amount"),
        Heading("Why", kind="text"),
    )
    return html.table(f"The risk share step by step, {_basis(quarter)}, {unit}", columns, rows)


def unresolved(quarter: Quarter) -> str | None:
    """A sentence where something waits for the board's decision."""
    share = quarter.monitoring.risk.share
    if not share.unresolved_overspend_pence and not share.unresolved_underspend_pence:
        return None
    return "A part of the variance is unresolved: the agreement leaves it to the board, which has not decided yet."


def explanation(quarter: Quarter) -> list[tuple[str, str]]:
    """The steps in the order they were taken: the clause of each, and its sentence."""
    return explained(quarter.monitoring.risk.share)


def explained(share: RiskShare) -> list[tuple[str, str]]:
    """The same of any risk share."""
    found = []
    for clause, rows in groupby(share.trace, key=lambda step: step.clause):
        for said in steps_said(list(rows)):
            parts = " ".join(each.says for each in said.because)
            found.append((f"Clause {clause}:" if clause else "Before any clause:", f"{said.says} {parts}".strip()))
    return found


def _basis(quarter: Quarter) -> str:
    return "projected" if quarter.monitoring.risk.projected else "outturn"
