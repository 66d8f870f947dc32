"""Sharing a variance among partners: groups of equal weights, caps, liabilities and what is given back. No reserves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ledgers.money import apportion, pounds_for_people
from s75_rules.clauses import Clause, ReturnStep, ShareStep, Sharing
from s75_rules.tally import Side, Tally, across, by_lines
from s75_rules.weights import Weights, weights_of


@dataclass(frozen=True, slots=True)
class Group:
    """Lines whose weights are equal number for number, shared as one sum. Pence by line."""

    weights: Weights
    amounts: Mapping[str, int]

    @property
    def sum_pence(self) -> int:
        """What the lines of the group have in this step."""
        return sum(self.amounts.values())

    def shares(self) -> dict[str, int]:
        """The sum apportioned over partners by the weights, before any cap."""
        partners = [partner for partner, _ in self.weights.parts]
        parts = apportion(self.sum_pence, [weight for _, weight in self.weights.parts])
        return dict(zip(partners, parts, strict=True))


def groups_of(
    tally: Tally, amounts: Mapping[str, int], basis: Sharing, rings: bool, joined: Mapping[str, Collection[str]]
) -> list[Group]:
    """The lines with an amount in this step, grouped by equal weights, in the order of their first line."""
    by_weights: dict[tuple[object, ...], tuple[Weights, dict[str, int]]] = {}
    for scheme, amount in amounts.items():
        if amount:
            weights = weights_of(tally.agreement, tally.position, scheme, basis, joined.get(scheme, ()), rings)
            by_weights.setdefault(weights.parts, (weights, {}))[1][scheme] = amount
    return [Group(weights, lines) for weights, lines in by_weights.values()]


def share(tally: Tally, clause: Clause, step: ShareStep, size_pence: int, liability: dict[str, int]) -> None:
    """Share up to a size of the clause's overspend; what is over a partner's room stays where it was.

    A partner's room is the smaller of its cap in this step and what is left of its maximum
    liability, which ``liability`` holds and which falls by what the partner bears.
    """
    amounts = by_lines(size_pence, tally.left(clause, "overspend"))
    room = {**liability, **{who: min(cap, liability.get(who, cap)) for who, cap in step.caps.items()}}
    by_cap = {who for who, cap in step.caps.items() if cap <= liability.get(who, cap)}
    for group in groups_of(tally, amounts, step.share, step.including_ring_fenced, tally.joined):
        asked = group.shares()
        borne = {partner: min(part, room.get(partner, part)) for partner, part in asked.items()}
        relief = by_lines(sum(borne.values()), group.amounts)
        tally.take("overspend", relief)
        for partner, on_lines in across(borne, relief).items():
            tally.bear(partner, on_lines)
            if partner in room:
                room[partner] -= borne[partner]
            if partner in liability:
                liability[partner] -= borne[partner]
        for partner, part in asked.items():
            _explain(tally, clause, "overspend", group, partner, part, borne[partner], partner in by_cap)


def give_back(tally: Tally, clause: Clause, step: ReturnStep, size_pence: int) -> None:
    """Return up to a size of the clause's underspend to partners by the step's weights."""
    amounts = by_lines(size_pence, tally.left(clause, "underspend"))
    tally.take("underspend", amounts)
    for group in groups_of(tally, amounts, step.give_back, step.including_ring_fenced, {}):
        shares = group.shares()
        for partner, on_lines in across(shares, group.amounts).items():
            tally.give_back(partner, on_lines)
            _explain(tally, clause, "underspend", group, partner, shares[partner], shares[partner], False)


def _explain(
    tally: Tally, clause: Clause, side: Side, group: Group, partner: str, asked: int, placed: int, capped: bool
) -> None:
    """One row for a partner's part of a group, unless its part is nil."""
    if not asked:
        return
    over = side == "overspend"
    name, wording = tally.wording.partner(partner), tally.wording
    verb, goes = ("bears", "goes") if over else ("gets back", "is returned")
    how = wording.by_weights(group.weights, len(group.amounts))
    sentence = (
        f"Under clause '{clause.clause}' {pounds_for_people(group.sum_pence)} of {side} on"
        f" {wording.amounts(group.amounts)} {goes} {how}"
    )
    if asked == placed:
        sentence += f": {name} {verb} {pounds_for_people(asked)}."
    else:
        limit = "cap for this step" if capped else "maximum liability under the clause"
        sentence += (
            f": the part of {name} would be {pounds_for_people(asked)}, but its {limit} leaves room for"
            f" {pounds_for_people(placed)}, which it bears; {pounds_for_people(asked - placed)} stays on the lines."
        )
    only_line = next(iter(group.amounts)) if len(group.amounts) == 1 else None
    tally.explain(clause.clause, "share" if over else "return", only_line, partner, placed, sentence)


def beyond_liability(tally: Tally, clause: Clause) -> bool:
    """Give what maximum liabilities kept from the last step to the partner named for it; False where none is."""
    left = tally.left(clause, "overspend")
    if clause.excess_to is None:
        return False
    tally.take("overspend", left)
    tally.bear(clause.excess_to, left)
    total = pounds_for_people(sum(left.values()))
    tally.explain(
        clause.clause,
        "excess over liability",
        next(iter(left)) if len(left) == 1 else None,
        clause.excess_to,
        sum(left.values()),
        f"Under clause '{clause.clause}' {total} on {tally.wording.amounts(left)} is more than the maximum liabilities"
        f" allow the last step to place; the clause gives it to {tally.wording.partner(clause.excess_to)}.",
    )
    return True
