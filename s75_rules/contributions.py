"""When a contribution falls due and how each instalment is met: instalments to the penny. Not what was received."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.calendar import MONTHS, QUARTERS, FinancialYear, quarter_months
from ledgers.money import apportion, apportion_signed, equal_parts, pounds_for_people
from s75_rules.agreement import Agreement, Contribution
from s75_rules.errors import RuleBroken


class ContributionNotPayable(RuleBroken):
    """Instalments asked for of a contribution whose amount is a range or is not known."""


class InstalmentsDiffer(RuleBroken):
    """Dated instalments that do not sum to their contribution."""


class OwnLinesExceedContribution(RuleBroken):
    """A contribution settled net whose payer's own lines have more budget from it than it brings."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """What falls due on a day, in pence, and how it is met: kept for own lines, invoiced, or by book."""

    due_on: date
    due_pence: int
    own_lines_pence: int
    invoiced_pence: int

    @property
    def book_pence(self) -> int:
        """What is met by a transfer in the books of the host on the day it falls due."""
        return self.due_pence - self.own_lines_pence - self.invoiced_pence


def instalments(agreement: Agreement, contribution_id: str) -> tuple[Instalment, ...]:
    """The instalments of a contribution by its agreed pattern; they sum to the contribution exactly.

    Equal parts are rounded down and the last takes what is left. A contribution settled net of
    own lines is kept by its payer as far as it pays for lines that the payer leads; only the
    remainder is invoiced, by the same pattern.

    Raises:
        ContributionNotPayable, InstalmentsDiffer, OwnLinesExceedContribution: as their names say.
    """
    contribution = agreement.contributions[contribution_id]
    amount = contribution.amount.exact_pence
    if amount is None:
        raise ContributionNotPayable(
            f"contribution {contribution_id} is {contribution.amount}: agree an exact amount before it falls due"
        )
    due = _parts(agreement.year, contribution, amount)
    own = own_lines_pence(agreement, contribution) if agreement.settled_as(contribution) == "net_of_own_lines" else 0
    if own > amount:
        raise OwnLinesExceedContribution(
            f"lines led by {contribution.partner} have {pounds_for_people(own)} of contribution {contribution_id},"
            f" which is {pounds_for_people(amount)}: lower the budgets or raise the contribution"
        )
    if agreement.settled_as(contribution) == "book":
        return tuple(Instalment(day, part, 0, 0) for day, part in due)
    invoiced = [part for _, part in _parts(agreement.year, contribution, amount - own)]
    if any(part > whole for part, (_, whole) in zip(invoiced, due, strict=True)):
        # Own lines of a few pence: the remainder in the last part would be more than falls due that day.
        invoiced = apportion(amount - own, [whole for _, whole in due])
    return tuple(Instalment(day, whole, whole - part, part) for (day, whole), part in zip(due, invoiced, strict=True))


def rescheduled(
    agreement: Agreement, contribution: Contribution, total_pence: int, posted: Mapping[date, int], from_day: date
) -> dict[date, int]:
    """What to add to each day of a contribution's dues so that they come to a new total, from a day on.

    What fell due before stands. A change is spread over the pattern's days that are left: in equal parts rounded
    down, the last with what is left, or so that the dated amounts keep their proportions. Where no day is left it
    falls due on that day. Amounts in pence; days without a change are left out.
    """
    year, pattern = agreement.year, contribution.instalments
    days = [day for day in due_days(year, contribution) if day >= from_day] or [from_day]
    standing = {day: pence for day, pence in posted.items() if day >= from_day}
    left = total_pence - sum(posted.values()) + sum(standing.values())
    if isinstance(pattern, str) and set(standing) <= set(days):
        change = left - sum(standing.values())
        changes = dict(zip(days, _signed_parts(change, len(days)), strict=True))
    else:
        dated = {} if isinstance(pattern, str) else pattern
        weights = [dated.get(day, 0) for day in days]
        parts = apportion_signed(left, weights) if any(weights) else _signed_parts(left, len(days))
        wanted = dict(zip(days, parts, strict=True))
        changes = {day: wanted.get(day, 0) - standing.get(day, 0) for day in sorted({*wanted, *standing})}
    return {day: pence for day, pence in changes.items() if pence}


def _signed_parts(pence: int, count: int) -> list[int]:
    parts = equal_parts(abs(pence), count)
    return [part if pence >= 0 else -part for part in parts]


def own_lines_pence(agreement: Agreement, contribution: Contribution) -> int:
    """The agreed budget that a contribution gives to lines led by the partner that pays it, in pence."""
    return sum(
        agreement.budget_pence(scheme.id, contribution.id)
        for scheme in agreement.schemes.values()
        if scheme.lead == contribution.partner
    )


def due_days(year: FinancialYear, contribution: Contribution) -> tuple[date, ...]:
    """The days of the year on which a contribution falls due, in order."""
    match contribution.instalments:
        case "monthly":
            return tuple(year.month_starts(month) for month in MONTHS)
        case "quarterly":
            return tuple(year.month_starts(quarter_months(quarter)[0]) for quarter in QUARTERS)
        case "quarterly_in_arrears":
            return tuple(year.month_ends(quarter_months(quarter)[-1]) for quarter in QUARTERS)
        case "annual":
            return (year.first_day,)
        case dated:
            return tuple(sorted(dated))


def _parts(year: FinancialYear, contribution: Contribution, size_pence: int) -> list[tuple[date, int]]:
    """A size spread over the days: in equal parts, or in the proportions of dated amounts."""
    days, pattern = due_days(year, contribution), contribution.instalments
    if isinstance(pattern, str):
        return list(zip(days, equal_parts(size_pence, len(days)), strict=True))
    agreed = [pattern[day] for day in days]
    if sum(agreed) != contribution.amount.exact_pence:
        raise InstalmentsDiffer(
            f"the dated instalments of contribution {contribution.id} sum to {pounds_for_people(sum(agreed))} and not"
            f" to {contribution.amount}: correct the instalments or the amount"
        )
    return list(zip(days, apportion(size_pence, agreed), strict=True))
