"""Writes the Part 2 workbook of December 2013 in pooledfund's own layout. Works no figure out itself."""

from collections.abc import Iterable
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.agreement_file import AgreementFile
from pooledfund.pool import Clock, Pool, now
from pooledfund.reports.cells import Cell, Column, Table, pounds_columns, text_columns
from pooledfund.reports.provenance import provenance_of_file, provenance_of_pool
from pooledfund.reports.workbook import Book, number
from pooledfund.returns.part2_figures import Part2Figures, joint_basis, part2_figures
from pooledfund.returns.plan import Plan
from pooledfund.returns.registry import Metric, Variant, variant
from pooledfund.returns.shown import NOT_STATED, as_cell, total_cell
from s75_rules.agreement import Agreement
from s75_rules.clause_words import contingency_words
from s75_rules.plan import Measure, MetricValue

BY_HAND = "Not held in the agreement: to be written by hand"
_VALUES = ("Metric Value", "Numerator", "Denominator")


def export_part2(
    source: AgreementFile | Pool, path: Path, previous: Agreement | None = None, clock: Clock = now
) -> Part2Figures:
    """Write Part 2 for a year from an agreement file, or from the books with their current budgets.

    ``previous`` is the agreement of the year before, which fills that year's columns; without it
    they say that they are not held.

    Raises:
        NotThePreviousYear: ``previous`` is not the agreement that this one follows.
        CastingFailed: a total is not the sum of its parts; nothing is written.
        WorkbookNotWritten: the file cannot be saved.
        NotAllowed: the person may not take copies of the pool.
    """
    layout = variant("part2")
    if isinstance(source, Pool):
        require(source.actor, Action.EXPORT)
        plan, provenance = Plan.current(source), provenance_of_pool(source)
    else:
        plan, provenance = Plan.agreed(source.agreement), provenance_of_file(source, clock())
    figures = part2_figures(plan, previous, layout)
    book = Book(path, provenance, "Better Care Fund Part 2")
    _finance_summary(book, figures, plan.agreement, layout)
    _finance_schemes(book, figures, layout)
    _outcomes(book, plan.agreement, layout)
    book.save()
    return figures


def _finance_summary(book: Book, figures: Part2Figures, agreement: Agreement, layout: Variant) -> None:
    sheet = book.sheet("Finance - Summary", "Finance - Summary", [44, 32, 22, 22, 22, 14])
    sheet.prose(f"{layout.title}. {layout.layout_note}")
    sheet.prose(
        "Amounts are the current contributions and budgets of the books."
        if figures.from_books
        else "Amounts are those of the agreement file.",
        *(str(each) for each in figures.area),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            "Y" if each.holds_the_pool else "N",
            as_cell(each.spending_before),
            as_cell(each.minimum),
            as_cell(each.actual),
            each.basis,
        )
        for each in figures.organisations
    ]
    columns = (
        *text_columns("Organisation", "Holds the pooled budget? (Y/N)"),
        *pounds_columns(
            f"Spending on BCF schemes in {figures.year_before}",
            f"Minimum contribution ({figures.year})",
            f"Actual contribution ({figures.year})",
        ),
        Column("Basis"),
    )
    totals = {column: total_cell(shown) for column, shown in zip((2, 3, 4), figures.organisation_totals(), strict=True)}
    sheet.table(Table("Organisations", columns, rows, totals, "BCF Total"))
    sheet.heading(layout.boxes.contingency)
    sheet.prose(*contingency_words(agreement))
    sheet.heading("Contingency plan")
    sheet.table(
        Table(
            "Contingency",
            (
                *text_columns("Outcome", "Contingency plan"),
                *pounds_columns(figures.year, "Ongoing"),
                Column("Basis"),
            ),
            list(_contingency_rows(figures)),
        )
    )


def _contingency_rows(figures: Part2Figures) -> Iterable[tuple[Cell, ...]]:
    if not figures.contingency:
        yield "No outcome of the agreement states savings or support", None, None, None, None
    for place, each in enumerate(figures.contingency, start=1):
        outcome = f"Outcome {place}: {each.name}"
        savings, support = as_cell(each.planned_savings), as_cell(each.maximum_support)
        yield outcome, "Planned savings (if targets fully achieved)", savings, NOT_STATED, each.basis
        label = "Maximum support needed for other services (if targets not achieved)"
        yield outcome, label, support, NOT_STATED, each.basis


def _finance_schemes(book: Book, figures: Part2Figures, layout: Variant) -> None:
    sheet = book.sheet("Finance - Schemes", "Finance - Schemes", [32, 24, *[16] * 8, 11, 13])
    sheet.prose(
        "Recurrent spend is what a scheme may spend from contributions that recur. "
        "Benefits are totalled over the schemes that state them.",
        layout.layout_note,
    )
    headings = [
        f"{year} {what}, {how}"
        for year in (figures.year_before, figures.year)
        for what in ("spend", "benefits")
        for how in ("recurrent", "non-recurrent")
    ]
    columns = (
        *text_columns("BCF Investment", "Lead provider"),
        *pounds_columns(*headings),
        *text_columns("Scheme", "Basis"),
    )
    rows: list[tuple[Cell, ...]] = [
        (each.name, each.lead_provider, *map(as_cell, each.parts()), each.scheme, each.basis)
        for each in figures.investments
    ]
    totals = {place + 2: total_cell(shown) for place, shown in enumerate(figures.investment_totals())}
    sheet.table(Table("Schemes", columns, rows, totals))


