"""The figures of the Part 2 workbook, worked out from an agreement or from its books. Writes no workbook."""

from collections.abc import Iterable
from dataclasses import dataclass

from pooledfund.errors import InputRefused
from pooledfund.returns.plan import Plan
from pooledfund.returns.registry import Variant
from pooledfund.returns.shown import (
    NONE_STATED,
    NOT_BY_SCHEME,
    NOT_HELD,
    NOT_STATED,
    Shown,
    in_words,
    total_of,
)
from s75_rules.agreement import Agreement
from s75_rules.amounts import total


class NotThePreviousYear(InputRefused):
    """The agreement given for the year before is not the one that this one follows."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A row of ``Finance - Summary``."""

    partner: str
    name: str
    holds_the_pool: bool
    spending_before: Shown
    minimum: Shown
    actual: Shown
    basis: str


@dataclass(frozen=True, slots=True)
class SchemeYear:
    """What a scheme spends and saves in a year, recurrently and once."""

    spend_recurrent: Shown
    spend_non_recurrent: Shown
    benefits_recurrent: Shown
    benefits_non_recurrent: Shown

    def parts(self) -> tuple[Shown, Shown, Shown, Shown]:
        """The four in the order of the columns."""
        return self.spend_recurrent, self.spend_non_recurrent, self.benefits_recurrent, self.benefits_non_recurrent


@dataclass(frozen=True, slots=True)
class Investment:
    """A row of ``Finance - Schemes``."""

    scheme: str
    name: str
    lead_provider: str
    before: SchemeYear
    this: SchemeYear
    basis: str

    def parts(self) -> tuple[Shown, ...]:
        """The eight amounts in the order of the columns."""
        return self.before.parts() + self.this.parts()


@dataclass(frozen=True, slots=True)
class Contingency:
    """An outcome's planned savings, and the support needed if its target is missed."""

    measure: str
    name: str
    planned_savings: Shown
    maximum_support: Shown
    basis: str


@dataclass(frozen=True, slots=True)
class AreaYear:
    """What a year requires of the area as a minimum, and what was agreed for its pool."""

    year: str
    minimum: Shown
    minimum_basis: str
    agreed: Shown
    agreed_basis: str

    def __str__(self) -> str:
        return (
            f"{self.year}: minimum required {self.minimum} ({self.minimum_basis}), "
            f"total agreed value of the pool {self.agreed} ({self.agreed_basis})."
        )


@dataclass(frozen=True, slots=True)
class Part2Figures:
    """Everything in pounds that the workbook shows, so that others can compare it."""

    variant: str
    year: str
    year_before: str
    from_books: bool
    area: tuple[AreaYear, ...]
    organisations: tuple[Organisation, ...]
    investments: tuple[Investment, ...]
    contingency: tuple[Contingency, ...]

    def organisation_totals(self) -> tuple[Shown, Shown, Shown]:
        """BCF Total: spending in the year before, minimum and actual contributions."""
        return (
            total_of(each.spending_before for each in self.organisations),
            total_of(each.minimum for each in self.organisations),
            total_of(each.actual for each in self.organisations),
        )

    def investment_totals(self) -> tuple[Shown, ...]:
        """The eight totals of the schemes, in the order of the columns; benefits over the schemes that state them."""
        columns = zip(*(each.parts() for each in self.investments), strict=True)
        return tuple(total_of(column) for column in columns)

    def as_json(self) -> dict[str, object]:
        """The figures with money in pounds as text, and words where an amount is not exact."""
        before, minimum, actual = self.organisation_totals()
        return {
            "return": self.variant,
            "layout": "own layout, not confirmed",
            "year": self.year,
            "year_before": self.year_before,
            "unit": "pounds",
            "from": "books" if self.from_books else "agreement",
            "area": [
                {"year": each.year, "minimum": in_words(each.minimum), "agreed": in_words(each.agreed)}
                for each in self.area
            ],
            "organisations": [
                {
                    "partner": each.partner,
                    "holds_the_pooled_budget": "Y" if each.holds_the_pool else "N",
                    "spending_year_before": in_words(each.spending_before),
                    "minimum_contribution": in_words(each.minimum),
                    "actual_contribution": in_words(each.actual),
                    "basis": each.basis,
                }
                for each in self.organisations
            ],
            "bcf_total": {
                "spending_year_before": in_words(before),
                "minimum_contribution": in_words(minimum),
                "actual_contribution": in_words(actual),
            },
            "schemes": [
                {"scheme": each.scheme, "lead_provider": each.lead_provider, "basis": each.basis} | _eight(each.parts())
                for each in self.investments
            ],
            "scheme_total": _eight(self.investment_totals()),
            "contingency": [
                {
                    "measure": each.measure,
                    "planned_savings": in_words(each.planned_savings),
                    "maximum_support": in_words(each.maximum_support),
                    "basis": each.basis,
                }
                for each in self.contingency
            ],
        }


