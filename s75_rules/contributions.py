"""When a contribution falls due and how each instalment is met: instalments to the penny. Not what was received."""

from dataclasses import dataclass
from datetime import date

from ledgers.calendar import MONTHS, QUARTERS, FinancialYear, quarter_months
from ledgers.money import apportion, equal_parts, pounds_for_people
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
