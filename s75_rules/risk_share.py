"""The risk share of a pool: who bears an overspend, who gets back an underspend, and why. Posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NotRequired, TypedDict

from ledgers.money import pounds
from s75_rules.agreement import Agreement
from s75_rules.clause_records import Side
from s75_rules.decisions import apply_decisions
from s75_rules.disputes import apply_disputes
from s75_rules.positions import Breach, Position, check_position, position_from_agreement
from s75_rules.ring_fence import settle_breaches, settle_rings
from s75_rules.tally import Offset, Placement, ReserveMove, Tally, settled_by_line
from s75_rules.trace import Step
from s75_rules.waterfall import run_overspend, run_underspend

__all__ = ["Breach", "Position", "RiskShare", "RiskShareJson", "Step", "position_from_agreement", "share_risk"]


class RiskShareJson(TypedDict):
    """The shape of ``risk-share --json``; every amount is text of pounds with two decimals.

    ``disputed`` and ``assumed_evenly_over_the_year`` are there where there is something to say.
    """

    variance: str
    partners: dict[str, dict[str, str]]
    reserves: dict[str, str]
    carried_forward: dict[str, str]
    returned_to_funder: dict[str, str]
    unresolved: dict[str, str]
    disputed: NotRequired[dict[str, dict[str, str]]]
    assumed_at_budget: list[str]
    assumed_evenly_over_the_year: NotRequired[list[str]]
    trace: list[dict[str, str | None]]


@dataclass(frozen=True)
class RiskShare:
    """Who bears what of a variance, in pence, with the steps that led there.

    Partners and reserves are all listed, nil included; a reserve's change is below nil when it is
    drawn on. Carried forward, returned to the funder and disputed list only what is not nil. What is
    disputed is in no partner's figure and not settled. ``assumed_evenly`` are the lines whose variance
    is divided by dates without knowing in which months it arose.
    """

    variance_pence: int
    overspend_pence: Mapping[str, int]
    underspend_pence: Mapping[str, int]
    reserves_pence: Mapping[str, int]
    carried_forward_pence: Mapping[str, int]
    returned_to_funder_pence: Mapping[str, int]
    unresolved_overspend_pence: int
    unresolved_underspend_pence: int
    disputed_overspend_pence: Mapping[str, int]
    disputed_underspend_pence: Mapping[str, int]
    assumed_at_budget: tuple[str, ...]
    assumed_evenly: tuple[str, ...]
    trace: tuple[Step, ...]
    offsets: tuple[Offset, ...]
    reserve_moves: tuple[ReserveMove, ...]
    placements: tuple[Placement, ...]
    contested: Mapping[tuple[str, Side, str], int]

    @cached_property
    def borne_by_line(self) -> Mapping[tuple[str, str], int]:
        """The overspend a partner bears on a line less the underspend it gets back there, without what is disputed."""
        return settled_by_line(self.placements, self.contested)

    @cached_property
    def disputed_by_line(self) -> Mapping[tuple[str, str], int]:
        """What a partner disputes on a line, of overspend plus and of underspend minus; not nil."""
        whole = settled_by_line([each._replace(disputed=frozenset()) for each in self.placements], {})
        # A line may be in both, or in either alone: what was borne and disputed of it may cancel out.
        left = {at: whole.get(at, 0) - self.borne_by_line.get(at, 0) for at in {**whole, **self.borne_by_line}}
        return {place: pence for place, pence in left.items() if pence}

    @property
    def disputed_pence(self) -> int:
        """All that is in dispute, of overspend and underspend together."""
        return sum(self.disputed_overspend_pence.values()) + sum(self.disputed_underspend_pence.values())

    def as_json(self) -> RiskShareJson:
        """The risk share as one JSON document, money as text of pounds."""
        said: RiskShareJson = {
            "variance": pounds(self.variance_pence),
            "partners": {
                partner: {"overspend": pounds(borne), "underspend": pounds(self.underspend_pence[partner])}
                for partner, borne in self.overspend_pence.items()
            },
            "reserves": _in_pounds(self.reserves_pence),
            "carried_forward": _in_pounds(self.carried_forward_pence),
            "returned_to_funder": _in_pounds(self.returned_to_funder_pence),
            "unresolved": {
                "overspend": pounds(self.unresolved_overspend_pence),
                "underspend": pounds(self.unresolved_underspend_pence),
            },
            "assumed_at_budget": list(self.assumed_at_budget),
            "trace": [step.as_json() for step in self.trace],
        }
        if self.disputed_pence:
            over, under = self.disputed_overspend_pence, self.disputed_underspend_pence
            said["disputed"] = {"overspend": _in_pounds(over), "underspend": _in_pounds(under)}
        if self.assumed_evenly:
            said["assumed_evenly_over_the_year"] = list(self.assumed_evenly)
        return said


def share_risk(agreement: Agreement, position: Position) -> RiskShare:
    """Share the variance of a position by the clauses of its agreement, exact to the penny.

    Breaches come first, then each line's split over its contributions and the rings, then every
    clause's overspend steps in file order, then every clause's underspend steps, then the
    decisions recorded on what the clauses left open, then what is in dispute.

    Raises:
        RuleBroken: the position does not fit the agreement, a line is under no clause, a clause
            leaves money unplaced, or a decision does not settle exactly what was left open.
    """
    check_position(agreement, position)
    tally = Tally.start(agreement, position)
    settle_breaches(tally)
    settle_rings(tally)
    for clause in agreement.risk_share:
        run_overspend(tally, clause)
    for clause in agreement.risk_share:
        run_underspend(tally, clause)
    apply_decisions(tally)
    apply_disputes(tally)
    result = RiskShare(
        variance_pence=sum(tally.variances.values()) + sum(each.amount_pence for each in position.breaches),
        overspend_pence=tally.placed["overspend"],
        underspend_pence=tally.placed["underspend"],
        reserves_pence=tally.reserves,
        carried_forward_pence=_not_nil(agreement, tally.carried),
        returned_to_funder_pence=_not_nil(agreement, tally.returned),
        unresolved_overspend_pence=_open(tally, "overspend"),
        unresolved_underspend_pence=_open(tally, "underspend"),
        disputed_overspend_pence=_disputed(tally, "overspend"),
        disputed_underspend_pence=_disputed(tally, "underspend"),
        assumed_at_budget=tuple(each for each in agreement.schemes if each not in position.outturns),
        assumed_evenly=_assumed_evenly(tally),
        trace=tuple(tally.trace),
        offsets=tuple(tally.offsets),
        reserve_moves=tuple(tally.reserve_moves),
        placements=tuple(tally.placements),
        contested=tally.contested,
    )
    assert result.variance_pence == _placed(result), "a risk share must place exactly the variance"
    return result


def _placed(result: RiskShare) -> int:
    """What was borne, drawn and left open, less what was given back, kept, carried and left open below nil."""
    return (
        sum(result.overspend_pence.values())
        - sum(result.underspend_pence.values())
        - sum(result.reserves_pence.values())
        - sum(result.carried_forward_pence.values())
        - sum(result.returned_to_funder_pence.values())
        + result.unresolved_overspend_pence
        - result.unresolved_underspend_pence
        + sum(result.disputed_overspend_pence.values())
        - sum(result.disputed_underspend_pence.values())
    )


def _open(tally: Tally, side: Side) -> int:
    return sum(sum(lines.values()) for (_, of), lines in tally.open.items() if of == side)


def _disputed(tally: Tally, side: Side) -> dict[str, int]:
    """What is disputed by partner in file order, nil left out."""
    amounts = tally.disputed[side]
    return {each: amounts[each] for each in tally.agreement.partners if amounts.get(each)}


def _assumed_evenly(tally: Tally) -> tuple[str, ...]:
    """The lines with a variance that dates divide although it is not known in which months it arose."""
    position = tally.position
    if len(tally.over) == len(tally.pieces):
        return ()
    return tuple(
        scheme
        for scheme, pieces in tally.pieces.items()
        if len(pieces) > 1 and scheme not in position.movements and tally.variances[scheme]
    )


def _not_nil(agreement: Agreement, amounts: Mapping[str, int]) -> dict[str, int]:
    """Amounts by contribution in file order, nil ones left out."""
    return {each: amounts[each] for each in agreement.contributions if amounts.get(each)}


def _in_pounds(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: pounds(amount) for name, amount in amounts.items()}
