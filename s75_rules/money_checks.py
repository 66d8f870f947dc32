"""The rules of contributions, reserves and lines: what they add up to, what kind of money it is. Shares nothing."""

from collections.abc import Iterator

from ledgers.calendar import FinancialYear
from ledgers.money import pounds_for_people
from s75_rules.agreement import CAPITAL_SOURCES, RING_FENCED_SOURCES, Agreement, Contribution, Reserve, Scheme
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.amounts import Amount, total

REVENUE_ONLY_SOURCES: frozenset[str] = (RING_FENCED_SOURCES - CAPITAL_SOURCES) | {"nhs_minimum"}
"""Sources that cannot pay for capital; additional contributions may."""

_SHOWN = 12
"""Lines listed in a message; more would hide the sentence."""

_NHS_SOURCES = frozenset({"nhs_minimum", "nhs_additional", "discharge_nhs"})


def money_faults(agreement: Agreement) -> Iterator[Fault]:
    """What of the money is refused."""
    for contribution in agreement.contributions.values():
        yield from _over_contribution(agreement, contribution)
        yield from _contribution(agreement.year, contribution)
    for reserve in agreement.reserves.values():
        yield from _reserve(agreement, reserve)
    for scheme in agreement.schemes.values():
        yield from _one_fund(agreement, scheme)
        yield from _capital(agreement, scheme)
        yield from _may_be_pooled(agreement, scheme)
        yield from _recipients(agreement, scheme)
        if scheme.rows and scheme.budget:
            message = "the line has both rows and a budget, so its money would stand twice"
            yield Fault(("schemes", scheme.id, "budget"), "RowsAndBudget", message, "keep one of the two")


def money_warnings(agreement: Agreement) -> Iterator[Fault]:
    """What of the money is only pointed out."""
    for contribution in agreement.contributions.values():
        yield from _unallocated(agreement, contribution)
        yield from _payer(agreement, contribution)
        if not isinstance(contribution.instalments, str) and contribution.amount.exact_pence is None:
            path: Path = ("contributions", contribution.id, "instalments")
            message = "the instalments have amounts although the contribution itself is not exact"
            yield warning(path, "InstalmentsOfUnknown", message, "check them again once the amount is agreed")
        yield from _after_the_end(contribution)
    for fund in agreement.funds:
        amount = total(each.amount for each in agreement.contributions.values() if each.fund == fund)
        if amount.exact_pence is None:
            message = f"the contributions to this fund come to {_not_exact(amount)}"
            yield warning(("funds", fund), "TotalNotExact", message, "every total over them says so")
    for reserve in agreement.reserves.values():
        if reserve.held == "outside_pool" and reserve.funded_by:
            path = ("reserves", reserve.id, "funded_by")
            message = "the reserve is held outside the pool, so what contributions put into it leaves the pool's totals"
            yield warning(path, "ReserveOutsideFunded", message, "hold it in_pool, or state its opening instead")
    for scheme in agreement.schemes.values():
        yield from _scheme_warnings(agreement, scheme)


def _not_exact(amount: Amount) -> str:
    return str(amount) if amount.wording == "range" else f"an amount that is {amount.wording}"


def _parts(agreement: Agreement, contribution: str) -> list[Amount]:
    """What lines and reserves take from a contribution."""
    lines = [scheme.budgets[contribution] for scheme in agreement.schemes.values() if contribution in scheme.budgets]
    held = [each.funded_by[contribution] for each in agreement.reserves.values() if contribution in each.funded_by]
    return lines + [Amount.exact(pence) for pence in held]


def _over_contribution(agreement: Agreement, contribution: Contribution) -> Iterator[Fault]:
    """The least that is taken may not be more than the most that is agreed; what is not known counts for nothing."""
    most = contribution.amount.high_pence
    taken = sum(part.low_pence or 0 for part in _parts(agreement, contribution.id))
    if most is not None and taken > most:
        yield Fault(
            ("contributions", contribution.id, "amount"),
            "BudgetOverContribution",
            f"lines and reserves take {pounds_for_people(taken)} from {contribution.id}, "
            f"{pounds_for_people(taken - most)} more than its {pounds_for_people(most)} "
            f"({_takers(agreement, contribution.id)})",
            "lower a budget, or raise the contribution",
        )


