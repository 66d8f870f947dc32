"""The steps of a clause in their order: offset, reserve, share, decide; retain, return, carry forward."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ledgers.money import apportion, pounds_for_people
from s75_rules.amounts import Limit
from s75_rules.clause_checks import leaves_nothing
from s75_rules.clause_records import Side
from s75_rules.clauses import (
    CarryForwardStep,
    Clause,
    DecideStep,
    OffsetStep,
    OverspendStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
    UnderspendStep,
)
from s75_rules.errors import RuleBroken
from s75_rules.management_action import ManagementAction
from s75_rules.positions import ContributionNotExact
from s75_rules.sharing import beyond_liability, give_back, limits, share
from s75_rules.standing import Piece
from s75_rules.tally import Offset, ReserveMove, Tally, by_lines, made_tuple, only_line
from s75_rules.trace import Wording


class ClauseLeavesMoney(RuleBroken):
    """A clause whose last step does not place everything that is left."""


class ReserveHeldOutside(RuleBroken):
    """A step that draws on or feeds a reserve held outside the pool."""


def run_overspend(tally: Tally, clause: Clause) -> None:
    """Run the overspend steps of a clause on what is left of its lines' overspends.

    Raises:
        ReserveHeldOutside, ClauseLeavesMoney: the clause draws on what is outside the pool, or leaves a penny.
    """
    last = clause.overspend[-1]
    if not leaves_nothing(last):
        raise _leaves_money(clause, "overspend")
    liability = limits(tally, clause, None, clause.max_liability)
    for number, step in enumerate(clause.overspend, 1):
        if tally.nothing_left(clause, "overspend"):
            continue
        try:
            _overspend_step(tally, clause, step, number, liability)
        except ContributionNotExact as unknown:
            _wait(tally, clause, "overspend", unknown)
    if not tally.nothing_left(clause, "overspend") and not beyond_liability(tally, clause):
        why = "which is more than the maximum liabilities of the clause allow and is given to nobody"
        _leave_open(tally, clause, "overspend", why)


def _overspend_step(tally: Tally, clause: Clause, step: OverspendStep, number: int, liability: dict[str, int]) -> None:
    match step:
        case OffsetStep():
            _offset(tally, clause, step)
        case ReserveStep():
            _draw(tally, clause, step)
        case ShareStep():
            amounts = _limited(tally, clause, tally.left(clause, "overspend"), step.up_to)
            share(tally, clause, step, number, amounts, liability)
        case DecideStep(otherwise=basis) if basis is not None and not _decided(tally, clause, "overspend"):
            share(tally, clause, ShareStep(share=basis), number, tally.left(clause, "overspend"), liability)
        case DecideStep():
            _leave_open(tally, clause, "overspend", "which the clause leaves to the board to decide")


def run_underspend(tally: Tally, clause: Clause) -> None:
    """Run the underspend steps of a clause on what offsets have left of its lines' underspends.

    Raises:
        ReserveHeldOutside, ClauseLeavesMoney: the clause feeds what is outside the pool, or leaves a penny.
    """
    last = clause.underspend[-1]
    if not leaves_nothing(last):
        raise _leaves_money(clause, "underspend")
    action = ManagementAction.of(tally, clause)
    for step in clause.underspend:
        before = tally.left(clause, "underspend")
        left = action.reached_by(step, before)
        if not left:
            continue
        try:
            _underspend_step(tally, clause, step, left)
        except ContributionNotExact as unknown:
            _wait(tally, clause, "underspend", unknown)
        action.placed_by(step, before, tally.under)


def _underspend_step(tally: Tally, clause: Clause, step: UnderspendStep, left: Mapping[Piece, int]) -> None:
    match step:
        case RetainStep():
            _retain(tally, clause, step, left)
        case ReturnStep():
            give_back(tally, clause, step, _limited(tally, clause, left, step.up_to))
        case CarryForwardStep():
            _carry_forward(tally, clause, step, left)
        case DecideStep(otherwise=basis) if basis is not None and not _decided(tally, clause, "underspend"):
            step = ReturnStep.model_validate({"return": basis})
            give_back(tally, clause, step, left)
        case DecideStep():
            _leave_open(tally, clause, "underspend", "which the clause leaves to the board to decide")


def _wait(tally: Tally, clause: Clause, side: Side, unknown: ContributionNotExact) -> None:
    """What cannot be weighed while a contribution is no number waits unresolved: unknown is not nil."""
    _leave_open(tally, clause, side, f"because {unknown}")


def _decided(tally: Tally, clause: Clause, side: Side) -> bool:
    """Whether a decision is recorded on a side of a clause."""
    return any(each.clause == clause.clause and each.side == side for each in tally.position.decisions)


def _leaves_money(clause: Clause, side: Side) -> ClauseLeavesMoney:
    return ClauseLeavesMoney(
        f"the last {side} step of clause '{clause.clause}' can leave money unplaced:"
        " end with a step without limit or cap, or with decide: board"
    )


def _limited(tally: Tally, clause: Clause, left: Mapping[Piece, int], up_to: Limit | None) -> Mapping[Piece, int]:
    """What is left by piece, or of each its part of the step's limit where that is less."""
    return left if up_to is None else by_lines(_size(tally, clause, left, up_to), left)


