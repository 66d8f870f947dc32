"""Who would bear what: under other outturns, under another agreement, and in many runs, as HTML. Works nothing out."""

from pooledfund.results.words import variance_word
from pooledfund.ui import html
from pooledfund.ui.figures import Unit, in_millions
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.compare import ComparedRow, Comparison
from s75_rules.simulate import Exposure, Simulation

_SIGN = "plus bears, minus gets back"


def compared_table(found: Comparison, caption: str, first: str, second: str, unit: Unit) -> Html:
    """Each partner, each reserve and what goes to neither, on both sides, adding up to both variances."""
    rows = [
        Row(Cell(_name(found, row)), _cells(row, unit))
        for row in found.rows()
        if row.what == "partner" or row.first_pence or row.second_pence
    ]
    whole = found.total()
    note = tuple(variance_word(pence or 0) for pence in (whole.first_pence, whole.second_pence))
    total = (
        *(html.money(pence or 0, unit, word) for pence, word in zip(_sides(whole), note, strict=True)),
        html.money(whole.difference_pence, unit),
    )
    columns = (Heading("Who", kind="text"), Heading(first), Heading(second), Heading("Difference"))
    return html.table(
        f"{caption}, {unit}: {_SIGN}", columns, [*rows, Row(Cell("Variance of the year"), total, "total")]
    )


def compared_sentence(found: Comparison) -> str:
    """Who would bear more and who less, in a sentence."""
    changed = [
        f"{_name(found, row)} {in_millions(abs(row.difference_pence))} {'more' if row.difference_pence > 0 else 'less'}"
        for row in found.rows()
        if row.difference_pence
    ]
    return f"Against the first: {'; '.join(changed)}." if changed else "Nobody would bear more or less."


def exposure_table(found: Simulation, agreement: Agreement, unit: Unit) -> Html:
    """The points that 50, 80 and 95 of 100 runs do not exceed, and the worst run."""
    rows = [
        *(
            Row(Cell(agreement.partners[name].name, "bears of overspend"), _points(each, unit))
            for name, each in found.bears.items()
        ),
        *(
            Row(Cell(agreement.partners[name].name, "net of what it gets back"), _points(each, unit))
            for name, each in found.net.items()
        ),
        Row(Cell("Unresolved or disputed overspend"), _points(found.unresolved, unit)),
        Row(Cell("Variance of all lines"), _points(found.variance, unit)),
    ]
    columns = (Heading("Exposure", kind="text"), *(Heading(text) for text in ("P50", "P80", "P95", "Worst run")))
    return html.table(f"What partners may have to bear, {unit}", columns, rows)


def used_up_table(found: Simulation, agreement: Agreement) -> Html | None:
    """How often a reserve is emptied or a limit reached; None where the agreement has neither."""
    rows = [
        Row(Cell(f"Reserve {name} is emptied"), (html.number(f"{runs:,}"), html.number(f"{found.chance(runs)}%")))
        for name, runs in found.reserves_emptied.items()
    ]
    rows += [
        Row(
            Cell(f"Clause {clause}: {limit} of {agreement.partners[partner].name} is used up"),
            (html.number(f"{runs:,}"), html.number(f"{found.chance(runs)}%")),
        )
        for (clause, limit, partner), runs in found.limits_reached.items()
    ]
    columns = (Heading("What", kind="text"), Heading("Runs"), Heading("Of all runs"))
    return html.table("How often a reserve or limit is used up", columns, rows) if rows else None


def exposure_sentences(found: Simulation) -> str:
    """The parameters that the figures follow from, and how to read them."""
    kinds = " and ".join(sorted({each.distribution for each in found.ranges}))
    said = [
        f"{found.runs:,} runs with seed {found.seed}, {kinds}, correlation {found.correlation:g}, ranges for "
        f"{len(found.ranges)} lines: the same give the same figures.",
        "P80 is the amount that 80 of 100 runs do not exceed. The points of partners are of different runs and do not "
        "add up.",
    ]
    if found.at_budget:
        said.append(f"Without a range, as in the position: {', '.join(found.at_budget)}.")
    if found.run_by_run:
        said.append(f"Each run was shared by itself and no cap was watched: {found.run_by_run}.")
    return " ".join(said)


def _points(each: Exposure, unit: Unit) -> tuple[Cell, ...]:
    points = (each.p50_pence, each.p80_pence, each.p95_pence, each.worst_pence)
    return tuple(html.money(pence, unit) for pence in points)


def _name(found: Comparison, row: ComparedRow) -> str:
    agreements = (found.first.agreement, found.second.agreement)
    if row.what == "partner":
        return next(each.partners[row.name].name for each in agreements if row.name in each.partners)
    if row.what == "reserve":
        reserve = next(each.reserves[row.name] for each in agreements if row.name in each.reserves)
        return f"Drawn from {reserve.name or f'reserve {reserve.id}'}"
    return row.what.capitalize()


def _sides(row: ComparedRow) -> tuple[int | None, int | None]:
    return row.first_pence, row.second_pence


def _cells(row: ComparedRow, unit: Unit) -> tuple[Cell, ...]:
    first, second = (html.number("none") if pence is None else html.money(pence, unit) for pence in _sides(row))
    return first, second, html.money(row.difference_pence, unit)
