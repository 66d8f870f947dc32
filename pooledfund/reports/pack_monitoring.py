"""The sheets of a pack that show the lines: monitoring, who bears it, and the two charts. Works no figure out."""

from collections.abc import Sequence

from ledgers.money import parse_pounds, percent
from pooledfund.reports.cells import Cell, Column, Money, Table, pounds_columns, summed, text_columns
from pooledfund.reports.layout import Page, Papers
from pooledfund.reports.pack_figures import PackFigures, by_columns
from pooledfund.reports.workbook import OVER, PATTERNED, PLAIN, UNDER, Book, Series, money_width, number
from pooledfund.results.monitoring import MonitoringLine, total_figures
from pooledfund.results.words import variance_word

_SUMMED = (
    "original_budget",
    "contribution_changes",
    "virements",
    "current_budget",
    "budget_to_date",
    "actual_to_date",
    "variance_to_date",
    "forecast_outturn",
    "forecast_variance",
)
_FIRST_FIGURE = 2
_COLUMNS = (
    *text_columns("Line", "Name"),
    *pounds_columns(
        "Original budget",
        "Contribution changes",
        "Virements",
        "Current budget",
        "Budget to date",
        "Actual to date",
        "Variance to date",
        "Forecast outturn",
        "Forecast variance",
    ),
    Column("Forecast variance (%)", is_figures=True),
    *pounds_columns("Movement since last quarter"),
    *text_columns("How the forecast was arrived at", "RAG", "Basis"),
)


def monitoring_sheet(book: Papers, figures: PackFigures, total: str = "Total of the pool") -> None:
    """Every line with its budgets, actual, forecast and rating; lines that are not pooled in a table of their own."""
    lines = [row.line for row in figures.monitoring.lines]
    width = money_width([sum(line.current_pence for line in lines), sum(line.forecast_pence for line in lines)])
    sheet = book.sheet("Monitoring", "Monitoring", [8, 20, *[width] * 9, 9, width, 13, 8, 11])
    sheet.prose(
        "Plus is overspend, minus is underspend. RAG rates the forecast variance by its share of the current budget: "
        "Green below 2%, Amber from 2% to 5%, Red above 5%, whichever its direction. The reason for each rating and "
        "who bears each line are under 'Who bears it, line by line'."
    )
    for each in figures.monitoring.escalations:
        sheet.prose(f"To be escalated: {each.because}")
    pooled = [row for row in figures.monitoring.lines if row.fund in figures.monitoring.pooled_funds]
    others = [row for row in figures.monitoring.lines if row.fund not in figures.monitoring.pooled_funds]
    _lines_table(sheet, figures, "Monitoring", pooled, total)
    if others:
        sheet.heading("Aligned and in-view lines: reported beside the pool, in none of its totals")
        _lines_table(sheet, figures, "NotPooled", others, "Total not pooled")


def _lines_table(sheet: Page, figures: PackFigures, name: str, rows: Sequence[MonitoringLine], label: str) -> None:
    total = total_figures(row.line for row in rows)
    totals: dict[int, int | str] = {
        _FIRST_FIGURE + place: parse_pounds(str(total[key])) for place, key in enumerate(_SUMMED)
    }
    totals[11] = str(total["forecast_variance_percent"] or "no budget")
    movement = total["movement_since_last_quarter"]
    totals[12] = parse_pounds(str(movement)) if movement is not None else "not applicable"
    sheet.table(Table(name, _COLUMNS, [_row(figures, row) for row in rows], totals, label))


def _row(figures: PackFigures, row: MonitoringLine) -> tuple[Cell, ...]:
    line = row.line
    share = percent(line.forecast_variance_pence, line.current_pence)
    entered = f"{line.basis} (M{line.forecast_month})" if line.forecast_month else line.basis
    return (
        line.scheme,
        row.name,
        *by_columns(line),
        "no budget" if share is None else number(share),
        "not applicable" if line.movement_pence is None else Money(line.movement_pence),
        entered,
        row.rag.word,
        figures.line_basis(line.scheme),
    )


