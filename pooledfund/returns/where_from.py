"""Where a figure of a return comes from, in a sentence: the contribution, lines, receipts or rule behind it."""

from collections.abc import Callable, Sequence

from ledgers.calendar import month_label
from pooledfund.returns.figures import Figures, Key
from pooledfund.returns.filling import PlannedCell
from pooledfund.returns.line_rows import LineRow

NO_CONTRIBUTION = "The agreement has no contribution from this source"
_MINIMUM = {
    "required": "What the year's rules require of the minimum",
    "planned": "Budgets of the lines that count towards the minimum",
    "under_spend": "What is required less what is planned, where that is short",
}
_FLOWS = {
    "income_plan": "Instalments as agreed",
    "income_forecast": "Receipts where the quarter has ended, else instalments still due",
    "income_actual": "Receipts of contributions",
    "expenditure_plan": "Budgets as agreed, spread over the year by each line's profile",
    "expenditure_forecast": "Spend where the quarter has ended, else forecast outturn still to be spent",
    "expenditure_actual": "Spend posted on the lines",
}


def where_from(cell: PlannedCell, figures: Figures) -> str:
    """What the value of a planned cell rests on, with the contribution or line by its id."""
    if isinstance(cell.of[0], LineRow):
        return _of_line(cell.of[0], cell.of[1], figures)
    return _of_figure((cell.of[0], cell.of[1]), figures)


def _of_line(line: LineRow, field: str, figures: Figures) -> str:
    stem, _, year = field.partition(":")
    other = f" of {year}" if year and year != str(figures.agreement.year) else ""
    if not line.source:
        return f"Agreement{other}: {line.scheme}, {stem.replace('_', ' ')}"
    source = line.source.replace("_", " ")
    if stem == "to_date":
        return f"Spend posted on {line.scheme} from {source}{_until(figures)}"
    if stem == "amount":
        return f"Budget of {line.scheme} from {source}{other or _standing(figures)}"
    return f"Agreement: {line.scheme}, {stem.replace('_', ' ')}"


def _of_figure(key: Key, figures: Figures) -> str:
    row, column = key
    stem, _, year = column.partition(":")
    if row in _FLOWS:
        return _of_flow(row, column, figures)
    if stem in _MINIMUM:
        return f"{_MINIMUM[stem]}{_standing(figures) if stem == 'planned' else ''}"
    if year and year != str(figures.agreement.year):
        return f"Agreement of {year}"
    return _BY_COLUMN[stem](row, figures, stem if not year else column)


def _of_flow(row: str, column: str, figures: Figures) -> str:
    if column == "pooled_fund":
        return "Contributions that fall due in the year"
    if column == "annual":
        return f"The four quarters together{_until(figures) if row.endswith('_actual') else ''}"
    return f"{_FLOWS[row]}, {column.upper()}"


def _income(row: str, figures: Figures, column: str) -> str:
    """A contribution as agreed; where the books give a column of a year, as they have it now."""
    now = figures.month is not None and (column == "updated_income" or ":" in column)
    return _contributions(row, figures, "as the books have it now" if now else "as agreed")


def _received(row: str, figures: Figures, _column: str) -> str:
    return _after("Receipts of", row, figures, _until(figures))


def _spent(row: str, figures: Figures, _column: str) -> str:
    if row == "total":
        return f"All spend of the pool{_until(figures)}"
    return _after("Spend paid from", row, figures, _until(figures))


def _budgeted(row: str, figures: Figures, _column: str) -> str:
    return _after("Budgets of lines paid from", row, figures, _standing(figures))


def _left(_row: str, figures: Figures, column: str) -> str:
    words = {
        "remaining": "Contribution as the books have it now less spend",
        "percent_spent": "Spend as a share of the contribution as the books have it now",
    }
    return words.get(column, "Planned income less planned expenditure") + _until(figures)


_BY_COLUMN: dict[str, Callable[[str, Figures, str], str]] = {
    "planned_income": _income,
    "updated_income": _income,
    "actual_income": _received,
    "planned_expenditure": _budgeted,
    "actual_expenditure": _spent,
    "expenditure_to_date": _spent,
    "remaining": _left,
    "percent_spent": _left,
    "balance": _left,
}


def _contributions(row: str, figures: Figures, how: str) -> str:
    if row.endswith(("total", "subtotal")):
        return f"Sum of contributions {how.replace(' it ', ' them ')}"
    ids = _ids(row, figures)
    if not ids:
        return NO_CONTRIBUTION
    if len(ids) == 1:
        return f"Contribution {how}: {ids[0]}"
    return f"Contributions {how.replace(' it ', ' them ')}: {', '.join(ids)}"


def _after(words: str, row: str, figures: Figures, until: str) -> str:
    if row.endswith(("total", "subtotal")):
        return f"{words} the sources of this sum{until}"
    ids = _ids(row, figures)
    return f"{words} {', '.join(ids)}{until}" if ids else NO_CONTRIBUTION


def _ids(source: str, figures: Figures) -> Sequence[str]:
    agreement = figures.agreement
    return [
        each.id
        for each in agreement.contributions.values()
        if each.source == source and agreement.funds[each.fund].kind == "pooled"
    ]


def _until(figures: Figures) -> str:
    return "" if figures.month is None else f", to the end of {month_label(figures.month)}"


def _standing(figures: Figures) -> str:
    return " as agreed" if figures.month is None else " as the books have it now"
