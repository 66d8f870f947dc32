"""What is settled before any clause: breaches, money that is not pooled, ring-fenced parts. Runs no clause."""

from collections.abc import Mapping
from functools import partial

from ledgers.money import apportion, pounds_for_people
from s75_rules.agreement import Contribution
from s75_rules.clause_records import Side
from s75_rules.clauses import Clause
from s75_rules.positions import Breach
from s75_rules.standing import Piece, movements_of
from s75_rules.tally import Tally
from s75_rules.trace import SOURCE_WORDS, listed


def settle_breaches(tally: Tally) -> None:
    """Each breach is borne by the partner that made it, before the variance is measured."""
    for breach in tally.position.breaches:
        tally.place_one(None, "overspend", breach.partner, Piece(breach.scheme), breach.amount_pence)
        words = partial(_breach_words, tally, breach)
        tally.explain(None, "breach", breach.scheme, breach.partner, breach.amount_pence, words)


def _breach_words(tally: Tally, breach: Breach) -> str:
    minute = f" (minute {breach.minute})" if breach.minute else ""
    return (
        f"{pounds_for_people(breach.amount_pence)} spent outside authority on {tally.wording.line(breach.scheme)}"
        f"{minute} is borne by {tally.wording.partner(breach.partner)}, which made the breach, and leaves the"
        " outturn before the variance is measured."
    )


def settle_rings(tally: Tally) -> None:
    """Measure each line's variance, settle what is aligned or ring-fenced, and leave the rest to the clauses."""
    position = tally.position
    for scheme, variance in tally.variances.items():
        pieces = tally.pieces.get(scheme)
        if pieces is None:
            if variance:
                _settle_own_money(tally, scheme, variance)
            continue
        if not variance and scheme not in position.movements:
            continue
        movements = (
            dict.fromkeys(pieces, variance) if len(pieces) == 1 else movements_of(position, scheme, variance, pieces)
        )
        budgets = position.line_budgets(scheme)
        if not tally.ring_fenced.isdisjoint(budgets):
            _settle_parts(tally, scheme, variance, movements)
            continue
        for piece, movement in movements.items():
            if movement >= 0:
                tally.over[piece] = movement
            elif budgets:
                # No part is ring-fenced, so however it is split all of it goes to the clauses.
                tally.under[piece] = -movement
            else:
                _credit_to_lead(tally, piece, -movement)


def _settle_own_money(tally: Tally, scheme: str, variance_pence: int) -> None:
    """A line of an aligned or in-view fund: its variance stays with the partners that fund it."""
    agreement, budgets = tally.agreement, tally.position.line_budgets(scheme)
    line = agreement.schemes[scheme]
    side: Side = "overspend" if variance_pence > 0 else "underspend"
    by_partner = {
        partner: sum(budget for each, budget in budgets.items() if agreement.contributions[each].partner == partner)
        for partner in agreement.partners
    }
    weights = {partner: budget for partner, budget in by_partner.items() if budget} or {line.lead: 1}
    kind = "aligned" if agreement.funds[line.fund].kind == "aligned" else "in view"
    how = "by their budgets on it" if budgets else "here its lead, because it has no budget"
    for partner, part in zip(weights, apportion(abs(variance_pence), list(weights.values())), strict=True):
        if part:
            tally.place_one(None, side, partner, Piece(scheme), part)
            words = (
                f"Money of the fund {tally.wording.fund(line.fund)} is {kind} and not shared, so the {side} of"
                f" {pounds_for_people(abs(variance_pence))} on {tally.wording.line(scheme)} stays with those that fund"
                f" the line, {how}: {pounds_for_people(part)} with {tally.wording.partner(partner)}."
            )
            tally.explain(None, f"{kind} {side}", scheme, partner, part, partial(str, words))


def _credit_to_lead(tally: Tally, piece: Piece, credit_pence: int) -> None:
    """An outturn below nil on a line without budget goes back to the line's lead."""
    lead = tally.agreement.schemes[piece.scheme].lead
    tally.place_one(None, "underspend", lead, piece, credit_pence)
    words = (
        f"The outturn of {tally.wording.line(piece.scheme)}, which has no budget, is {pounds_for_people(credit_pence)}"
        f" below nil and is returned to its lead, {tally.wording.partner(lead)}."
    )
    tally.explain(None, "credit returned to lead", piece.scheme, lead, credit_pence, partial(str, words))


