"""The key figures and the monitoring table of a quarter, as HTML. Every figure is the monitoring result's own."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pooledfund.results.contributions import position_figures
from pooledfund.results.monitoring import MonitoringLine, period_label, total_figures
from pooledfund.results.words import AMBER_FROM_PERCENT, RED_ABOVE_PERCENT, rag_of, variance_word
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.figures import Unit, in_millions, in_unit, in_words, pence_of
from pooledfund.ui.html import Cell, Heading, Html, Row

Figures = Mapping[str, object]


class _Column(NamedTuple):
    key: str
    heading: str


BUDGET = (
    _Column("original_budget", "Original"),
    _Column("contribution_changes", "Contribution changes"),
    _Column("virements", "Virements"),
    _Column("current_budget", "Current"),
)
TO_DATE = (
    _Column("budget_to_date", "Budget"),
    _Column("actual_to_date", "Actual"),
    _Column("variance_to_date", "Variance"),
)
FORECAST = (
    _Column("forecast_outturn", "Forecast"),
    _Column("forecast_variance", "Variance"),
    _Column("forecast_variance_percent", "%"),
    _Column("movement_since_last_quarter", "Since last quarter"),
)
COLUMNS = BUDGET + TO_DATE + FORECAST
_VARIANCES = ("variance_to_date", "forecast_variance")
_FORECAST_NOTES = {
    "outturn": "",
    "entered": "entered",
    "actual to date plus remaining profile": "to date + profile",
}


def headline(quarter: Quarter) -> str:
    """The quarter in one sentence."""
    total = total_figures(quarter.monitoring.pooled_lines)
    at_end = quarter.month == 12
    variance = pence_of(total["forecast_variance"])
    share = total["forecast_variance_percent"]
    outcome = in_words(variance)
    if variance and share is not None:
        word = variance_word(variance)
        outcome = f"an {word} of {in_millions(abs(variance))} ({str(share).lstrip('-')}%)"
    return (
        f"{'Outturn' if at_end else 'Forecast outturn'} is {in_millions(pence_of(total['forecast_outturn']))} against "
        f"a current budget of {in_millions(pence_of(total['current_budget']))}: {outcome}."
    )


def key_figures(quarter: Quarter) -> Html:
    """What the board asks first: budget, actual, forecast, variance, and what waits."""
    monitoring = quarter.monitoring
    total = total_figures(monitoring.pooled_lines)
    current, variance = pence_of(total["current_budget"]), pence_of(total["forecast_variance"])
    rag = rag_of(current, variance)
    overdue = pence_of(position_figures(quarter.contributions.positions)["overdue"])
    outturn = "Outturn" if monitoring.month == 12 else "Forecast outturn"
    return html.key_figures(
        (
            ("Current budget", in_millions(current), f"original {in_millions(pence_of(total['original_budget']))}"),
            (
                "Actual to date",
                in_millions(pence_of(total["actual_to_date"])),
                f"budget to date {in_millions(pence_of(total['budget_to_date']))}",
            ),
            (outturn, in_millions(pence_of(total["forecast_outturn"])), _moved(total)),
            ("Variance of the year", in_millions(abs(variance)), html.rating(rag.word, f": {rag.because}")),
            ("In suspense", in_millions(monitoring.suspense_pence), "spend that no line claims yet"),
            ("Contributions overdue", in_millions(overdue), f"at the end of M{monitoring.month}"),
        )
    )


def _moved(total: Figures) -> str:
    moved = total["movement_since_last_quarter"]
    if moved is None:
        return "first report of the year"
    pence = pence_of(moved)
    if not pence:
        return "unchanged since last quarter"
    return f"{'up' if pence > 0 else 'down'} {in_millions(abs(pence))} since last quarter"


def monitoring_table(quarter: Quarter, unit: Unit, rows: Sequence[Row] = (), shown: str = "") -> Html:
    """Every line and the total of the pooled ones: budget, to date, forecast, RAG and who bears it.

    ``rows`` are the lines to show where they are not all of them in the agreement's order, ``shown`` says which; the
    total is the whole pool's all the same.
    """
    monitoring = quarter.monitoring
    table_rows = list(rows or line_rows(quarter, monitoring.lines, unit))
    table_rows.append(_total("Total of the pool", total_figures(monitoring.pooled_lines), unit))
    if monitoring.other_lines:
        table_rows.append(_total("Aligned and in view, not pooled", total_figures(monitoring.other_lines), unit))
    last = monitoring.month == 12
    groups = (
        Heading("", 1),
        Heading("Budget of the year", len(BUDGET)),
        Heading("To date", len(TO_DATE)),
        Heading("Outturn" if last else "Forecast outturn", len(FORECAST)),
        Heading("", 2),
    )
    columns = (
        Heading("Scheme line and lead", kind="text"),
        *(Heading("Outturn" if last and column.heading == "Forecast" else column.heading) for column in COLUMNS),
        Heading("RAG", kind="text"),
        Heading("Borne by", kind="text"),
    )
    return html.table(
        f"Monitoring by scheme line at the end of {period_label(quarter.month)}, {unit}{shown}",
        columns,
        table_rows,
        groups=groups,
        css="pf-wide",
    )


def line_rows(quarter: Quarter, lines: Sequence[MonitoringLine], unit: Unit) -> list[Row]:
    """Some lines of the monitoring table."""
    return [_line(quarter, each, unit) for each in lines]


def subtotal_row(name: str, lines: Sequence[MonitoringLine], unit: Unit) -> Row:
    """Some lines of the monitoring table added up."""
    return _total(name, total_figures([each.line for each in lines]), unit, "subtotal")


def _line(quarter: Quarter, row: MonitoringLine, unit: Unit) -> Row:
    name = f"{row.line.scheme}  {row.name}"
    lead = quarter.partner(row.lead) + (" · illustrative" if row.illustrative else "")
    figures = row.as_json()
    entered = f" M{row.line.forecast_month}" if row.line.forecast_month else ""
    return Row(
        Cell(name, lead),
        (
            *_figures(figures, unit, _FORECAST_NOTES[row.line.basis] + entered),
            html.rated(row.rag.word),
            Cell(_borne(quarter, row, unit)),
        ),
    )


def _borne(quarter: Quarter, row: MonitoringLine, unit: Unit) -> Html:
    parts = []
    for partner, pence in row.borne_pence:
        who = "its lead" if partner == row.lead else quarter.partner(partner)
        parts.append(f"{who} {'bears' if pence > 0 else 'gets back'} {in_unit(abs(pence), unit)}")
    return html.lines(parts)


def _total(name: str, figures: Figures, unit: Unit, kind: Literal["subtotal", "total"] = "total") -> Row:
    rag = rag_of(pence_of(figures["current_budget"]), pence_of(figures["forecast_variance"]))
    return Row(Cell(name), (*_figures(figures, unit, ""), html.rated(rag.word), Cell("")), kind)


def _figures(figures: Figures, unit: Unit, forecast_note: str) -> tuple[Cell, ...]:
    return tuple(_figure(column.key, figures[column.key], unit, forecast_note) for column in COLUMNS)


def _figure(key: str, figure: object, unit: Unit, forecast_note: str) -> Cell:
    if figure is None:
        return html.number("none")
    if key == "forecast_variance_percent":
        return html.number(f"{figure}%")
    pence = pence_of(figure)
    if key in _VARIANCES:
        return html.money(pence, unit, variance_word(pence))
    if key == "movement_since_last_quarter":
        return html.money(pence, unit, "up" if pence > 0 else "down" if pence else "")
    return html.money(pence, unit, forecast_note if key == "forecast_outturn" else "")


def notes(quarter: Quarter) -> str:
    """How to read the table."""
    parts = [
        "A variance above nil is an overspend, one below nil an underspend.",
        f"RAG goes by the forecast variance in % of the current budget: Amber from {AMBER_FROM_PERCENT}%, "
        f"Red above {RED_ABOVE_PERCENT}%, whichever its direction.",
        "A forecast is one that was entered, or the actual to date plus the profile that remains.",
    ]
    if quarter.month == 12:
        parts[-1] = "At M12 the outturn stands in place of the forecast."
    if quarter.monitoring.illustrative:
        parts.append("Illustrative: made up, because the source of the agreement states no figure.")
    return " ".join(parts)