def _outcomes(book: Book, agreement: Agreement, layout: Variant) -> None:
    sheet = book.sheet("Outcomes and metrics", "Outcomes and metrics", [50, 15, 20, 18, 18, 12, 16, 13, 13])
    sheet.prose("Values are those of the agreement, in the unit beside them; what it does not hold is left blank.")
    rows, placed = _metric_rows(agreement, layout)
    sheet.table(
        Table(
            "Metrics",
            text_columns(
                "Metrics",
                "Value",
                "Current Baseline (as at ....)",
                "Performance underpinning April 2015 payment",
                "Performance underpinning October 2015 payment",
                "Target",
                "Unit",
                "Better when",
                "Basis",
            ),
            rows,
        )
    )
    sheet.heading("Questions answered in words")
    answers = [_outcome_words(agreement), *[BY_HAND] * (len(layout.boxes.outcomes) - 1)]
    boxes = zip(layout.boxes.outcomes, answers, strict=True)
    sheet.prose(*(f"{question}: {answer}." for question, answer in boxes))
    others = [each for each in agreement.measures.values() if each.id not in placed]
    if others:
        sheet.heading("Other outcomes and measures of the agreement")
        sheet.table(
            Table(
                "Outcomes",
                text_columns(
                    "Outcome or measure",
                    "Kind",
                    "Schemes",
                    "Value",
                    "Target",
                    "Stretch",
                    "Unit",
                    "Better when",
                    "Basis",
                ),
                [_other_row(agreement, each) for each in others],
            )
        )


def _metric_rows(agreement: Agreement, layout: Variant) -> tuple[list[tuple[Cell, ...]], set[str]]:
    """Three rows a metric, and the measures that they show."""
    rows: list[tuple[Cell, ...]] = []
    placed: set[str] = set()
    for metric in layout.metrics:
        measure = _measure_for(agreement, metric)
        rows += _three_rows(metric.title, measure)
        placed |= {measure.id} if measure else set()
    local = [
        each
        for each in agreement.measures.values()
        if each.kind == "metric" and each.id not in placed and (each.baseline or each.april_2015 or each.october_2015)
    ]
    for measure in local:
        rows += _three_rows(f"Local measure: {measure.name}", measure)
        placed.add(measure.id)
    return rows, placed


def _measure_for(agreement: Agreement, metric: Metric) -> Measure | None:
    return next((agreement.measures[each] for each in metric.measures if each in agreement.measures), None)


def _three_rows(title: str, measure: Measure | None) -> Iterable[tuple[Cell, ...]]:
    if measure is None:
        yield title, "Metric Value", "not in the agreement", None, None, None, None, None, None
        return
    columns = (measure.baseline, measure.april_2015, measure.october_2015)
    named = title if title.endswith(measure.name) else f"{title} (here: {measure.name})"
    for place, label in enumerate(_VALUES):
        first = (
            _number(measure.target),
            measure.unit,
            _better(measure),
            joint_basis([measure.basis]) if _has_values(measure) else "not stated",
        )
        yield named, label, *(_value(each, place) for each in columns), *(first if place == 0 else (None,) * 4)


def _has_values(measure: Measure) -> bool:
    return any((measure.target, measure.baseline, measure.april_2015, measure.october_2015))


def _value(value: MetricValue | None, place: int) -> Cell:
    if value is None:
        return None
    text = (value.value, value.numerator, value.denominator)[place]
    if place == 0 and value.as_at and text is not None:
        return f"{text} (as at {value.as_at})"
    return _number(text)


def _number(text: str | None) -> Cell:
    return None if text is None else number(text)


def _better(measure: Measure) -> str | None:
    return {"higher_is_better": "higher", "lower_is_better": "lower", "maintain": "maintained"}.get(
        measure.direction or ""
    )


def _outcome_words(agreement: Agreement) -> str:
    kinds = [each.kind for each in agreement.measures.values()]
    outcomes, measures = kinds.count("outcome"), len(kinds) - kinds.count("outcome")
    return f"the agreement names {outcomes} outcomes and {measures} measures, which are in the tables of this sheet"


def _other_row(agreement: Agreement, measure: Measure) -> tuple[Cell, ...]:
    schemes = [each.id for each in agreement.schemes.values() if measure.id in each.measures]
    return (
        measure.name,
        measure.kind.replace("_", " "),
        ", ".join(schemes) or None,
        _number(measure.value),
        _number(measure.target),
        _number(measure.stretch),
        measure.unit,
        _better(measure),
        "as agreed" if measure.basis is None else measure.basis,
    )
