"""How a variance is met, as a statement that adds up to it. Shares nothing: the risk share has done that."""

from collections.abc import Mapping
from dataclasses import dataclass

from s75_rules.agreement import Agreement
from s75_rules.risk_share import RiskShare


@dataclass(frozen=True, slots=True)
class MetBy:
    """One row of the statement, in pence; above nil meets an overspend, below nil uses an underspend."""

    what: str
    pence: int


def how_met(share: RiskShare) -> tuple[MetBy, ...]:
    """The rows that sum to the variance: borne, drawn, returned, kept, carried, given back, unresolved, disputed.

    Only rows that are not nil. The sum is the variance (risk share, what always holds).
    """
    rows = (
        MetBy("Borne by partners", total(share.overspend_pence)),
        MetBy("Drawn from reserves", -sum(min(pence, 0) for pence in share.reserves_pence.values())),
        MetBy("Overspend not yet resolved", share.unresolved_overspend_pence),
        MetBy("Overspend in dispute, not settled", total(share.disputed_overspend_pence)),
        MetBy("Returned to partners", -total(share.underspend_pence)),
        MetBy("Kept in reserves", -sum(max(pence, 0) for pence in share.reserves_pence.values())),
        MetBy("Carried forward with its contribution", -total(share.carried_forward_pence)),
        MetBy("Returned to the payer of a grant", -total(share.returned_to_funder_pence)),
        MetBy("Underspend not yet resolved", -share.unresolved_underspend_pence),
        MetBy("Underspend in dispute, not settled", -total(share.disputed_underspend_pence)),
    )
    return tuple(row for row in rows if row.pence)


def met_by_whom(agreement: Agreement, share: RiskShare) -> tuple[MetBy, ...]:
    """The same by name: each partner, each reserve, each contribution. Only rows that are not nil; they sum to it."""
    partners = {each.id: each.name for each in agreement.partners.values()}
    reserves = {each.id: each.name or f"reserve {each.id}" for each in agreement.reserves.values()}
    contributions = {each.id: each.name or f"contribution {each.id}" for each in agreement.contributions.values()}
    rows = (
        *_named("{} bears", partners, share.overspend_pence, 1),
        *_named("Drawn from {}", reserves, {name: min(pence, 0) for name, pence in share.reserves_pence.items()}, -1),
        MetBy("Overspend not yet resolved", share.unresolved_overspend_pence),
        *_named("{} disputes, overspend", partners, share.disputed_overspend_pence, 1),
        *_named("{} gets back", partners, share.underspend_pence, -1),
        *_named("Kept in {}", reserves, {name: max(pence, 0) for name, pence in share.reserves_pence.items()}, -1),
        *_named("Carried forward with {}", contributions, share.carried_forward_pence, -1),
        *_named("Returned to the payer of {}", contributions, share.returned_to_funder_pence, -1),
        MetBy("Underspend not yet resolved", -share.unresolved_underspend_pence),
        *_named("{} disputes, underspend", partners, share.disputed_underspend_pence, -1),
    )
    return tuple(row for row in rows if row.pence)


def _named(words: str, names: Mapping[str, str], amounts: Mapping[str, int], sign: int) -> list[MetBy]:
    return [MetBy(words.format(names[each]), sign * pence) for each, pence in amounts.items()]


def total(amounts: Mapping[str, int]) -> int:
    """The sum of the amounts of several partners, reserves or contributions, in pence."""
    return sum(amounts.values())