def _settle_parts(tally: Tally, scheme: str, variance_pence: int, movements: Mapping[Piece, int]) -> None:
    """Split a line's variance over its contributions by budget; ring-fenced parts follow their ring.

    Where dates divide the year, each part of it is split; within a ring what no clause takes in is
    added up over the year before it is carried, returned or borne.
    """
    contributions, budgets = tally.agreement.contributions, tally.position.line_budgets(scheme)
    names = sorted(budgets, key=tally.order.__getitem__) if len(budgets) > 1 else budgets
    weights = [budgets[name] for name in names]
    in_rings = {name: 0 for name in names if name in tally.ring_fenced}
    for piece, movement in movements.items():
        if not movement:
            continue
        clause, free = tally.clauses[piece.clause], 0
        for name, part in zip(names, apportion(abs(movement), weights), strict=True):
            if name not in in_rings:
                free += part
            elif movement < 0:
                in_rings[name] -= part
            elif takes_in(clause, scheme, contributions[name]):
                _join(tally, piece, contributions[name], part, movement)
            else:
                in_rings[name] += part
        (tally.over if movement > 0 else tally.under)[piece] += free
    for name, pence in in_rings.items():
        if pence < 0:
            _ring_underspent(tally, scheme, contributions[name], -pence, variance_pence)
        elif pence > 0:
            _ring_overspent(tally, scheme, contributions[name], pence, variance_pence)


def _ring_underspent(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int) -> None:
    """A ring-fenced underspend is carried forward or returned to the payer of the grant."""
    returns = contribution.unspent == "return_to_payer"
    kept = tally.returned if returns else tally.carried
    kept[contribution.id] = kept.get(contribution.id, 0) + part
    step = "ring-fenced returned to funder" if returns else "ring-fenced carried forward"
    what = "is returned to the body that paid the grant" if returns else "is carried forward in its ring"

    def words() -> str:
        first = _part_of(tally, scheme, contribution, part, whole, "underspend")
        return f"{first} It is ring-fenced, so it relieves no other line and {what}."

    tally.explain(None, step, scheme, contribution.partner, part, words)


def _join(tally: Tally, piece: Piece, contribution: Contribution, part: int, whole: int) -> None:
    """A ring-fenced overspend is shared under a clause that names its line or source."""
    tally.joined[piece] = (*tally.joined.get(piece, ()), contribution.id)
    tally.over[piece] += part
    covers = tally.clauses[piece.clause].covers
    named = (
        "this line" if piece.scheme in (covers.schemes or ()) else f"{SOURCE_WORDS[contribution.source]} as a source"
    )
    capital = " Being capital, it keeps the line from relief by revenue underspends." * contribution.is_capital
    then = f"It is ring-fenced, but clause '{piece.clause}' names {named}, so it is shared under that clause.{capital}"

    def words() -> str:
        return f"{_part_of(tally, piece.scheme, contribution, part, whole, 'overspend')} {then}"

    tally.explain(piece.clause, "ring-fenced joins the clause", piece.scheme, None, part, words)


def _ring_overspent(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int) -> None:
    """A ring-fenced overspend that no clause takes in is borne by the line's lead."""
    lead = tally.agreement.schemes[scheme].lead
    tally.place_one(None, "overspend", lead, Piece(scheme), part)

    def words() -> str:
        bears = f"no clause takes it in, so the line's lead, {tally.wording.partner(lead)}, bears it"
        return f"{_part_of(tally, scheme, contribution, part, whole, 'overspend')} It is ring-fenced and {bears}."

    tally.explain(None, "ring-fenced overspend", scheme, lead, part, words)


def takes_in(clause: Clause, scheme: str, contribution: Contribution) -> bool:
    """Whether a clause names the line or the source, so that a ring-fenced overspend joins it."""
    covers = clause.covers
    return not covers.everything and (scheme in (covers.schemes or ()) or contribution.source in (covers.sources or ()))


def _part_of(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int, side: Side) -> str:
    """How much of a line's variance falls on a contribution, as a sentence."""
    budgets = tally.position.line_budgets(scheme)
    line, name = tally.wording.line(scheme), tally.wording.contribution(contribution.id)
    if len(tally.pieces[scheme]) > 1:
        return f"Over the months that count for it, {pounds_for_people(part)} of {side} on {line} falls on {name}."
    if len(budgets) == 1:
        return f"The {side} of {pounds_for_people(abs(whole))} on {line} falls on {name}."
    ratio = listed([f"{each} {pounds_for_people(budget)}" for each, budget in budgets.items()])
    return (
        f"Of the {side} of {pounds_for_people(abs(whole))} on {line}, {pounds_for_people(part)} falls on {name}, by the"
        f" line's budgets ({ratio})."
    )