def _eight(parts: Iterable[Shown]) -> dict[str, object]:
    names = ("spend_recurrent", "spend_non_recurrent", "benefits_recurrent", "benefits_non_recurrent")
    amounts = [in_words(part) for part in parts]
    return {
        "year_before": dict(zip(names, amounts[:4], strict=False)),
        "this_year": dict(zip(names, amounts[4:], strict=False)),
    }


def part2_figures(plan: Plan, previous: Agreement | None, variant: Variant) -> Part2Figures:
    """Work out Part 2 from a year's plan, and from the agreement of the year before where it is held.

    Raises:
        NotThePreviousYear: the other agreement is not the one this one follows, or not of the year before.
    """
    agreement = plan.agreement
    if previous is not None:
        _must_precede(agreement, previous)
    before = Plan.agreed(previous) if previous else None
    return Part2Figures(
        variant=variant.id,
        year=str(agreement.year),
        year_before=str(type(agreement.year)(agreement.year.starts - 1)),
        from_books=plan.from_books,
        area=tuple(_area_year(each) for each in (before, plan) if each is not None),
        organisations=tuple(_organisations(plan, before, variant)),
        investments=tuple(_investments(plan, before)),
        contingency=tuple(_contingency(agreement)),
    )


def _must_precede(agreement: Agreement, previous: Agreement) -> None:
    follows = agreement.header.follows
    if previous.year.starts != agreement.year.starts - 1:
        raise NotThePreviousYear(
            f"{previous.id} is of {previous.year} and {agreement.id} of {agreement.year}: "
            "give the agreement of the year before"
        )
    if follows is not None and follows != previous.id:
        raise NotThePreviousYear(
            f"{agreement.id} follows '{follows}', not '{previous.id}': give the agreement it follows"
        )


def _area_year(plan: Plan) -> AreaYear:
    contributions = plan.agreement.contributions.values()
    pooled = [each for each in contributions if plan.agreement.funds[each.fund].kind == "pooled"]
    return AreaYear(
        year=str(plan.agreement.year),
        minimum=plan.agreement.minimums.nhs_minimum or NOT_STATED,
        minimum_basis=joint_basis([plan.agreement.minimums.basis]),
        agreed=total_of(plan.contributions[each.id] for each in pooled),
        agreed_basis=joint_basis(each.basis for each in pooled),
    )


def _organisations(plan: Plan, before: Plan | None, variant: Variant) -> Iterable[Organisation]:
    """Every partner that contributes or holds a pooled fund, in file order."""
    agreement = plan.agreement
    hosts = {fund.host for fund in agreement.funds.values() if fund.kind == "pooled"}
    for partner in agreement.partners.values():
        contributions = plan.pooled_contributions(partner.id)
        if contributions or partner.id in hosts:
            yield Organisation(
                partner=partner.id,
                name=partner.name,
                holds_the_pool=partner.id in hosts,
                spending_before=_spending(before, partner.id) if before else NOT_HELD,
                minimum=_minimum(plan, partner.id, variant),
                actual=total(plan.contributions[each.id] for each in contributions) if contributions else NONE_STATED,
                basis=joint_basis([each.basis for each in contributions]),
            )


