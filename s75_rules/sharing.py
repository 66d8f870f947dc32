"""Sharing a variance among partners: groups of equal weights, caps, liabilities and what is given back. No reserves."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import NamedTuple

from ledgers.money import apportion, pounds_for_people
from s75_rules.clause_records import Side
from s75_rules.clauses import Clause, ReturnStep, ShareStep, Sharing
from s75_rules.standing import Piece
from s75_rules.tally import Tally, by_lines, only_line
from s75_rules.trace import Wording
from s75_rules.weights import Weights, same_for, under_withdrawals, weights_of


class Group(NamedTuple):
    """Lines whose weights are equal number for number, shared as one sum. Pence by piece of a line."""

    weights: Weights
    amounts: Mapping[Piece, int]

    @property
    def sum_pence(self) -> int:
        """What the lines of the group have in this step."""
        return sum(self.amounts.values())

    def shares(self) -> dict[str, int]:
        """The sum apportioned over partners by the weights, before any cap."""
        if len(self.weights.parts) == 1:
            return {self.weights.parts[0][0]: self.sum_pence}
        partners, weights = zip(*self.weights.parts, strict=True)
        return dict(zip(partners, apportion(self.sum_pence, weights), strict=True))


def groups_of(
    tally: Tally, amounts: Mapping[Piece, int], basis: Sharing, rings: bool, joined: Mapping[Piece, Collection[str]]
) -> list[Group]:
    """The lines with an amount in this step, grouped by equal weights, in the order of their first line."""
    agreement = tally.agreement
    known: dict[object, dict[Piece, int]] = {}
    by_weights: dict[object, tuple[Weights, dict[Piece, int]]] = {}
    for piece, amount in amounts.items():
        if not amount:
            continue
        # Most bases weigh many lines alike: those are looked up once.
        alike = (same_for(agreement, piece.scheme, basis), piece.withdrawals)
        lines = known.get(alike)
        if lines is None:
            weights = weights_of(agreement, tally.position, piece.scheme, basis, joined.get(piece, ()), rings)
            if piece.withdrawals:
                weights = under_withdrawals(agreement, piece.scheme, weights, piece.withdrawals)
            lines = by_weights.setdefault((weights.parts, weights.disputed), (weights, {}))[1]
            known[alike] = lines
        lines[piece] = amount
    return [Group(weights, lines) for weights, lines in by_weights.values()]


def share(
    tally: Tally,
    clause: Clause,
    step: ShareStep,
    number: int,
    amounts: Mapping[Piece, int],
    liability: dict[str, int],
) -> None:
    """Share these amounts of the clause's overspend; what is over a partner's room stays where it was.

    A partner's room is the smaller of its cap in this step and what is left of its maximum
    liability, which ``liability`` holds and which falls by what the partner bears. ``number`` is
    the place of the step, from one: a cap may have been lifted before the spend.
    """
    caps = limits(tally, clause, number, step.caps)
    room = {**liability, **{who: min(cap, liability.get(who, cap)) for who, cap in caps.items()}}
    by_cap = {who for who, cap in caps.items() if cap <= liability.get(who, cap)}
    for group in groups_of(tally, amounts, step.share, step.including_ring_fenced, tally.joined):
        asked = group.shares()
        borne, relief = asked, group.amounts
        if room:
            borne = _within(asked, room, liability)
            relief = by_lines(sum(borne.values()), group.amounts)
        tally.take("overspend", relief)
        tally.place(clause.clause, "overspend", borne, relief, group.weights.disputed)
        _explain(tally, clause, None, group, asked, borne, by_cap)


def limits(tally: Tally, clause: Clause, step: int | None, written: Mapping[str, int]) -> dict[str, int]:
    """The caps of a step, or with no step the maximum liabilities of a clause, as lifted before the spend."""
    found = dict(written)
    for each in tally.position.agreed_beforehand:
        if each.clause == clause.clause and each.step == step and each.partner in found:
            if each.up_to is None:
                del found[each.partner]
            else:
                found[each.partner] = max(found[each.partner], each.up_to)
            limit = "without a limit" if each.up_to is None else f"up to {pounds_for_people(each.up_to)}"
            words = (
                f"Under clause '{clause.clause}' the limit of {pounds_for_people(written[each.partner])} on what"
                f" {tally.wording.partner(each.partner)} bears {f'in step {step} ' if step else ''}does not hold: the"
                f" finance leads agreed on {each.agreed:%-d %B %Y}, before the spend from {each.spent_from:%-d %B %Y},"
                f" that it bears its share {limit} ({each.reference})."
            )
            tally.explain(clause.clause, "limit lifted", None, each.partner, 0, partial(str, words))
    return found


def _within(asked: Mapping[str, int], *rooms: dict[str, int]) -> dict[str, int]:
    """What each partner takes of what is asked of it within its room; every room falls by it."""
    taken = {}
    for partner, part in asked.items():
        taken[partner] = min(part, rooms[0].get(partner, part))
        for room in rooms:
            if partner in room:
                room[partner] -= taken[partner]
    return taken


def give_back(tally: Tally, clause: Clause, step: ReturnStep, amounts: Mapping[Piece, int]) -> None:
    """Return these amounts of the clause's underspend to partners by the step's weights, each up to its cap."""
    basis, rings = clause.returned_by(step)
    room = dict(step.caps)
    for group in groups_of(tally, amounts, basis, rings, {}):
        asked = group.shares()
        got = _within(asked, room)
        used = by_lines(sum(got.values()), group.amounts)
        tally.take("underspend", used)
        tally.place(clause.clause, "underspend", got, used, group.weights.disputed)
        _explain(tally, clause, step, group, asked, got, step.caps)


def _explain(
    tally: Tally,
    clause: Clause,
    back: ReturnStep | None,
    group: Group,
    asked: Mapping[str, int],
    placed: Mapping[str, int],
    capped: Collection[str],
) -> None:
    """One row for each partner's part of a group that is not nil; ``back`` is the step where it is given back."""
    line, disputed = only_line(group.amounts), group.weights.disputed
    side: Side = "underspend" if back else "overspend"
    step, what = ("return", back.takes) if back else ("share", "overspend")
    for partner, part in asked.items():
        if part:
            amount = placed[partner]
            words = _Shared(tally.wording, clause.clause, side, what, group, partner, part, amount, partner in capped)
            kind = f"disputed {side}" if partner in disputed else step
            tally.explain(clause.clause, kind, line, partner, amount, words)