def _takers(agreement: Agreement, contribution: str) -> str:
    """The lines and reserves that take from a contribution, for a reader."""
    names = [scheme.id for scheme in agreement.schemes.values() if contribution in scheme.budgets]
    names += [reserve.id for reserve in agreement.reserves.values() if contribution in reserve.funded_by]
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _contribution(year: FinancialYear, each: Contribution) -> Iterator[Fault]:
    path: Path = ("contributions", each.id)
    about: tuple[Path, ...] = (("agreement", "year"), (*path, "source"), (*path, "amount"))
    if each.ring_fenced is False and each.source in RING_FENCED_SOURCES:
        message = f"{each.source} is ring-fenced in every year"
        yield Fault((*path, "ring_fenced"), "RingFenceDenied", message, "take ring_fenced: false out", about=about)
    if each.ends is not None and each.ends < year.first_day:
        message = f"the contribution ends before {year} begins"
        remedy = "take it out, or correct the date it ends"
        yield Fault((*path, "ends"), "ContributionEndsBeforeYear", message, remedy, about=about)
    if isinstance(each.instalments, str):
        return
    for day in each.instalments:
        if day not in year:
            message = f"{day.isoformat()} is not in {year}"
            remedy = f"write a date from {year.first_day} to {year.last_day}"
            yield Fault((*path, "instalments", day.isoformat()), "InstalmentOutsideYear", message, remedy, about=about)
    summed, whole = sum(each.instalments.values()), each.amount.exact_pence
    if whole is not None and summed != whole:
        yield Fault(
            (*path, "instalments"),
            "InstalmentsDiffer",
            f"the instalments sum to {pounds_for_people(summed)} and the contribution is {pounds_for_people(whole)}",
            "make the two the same",
            about=(*about, (*path, "instalments")),
        )


def _reserve(agreement: Agreement, reserve: Reserve) -> Iterator[Fault]:
    for name in reserve.funded_by:
        contribution = agreement.contributions.get(name)
        if contribution is not None and _differ(agreement, contribution.fund, reserve.fund):
            path: Path = ("reserves", reserve.id, "funded_by", name)
            yield _other_fund(path, name, contribution.fund, f"reserve {reserve.id}", reserve.fund)


