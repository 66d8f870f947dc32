"""The figures a return can show of a pool, by name: by source of money, by quarter, by minimum. Knows no layout."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.conditions import plan_lines
from pooledfund.results.contributions import contribution_position
from pooledfund.returns.blocks import PartsBlock
from pooledfund.returns.flows import flow_figures
from pooledfund.returns.line_rows import Figure, LineRow, line_rows
from pooledfund.returns.part2_rows import part_rows
from pooledfund.returns.plan import NIL, Plan
from pooledfund.returns.registry import Variant
from pooledfund.returns.shown import NOT_HELD, exact_pence
from s75_rules.agreement import Agreement
from s75_rules.amounts import Amount, total
from s75_rules.conditions import minimum_tests

Key = tuple[str, str]
"""The row and column of a figure, as the file of data of a return names them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a return can show of a pool; its file of data says which of it, and where.

    ``month`` is the last month of the actual figures; None where there are no books.
    """

    agreement: Agreement
    month: int | None
    lines: tuple[LineRow, ...]
    cells: Mapping[Key, Figure]
    parts: Mapping[str, tuple[LineRow, ...]] = field(default_factory=dict)

    def rows(self, kind: str) -> tuple[LineRow, ...]:
        """The rows of a table by its kind: lines, organisations or schemes."""
        return self.lines if kind == "lines" else self.parts.get(kind, ())

    def cell(self, row: str, column: str) -> Figure:
        """A figure by its names, or the words that say it is not held here."""
        return self.cells.get((row, column), NOT_HELD)


def figures_of_agreement(agreement: Agreement, layout: Variant, others: Sequence[Agreement] = ()) -> Figures:
    """What an agreement file gives, with the other years of the same pool beside it."""
    return _figures(Plan.agreed(agreement), layout, others)


def figures_of_pool(
    pool: Pool, month: int, layout: Variant, others: Sequence[Agreement] = (), as_of: int | None = None
) -> Figures:
    """What the books give at the end of a month: plan, actual and forecast."""
    spent = _spent(pool, month, as_of)
    by_line: dict[tuple[str, str], int] = {}
    for (scheme, contribution), pence in spent.items():
        if scheme and contribution:
            key = (scheme, pool.agreement.contributions[contribution].source)
            by_line[key] = by_line.get(key, 0) + pence
    planned = _figures(Plan.current(pool, as_of), layout, others, by_line)
    cells = {**planned.cells, **flow_figures(pool, month, as_of)}
    cells |= _by_source(pool, layout, spent, month, as_of)
    return Figures(pool.agreement, month, planned.lines, cells, planned.parts)


def _figures(
    plan: Plan, layout: Variant, others: Sequence[Agreement], spent: Mapping[tuple[str, str], int] | None = None
) -> Figures:
    plans = [plan, *(Plan.agreed(each) for each in others)]
    plans.sort(key=lambda each: each.agreement.year.starts)
    place = plans.index(plan)
    before = plans[place - 1].agreement if place else None
    cells: dict[Key, Figure] = {}
    for each in plans:
        cells |= _planned(each, layout)
    # Where a return names no year it means the agreement's own.
    own = f":{plan.agreement.year}"
    cells |= {
        (row, column.removesuffix(own)): cells[row, column] for row, column in list(cells) if column.endswith(own)
    }
    parts = part_rows(plan, before, layout) if any(isinstance(each, PartsBlock) for each in layout.blocks) else {}
    lines = tuple(
        replace(each, fields={**each.fields, "amount": each.fields[f"amount{own}"]})
        for each in line_rows(plans, spent, before)
    )
    return Figures(plan.agreement, None, lines, cells, parts)


def _planned(plan: Plan, layout: Variant) -> dict[Key, Figure]:
    """Income, expenditure and balance by source, and the minimum tests, as planned for a year."""
    year = str(plan.agreement.year)
    income = _totals(layout, _income_by_source(plan))
    spend = _totals(layout, _spend_by_source(plan))
    cells: dict[Key, Figure] = {}
    for row, amount in income.items():
        # Money that a return does not name has no row there, and may pay for no line yet.
        spent = spend.get(row, NIL)
        cells[row, f"planned_income:{year}"] = amount
        cells[row, f"planned_expenditure:{year}"] = spent
        cells[row, f"balance:{year}"] = _less(amount, spent)
    lines = plan_lines({key: amount.exact_pence or 0 for key, amount in plan.budgets.items()})
    contributions = {
        each: amount.exact_pence for each, amount in plan.contributions.items() if amount.exact_pence is not None
    }
    for test in minimum_tests(plan.agreement, lines, "plan", contributions):
        required = test.required or Amount.parse("to be confirmed")
        met = NOT_HELD if test.planned_pence is None else Amount.exact(test.planned_pence)
        short = _less(required, met)
        pence = exact_pence(short) if not isinstance(short, Decimal) else None
        cells[test.id, f"required:{year}"] = required
        cells[test.id, f"planned:{year}"] = met
        cells[test.id, f"under_spend:{year}"] = short if pence is None else Amount.exact(max(0, pence))
    return cells


def _by_source(
    pool: Pool, layout: Variant, spent: Mapping[tuple[str | None, str | None], int], month: int, as_of: int | None
) -> dict[Key, Figure]:
    """Income as agreed, as changed and as received, and what was spent of it, by source; to the end of a month."""
    agreed, current = Plan.agreed(pool.agreement), Plan.current(pool, as_of)
    received = {each.contribution: each.received_pence for each in contribution_position(pool, month, as_of).positions}
    planned = _totals(layout, _income_by_source(agreed))
    updated = _totals(layout, _income_by_source(current))
    actual = _totals(layout, _sum_by_source(pool.agreement, received))
    without = sum(pence for (_, contribution), pence in spent.items() if contribution is None)
    by_contribution: dict[str, int] = dict.fromkeys(pool.agreement.contributions, 0)
    for (scheme, contribution), pence in spent.items():
        if contribution and scheme and pool.agreement.is_pooled(pool.agreement.schemes[scheme]):
            by_contribution[contribution] += pence
    used = _totals(layout, _sum_by_source(pool.agreement, by_contribution))
    used["total"] = total([used["total"], Amount.exact(without)])
    cells: dict[Key, Figure] = {}
    for row in planned:
        cells[row, "planned_income"] = planned[row]
        cells[row, "updated_income"] = updated[row]
        cells[row, "actual_income"] = actual[row]
        cells[row, "expenditure_to_date"] = cells[row, "actual_expenditure"] = used[row]
        cells[row, "remaining"] = _less(updated[row], used[row])
        cells[row, "percent_spent"] = _ratio(used[row], updated[row])
    return cells


def _spent(pool: Pool, month: int, as_of: int | None) -> dict[tuple[str | None, str | None], int]:
    balances = pool.books.balances(
        "actual", ("scheme", "contribution"), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of
    )
    return {
        (None if scheme is None else str(scheme), None if contribution is None else str(contribution)): pence
        for (scheme, contribution), pence in balances.items()
    }


def _income_by_source(plan: Plan) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for each in plan.agreement.contributions.values():
        if plan.agreement.funds[each.fund].kind == "pooled":
            found.setdefault(each.source, []).append(plan.contributions[each.id])
    return found


def _spend_by_source(plan: Plan) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    pooled = {scheme.id for scheme in plan.lines()}
    for (scheme, contribution), amount in plan.budgets.items():
        if scheme in pooled:
            found.setdefault(plan.agreement.contributions[contribution].source, []).append(amount)
    return found


def _sum_by_source(agreement: Agreement, pence: Mapping[str, int]) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for each in agreement.contributions.values():
        if agreement.funds[each.fund].kind == "pooled":
            found.setdefault(each.source, []).append(Amount.exact(pence.get(each.id, 0)))
    return found


def _totals(layout: Variant, by_source: Mapping[str, Sequence[Amount]]) -> dict[str, Amount]:
    """The amount of each source that the return knows, the sums over them, and the total of the pool."""

    def of(sources: Iterable[str]) -> Amount:
        return total([amount for source in sources for amount in by_source.get(source, ())])

    known = dict.fromkeys([*layout.minimum_sources, *layout.additional_sources, *by_source])
    return {
        **{source: of([source]) for source in known},
        "minimum_subtotal": of(layout.minimum_sources),
        "additional_subtotal": of(layout.additional_sources),
        "total": of(by_source),
    }


def _less(amount: Figure, other: Figure) -> Figure:
    """A difference where both are exact, else the words of the one that is not."""
    for each in (amount, other):
        if not isinstance(each, Amount) or each.exact_pence is None:
            return str(each)
    assert isinstance(amount, Amount)
    assert isinstance(other, Amount)
    return Amount.exact((amount.exact_pence or 0) - (other.exact_pence or 0))


def _ratio(part: Amount, whole: Amount) -> Figure:
    if part.exact_pence is None or not whole.exact_pence:
        return NOT_HELD
    return (Decimal(part.exact_pence) / Decimal(whole.exact_pence)).quantize(Decimal("0.0001"))
