"""Sharing a variance among partners: groups of equal weights, caps, liabilities and what is given back. No reserves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from ledgers.money import apportion, pounds_for_people
from s75_rules.clause_records import Side
from s75_rules.clauses import Clause, ReturnStep, ShareStep, Sharing
from s75_rules.clock import day_words
from s75_rules.standing import Piece
from s75_rules.tally import Tally, by_lines, made_tuple, only_line
from s75_rules.trace import Wording
from s75_rules.weights import BY_LINE, Weights, same_for, under_withdrawals, weigher


@dataclass(eq=False, slots=True)
class Group:
    """Lines whose weights are equal number for number, shared as one sum. Pence by piece of a line.

    ``rule`` is what the sentences of its partners say alike, once one of them was asked for.
    """

    weights: Weights
    amounts: dict[Piece, int]
    rule: str = ""

    @property
    def sum_pence(self) -> int:
        """What the lines of the group have in this step."""
        return sum(self.amounts.values())

    def shares(self) -> dict[str, int]:
        """The sum apportioned over partners by the weights, before any cap."""
        parts = self.weights.parts
        if len(parts) == 1:
            return {parts[0][0]: self.sum_pence}
        partners, weights = zip(*parts, strict=True)
        return dict(zip(partners, apportion(self.sum_pence, weights), strict=True))


class _Telling(NamedTuple):
    """What the groups of one step have in common, for their sentences."""

    wording: Wording
    clause: str
    side: Side
    what: str

    def rule(self, group: Group) -> str:
        """What was shared, on which lines and how; its partners' sentences say it alike, so it is put once."""
        if not group.rule:
            goes = "goes" if self.side == "overspend" else "is returned"
            group.rule = (
                f"Under clause '{self.clause}' {pounds_for_people(group.sum_pence)} of {self.what} on"
                f" {self.wording.amounts(group.amounts)} {goes}"
                f" {self.wording.by_weights(group.weights, len(group.amounts))}"
            )
        return group.rule


def groups_of(
    tally: Tally, amounts: Mapping[Piece, int], basis: Sharing, rings: bool, joined: Mapping[Piece, Collection[str]]
) -> list[Group]:
    """The lines with an amount in this step, grouped by equal weights, in the order of their first line."""
    agreement = tally.agreement
    weigh = weigher(agreement, tally.position, basis, rings)
    known: dict[object, dict[Piece, int]] = {}
    groups: dict[object, Group] = {}
    by_line = isinstance(basis, str) and basis in BY_LINE
    for piece, amount in amounts.items():
        if not amount:
            continue
        # Most bases weigh many lines alike: those are looked up once.
        alike = None if by_line else (same_for(agreement, piece.scheme, basis), piece.withdrawals)
        lines = known.get(alike) if alike else None
        if lines is None:
            weights = weigh(piece.scheme, joined.get(piece, ()))
            if piece.withdrawals:
                weights = under_withdrawals(agreement, piece.scheme, weights, piece.withdrawals)
            key = (weights.parts, weights.disputed)
            group = groups.get(key)
            if group is None:
                groups[key] = group = Group(weights, {})
            lines = group.amounts
            if alike:
                known[alike] = lines
        lines[piece] = amount
    return list(groups.values())


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
    groups = groups_of(tally, amounts, step.share, step.including_ring_fenced, tally.joined)
    telling = _Telling(tally.wording, clause.clause, "overspend", "overspend")
    if not room:
        tally.take("overspend", amounts)
    for group in groups:
        asked = group.shares()
        borne: Mapping[str, int] = asked
        relief: Mapping[Piece, int] = group.amounts
        if room:
            borne = _within(asked, room, liability)
            relief = by_lines(sum(borne.values()), group.amounts)
            tally.take("overspend", relief)
        tally.place(clause.clause, "overspend", borne, relief, group.weights.disputed)
        _explain(tally, telling, group, asked, borne, by_cap)


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
                f" finance leads agreed on {day_words(each.agreed)}, before the spend from"
                f" {day_words(each.spent_from)}, that it bears its share {limit} ({each.reference})."
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
    telling = _Telling(tally.wording, clause.clause, "underspend", step.takes)
    for group in groups_of(tally, amounts, basis, rings, {}):
        asked = group.shares()
        got = _within(asked, room)
        used = by_lines(sum(got.values()), group.amounts)
        tally.take("underspend", used)
        tally.place(clause.clause, "underspend", got, used, group.weights.disputed)
        _explain(tally, telling, group, asked, got, step.caps)


def _explain(
    tally: Tally,
    telling: _Telling,
    group: Group,
    asked: Mapping[str, int],
    placed: Mapping[str, int],
    capped: Collection[str],
) -> None:
    """One row for each partner's part of a group that is not nil."""
    line, disputed = only_line(group.amounts), group.weights.disputed
    step = "share" if telling.side == "overspend" else "return"
    for partner, part in asked.items():
        if part:
            amount = placed[partner]
            words = made_tuple(_Part, (telling, group, partner, part, amount, partner in capped))
            kind = f"disputed {telling.side}" if partner in disputed else step
            tally.explain(telling.clause, kind, line, partner, amount, words)


class _Part(NamedTuple):
    """The words on one partner's part of a group: what it bears or gets of it."""

    telling: _Telling
    group: Group
    partner: str
    asked: int
    placed: int
    capped: bool

    def __call__(self) -> str:
        return f"{self.telling.rule(self.group)}: {self._part}"

    def shared(self) -> str:
        return self.telling.rule(self.group)

    def own(self) -> str:
        part = self._part
        return f"{part[:1].upper()}{part[1:]}"

    @property
    def _part(self) -> str:
        wording, weights = self.telling.wording, self.group.weights
        name, verb = wording.partner(self.partner), "bears" if self.telling.side == "overspend" else "gets back"
        said = f"{name} {verb} {pounds_for_people(self.asked)}."
        if self.asked != self.placed:
            limit = "cap for this step" if self.capped else "maximum liability under the clause"
            said = (
                f"the part of {name} would be {pounds_for_people(self.asked)}, but its {limit} leaves room for"
                f" {pounds_for_people(self.placed)}, which it {verb}; {pounds_for_people(self.asked - self.placed)}"
                " stays on the lines."
            )
        if self.partner in weights.disputed:
            said += f" {wording.out_of_settlement(self.partner, weights)}"
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