def _spending(plan: Plan, partner: str) -> Shown:
    """What lines were to spend from a partner's contributions in a year."""
    contributions = {each.id for each in plan.pooled_contributions(partner)}
    if not contributions:
        return NONE_STATED
    amounts = [amount for (_, contribution), amount in plan.budgets.items() if contribution in contributions]
    return total(amounts) if amounts else NOT_BY_SCHEME


def _minimum(plan: Plan, partner: str, variant: Variant) -> Shown:
    """A partner's agreed contributions from the sources that have a minimum.

    Where a contribution is not exact and no other partner contributes NHS minimum, the area's own
    minimum stands.
    """
    contributions = plan.pooled_contributions(partner)
    if not contributions:
        return NONE_STATED
    area = plan.agreement.minimums.nhs_minimum
    payers = {each.partner for each in plan.agreement.contributions.values() if each.source == "nhs_minimum"}
    amounts = [each.amount for each in contributions if each.source in variant.minimum_sources]
    if total(amounts).wording != "exact" and area is not None and payers == {partner}:
        others = [
            each.amount
            for each in contributions
            if each.source in variant.minimum_sources and each.source != "nhs_minimum"
        ]
        return total([area, *others])
    return total(amounts)


def _investments(plan: Plan, before: Plan | None) -> Iterable[Investment]:
    """Every pooled line of this year, then those of the year before that are not continued."""
    this = {scheme.id: scheme for scheme in plan.lines()}
    earlier = {scheme.id: scheme for scheme in before.lines()} if before else {}
    for line in dict.fromkeys([*this, *earlier]):
        owner = plan.agreement if line in this else (before or plan).agreement
        scheme = this.get(line) or earlier[line]
        lead = owner.partners[scheme.lead].name
        yield Investment(
            scheme=line,
            name=scheme.name,
            lead_provider="; ".join(scheme.providers) or f"{lead} (lead; provider not stated)",
            before=_scheme_year(before, line, NOT_HELD),
            this=_scheme_year(plan, line, NONE_STATED),
            basis=joint_basis(
                basis
                for each in (this.get(line), earlier.get(line))
                if each is not None
                for basis in (each.basis, each.benefits.basis if each.benefits else each.basis)
            ),
        )


def _scheme_year(plan: Plan | None, scheme: str, absent: str) -> SchemeYear:
    if plan is None:
        return SchemeYear(absent, absent, absent, absent)
    line = plan.agreement.schemes.get(scheme)
    if line is None:
        return SchemeYear(NONE_STATED, NONE_STATED, NONE_STATED, NONE_STATED)
    of_line = {contribution: amount for (each, contribution), amount in plan.budgets.items() if each == scheme}
    recurrent = [amount for each, amount in of_line.items() if plan.agreement.contributions[each].recurrent]
    once = [amount for each, amount in of_line.items() if not plan.agreement.contributions[each].recurrent]
    benefits = line.benefits
    return SchemeYear(
        spend_recurrent=total(recurrent) if of_line else NOT_STATED,
        spend_non_recurrent=total(once) if of_line else NOT_STATED,
        benefits_recurrent=(benefits.recurrent if benefits else None) or NONE_STATED,
        benefits_non_recurrent=(benefits.non_recurrent if benefits else None) or NONE_STATED,
    )


def _contingency(agreement: Agreement) -> Iterable[Contingency]:
    for measure in agreement.measures.values():
        if measure.planned_savings is not None or measure.maximum_support is not None:
            yield Contingency(
                measure=measure.id,
                name=measure.name,
                planned_savings=measure.planned_savings or NOT_STATED,
                maximum_support=measure.maximum_support or NOT_STATED,
                basis=joint_basis([measure.basis]),
            )


def joint_basis(bases: Iterable[str | None]) -> str:
    """How sure figures are that rest on several amounts: ``illustrative`` or ``published``, wholly or in part."""
    found = set(bases)
    for word in ("illustrative", "published"):
        if word in found:
            return word if found == {word} else f"{word} in part"
    return "as agreed"
