"""How a variance is met, as a statement that adds up to it. Shares nothing: the risk share has done that."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def total(amounts: Mapping[str, int]) -> int:
    """The sum of the amounts of several partners, reserves or contributions, in pence."""
    return sum(amounts.values())
