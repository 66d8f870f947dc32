"""The charts of a quarter, with a sentence that says what each shows. Draws only figures that results worked out."""

from typing import Literal

import altair as alt
import pandas as pd

from pooledfund.results.monitoring import MonitoringLine
from pooledfund.results.words import variance_word
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.figures import Unit, for_mark, in_millions, in_words
from pooledfund.ui.html import Cell, Heading, Html, Row

# Okabe and Ito's colours, told apart by people who see colour differently; lines differ in dash and shape too.
COLOURS = {"Budget": "#6b7780", "Actual": "#0072b2", "Forecast": "#d55e00"}
DASHES = {"Budget": [6, 3], "Actual": [1, 0], "Forecast": [2, 3]}
WORD_COLOURS = {"overspend": "#d55e00", "underspend": "#0072b2", "on budget": "#6b7780"}
_BARS = 12
INK = "#1b2226"


def course_chart(quarter: Quarter) -> alt.Chart:
    """Budget, actual and forecast of the pooled lines by month, added up from April, in £m."""
    rows = [
        {"Month": f"M{each.month}", "Book": book, "£m": for_mark(pence, "£m")}
        for each in quarter.course
        for book, pence in (
            ("Budget", each.budget_pence),
            ("Actual", each.actual_pence),
            ("Forecast", each.forecast_pence),
        )
        if pence is not None and not (book == "Forecast" and quarter.month == 12)
    ]
    books = [book for book in COLOURS if any(row["Book"] == book for row in rows)]
    scale = alt.Scale(domain=books, range=[COLOURS[book] for book in books])
    dash = alt.Scale(domain=books, range=[DASHES[book] for book in books])
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=38, filled=True), strokeWidth=2.25)
        .encode(
            x=alt.X("Month:O", sort=[f"M{month}" for month in range(1, 13)], title="Month of account", axis=axis()),
            y=alt.Y("£m:Q", title="£m, added up from April", axis=axis(), scale=alt.Scale(zero=True)),
            color=alt.Color("Book:N", scale=scale, legend=legend("stroke")),
            strokeDash=alt.StrokeDash("Book:N", scale=dash, legend=legend("stroke")),
            tooltip=[alt.Tooltip("Book:N"), alt.Tooltip("Month:O"), alt.Tooltip("£m:Q", format=",.3f")],
        )
    )
    return dressed(chart, "Budget, actual and forecast, £m", course_sentence(quarter), height=330)


def course_sentence(quarter: Quarter) -> str:
    """What the first chart shows."""
    now, end = quarter.course[quarter.month - 1], quarter.course[-1]
    to_date = (
        f"By the end of M{quarter.month} {in_millions(now.actual_pence or 0)} was spent against a budget to date of "
    )
    if quarter.month == 12:
        return f"{to_date}{in_millions(now.budget_pence)}."
    return (
        f"{to_date}{in_millions(now.budget_pence)}. The dotted line runs from there to the forecast outturn of "
        f"{in_millions(end.forecast_pence or 0)} at M12; the budget of the year is {in_millions(end.budget_pence)}."
    )


def course_table(quarter: Quarter, unit: Unit) -> Html:
    """The figures of the first chart."""
    rows = [
        Row(
            Cell(f"M{each.month}"),
            tuple(
                html.number("none") if pence is None else html.money(pence, unit)
                for pence in (each.budget_pence, each.actual_pence, each.forecast_pence)
            ),
        )
        for each in quarter.course
    ]
    columns = (Heading("Month", kind="text"), *(Heading(book) for book in COLOURS))
    return html.table(f"Budget, actual and forecast, added up from April, {unit}", columns, rows)


def variance_chart(quarter: Quarter) -> alt.Chart:
    """The forecast variance of the lines where it is largest, in £000."""
    rows = [
        {
            "Line": row.line.scheme,
            "Name": row.name,
            "£000": for_mark(row.line.forecast_variance_pence, "£000"),
            "Variance": variance_word(row.line.forecast_variance_pence),
        }
        for row in _largest(quarter)
    ]
    words = [word for word in WORD_COLOURS if any(row["Variance"] == word for row in rows)]
    chart = (
        alt.Chart(pd.DataFrame(rows, columns=["Line", "Name", "£000", "Variance"]))
        .mark_bar(height={"band": 0.68})
        .encode(
            x=alt.X("£000:Q", title="£000: right of nil is overspend, left is underspend", axis=axis()),
            y=alt.Y("Line:N", sort=None, title=None, axis=alt.Axis(labelColor=INK, labelFontSize=12, ticks=False)),
            color=alt.Color(
                "Variance:N",
                scale=alt.Scale(domain=words, range=[WORD_COLOURS[word] for word in words]),
                legend=legend("square"),
            ),
            tooltip=[alt.Tooltip("Name:N"), alt.Tooltip("Variance:N"), alt.Tooltip("£000:Q", format=",.1f")],
        )
    )
    title = "Outturn variance by line, £000" if quarter.month == 12 else "Forecast variance by line, £000"
    return dressed(chart, title, variance_sentence(quarter), height=330)


def variance_sentence(quarter: Quarter) -> str:
    """What the second chart shows."""
    lines = [row for row in quarter.monitoring.lines if row.line.forecast_variance_pence]
    if not lines:
        return "Every line is on budget."
    most = max(lines, key=lambda row: abs(row.line.forecast_variance_pence))
    shown = f" The chart has the {_BARS} largest." if len(lines) > _BARS else ""
    return (
        f"{len(lines)} of {len(quarter.monitoring.lines)} lines differ from budget.{shown} The largest variance is "
        f"{in_words(most.line.forecast_variance_pence)} on {most.line.scheme} ({most.name})."
    )


def _largest(quarter: Quarter) -> list[MonitoringLine]:
    """The lines with the largest variances, in the table's order."""
    lines = [row for row in quarter.monitoring.lines if row.line.forecast_variance_pence]
    largest = sorted(lines, key=lambda row: -abs(row.line.forecast_variance_pence))[:_BARS]
    return [row for row in lines if row in largest]


def axis() -> alt.Axis:
    """The axis that all charts have: level labels in ink, a light grid."""
    return alt.Axis(
        labelColor=INK,
        titleColor=INK,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        gridColor="#e3e7e8",
        tickCount=8,
        labelAngle=0,
    )


def legend(symbol: Literal["stroke", "square"]) -> alt.Legend:
    """The legend that all charts have, above the marks."""
    return alt.Legend(title=None, orient="top", labelColor=INK, labelFontSize=12, symbolType=symbol, symbolSize=180)


def dressed(chart: alt.Chart, title: str, sentence: str, height: int) -> alt.Chart:
    """The chart with its title, its text for those who do not see it, and the page's type."""
    dressed: alt.Chart = (
        chart.properties(
            title=alt.TitleParams(title, anchor="start", fontSize=14, fontWeight=600, color=INK),
            height=height,
            description=f"{title}. {sentence}",
        )
        .configure(font="Source Sans, sans-serif", background="#ffffff")
        .configure_view(strokeWidth=0)
    )
    return dressed