def who_bears_sheet(book: Papers, figures: PackFigures) -> None:
    """What each partner bears of each line's variance, with the reason for each rating."""
    bearing = dict.fromkeys(partner for row in figures.monitoring.lines for partner, _ in row.borne_pence)
    partners = [each for each in figures.pool.agreement.partners if each in bearing]
    widths = [10, 26, 18, 15, 12, *[16] * len(partners), 32, 13]
    sheet = book.sheet("Who bears it", "Who bears it, line by line", widths)
    basis = (
        "Projected: worked out on the forecast, posts nothing." if figures.projected else "Worked out on the outturn."
    )
    sheet.prose(
        f"{basis} What a partner bears of an overspend is plus; what it gets back of an underspend is minus. "
        "What reserves, grants carried forward and other lines take up is under 'Risk position'."
    )
    rows: list[tuple[Cell, ...]] = []
    for row in figures.monitoring.lines:
        borne = dict(row.borne_pence)
        rows.append(
            (
                row.line.scheme,
                row.name,
                figures.partner(row.lead),
                Money(row.line.forecast_variance_pence),
                variance_word(row.line.forecast_variance_pence),
                *(Money(borne.get(partner, 0)) for partner in partners),
                f"{row.rag.word}: {row.rag.because}",
                figures.line_basis(row.line.scheme),
            )
        )
    columns = (
        *text_columns("Line", "Name", "Lead"),
        *pounds_columns("Forecast variance"),
        Column("In words"),
        *pounds_columns(*(f"Borne by {figures.partner(partner)}" for partner in partners)),
        *text_columns("RAG and why", "Basis"),
    )
    share = figures.monitoring.risk.share.borne_by_line
    totals: dict[int, int | str] = {3: sum(row.line.forecast_variance_pence for row in figures.monitoring.lines)}
    for place, partner in enumerate(partners):
        totals[5 + place] = sum(pence for (_, bearer), pence in share.items() if bearer == partner)
    sheet.table(Table("BorneByLine", columns, rows, totals))


def chart_sheets(book: Book, figures: PackFigures) -> None:
    """The forecast variance by line, and budget, actual and forecast by line, each with the table behind it."""
    lines = figures.monitoring.lines
    name = max(30, *(len(row.name) for row in lines)) if lines else 30
    variances: list[tuple[Cell, ...]] = [
        (
            row.line.scheme,
            row.name,
            Money(row.line.forecast_variance_pence),
            variance_word(row.line.forecast_variance_pence),
            figures.line_basis(row.line.scheme),
        )
        for row in lines
    ]
    sheet = book.sheet("Variance chart", "Forecast variance by line", [13, name, 18, 12, 13])
    sheet.prose("Bars to the right are overspends, bars to the left are underspends. The table holds the same figures.")
    largest = max(lines, key=lambda row: abs(row.line.forecast_variance_pence), default=None)
    told = f" The largest is on {largest.line.scheme}, {largest.name}." if largest else ""
    columns = (*text_columns("Line", "Name"), *pounds_columns("Forecast variance"), *text_columns("In words", "Basis"))
    placed = sheet.table(Table("VarianceByLine", columns, variances, summed(variances, 2)))
    sheet.chart(
        f"Forecast variance by line (£), {figures.period}",
        f"Bar chart of the forecast variance of {len(lines)} lines in pounds; the table has each figure.{told}",
        placed,
        Series(2, OVER, below_nil=UNDER),
    )
    spends: list[tuple[Cell, ...]] = [
        (
            row.line.scheme,
            row.name,
            Money(row.line.current_pence),
            Money(row.line.actual_pence),
            Money(row.line.forecast_pence),
            figures.line_basis(row.line.scheme),
        )
        for row in lines
    ]
    sheet = book.sheet("Spend chart", "Budget, actual and forecast by line", [13, name, 18, 18, 18, 13])
    sheet.prose("The three bars of a line stand in the order of the columns. The table holds the same figures.")
    columns = (
        *text_columns("Line", "Name"),
        *pounds_columns("Current budget", "Actual to date", "Forecast outturn"),
        Column("Basis"),
    )
    placed = sheet.table(Table("SpendByLine", columns, spends, summed(spends, 2, 3, 4)))
    sheet.chart(
        f"Budget, actual and forecast by line (£), {figures.period}",
        f"Bar chart of current budget, actual to date and forecast outturn of {len(lines)} lines in pounds; "
        "the table beside it has each figure.",
        placed,
        Series(2, PLAIN),
        Series(3, PATTERNED),
        Series(4, OVER, pattern="wide_upward_diagonal"),
    )