class _Shared(NamedTuple):
    """The words on one partner's part of a group: what was shared, by which weights, what it bears or gets of it."""

    wording: Wording
    clause: str
    side: Side
    what: str
    group: Group
    partner: str
    asked: int
    placed: int
    capped: bool

    def __call__(self) -> str:
        return f"{self.shared()}: {self._part}"

    def shared(self) -> str:
        goes = "goes" if self.side == "overspend" else "is returned"
        return (
            f"Under clause '{self.clause}' {pounds_for_people(self.group.sum_pence)} of {self.what} on"
            f" {self.wording.amounts(self.group.amounts)} {goes} {self._how}"
        )

    def own(self) -> str:
        return f"{self._part[:1].upper()}{self._part[1:]}"

    @property
    def _how(self) -> str:
        return self.wording.by_weights(self.group.weights, len(self.group.amounts))

    @property
    def _part(self) -> str:
        name, verb = self.wording.partner(self.partner), "bears" if self.side == "overspend" else "gets back"
        said = f"{name} {verb} {pounds_for_people(self.asked)}."
        if self.asked != self.placed:
            limit = "cap for this step" if self.capped else "maximum liability under the clause"
            said = (
                f"the part of {name} would be {pounds_for_people(self.asked)}, but its {limit} leaves room for"
                f" {pounds_for_people(self.placed)}, which it {verb}; {pounds_for_people(self.asked - self.placed)}"
                " stays on the lines."
            )
        if self.partner in self.group.weights.disputed:
            said += f" {self.wording.out_of_settlement(self.partner, self.group.weights)}"
        return said


def beyond_liability(tally: Tally, clause: Clause) -> bool:
    """Give what maximum liabilities kept from the last step to the partner named for it; False where none is."""
    left = tally.left(clause, "overspend")
    if clause.excess_to is None:
        return False
    total = sum(left.values())
    tally.take("overspend", left)
    tally.place(clause.clause, "overspend", {clause.excess_to: total}, left)
    words = (
        f"Under clause '{clause.clause}' {pounds_for_people(total)} on {tally.wording.amounts(left)} is more than the"
        " maximum liabilities allow the last step to place; the clause gives it to"
        f" {tally.wording.partner(clause.excess_to)}."
    )
    tally.explain(clause.clause, "excess over liability", only_line(left), clause.excess_to, total, partial(str, words))
    return True
