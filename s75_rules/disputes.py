"""What is in dispute stays visible and out of settlement: whole clauses, and what a clause gives to a partner."""

from functools import partial

from ledgers.money import pounds_for_people
from s75_rules.clause_records import SIDES, Side
from s75_rules.clock import day_words
from s75_rules.errors import RuleBroken
from s75_rules.tally import Tally


class DisputeOnUnknownClause(RuleBroken):
    """A dispute on a clause that the agreement does not have."""


class DisputeByUnknownPartner(RuleBroken):
    """A dispute of a partner that the agreement does not have."""


def apply_disputes(tally: Tally) -> None:
    """Move what is disputed from what partners bear or get back to what is disputed.

    A dispute over an amount reaches what the clause gives the partner, and no further.

    Raises:
        DisputeOnUnknownClause, DisputeByUnknownPartner: as their names say.
    """
    clauses = {clause.clause: clause for clause in tally.agreement.risk_share}
    for clause in clauses.values():
        if clause.disputed:
            for side in SIDES:
                for partner in tally.agreement.partners:
                    _contest(tally, clause.clause, side, partner, None, clause.reason or "no reason given")
    for each in tally.position.disputes:
        if each.clause not in clauses:
            raise DisputeOnUnknownClause(
                f"a dispute is on clause '{each.clause}', which the agreement does not have: name a clause of its"
                " risk_share"
            )
        if each.partner not in tally.agreement.partners:
            raise DisputeByUnknownPartner(
                f"a dispute on clause '{each.clause}' names '{each.partner}', no partner of the agreement:"
                " use an id under partners"
            )
        reason = f"{each.reason}, raised on {day_words(each.raised)}"
        _contest(tally, each.clause, each.side, each.partner, each.amount, reason)


def _contest(tally: Tally, clause: str, side: Side, partner: str, most: int | None, reason: str) -> None:
    key = (clause, side, partner)
    given = sum(
        each.parts.get(partner, 0)
        for each in tally.placements
        if each.clause == clause and each.side == side and partner not in each.disputed
    )
    free = given - tally.contested.get(key, 0)
    amount = free if most is None else min(most, free)
    if not amount:
        return
    tally.contested[key] = tally.contested.get(key, 0) + amount
    tally.placed[side][partner] -= amount
    tally.disputed[side][partner] = tally.disputed[side].get(partner, 0) + amount
    verb = "bears" if side == "overspend" else "gets back"
    words = (
        f"Of the {pounds_for_people(given)} of {side} that {tally.wording.partner(partner)} {verb} under clause"
        f" '{clause}', {pounds_for_people(amount)} is in dispute ({reason}): it stays visible and is not settled"
        " until the dispute is."
    )
    tally.explain(clause, f"in dispute: {side}", None, partner, amount, partial(str, words))
