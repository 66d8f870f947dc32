"""The lines of a pool as returns list them: a row for each line, provider and source of money. Knows no layout."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledgers.money import apportion_signed
from pooledfund.returns.plan import Plan
from pooledfund.returns.shown import NOT_HELD, NOT_STATED
from s75_rules.agreement import Agreement, Scheme
from s75_rules.amounts import Amount, total

Figure = Amount | Decimal | str
"""An amount in pence, a number that is no money, or words; words also where nothing is held."""
NOT_BY_PROVIDER = "not held by provider"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line's money from one source to one provider; a scheme paid in several ways has several rows.

    ``fields`` holds what a return may ask of it, by the names of ``blocks.FIELDS``; an amount's year
    stands behind a colon.
    """

    scheme: str
    source: str
    provider: str
    fields: Mapping[str, Figure]


def line_rows(
    plans: Sequence[Plan], spent: Mapping[tuple[str, str], int] | None = None, before: Agreement | None = None
) -> tuple[LineRow, ...]:
    """The rows of a pool in file order, with a planned amount for each year given and spend to date where there is any.

    ``spent`` is by line and source, in pence. ``before`` is the agreement of the year before, which
    tells new lines from existing ones.
    """
    amounts: dict[tuple[str, str, str], dict[str, Amount]] = {}
    owners: dict[str, Plan] = {}
    for plan in plans:
        for scheme in plan.lines():
            owners.setdefault(scheme.id, plan)
            for provider, source, amount in _parts(plan, scheme):
                amounts.setdefault((scheme.id, provider, source), {})[str(plan.agreement.year)] = amount
    providers: dict[tuple[str, str], int] = {}
    for scheme_id, _, source in amounts:
        providers[scheme_id, source] = providers.get((scheme_id, source), 0) + 1
    years = [str(plan.agreement.year) for plan in plans]
    rows = []
    for (scheme_id, provider, source), by_year in amounts.items():
        agreement = owners[scheme_id].agreement
        fields = _fields(agreement, agreement.schemes[scheme_id], provider, source, before)
        fields |= {f"amount:{year}": by_year.get(year, Amount.exact(0)) for year in years}
        if spent is not None:
            alone = providers[scheme_id, source] == 1
            fields["to_date"] = Amount.exact(spent.get((scheme_id, source), 0)) if alone else NOT_BY_PROVIDER
        rows.append(LineRow(scheme_id, source, provider, fields))
    return tuple(rows)


def _fields(
    agreement: Agreement, scheme: Scheme, provider: str, source: str, before: Agreement | None
) -> dict[str, Figure]:
    shares = agreement.commissioner_of(scheme)
    joint = 0 < shares.nhs < 100
    fields: dict[str, Figure] = {
        "scheme_id": scheme.id,
        "scheme_name": scheme.name,
        "description": scheme.description or scheme.name,
        "scheme_type": scheme.scheme_type or NOT_STATED,
        "area_of_spend": scheme.area_of_spend or NOT_STATED,
        "commissioner": "joint" if joint else "nhs" if shares.nhs else "la",
        "provider": provider,
        "source": source,
        "new_or_existing": NOT_HELD if before is None else "existing" if scheme.id in before.schemes else "new",
    }
    if joint:
        fields |= {"nhs_share": _ratio(shares.nhs), "la_share": _ratio(shares.la)}
    return fields


def _ratio(percent: Fraction) -> Decimal:
    return Decimal(percent.numerator) / Decimal(percent.denominator) / 100


def _parts(plan: Plan, scheme: Scheme) -> Iterable[tuple[str, str, Amount]]:
    """Provider, source and amount of each part of a line; parts of one provider and source are one."""
    found: dict[tuple[str, str], list[Amount]] = {}
    budgets = {each: amount for (line, each), amount in plan.budgets.items() if line == scheme.id}
    for contribution, amount in budgets.items():
        source = plan.agreement.contributions[contribution].source
        for provider, part in _by_provider(scheme, contribution, amount):
            found.setdefault((provider, source), []).append(part)
    return ((provider, source, total(parts)) for (provider, source), parts in found.items())


def _by_provider(scheme: Scheme, contribution: str, amount: Amount) -> Iterable[tuple[str, Amount]]:
    """A budget by provider: as the agreement's rows say, and in their proportion where it has changed since."""
    rows = [row for row in scheme.rows if row.contribution == contribution]
    agreed = [row.amount.exact_pence for row in rows]
    if not rows:
        return [(scheme.provider or NOT_STATED, amount)]
    if amount.exact_pence is None or None in agreed:
        return [(row.provider, row.amount) for row in rows]
    weights = [pence or 0 for pence in agreed]
    parts = apportion_signed(amount.exact_pence, weights if any(weights) else [1] * len(rows))
    return [(row.provider, Amount.exact(part)) for row, part in zip(rows, parts, strict=True)]
