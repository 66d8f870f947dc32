"""What a settlement would post: what is due by the risk share to date, less what was posted before. Posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.money import pounds, pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.risk_position import RiskPosition, position_to_date, reserve_movements
from s75_rules.risk_share import RiskShare


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


def settlement_due(pool: Pool, month: int = 12) -> SettlementDue:
    """Work out the settlement at the end of a month: the risk share to date less what earlier settlements posted.

    Before the year's end only what partners bear and reserves give for an overspend to date is due. Money not
    spent to date may only be late: it is returned, kept or carried forward when the outturn is settled.
    """
    position = position_to_date(pool, month)
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
    at_year_end = month == 12
    drawn = {each: -change for each, change in share.reserves_pence.items() if at_year_end or change < 0}
    return SettlementDue(
        position=position,
        borne_pence=_less(share.overspend_pence, borne_before),
        returned_pence=_less(share.underspend_pence, returned_before) if at_year_end else {},
        reserves_drawn_pence=_less(drawn, reserve_movements(pool, 12)),
        carried_forward_pence=_less(share.carried_forward_pence, carried_before) if at_year_end else {},
        returned_to_funder_pence=_less(share.returned_to_funder_pence, funder_before) if at_year_end else {},
    )


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a clause leaves open of an overspend or underspend, in pence; or what a partner disputes of it."""

    clause: str
    side: str
    pence: int
    disputed_by: str | None = None

    def __str__(self) -> str:
        by = f", of {self.disputed_by}" if self.disputed_by else ""
        return f"{pounds_for_people(self.pence)} of {self.side} under clause '{self.clause}'{by}"


def unsettled(share: RiskShare) -> tuple[Unsettled, ...]:
    """What each clause left open and no decision has placed, by clause and side."""
    left: dict[tuple[str, str], int] = {}
    for step in share.trace:
        for word, sign in (("left open: ", 1), ("decided ", -1)):
            if step.clause is not None and step.step.startswith(word):
                place = (step.clause, step.step.removeprefix(word))
                left[place] = left.get(place, 0) + sign * step.amount_pence
    return tuple(Unsettled(clause, side, pence) for (clause, side), pence in left.items() if pence)


def disputed(share: RiskShare) -> tuple[Unsettled, ...]:
    """What is in dispute, by clause, side and the partner whose part it is."""
    return tuple(
        Unsettled(step.clause, step.step.removeprefix("in dispute: "), step.amount_pence, step.partner)
        for step in share.trace
        if step.clause is not None and step.step.startswith("in dispute: ")
    )


def _less(due: Mapping[str, int], posted: Mapping[str, int]) -> dict[str, int]:
    """What is due less what was posted, where that is not nil."""
    keys = dict.fromkeys((*due, *posted))
    return {key: left for key in keys if (left := due.get(key, 0) - posted.get(key, 0))}


def _in_pounds(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: pounds(pence) for name, pence in amounts.items()}