def _size(tally: Tally, clause: Clause, left: Mapping[Piece, int], up_to: Limit | None) -> int:
    """All that is left, or the step's limit where that is less."""
    whole = sum(left.values())
    return whole if up_to is None else min(whole, up_to.of(tally.budget_of(clause)))


def _offset(tally: Tally, clause: Clause, step: OffsetStep) -> None:
    """Relieve overspent lines with underspends that are still unused in the scope; a fund at a time for ``fund``."""
    match step.offset:
        case "clause":
            _relieve(tally, clause, tally.of_clause[clause.clause], "under this clause")
        case "fund":
            for fund in tally.agreement.funds.values():
                within = [piece for piece in tally.under if tally.agreement.schemes[piece.scheme].fund == fund.id]
                _relieve(tally, clause, within, f"in {tally.wording.the_fund(fund.id)}")
        case "agreement":
            _relieve(tally, clause, tally.under.keys(), "anywhere in the agreement's pooled funds")


def _relieve(tally: Tally, clause: Clause, scope: Collection[Piece], where: str) -> None:
    """Within a scope, set unused underspends against the clause's overspends; capital takes no relief."""
    inside = set(scope)
    over = {
        piece: amount
        for piece, amount in tally.left(clause, "overspend").items()
        if piece in inside and not (tally.joined and tally.takes_no_relief(piece))
    }
    under = {piece: amount for piece, amount in tally.under.items() if amount and piece in inside}
    size = min(sum(over.values()), sum(under.values()))
    if not size:
        return
    relief, used = by_lines(size, over), by_lines(size, under)
    tally.take("overspend", relief)
    tally.take("underspend", used)
    tally.offsets.append(Offset(_of_lines(relief), _of_lines(used)))
    said = _Relief(tally.wording, clause.clause, where, size, over, under)
    for piece, amount in relief.items():
        if amount:
            words = made_tuple(_ReliefOf, (said, piece.scheme, amount, "relieved"))
            tally.explain(clause.clause, "offset relief", piece.scheme, None, amount, words)
    for piece, amount in used.items():
        if amount:
            words = made_tuple(_ReliefOf, (said, piece.scheme, amount, "gives"))
            tally.explain(clause.clause, "offset use", piece.scheme, None, amount, words)


def _of_lines(pieces: Mapping[Piece, int]) -> dict[str, int]:
    """Amounts by piece added up by line."""
    lines: dict[str, int] = {}
    for piece, amount in pieces.items():
        lines[piece.scheme] = lines.get(piece.scheme, 0) + amount
    return lines


@dataclass(eq=False)
class _Relief:
    """What one offset did, for the sentences of its lines; what they share is said once."""

    wording: Wording
    clause: str
    where: str
    size_pence: int
    over: Mapping[Piece, int]
    under: Mapping[Piece, int]

    @cached_property
    def rule(self) -> str:
        """The offset as a whole."""
        size = pounds_for_people(self.size_pence)
        return (
            f"Under clause '{self.clause}' unused underspends {self.where} come first: {size} of the underspend on"
            f" {self.wording.amounts(self.under)} meets as much of the overspend on {self.wording.amounts(self.over)}"
        )


class _ReliefOf(NamedTuple):
    """The words on one line of an offset: what it is relieved of, or gives."""

    said: _Relief
    scheme: str
    amount_pence: int
    what: Literal["relieved", "gives"]

    def __call__(self) -> str:
        return f"{self.said.rule}; {self._own}"

    def shared(self) -> str:
        return self.said.rule

    def own(self) -> str:
        return f"B{self._own[1:]}"

    @property
    def _own(self) -> str:
        amount = pounds_for_people(self.amount_pence)
        if self.what == "relieved":
            return f"by size of overspend, {self.scheme} is relieved of {amount}."
        return f"by size of underspend, {self.scheme} gives {amount}."


def _reserve_in_pool(tally: Tally, clause: Clause, reserve: str) -> None:
    if tally.agreement.reserves[reserve].held == "outside_pool":
        raise ReserveHeldOutside(
            f"clause '{clause.clause}' uses reserve {reserve}, which is held outside the pool:"
            " take the step out, or hold the reserve in the pool"
        )


