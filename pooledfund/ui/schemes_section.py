"""Scheme lines as HTML: budgets, one line by month, its orders, outcomes and milestones, DFG by district."""

from collections.abc import Mapping, Sequence

from ledgers.calendar import month_label
from pooledfund.results.conditions import ConditionsReport
from pooledfund.results.districts import FIGURES, Districts
from pooledfund.results.monitoring import Monitoring, MonitoringLine
from pooledfund.results.narrative import MeasureReading, MilestoneProgress
from pooledfund.results.schemes import Order, SchemeMonth, VirementMade
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement

_MEASURE_SHAPES = {"met": "Green", "not met": "Red"}
_STATUS_SHAPES = {"done": "Green", "on track": "Green", "at risk": "Amber", "missed": "Red"}


def budgets_table(monitoring: Monitoring, agreement: Agreement, unit: Unit) -> Html:
    """Every line: original budget, changes, virements, current, spent, forecast and committed, with totals."""
    rows = [_line(row, agreement, unit) for row in monitoring.lines]
    pooled = [row for row in monitoring.lines if row.fund in monitoring.pooled_funds]
    other = [row for row in monitoring.lines if row.fund not in monitoring.pooled_funds]
    rows.append(Row(Cell("Total of the pool"), (*_sums(pooled, unit), Cell("")), "total"))
    if other:
        rows.append(Row(Cell("Aligned and in view, not pooled"), (*_sums(other, unit), Cell("")), "total"))
    names = ("Original", "Contribution changes", "Virements", "Current", "Spent", "Forecast", "Committed")
    columns = (
        Heading("Scheme line and lead", kind="text"),
        *(Heading(each) for each in names),
        Heading("Conditions supported", kind="text"),
    )
    return html.table(f"Scheme lines at the end of M{monitoring.month}, {unit}", columns, rows)


def _line(row: MonitoringLine, agreement: Agreement, unit: Unit) -> Row:
    conditions = ", ".join(agreement.schemes[row.line.scheme].conditions)
    return Row(
        Cell(f"{row.line.scheme}  {row.name}", agreement.partners[row.lead].name),
        (*_sums([row], unit), Cell(conditions or "none")),
    )


def _sums(rows: Sequence[MonitoringLine], unit: Unit) -> tuple[Cell, ...]:
    figures = (
        sum(each.line.original_pence for each in rows),
        sum(each.line.changes_pence for each in rows),
        sum(each.line.virements_pence for each in rows),
        sum(each.line.current_pence for each in rows),
        sum(each.line.actual_pence for each in rows),
        sum(each.line.forecast_pence for each in rows),
        sum(each.committed_pence for each in rows),
    )
    return tuple(html.money(pence, unit) for pence in figures)


def virements_table(made: Sequence[VirementMade], unit: Unit) -> Html:
    """Every virement with its minute, who made it and its entry."""
    rows = [
        Row(
            Cell(f"{each.from_scheme} to {each.to_scheme}", f"within {each.contribution}"),
            (
                html.money(each.pence, unit),
                Cell(f"{each.effective_on:%d/%m/%Y}"),
                Cell(each.minute, each.who),
                html.number(f"{each.entry:,}"),
            ),
        )
        for each in made
    ]
    columns = (
        Heading("Virement", kind="text"),
        Heading("Amount"),
        Heading("From", kind="text"),
        Heading("Approved by minute", kind="text"),
        Heading("Entry"),
    )
    return html.table(f"Virements made, {unit}", columns, rows)


def about(scheme: str, agreement: Agreement, report: ConditionsReport) -> list[tuple[str, str]]:
    """What the agreement says of a line, in sentences."""
    line = agreement.schemes[scheme]
    conditions = [each.heading for each in report.conditions if scheme in each.lines]
    texts = (
        ("What it is:", line.description),
        ("Lead:", agreement.partners[line.lead].name),
        ("Fund:", agreement.funds[line.fund].name),
        ("Provider:", line.provider),
        ("Scheme type:", line.scheme_type),
        ("Area of spend:", line.area_of_spend),
        ("Sub-area:", line.sub_area),
        ("National conditions it supports:", "; ".join(conditions) or "none"),
    )
    return [(label, text) for label, text in texts if text]


