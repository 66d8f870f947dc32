"""Lines of a monitoring table in groups and in an order, each line once, so that groups add up to the whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pooledfund.results.monitoring import MonitoringLine
from s75_rules.agreement import Agreement
from s75_rules.trace import SOURCE_WORDS, listed

GroupedBy = Literal["fund", "lead", "source", "sub-area", "condition"]
Order = Literal["as in the agreement", "largest variance first", "largest budget first"]


def sources_of(agreement: Agreement, scheme: str) -> str:
    """The sources that a line's budget comes from, in words."""
    sources = dict.fromkeys(agreement.contributions[each].source for each in agreement.schemes[scheme].budgets)
    return listed(SOURCE_WORDS[each] for each in sources) or "no source"


def conditions_of(agreement: Agreement, scheme: str) -> str:
    """The national conditions that a line is tagged with, in words."""
    return listed(each.replace("-", " ") for each in agreement.schemes[scheme].conditions) or "no condition"


_NAMES: Mapping[GroupedBy, Callable[[Agreement, str], str]] = {
    "fund": lambda agreement, scheme: agreement.funds[agreement.schemes[scheme].fund].name,
    "lead": lambda agreement, scheme: agreement.partners[agreement.schemes[scheme].lead].name,
    "source": sources_of,
    "sub-area": lambda agreement, scheme: agreement.schemes[scheme].sub_area or "no sub-area",
    "condition": conditions_of,
}
GROUPED_BY: tuple[GroupedBy, ...] = tuple(_NAMES)
ORDERS: tuple[Order, ...] = ("as in the agreement", "largest variance first", "largest budget first")


def grouped(rows: Sequence[MonitoringLine], agreement: Agreement, by: GroupedBy) -> dict[str, list[MonitoringLine]]:
    """The lines by group, groups and lines in the order they came in.

    A line with several sources or conditions is in the group of just those together, so that no pound is twice.
    """
    found: dict[str, list[MonitoringLine]] = {}
    for row in rows:
        found.setdefault(_NAMES[by](agreement, row.line.scheme), []).append(row)
    return found


def ordered(rows: Sequence[MonitoringLine], order: Order) -> list[MonitoringLine]:
    """The lines in an order; of two alike the one that the agreement has first."""
    if order == "largest variance first":
        return sorted(rows, key=lambda row: -abs(row.line.forecast_variance_pence))
    if order == "largest budget first":
        return sorted(rows, key=lambda row: -row.line.current_pence)
    return list(rows)
