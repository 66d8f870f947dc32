"""The charts of a pack as a paper: drawings, each with a text that says its figures. Works no figure out."""

from collections.abc import Iterable, Sequence

from ledgers.money import pounds_for_people
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.paper.drawing import OVER, TOTAL, UNDER, Bar, Course, bars, courses, signed_bar
from pooledfund.reports.paper.paper import Paper, Section
from pooledfund.results.bridge import Bridge, Step
from pooledfund.results.course import CourseMonth
from pooledfund.results.monitoring import MonitoringLine, period_label
from pooledfund.results.words import variance_word

_BARS = 14
"""The most bars of a chart; what is left is one bar more, or said in words."""


def chart_section(paper: Paper, figures: PackFigures) -> None:
    """Budget, actual and forecast by month; forecast variance by line."""
    section = paper.sheet("Charts", f"The year and its lines in charts: {figures.period}")
    course_chart(section, figures)
    variance_chart(section, figures)


def course_chart(section: Section, figures: PackFigures) -> None:
    """Budget, actual and forecast of the pooled lines by month, added up from April."""
    course = figures.course
    lines = [
        Course("Budget", TOTAL, "7 4", tuple(each.budget_pence for each in course)),
        Course("Actual", UNDER, "1 0", tuple(each.actual_pence for each in course)),
        Course("Forecast", OVER, "2 4", tuple(each.forecast_pence for each in course)),
    ]
    drawn = lines[: 2 if figures.month == 12 else 3]
    told = "; ".join(_month(each, figures.month) for each in course)
    section.chart(
        "Budget, actual and forecast by month, £000",
        courses(drawn),
        f"Line chart of the pooled lines added up from April, by month. {told}.",
    )


def _month(each: CourseMonth, at: int) -> str:
    actual = f", actual {pounds_for_people(each.actual_pence)}" if each.actual_pence is not None else ""
    ahead = each.forecast_pence is not None and each.month > at
    forecast = f", forecast {pounds_for_people(each.forecast_pence or 0)}" if ahead else ""
    return f"M{each.month}: budget {pounds_for_people(each.budget_pence)}{actual}{forecast}"


def variance_chart(section: Section, figures: PackFigures) -> None:
    """The forecast variance of the lines where it is largest."""
    lines = [row for row in figures.monitoring.lines if row.line.forecast_variance_pence]
    if not lines:
        section.prose("Every line is on budget: there is no variance to draw.")
        return
    largest = sorted(lines, key=lambda row: -abs(row.line.forecast_variance_pence))[:_BARS]
    rows = [row for row in lines if row in largest]
    which = f"the {_BARS} lines of {len(lines)} where it is largest" if len(lines) > _BARS else f"{len(rows)} lines"
    section.chart(
        "Forecast variance by line, £000: right of nil is overspend, left is underspend",
        bars([signed_bar(f"{row.line.scheme} {row.name}", row.line.forecast_variance_pence) for row in rows]),
        f"Bar chart of the forecast variance of {which}. {'; '.join(map(_variance, rows))}.",
    )


def _variance(row: MonitoringLine) -> str:
    pence = row.line.forecast_variance_pence
    return f"{row.line.scheme} {row.name}: {variance_word(pence)} of {pounds_for_people(abs(pence))}"


def bridge_chart(section: Section, bridge: Bridge) -> None:
    """From the variance of the last report over what moved it to the variance of this one."""
    then, now = period_label(bridge.from_month), period_label(bridge.to_month)
    steps = list(_steps(bridge.steps))
    drawn = [Bar(f"Variance at {then}", 0, bridge.opening_pence, bridge.opening_pence, TOTAL)]
    at = bridge.opening_pence
    for name, pence in steps:
        drawn.append(Bar(name, at, at + pence, pence, OVER if pence > 0 else UNDER))
        at += pence
    drawn.append(Bar(f"Variance at {now}", 0, bridge.closing_pence, bridge.closing_pence, TOTAL))
    told = "; ".join(f"{name} {_moved(pence)}" for name, pence in steps)
    section.chart(
        "What moved the variance, £000: right is towards overspend, left towards underspend",
        bars(drawn),
        f"Bridge chart. Variance at {then} {pounds_for_people(bridge.opening_pence)}; {told or 'no line moved'}; "
        f"variance at {now} {pounds_for_people(bridge.closing_pence)}.",
    )


def _steps(steps: Sequence[Step]) -> Iterable[tuple[str, int]]:
    moving = [step for step in steps if step.pence]
    largest = sorted(moving, key=lambda step: -abs(step.pence))[:_BARS]
    for step in moving:
        if step in largest:
            yield f"{step.scheme} {step.name}", step.pence
    rest = [step.pence for step in moving if step not in largest]
    if rest:
        yield f"{len(rest)} other lines", sum(rest)


def _moved(pence: int) -> str:
    return f"{'up' if pence > 0 else 'down'} {pounds_for_people(abs(pence))}"