def _one_fund(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    for name, path in _contributions_of(scheme):
        contribution = agreement.contributions.get(name)
        if contribution is not None and _differ(agreement, contribution.fund, scheme.fund):
            yield _other_fund(path, name, contribution.fund, f"line {scheme.id}", scheme.fund)


def _differ(agreement: Agreement, fund: str, other: str) -> bool:
    """Whether two funds are two; a fund that is not known is told of elsewhere."""
    return fund != other and fund in agreement.funds and other in agreement.funds


def _contributions_of(scheme: Scheme) -> Iterator[tuple[str, Path]]:
    """The contributions a line names and where it names them."""
    for name in scheme.budget:
        yield name, ("schemes", scheme.id, "budget", name)
    for place, row in enumerate(scheme.rows):
        yield row.contribution, ("schemes", scheme.id, "rows", place, "contribution")


def _other_fund(path: Path, name: str, paid_into: str, user: str, fund: str) -> Fault:
    return Fault(
        path,
        "ContributionOfAnotherFund",
        f"{name} is paid into fund {paid_into}, and {user} is in fund {fund}",
        "name a contribution of the same fund, or correct one of the funds",
        about=(("contributions", name, "fund"), (*path[:2], "fund")),
    )


def _capital(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    """Capital may not be charged to revenue funding; a part funded by capital grant is capital in any case."""
    if not scheme.capital:
        return
    for name, amount in scheme.budgets.items():
        contribution = agreement.contributions.get(name)
        if contribution is not None and contribution.source in REVENUE_ONLY_SOURCES and amount.exact_pence != 0:
            yield Fault(
                ("schemes", scheme.id, "capital"),
                "CapitalOnRevenue",
                f"the line says capital: true, and {name} is {contribution.source}, which pays for revenue only",
                "put the capital part on a line of its own with capital money, or take capital: true out",
                about=(("contributions", name, "source"),),
            )


def _may_be_pooled(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    """What a fund may not take in: an excluded function in pooled money, capital where the agreement has revenue only.

    Sources: SI 2000/617, regulations 5 and 6, remembered and to be checked; clauses on permitted expenditure.
    """
    fund = agreement.funds.get(scheme.fund)
    if fund is None:
        return
    if scheme.excluded_function is not None and fund.kind == "pooled":
        yield Fault(
            ("schemes", scheme.id, "excluded_function"),
            "FunctionNotPooled",
            f"the line is for {scheme.excluded_function}, which may not be pooled, and {fund.id} is a pooled fund",
            "put the line and its money into an aligned or in-view fund, or take excluded_function out",
            about=(("schemes", scheme.id, "fund"),),
        )
    if fund.revenue_only and (scheme.capital or capital_budget(agreement, scheme).high_pence != 0):
        yield Fault(
            ("schemes", scheme.id, "fund"),
            "CapitalNotPermitted",
            f"the line spends capital, and fund {fund.id} is revenue_only: its agreement permits no capital",
            "put the line into a fund that takes capital, or take revenue_only out",
            about=(("funds", fund.id, "revenue_only"),),
        )


def capital_budget(agreement: Agreement, scheme: Scheme) -> Amount:
    """A line's budget from capital grants, such as the Disabled Facilities Grant."""
    return total(
        amount
        for name, amount in scheme.budgets.items()
        if name in agreement.contributions and agreement.contributions[name].is_capital
    )


def _recipients(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    grant = capital_budget(agreement, scheme).high_pence
    passed_on = sum(scheme.recipients.values()) + (scheme.retained or 0)
    if grant is not None and passed_on > grant:
        path: Path = ("schemes", scheme.id, "recipients" if scheme.recipients else "retained")
        yield Fault(
            path,
            "RecipientsOverGrant",
            f"{pounds_for_people(passed_on)} is passed on or retained, and the line has "
            f"{pounds_for_people(grant)} of capital grant",
            "lower an amount, or raise the line's budget from the grant",
            about=((*path[:2], "budget"), *(("contributions", name) for name in scheme.budgets)),
        )


def _unallocated(agreement: Agreement, contribution: Contribution) -> Iterator[Fault]:
    parts = _parts(agreement, contribution.id)
    taken, whole = total(parts).exact_pence, contribution.amount.exact_pence
    if taken is not None and whole is not None and taken < whole:
        message = f"{pounds_for_people(whole - taken)} is on no line and in no reserve"
        yield warning(
            ("contributions", contribution.id, "amount"), "Unallocated", message, "it is shown as unallocated"
        )


def _after_the_end(contribution: Contribution) -> Iterator[Fault]:
    if contribution.ends is None or isinstance(contribution.instalments, str):
        return
    for day in contribution.instalments:
        if day > contribution.ends:
            path: Path = ("contributions", contribution.id, "instalments", day.isoformat())
            message = f"this instalment falls due after the contribution ends on {contribution.ends.isoformat()}"
            yield warning(path, "InstalmentAfterEnd", message, "check the two dates")


def _payer(agreement: Agreement, contribution: Contribution) -> Iterator[Fault]:
    partner = agreement.partners.get(contribution.partner)
    if partner is None or partner.kind in ("provider", "voluntary", "other"):
        return
    if (partner.kind == "nhs") != (contribution.source in _NHS_SOURCES):
        message = f"{contribution.source} is paid by {partner.id}, a partner of kind {partner.kind}"
        path: Path = ("contributions", contribution.id, "source")
        yield warning(path, "SourceOfAnotherKind", message, "check the source and the partner")


def _scheme_warnings(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    path: Path = ("schemes", scheme.id)
    grant = capital_budget(agreement, scheme)
    if scheme.capital is False and grant.high_pence != 0:
        message = "the line says capital: false, and what capital grant funds is capital all the same"
        yield warning((*path, "capital"), "CapitalDenied", message, "take capital: false out")
    passed_on = sum(scheme.recipients.values()) + (scheme.retained or 0)
    if scheme.recipients and grant.exact_pence is not None and passed_on < grant.exact_pence:
        left = pounds_for_people(grant.exact_pence - passed_on)
        message = f"{left} of the grant is neither passed on nor retained"
        yield warning((*path, "recipients"), "GrantNotPassedOn", message, "add a recipient, or write it as retained")
    for name in scheme.recipients:
        recipient = agreement.partners.get(name)
        if recipient is not None and recipient.kind != "district":
            message = f"{name} receives grant and is not of kind district"
            yield warning((*path, "recipients", name), "RecipientNoDistrict", message, "check its kind")
