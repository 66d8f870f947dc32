"""The risk share of many outturns at once, to the same penny as one at a time. Explains nothing: no trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from s75_rules.clauses import (
    CarryForwardStep,
    DecideStep,
    OffsetStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
)
from s75_rules.risk_share import RiskShare
from s75_rules.rows import Pence, apportion_rows
from s75_rules.share_plan import Group, PlanClause, PlanStep, SharePlan, SpecialLine

LimitKey = tuple[str, str, str]
"""Clause, what the limit is, and the partner that it protects."""

Run: TypeAlias = "list[int | list[int]]"
"""All that one run placed, in the order of the columns."""

Truths: TypeAlias = NDArray[np.bool_]
"""Yes or no by run."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What many runs placed, in pence by run: partners and reserves by number; carried and returned as one sum each.

    ``reached`` says in which runs a partner's cap or maximum liability was used up.
    """

    variance: Pence
    overspend: Pence
    underspend: Pence
    reserves: Pence
    carried: Pence
    returned: Pence
    unresolved_overspend: Pence
    unresolved_underspend: Pence
    reached: Mapping[LimitKey, Truths]

    @classmethod
    def of(cls, columns: Sequence[Pence], reached: Mapping[LimitKey, Truths]) -> "Shared":
        """The same from its columns in their order."""
        variance, overspend, underspend, reserves, carried, returned, open_over, open_under = columns
        return cls(variance, overspend, underspend, reserves, carried, returned, open_over, open_under, reached)

    def columns(self) -> tuple[Pence, ...]:
        """Everything that was placed, in the order of the fields."""
        return (
            self.variance,
            self.overspend,
            self.underspend,
            self.reserves,
            self.carried,
            self.returned,
            self.unresolved_overspend,
            self.unresolved_underspend,
        )

    def run(self, place: int) -> Run:
        """All that one run placed, to be held against a single risk share."""
        return [column[..., place].tolist() for column in self.columns()]


def as_run(share: RiskShare) -> Run:
    """A single risk share as a run has it: what is disputed is not resolved either."""
    return [
        share.variance_pence,
        list(share.overspend_pence.values()),
        list(share.underspend_pence.values()),
        list(share.reserves_pence.values()),
        sum(share.carried_forward_pence.values()),
        sum(share.returned_to_funder_pence.values()),
        share.unresolved_overspend_pence + sum(share.disputed_overspend_pence.values()),
        share.unresolved_underspend_pence + sum(share.disputed_underspend_pence.values()),
    ]


def share_runs(plan: SharePlan, outturns: Pence) -> Shared:
    """Share each run's outturns, by line and run, under the plan's agreement.

    Breaches, rings, overspend steps and underspend steps follow one another as in ``share_risk``;
    decisions are left aside, because each settles one amount only.
    """
    tally = _Tally.start(plan, outturns)
    for clause in plan.clauses:
        tally.run_overspend(clause)
    for clause in plan.clauses:
        tally.run_underspend(clause)
    return tally.shared()


@dataclass
class _Tally:
    """What is left in each cell and what was placed, by run."""

    plan: SharePlan
    variance: Pence
    over: Pence
    under: Pence
    borne: Pence
    given: Pence
    reserves: Pence
    carried: Pence
    returned: Pence
    open_over: Pence
    open_under: Pence
    reached: dict[LimitKey, Truths] = field(default_factory=dict)

    @classmethod
    def start(cls, plan: SharePlan, outturns: Pence) -> "_Tally":
        """Settle breaches and rings, and leave the rest in the cells."""
        runs = outturns.shape[1]

        def nil(count: int) -> Pence:
            return np.zeros((count, runs), dtype=np.int64)

        partners = len(plan.agreement.partners)
        variances = outturns - plan.less_pence[:, np.newaxis]
        tally = cls(
            plan,
            variance=nil(1)[0],
            over=nil(len(plan.plain)),
            under=nil(len(plan.plain)),
            borne=nil(partners),
            given=nil(partners),
            reserves=nil(len(plan.reserves_pence)),
            carried=nil(1)[0],
            returned=nil(1)[0],
            open_over=nil(1)[0],
            open_under=nil(1)[0],
        )
        for partner, amount in plan.breaches:
            tally.borne[partner] += amount
            tally.variance += amount
        for special in plan.special:
            tally.settle(special, variances[special.line])
        tally.fill(variances)
        return tally

    def fill(self, variances: Pence) -> None:
        """Put the variances of lines without a ring into their cells."""
        for cell, lines in enumerate(self.plan.plain):
            if not lines:
                continue
            own = variances if len(lines) == len(variances) else variances[list(lines)]
            whole = own.sum(axis=0)
            self.variance += whole
            over = np.maximum(own, 0).sum(axis=0)
            self.over[cell] += over
            self.under[cell] += over - whole

    def settle(self, special: SpecialLine, variance: Pence) -> None:
        """Split a line's variance over its parts; each goes to the cell, to a partner or to its ring."""
        self.variance += variance
        parts = apportion_rows(np.abs(variance), special.weights)
        for sign, to, cells, partners in (
            (variance > 0, special.over_to, self.over, self.borne),
            (variance < 0, special.under_to, self.under, self.given),
        ):
            for part, where in zip(parts, to, strict=True):
                amount = part * sign
                if isinstance(where, int):
                    partners[where] += amount
                elif where == "cell":
                    cells[special.cell] += amount
                elif where == "carried":
                    self.carried += amount
                else:
                    self.returned += amount

    def run_overspend(self, clause: PlanClause) -> None:
        """The overspend steps of a clause; what liabilities keep from the last goes where the clause says."""
        liability = {who: self._full(room) for who, room in clause.clause.max_liability.items()}
        for number, step in enumerate(clause.overspend, 1):
            match step.step:
                case OffsetStep():
                    for relieved, giving in step.scopes:
                        self.offset(relieved, giving)
                case ReserveStep(reserve=reserve):
                    self.draw(clause, step, reserve)
                case ShareStep():
                    self.share(clause, step, liability, number)
                case DecideStep():
                    self.open_over += self._take(self.over, clause)
        for who, room in liability.items():
            self.reached[clause.clause.clause, "maximum liability", who] = room == 0
        left = self._take(self.over, clause)
        if clause.clause.excess_to is None:
            self.open_over += left
        else:
            self.borne[self._partner(clause.clause.excess_to)] += left

    def run_underspend(self, clause: PlanClause) -> None:
        """The underspend steps of a clause on what offsets left."""
        for step in clause.underspend:
            match step.step:
                case RetainStep(retain=reserve):
                    amounts = self._amounts(self.under, clause, step)
                    self._less(self.under, clause.cells, amounts)
                    self.reserves[self._reserve(reserve)] += amounts.sum(axis=0)
                case ReturnStep(caps=caps):
                    rooms = {self._partner(who): self._full(cap) for who, cap in caps.items()}
                    self._to_partners(clause, step, self.under, self.given, rooms)
                case CarryForwardStep():
                    self.carried += self._take(self.under, clause)
                case DecideStep():
                    self.open_under += self._take(self.under, clause)

    def offset(self, relieved: Sequence[int], giving: Sequence[int]) -> None:
        """Set the underspends of a scope against its overspends."""
        if not relieved or not giving:
            return
        over, under = self.over[list(relieved)], self.under[list(giving)]
        size = np.minimum(over.sum(axis=0), under.sum(axis=0))
        self._less(self.over, relieved, apportion_rows(size, over))
        self._less(self.under, giving, apportion_rows(size, under))

    def draw(self, clause: PlanClause, step: PlanStep, reserve: str) -> None:
        """Draw on a reserve as far as its balance and the step's limit go."""
        number = self._reserve(reserve)
        balance = np.maximum(self.plan.reserves_pence[number] + self.reserves[number], 0)
        left = self.over[list(clause.cells)]
        size = np.minimum(left.sum(axis=0), balance)
        if step.limit_pence is not None:
            size = np.minimum(size, step.limit_pence)
        self._less(self.over, clause.cells, apportion_rows(size, left))
        self.reserves[number] -= size

    def share(self, clause: PlanClause, step: PlanStep, liability: dict[str, Pence], number: int) -> None:
        """Share among partners, group by group, each partner as far as its room goes."""
        assert isinstance(step.step, ShareStep)
        caps = step.step.caps
        room = {**liability, **{who: np.minimum(cap, liability.get(who, self._full(cap))) for who, cap in caps.items()}}
        before = {who: self.borne[self._partner(who)].copy() for who in room}
        rooms = {self._partner(who): pence.copy() for who, pence in room.items()}
        self._to_partners(clause, step, self.over, self.borne, rooms)
        for who in room:
            placed = self.borne[self._partner(who)] - before[who]
            if who in liability:
                liability[who] = liability[who] - placed
            if who in caps:
                self.reached[clause.clause.clause, f"cap in step {number}", who] = placed >= caps[who]

    def _to_partners(
        self, clause: PlanClause, step: PlanStep, side: Pence, partners: Pence, rooms: dict[int, Pence]
    ) -> None:
        """Place what a step has on partners, group by group, each as far as its room goes; the rest stays."""
        amounts = self._amounts(side, clause, step)
        for group, runs in self._in_order(clause, step.groups, amounts, bool(rooms)):
            own = _of(amounts, clause, group) * runs
            asked = apportion_rows(own.sum(axis=0), group.weights)
            placed = np.zeros_like(self.variance)
            for partner, part in zip(group.partners, asked, strict=True):
                taken = np.minimum(part, rooms[partner]) if partner in rooms else part
                partners[partner] += taken
                placed += taken
                if partner in rooms:
                    rooms[partner] -= taken
            self._less(side, group.cells, apportion_rows(placed, own) if rooms else own)

    def _in_order(
        self, clause: PlanClause, groups: Sequence[Group], amounts: Pence, matters: bool
    ) -> Iterable[tuple[Group, Truths | int]]:
        """The groups in the order of their first cell with an amount, with the runs in which each is next."""
        if len(groups) == 1 or not matters:
            return [(group, 1) for group in groups]
        places = {cell: place for place, cell in enumerate(clause.cells)}
        firsts = []
        for group in groups:
            own = _of(amounts, clause, group) > 0
            at = np.array([places[cell] for cell in group.cells])[own.argmax(axis=0)]
            firsts.append(np.where(own.any(axis=0), at, len(places)))
        ranks = np.argsort(np.argsort(np.array(firsts), axis=0, kind="stable"), axis=0, kind="stable")
        return [(group, ranks[place] == turn) for turn in range(len(groups)) for place, group in enumerate(groups)]

    def _amounts(self, side: Pence, clause: PlanClause, step: PlanStep) -> Pence:
        """What each cell of the clause has in a step, up to the step's limit."""
        left = side[list(clause.cells)]
        if step.limit_pence is None:
            return left
        return apportion_rows(np.minimum(left.sum(axis=0), step.limit_pence), left)

    def _take(self, side: Pence, clause: PlanClause) -> Pence:
        """All that is left in the clause's cells, which then are empty."""
        cells = list(clause.cells)
        left: Pence = side[cells].sum(axis=0)
        side[cells] = 0
        return left

    def _less(self, side: Pence, cells: Sequence[int], amounts: Pence) -> None:
        side[list(cells)] -= amounts

    def _full(self, pence: int) -> Pence:
        return np.full(len(self.variance), pence, dtype=np.int64)

    def _partner(self, partner: str) -> int:
        return list(self.plan.agreement.partners).index(partner)

    def _reserve(self, reserve: str) -> int:
        return list(self.plan.agreement.reserves).index(reserve)

    def shared(self) -> Shared:
        """What was placed; in every run it comes to the variance."""
        placed = self.borne.sum(axis=0) - self.given.sum(axis=0) - self.reserves.sum(axis=0) - self.carried
        placed += self.open_over - self.open_under - self.returned
        assert bool((placed == self.variance).all()), "a risk share must place exactly the variance"
        return Shared(
            self.variance,
            self.borne,
            self.given,
            self.reserves,
            self.carried,
            self.returned,
            self.open_over,
            self.open_under,
            self.reached,
        )


def _of(amounts: Pence, clause: PlanClause, group: Group) -> Pence:
    """The rows of a group's cells among the clause's."""
    if group.cells == clause.cells:
        return amounts
    places = {cell: place for place, cell in enumerate(clause.cells)}
    return amounts[[places[cell] for cell in group.cells]]
