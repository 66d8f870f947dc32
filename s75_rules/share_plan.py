"""An agreement laid out for sharing many outturns at once: cells of lines, steps with weights in whole numbers.

Works out no run. What it cannot lay out it names, so that each run is shared by the plain rules instead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
from pydantic import BaseModel

from s75_rules.agreement import Agreement
from s75_rules.clauses import (
    CarryForwardStep,
    Clause,
    DecideStep,
    OffsetStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
)
from s75_rules.positions import Position
from s75_rules.ring_fence import takes_in
from s75_rules.rows import LIMIT_PENCE, Pence, whole_weights
from s75_rules.standing import pieces_of_line
from s75_rules.weights import weights_of

_KNOWN: dict[type[BaseModel], frozenset[str]] = {
    Clause: frozenset(
        {"clause", "covers", "overspend", "underspend", "max_liability", "excess_to", "unless_agreed", "reference"}
    ),
    OffsetStep: frozenset({"offset"}),
    ReserveStep: frozenset({"reserve", "up_to"}),
    ShareStep: frozenset({"share", "up_to", "caps", "unless_agreed", "including_ring_fenced"}),
    DecideStep: frozenset({"decide", "otherwise"}),
    RetainStep: frozenset({"retain", "up_to", "non_recurrent"}),
    ReturnStep: frozenset({"give_back", "up_to", "caps", "including_ring_fenced"}),
    CarryForwardStep: frozenset({"carry_forward"}),
}
"""What of each clause and step is laid out here; anything else that an agreement says is shared by the plain rules."""

_RECORDS = ("withdrawals", "agreed_beforehand", "disputes")
_POSITION = frozenset({"budgets", "contributions", "outturns", "breaches", "reserves", "decisions", "contained"})


class NotLaidOut(Exception):
    """Something of the agreement that only the plain rules share; the text says what."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that a step shares as one sum, and the partners' weights."""

    cells: tuple[int, ...]
    partners: tuple[int, ...]
    weights: Pence


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step with its limit in pence, the groups that share in it, and for an offset the cells that may give."""

    step: object
    limit_pence: int | None = None
    groups: tuple[Group, ...] = ()
    scopes: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanClause:
    """A clause with its cells and its steps."""

    clause: Clause
    cells: tuple[int, ...]
    overspend: tuple[PlanStep, ...]
    underspend: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class SpecialLine:
    """A line whose variance is split before any clause: its parts by contribution or partner, and where each goes.

    ``cell`` is None for a line that is not pooled; ``over_to`` and ``under_to`` hold for each part
    where it goes: ``cell``, ``lead``, ``partner N``, ``carried`` or ``returned``.
    """

    line: int
    cell: int | None
    lead: int
    weights: Pence
    over_to: tuple[str | int, ...]
    under_to: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SharePlan:
    """Everything that sharing many outturns needs, with lines, cells, partners and reserves by number."""

    agreement: Agreement
    lines: tuple[str, ...]
    less_pence: Pence
    plain: tuple[tuple[int, ...], ...]
    special: tuple[SpecialLine, ...]
    breaches: tuple[tuple[int, int], ...]
    clauses: tuple[PlanClause, ...]
    reserves_pence: tuple[int, ...]


def lay_out(agreement: Agreement, position: Position) -> SharePlan:
    """Lay an agreement out for sharing outturns of its lines beside the position's budgets and breaches.

    Raises:
        NotLaidOut: a clause, step or position says something that only the plain rules share.
        RuleBroken: as for a single risk share.
    """
    _check_known(agreement, position)
    return _Layout(agreement, position).plan()


def _check_known(agreement: Agreement, position: Position) -> None:
    for clause in agreement.risk_share:
        for each in (clause, *clause.overspend, *clause.underspend):
            known = _KNOWN.get(type(each))
            if known is None:
                raise NotLaidOut(f"clause '{clause.clause}' has a step of a kind that is shared run by run")
            for name, field in type(each).model_fields.items():
                default = field.get_default(call_default_factory=True, validated_data={})
                if name not in known and getattr(each, name) != default:
                    raise NotLaidOut(f"clause '{clause.clause}' says {field.alias or name}, which is shared run by run")
    for name in _RECORDS:
        if getattr(agreement, name):
            raise NotLaidOut(f"the agreement records {name.replace('_', ' ')}, with which each run is shared by itself")
    for part in fields(position):
        if part.name not in _POSITION and getattr(position, part.name):
            raise NotLaidOut(f"the position has {part.name.replace('_', ' ')}, which are shared run by run")


def _steps(clause: Clause) -> tuple[list[object], list[object]]:
    """The steps of both sides; what goes to the board is shared as it says, because no run is decided on."""

    def provisional(step: object, share: Callable[[object], object]) -> object:
        return share(step.otherwise) if isinstance(step, DecideStep) and step.otherwise is not None else step

    return (
        [provisional(step, lambda basis: ShareStep.model_validate({"share": basis})) for step in clause.overspend],
        [provisional(step, lambda basis: ReturnStep.model_validate({"return": basis})) for step in clause.underspend],
    )


class _Layout:
    """The numbers of lines, partners and cells while a plan is made."""

    def __init__(self, agreement: Agreement, position: Position) -> None:
        self.agreement, self.position = agreement, position
        self.lines = tuple(agreement.schemes)
        self.partners = {partner: place for place, partner in enumerate(agreement.partners)}
        self.pooled = [line for line in self.lines if agreement.is_pooled(agreement.schemes[line])]
        clauses = {clause.clause: clause for clause in agreement.risk_share}
        # Nothing is dated here, so a line has one piece.
        pieces = {line: next(iter(pieces_of_line(agreement, position, line))) for line in self.pooled}
        self.clause_of = {line: clauses[piece.clause] for line, piece in pieces.items()}
        together = self._lines_go_together()
        self.cell_of: dict[str, int] = {}
        self.first_of_cell: list[str] = []
        by_clause: dict[str, int] = {}
        for line in self.pooled:
            clause = self.clause_of[line].clause
            if together and clause in by_clause:
                self.cell_of[line] = by_clause[clause]
            else:
                self.cell_of[line] = by_clause[clause] = len(self.first_of_cell)
                self.first_of_cell.append(line)

    def plan(self) -> SharePlan:
        special = {line: made for place, line in enumerate(self.lines) if (made := self._special(place, line))}
        plain: list[list[int]] = [[] for _ in self.first_of_cell]
        for place, line in enumerate(self.lines):
            if line not in special:
                plain[self.cell_of[line]].append(place)
        breached = [self.position.breach_pence(line) for line in self.lines]
        return SharePlan(
            agreement=self.agreement,
            lines=self.lines,
            less_pence=np.array(
                [self.position.budget_pence(line) + breach for line, breach in zip(self.lines, breached, strict=True)],
                dtype=np.int64,
            ),
            plain=tuple(map(tuple, plain)),
            special=tuple(special.values()),
            breaches=tuple((self.partners[each.partner], each.amount_pence) for each in self.position.breaches),
            clauses=tuple(self._clause(clause) for clause in self.agreement.risk_share),
            reserves_pence=tuple(self.position.reserves.get(reserve, 0) for reserve in self.agreement.reserves),
        )

    def _joined(self, line: str) -> tuple[str, ...]:
        """The ring-fenced contributions of a line whose overspend joins its clause."""
        contributions = self.agreement.contributions
        return tuple(
            each
            for each in self.position.line_budgets(line)
            if contributions[each].is_ring_fenced and takes_in(self.clause_of[line], line, contributions[each])
        )

    def _takes_no_relief(self, line: str) -> bool:
        return any(self.agreement.contributions[each].is_capital for each in self._joined(line))

    def _lines_go_together(self) -> bool:
        """Whether nothing in the clauses tells the lines of a clause apart, so that only their sum matters."""
        marks: dict[str, set[object]] = {}
        for line in self.pooled:
            clause = self.clause_of[line]
            weights = tuple(self._weights(step, line) for side in _steps(clause) for step in side)
            own = (self.agreement.schemes[line].fund, self._takes_no_relief(line), weights)
            marks.setdefault(clause.clause, set()).add(own)
        reach = len(marks) == 1 or not any(
            isinstance(step, OffsetStep) and step.offset != "clause"
            for clause in self.clause_of.values()
            for step in clause.overspend
        )
        return reach and all(len(of_clause) == 1 for of_clause in marks.values())

    def _weights(self, step: object, line: str) -> tuple[tuple[str, int | Fraction], ...] | None:
        """The weights of partners by which a step shares a line; None for a step that does not share."""
        match step:
            case ShareStep():
                basis, rings, joined = step.share, step.including_ring_fenced, self._joined(line)
            case ReturnStep():
                basis, rings = self.clause_of[line].returned_by(step)
                joined = ()
            case _:
                return None
        return weights_of(self.agreement, self.position, line, basis, joined, rings).parts

    def _special(self, place: int, line: str) -> SpecialLine | None:
        """A line that is not pooled, has ring-fenced money, or has no budget."""
        agreement, budgets = self.agreement, self.position.line_budgets(line)
        lead = self.partners[agreement.schemes[line].lead]
        if line not in self.clause_of:
            by_partner = dict.fromkeys(self.partners.values(), 0)
            for each, budget in budgets.items():
                by_partner[self.partners[agreement.contributions[each].partner]] += budget
            owners = {partner: budget for partner, budget in by_partner.items() if budget} or {lead: 1}
            weights, to = np.array(list(owners.values()), dtype=np.int64), tuple(owners)
            return SpecialLine(place, None, lead, weights, to, to)
        if not budgets:
            return SpecialLine(place, self.cell_of[line], lead, np.ones(1, dtype=np.int64), ("cell",), (lead,))
        funding = [each for each in agreement.contributions.values() if each.id in budgets]
        if not any(each.is_ring_fenced for each in funding):
            return None
        joined = self._joined(line)
        over_to = tuple("cell" if not each.is_ring_fenced or each.id in joined else lead for each in funding)
        under_to = tuple(
            "cell" if not each.is_ring_fenced else "returned" if each.unspent == "return_to_payer" else "carried"
            for each in funding
        )
        weights = np.array([budgets[each.id] for each in funding], dtype=np.int64)
        return SpecialLine(place, self.cell_of[line], lead, weights, over_to, under_to)

    def _clause(self, clause: Clause) -> PlanClause:
        cells = tuple(
            dict.fromkeys(self.cell_of[line] for line, of in self.clause_of.items() if of.clause == clause.clause)
        )
        overspend, underspend = (tuple(self._step(clause, cells, step) for step in side) for side in _steps(clause))
        return PlanClause(clause, cells, overspend, underspend)

    def _step(self, clause: Clause, cells: Sequence[int], step: object) -> PlanStep:
        match step:
            case OffsetStep():
                return PlanStep(step, scopes=tuple(self._scopes(cells, step)))
            case ReserveStep() | RetainStep() | ShareStep() | ReturnStep():
                budget = sum(
                    self.position.budget_pence(line)
                    for line, of in self.clause_of.items()
                    if of.clause == clause.clause
                )
                limit = None if step.up_to is None else step.up_to.of(budget)
                return PlanStep(step, limit, self._groups(cells, step))
        return PlanStep(step)

    def _groups(self, cells: Sequence[int], step: object) -> tuple[Group, ...]:
        by_weights: dict[tuple[tuple[str, int | Fraction], ...], list[int]] = {}
        for cell in cells:
            if parts := self._weights(step, self.first_of_cell[cell]):
                by_weights.setdefault(parts, []).append(cell)
        return tuple(self._group(parts, of) for parts, of in by_weights.items())

    def _group(self, parts: tuple[tuple[str, int | Fraction], ...], cells: Sequence[int]) -> Group:
        weights = whole_weights([weight for _, weight in parts])
        if sum(weights) >= LIMIT_PENCE:
            raise NotLaidOut("weights of a step have too many decimals to be shared many runs at once")
        partners = tuple(self.partners[partner] for partner, _ in parts)
        return Group(tuple(cells), partners, np.array(weights, dtype=np.int64))

    def _scopes(self, cells: Sequence[int], step: OffsetStep) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """The cells of the clause that may be relieved and the cells that may give, one pair after another."""
        relieved = [cell for cell in cells if not self._takes_no_relief(self.first_of_cell[cell])]
        every = range(len(self.first_of_cell))
        match step.offset:
            case "clause":
                return [(tuple(relieved), tuple(cells))]
            case "agreement":
                return [(tuple(relieved), tuple(every))]

        def in_fund(some: Sequence[int], fund: str) -> tuple[int, ...]:
            schemes = self.agreement.schemes
            return tuple(cell for cell in some if schemes[self.first_of_cell[cell]].fund == fund)

        return [(in_fund(relieved, fund), in_fund(every, fund)) for fund in self.agreement.funds]