def _draw(tally: Tally, clause: Clause, step: ReserveStep) -> None:
    """Draw on a reserve, as far as its balance and the step's limit go."""
    _reserve_in_pool(tally, clause, step.reserve)
    balance = max(0, tally.position.reserves.get(step.reserve, 0) + tally.reserves[step.reserve])
    left = tally.left(clause, "overspend")
    size = min(_size(tally, clause, left, step.up_to), balance)
    if not size:
        return
    relief = by_lines(size, left)
    tally.take("overspend", relief)
    tally.reserves[step.reserve] -= size
    tally.reserve_moves.append(ReserveMove(step.reserve, _of_lines(relief)))

    def words() -> str:
        return (
            f"Under clause '{clause.clause}' reserve {step.reserve}, with a balance of {pounds_for_people(balance)},"
            f" meets {pounds_for_people(size)} of the overspend left on {tally.wording.amounts(left)}; by size of"
            f" overspend it relieves {tally.wording.amounts(relief)}."
        )

    tally.explain(clause.clause, "reserve drawn", None, None, size, words)


def _retain(tally: Tally, clause: Clause, step: RetainStep, left: Mapping[Piece, int]) -> None:
    """Keep an underspend in a reserve, up to the step's limit."""
    _reserve_in_pool(tally, clause, step.retain)
    size = _size(tally, clause, left, step.up_to)
    if not size:
        return
    kept = by_lines(size, left)
    tally.take("underspend", kept)
    tally.reserves[step.retain] += size
    tally.reserve_moves.append(ReserveMove(step.retain, {line: -part for line, part in _of_lines(kept).items()}))
    use = ", for non-recurrent use only" if step.non_recurrent else ""

    def words() -> str:
        return (
            f"Under clause '{clause.clause}' {pounds_for_people(size)} of {step.takes} on {tally.wording.amounts(kept)}"
            f" is retained in reserve {step.retain}{use}."
        )

    tally.explain(clause.clause, "retained", None, None, size, words)


def _carry_forward(tally: Tally, clause: Clause, step: CarryForwardStep, left: Mapping[Piece, int]) -> None:
    """Carry each line's underspend forward with its un-ringed contributions, by their budgets on the line."""
    contributions = tally.agreement.contributions
    tally.take("underspend", left)
    for piece, amount in left.items():
        budgets = tally.position.line_budgets(piece.scheme)
        funding = [each for each in contributions.values() if each.id in budgets and not each.is_ring_fenced]
        parts = apportion(amount, [budgets[each.id] for each in funding])
        for contribution, part in zip(funding, parts, strict=True):
            if part:
                tally.carried[contribution.id] = tally.carried.get(contribution.id, 0) + part
                words = _Carried(tally.wording, clause.clause, step.takes, piece, amount, contribution.id, part)
                tally.explain(clause.clause, "carried forward", piece.scheme, contribution.partner, part, words)


class _Carried(NamedTuple):
    """The words on what of a line's underspend is carried forward with one contribution."""

    wording: Wording
    clause: str
    takes: str
    piece: Piece
    amount_pence: int
    contribution: str
    part_pence: int

    def __call__(self) -> str:
        return (
            f"Under clause '{self.clause}' the {self.takes} of {pounds_for_people(self.amount_pence)} on"
            f" {self.wording.line(self.piece.scheme)} is carried forward with the contributions that fund the line, by"
            f" their budgets on it: {self._part}."
        )

    def shared(self) -> str:
        return (
            f"Under clause '{self.clause}' an {self.takes} is carried forward with the contributions that fund the"
            " line, by their budgets on it"
        )

    def own(self) -> str:
        return f"Of {pounds_for_people(self.amount_pence)} on {self.wording.line(self.piece.scheme)}, {self._part}."

    @property
    def _part(self) -> str:
        return f"{pounds_for_people(self.part_pence)} with {self.wording.contribution(self.contribution)}"


def _leave_open(tally: Tally, clause: Clause, side: Side, why: str) -> None:
    """Leave what is left of a clause unresolved until a decision is recorded."""
    left = tally.left(clause, side)
    if not left:
        return
    tally.take(side, left)
    tally.open[clause.clause, side] = left
    size = sum(left.values())

    def words() -> str:
        return (
            f"Clause '{clause.clause}' leaves {pounds_for_people(size)} of {side} on {tally.wording.amounts(left)}"
            f" unplaced, {why}."
        )

    tally.explain(clause.clause, f"left open: {side}", only_line(left), None, size, words)
