"""What a settlement would post: what is due by the risk share to date, less what was posted before. Posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.risk_position import RiskPosition, reserve_movements, risk_position


@dataclass(frozen=True, slots=True)
class SettlementDue:
    """The amounts still to post, in pence, so that the books show what the outturn's risk share says."""

    position: RiskPosition
    borne_pence: Mapping[str, int]
    returned_pence: Mapping[str, int]
    reserves_drawn_pence: Mapping[str, int]
    carried_forward_pence: Mapping[str, int]
    returned_to_funder_pence: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        """Whether the books show it all already."""
        return not any(
            (
                self.borne_pence,
                self.returned_pence,
                self.reserves_drawn_pence,
                self.carried_forward_pence,
                self.returned_to_funder_pence,
            )
        )

    def as_json(self) -> dict[str, dict[str, str]]:
        """The amounts still to post with money in pounds as text."""
        return {
            "borne": _in_pounds(self.borne_pence),
            "returned": _in_pounds(self.returned_pence),
            "reserves_drawn": _in_pounds(self.reserves_drawn_pence),
            "carried_forward": _in_pounds(self.carried_forward_pence),
            "returned_to_funder": _in_pounds(self.returned_to_funder_pence),
        }


def settlement_due(pool: Pool) -> SettlementDue:
    """Work out the settlement of the outturn: the risk share at M12 less what earlier settlements posted."""
    position = risk_position(pool, 12)
    share = position.share
    by_partner = pool.books.balances("actual", ("account", "partner"))
    by_contribution = pool.books.balances("actual", ("account", "contribution"))
    borne_before = {
        partner: -by_partner.get((chart.RISK_SHARE_INCOME, partner), 0)
        - by_partner.get((chart.BREACH_INCOME, partner), 0)
        for partner in pool.agreement.partners
    }
    returned_before = {
        partner: by_partner.get((chart.RISK_SHARE_RETURNED, partner), 0) for partner in pool.agreement.partners
    }
    contributions = pool.agreement.contributions
    carried_before = {each: by_contribution.get((chart.INCOME_CARRIED_FORWARD, each), 0) for each in contributions}
    funder_before = {each: by_contribution.get((chart.RETURNED_TO_FUNDER, each), 0) for each in contributions}
    drawn = {reserve: -change for reserve, change in share.reserves_pence.items()}
    return SettlementDue(
        position=position,
        borne_pence=_less(share.overspend_pence, borne_before),
        returned_pence=_less(share.underspend_pence, returned_before),
        reserves_drawn_pence=_less(drawn, reserve_movements(pool, 12)),
        carried_forward_pence=_less(share.carried_forward_pence, carried_before),
        returned_to_funder_pence=_less(share.returned_to_funder_pence, funder_before),
    )


def _less(due: Mapping[str, int], posted: Mapping[str, int]) -> dict[str, int]:
    """What is due less what was posted, where that is not nil."""
    keys = dict.fromkeys((*due, *posted))
    return {key: left for key in keys if (left := due.get(key, 0) - posted.get(key, 0))}


def _in_pounds(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: pounds(pence) for name, pence in amounts.items()}
