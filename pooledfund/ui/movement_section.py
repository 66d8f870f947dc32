"""How the figures moved: the bridge from the last report and the forecasts of the year's reports. Works out none."""

import altair as alt
import pandas as pd

from pooledfund.results.bridge import Bridge
from pooledfund.results.forecast_history import ForecastHistory
from pooledfund.results.monitoring import period_label
from pooledfund.results.words import variance_word
from pooledfund.ui import html
from pooledfund.ui.charts import COLOURS, axis, dressed
from pooledfund.ui.figures import Unit, for_mark, in_millions, in_words
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.waterfall import Bar, waterfall
from s75_rules.agreement import Agreement

_BARS = 12


def bridge_chart(bridge: Bridge) -> alt.Chart:
    """From the variance of the last report to that of this one, a bar for each line that moved it most."""
    steps = sorted((step for step in bridge.steps if step.pence), key=lambda step: -abs(step.pence))
    bars = [Bar(f"Variance at {period_label(bridge.from_month)}", bridge.opening_pence, "whole")]
    bars += [Bar(f"{step.scheme} {step.name}", step.pence) for step in steps[:_BARS]]
    if rest := sum(step.pence for step in steps[_BARS:]):
        bars.append(Bar(f"{len(steps) - _BARS} other lines", rest))
    bars.append(Bar(f"Variance at {period_label(bridge.to_month)}", bridge.closing_pence, "whole"))
    return waterfall("Bridge from the last report, £000", bridge_words(bridge), bars, "Up", "Down")


def bridge_words(bridge: Bridge) -> str:
    """What the bridge shows."""
    moved = [step for step in bridge.steps if step.pence]
    if not moved:
        return f"Nothing moved since {period_label(bridge.from_month)}: {in_words(bridge.closing_pence)}."
    most = max(moved, key=lambda step: abs(step.pence))
    return (
        f"The forecast variance of the pool was {in_words(bridge.opening_pence)} at {period_label(bridge.from_month)} "
        f"and is {in_words(bridge.closing_pence)} now. {len(moved)} lines moved it, {most.scheme} ({most.name}) the "
        f"most, by {in_millions(abs(most.pence))} towards {variance_word(most.pence)}."
    )


def bridge_table(bridge: Bridge, unit: Unit) -> Html:
    """The figures of the bridge, from the one variance to the other."""
    opening = html.money(bridge.opening_pence, unit, variance_word(bridge.opening_pence))
    blank = html.number("")
    rows = [Row(Cell(f"Variance at {period_label(bridge.from_month)}"), (blank, blank, opening))]
    rows += [
        Row(
            Cell(f"{step.scheme}  {step.name}"),
            tuple(html.money(pence, unit) for pence in (step.forecast_pence, step.budget_pence, step.pence)),
        )
        for step in bridge.steps
    ]
    closing = html.money(bridge.closing_pence, unit, variance_word(bridge.closing_pence))
    rows.append(Row(Cell(f"Variance at {period_label(bridge.to_month)}"), (blank, blank, closing), "total"))
    columns = (
        Heading("Step", kind="text"),
        Heading("Forecast moved by"),
        Heading("Budget moved by"),
        Heading("Variance moved by"),
    )
    return html.table(f"Bridge from the last report, {unit}", columns, rows)


def history_chart(history: ForecastHistory) -> alt.Chart:
    """The forecast variance of the pool at each report of the year, in £000."""
    rows = [
        {"Report": period_label(month), "£000": for_mark(pence, "£000"), "Variance": variance_word(pence)}
        for month, pence in zip(history.months, history.variances_pence, strict=True)
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=60, filled=True), color=COLOURS["Actual"], strokeWidth=2.25)
        .encode(
            x=alt.X("Report:O", sort=None, title="Report", axis=axis()),
            y=alt.Y("£000:Q", title="£000: above nil is overspend", axis=axis(), scale=alt.Scale(zero=True)),
            tooltip=[alt.Tooltip("Report:O"), alt.Tooltip("Variance:N"), alt.Tooltip("£000:Q", format=",.1f")],
        )
    )
    return dressed(chart, "Forecast variance by report, £000", history_words(history), height=280)


def history_words(history: ForecastHistory) -> str:
    """What the chart of the reports shows."""
    said = [
        f"{in_words(pence)} at {period_label(month)}"
        for month, pence in zip(history.months, history.variances_pence, strict=True)
    ]
    return f"The forecast variance of the pool was {', then '.join(said)}."


def history_table(history: ForecastHistory, agreement: Agreement, unit: Unit) -> Html:
    """The forecast outturn of each line at each report, with the pool's total and variance."""
    rows = [
        Row(
            Cell(f"{scheme}  {agreement.schemes[scheme].name}"),
            tuple(html.money(lines[scheme].forecast_pence, unit) for lines in history.reports),
        )
        for scheme in history.pooled
    ]
    total = tuple(html.money(pence, unit) for pence in history.forecasts_pence)
    rows.append(Row(Cell("Total of the pool"), total, "total"))
    variance = tuple(html.money(pence, unit, variance_word(pence)) for pence in history.variances_pence)
    rows.append(Row(Cell("Forecast variance"), variance, "total"))
    columns = (Heading("Scheme line", kind="text"), *(Heading(period_label(month)) for month in history.months))
    return html.table(f"Forecast outturn as each report had it, {unit}", columns, rows)