def months_table(scheme: str, months: Sequence[SchemeMonth], unit: Unit) -> Html:
    """The line's budget by its profile and its spend, by month, with the year."""
    spent = [each.spent_pence for each in months if each.spent_pence is not None]
    cells = [html.money(each.budget_pence, unit) for each in months]
    rows = [
        Row(Cell("Budget by profile"), (*cells, html.money(sum(each.budget_pence for each in months), unit))),
        Row(
            Cell("Spent"),
            (
                *(_to_come(each.spent_pence, unit) for each in months),
                html.money(sum(spent), unit),
            ),
        ),
    ]
    columns = (Heading("Of the month", kind="text"), *(Heading(f"M{each.month}") for each in months), Heading("Year"))
    return html.table(f"{scheme} by month, {month_label(1)} to {month_label(12)}, {unit}", columns, rows)


def _to_come(pence: int | None, unit: Unit) -> Cell:
    return html.number("to come") if pence is None else html.money(pence, unit)


def funding_table(scheme: str, budgets: Mapping[tuple[str, str], int], agreement: Agreement, unit: Unit) -> Html:
    """Which contributions pay for the line, adding up to its current budget."""
    of_line = {contribution: pence for (each, contribution), pence in budgets.items() if each == scheme}
    rows = [
        Row(
            Cell(agreement.contributions[each].name or each, agreement.contributions[each].source),
            (Cell(agreement.partners[agreement.contributions[each].partner].name), html.money(pence, unit)),
        )
        for each, pence in of_line.items()
    ]
    rows.append(Row(Cell("Current budget"), (Cell(""), html.money(sum(of_line.values()), unit)), "total"))
    columns = (Heading("Contribution", kind="text"), Heading("Partner", kind="text"), Heading("Budget"))
    return html.table(f"What pays for {scheme}, {unit}", columns, rows)


def orders_table(scheme: str, orders: Sequence[Order], unit: Unit) -> Html:
    """What is committed on the line, order by order."""
    rows = [Row(Cell(each.reference), (html.money(each.pence, unit),)) for each in orders]
    rows.append(Row(Cell("Committed"), (html.money(sum(each.pence for each in orders), unit),), "total"))
    return html.table(f"Orders on {scheme}, {unit}", (Heading("Order", kind="text"), Heading("Amount")), rows)


def measures_table(readings: Sequence[MeasureReading]) -> Html:
    """Each measure with its target, its reading, the one before and whether the target is met."""
    rows = [
        Row(
            Cell(each.name, each.measure.id),
            (
                Cell(each.target),
                Cell(each.reading, f"read at M{each.month}" if each.month else ""),
                Cell(each.previous or "none"),
                Cell(html.marked(each.result, _MEASURE_SHAPES.get(each.result, "")), each.note),
            ),
        )
        for each in readings
    ]
    names = ("Measure", "Target", "Reading", "Reading before", "Result")
    return html.table("Outcomes and measures", tuple(Heading(each, kind="text") for each in names), rows)


def milestones_table(progress: Sequence[MilestoneProgress]) -> Html:
    """Each milestone with its day and how it stands."""
    rows = [
        Row(
            Cell(each.milestone.name, each.milestone.id),
            (
                Cell(str(each.milestone.due)),
                Cell(html.marked(each.in_words, "Red" if each.overdue else _STATUS_SHAPES.get(each.status, ""))),
                Cell(each.done_on or "not done"),
                Cell(each.note),
            ),
        )
        for each in progress
    ]
    names = ("Milestone", "Due", "Status", "Done on", "Note")
    return html.table("Milestones", tuple(Heading(each, kind="text") for each in names), rows)


def districts_table(found: Districts, unit: Unit) -> Html:
    """Grant passed on by district, with a total where every district has returned."""
    rows = [
        Row(
            Cell(each.name, f"line {each.scheme}" + (f", return of M{each.month}" if each.month else "")),
            (*(_known(figure(each), unit) for figure in FIGURES.values()), Cell(each.note or "as allocated")),
        )
        for each in found.returns
    ]
    total = (*(_known(pence, unit) for pence in found.totals_pence.values()), Cell(""))
    rows.append(Row(Cell("All districts"), total, "total"))
    columns = (
        Heading("District", kind="text"),
        *(Heading(name.capitalize()) for name in FIGURES),
        Heading("Note", kind="text"),
    )
    return html.table(f"Grant passed on: a memorandum, in no total of the pool, {unit}", columns, rows)


def _known(pence: int | None, unit: Unit) -> Cell:
    return html.number("not known") if pence is None else html.money(pence, unit)
