"""Amounts of an extract that look like a slip of units, held against the budgets of its lines. Posts nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ledgers.money import pounds_for_people
from pooledfund.errors import InputRefused
from pooledfund.intake.history import earlier_files
from pooledfund.intake.plan import Plan

TOO_LARGE = 100
"""A line that one file makes spend a hundred times its whole year's budget was not given in pounds."""
THOUSAND = range(300, 3001)
"""How many times smaller than the budget figures in £000 are that are taken for pounds, within what spend varies."""


class AmountsNotAccepted(InputRefused):
    """Amounts that look like a slip of units, each with the budget that it is held against."""


@dataclass(frozen=True, slots=True)
class UnitSlips:
    """What of a file looks like a slip of units, in sentences: too large is refused unless accepted, too small told."""

    too_large: tuple[str, ...] = ()
    too_small: tuple[str, ...] = ()


NO_SLIPS = UnitSlips()


def unit_slips(plan: Plan) -> UnitSlips:
    """What of a file looks like pence or £ given as £ or £000, or the reverse.

    Too large: spend of a line in the file is at least a hundred times its budget of the year, or the whole file is
    against the pool's budget. Too small: the first figures of a partner's months come to about a thousandth of what
    is budgeted for its lines in those months; a small month can be right, and is warned of alone. Later files of the
    same months bring what was late.
    Source: slips stand in published returns (North Tyneside 2015/16 has £15.233m in a column of £000).
    """
    budgets = {
        scheme: sum(pence for _, pence in parts) for scheme, parts in plan.apportioning.budgets(12).items() if parts
    }
    spent = {scheme: pence for scheme, _, pence in plan.by_line()}
    large = tuple(_too_large(spent, budgets))
    return UnitSlips(large, () if large else tuple(_too_small(plan, spent, budgets)))


def refuse_too_large(file: str, slips: UnitSlips) -> None:
    """Raise AmountsNotAccepted with every amount that looks too large; pass if there is none."""
    if slips.too_large:
        raise AmountsNotAccepted(
            *(f"{file}: {each}" for each in slips.too_large),
            f"{file}: have the unit of the file's amounts corrected; if they are right as they stand, import it and "
            "accept its amounts (--accept-amounts)",
        )


def _too_large(spent: dict[str | None, int], budgets: dict[str, int]) -> Iterator[str]:
    for scheme, pence in spent.items():
        budget = budgets.get(scheme or "", 0)
        if budget and abs(pence) >= TOO_LARGE * budget:
            yield (
                f"line {scheme} would spend {pounds_for_people(pence)} in this file alone, {_times(pence, budget)} its "
                f"budget of {pounds_for_people(budget)} for the whole year: are these amounts pence, or £ taken as "
                "£000?"
            )
    total, whole = sum(spent.values()), sum(budgets.values())
    if whole and abs(total) >= TOO_LARGE * whole:
        yield (
            f"the file comes to {pounds_for_people(total)}, {_times(total, whole)} the {pounds_for_people(whole)} "
            "budgeted for every line of the pool"
        )


def _too_small(plan: Plan, spent: dict[str | None, int], budgets: dict[str, int]) -> Iterator[str]:
    """Only of first figures: a file of what was late is small by itself."""
    if plan.there or earlier_files(plan.pool, None, plan.months):
        return
    months = set().union(*plan.months.values())
    due = 0
    for scheme in (each for each in spent if each in budgets):
        by_month = plan.pool.agreement.schemes[str(scheme)].profile.spread(budgets[str(scheme)], 1)
        due += sum(by_month[month - 1] for month in months)
    total = sum(spent.values())
    if total > 0 and THOUSAND.start <= Fraction(due, total) < THOUSAND.stop:
        covered = ", ".join(f"M{month}" for month in sorted(months))
        yield (
            f"the file comes to {pounds_for_people(total)}, about a thousandth of the {pounds_for_people(due)} "
            f"budgeted for its lines in {covered}: if its amounts are in £000, have them given in £ and bring the file "
            "again"
        )


def _times(pence: int, budget: int) -> str:
    return f"{abs(pence) // budget:,} times"
