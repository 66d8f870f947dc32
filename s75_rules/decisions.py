"""Board decisions on what clauses left unresolved: each must settle exactly what is open. Decides nothing itself."""

from functools import partial

from ledgers.money import pounds_for_people
from s75_rules.clauses import Decision
from s75_rules.clock import day_words
from s75_rules.errors import RuleBroken
from s75_rules.tally import Tally, only_line


class DecisionOnUnknownClause(RuleBroken):
    """A decision on a clause that the agreement does not have."""


class DecisionForUnknownPartner(RuleBroken):
    """A decision that gives an amount to a partner that the agreement does not have."""


class DecisionIsNil(RuleBroken):
    """A decision that places no money."""


class DecisionRepeated(RuleBroken):
    """A second decision on the same clause and side."""


class DecisionDiffers(RuleBroken):
    """A decision that does not sum to what its clause left unresolved."""


def apply_decisions(tally: Tally) -> None:
    """Replace what clauses left unresolved by the decisions recorded on it.

    Raises:
        DecisionOnUnknownClause, DecisionForUnknownPartner, DecisionIsNil, DecisionRepeated, DecisionDiffers:
            as their names say.
    """
    decided: set[tuple[str, str]] = set()
    for decision in tally.position.decisions:
        _check(tally, decision)
        if (decision.clause, decision.side) in decided:
            raise DecisionRepeated(
                f"two decisions are recorded on the {decision.side} of clause '{decision.clause}': keep one"
            )
        decided.add((decision.clause, decision.side))
        _apply(tally, decision)


def _check(tally: Tally, decision: Decision) -> None:
    if decision.clause not in {clause.clause for clause in tally.agreement.risk_share}:
        raise DecisionOnUnknownClause(
            f"decision {decision.minute} is on clause '{decision.clause}', which the agreement does not have:"
            " name a clause of its risk_share"
        )
    for partner in decision.partners:
        if partner not in tally.agreement.partners:
            raise DecisionForUnknownPartner(
                f"decision {decision.minute} names '{partner}', no partner of the agreement: use an id under partners"
            )
    if not sum(decision.partners.values()):
        raise DecisionIsNil(
            f"decision {decision.minute} on clause '{decision.clause}' places nothing: give each partner's amount,"
            " or take the decision out"
        )


def _apply(tally: Tally, decision: Decision) -> None:
    key = (decision.clause, decision.side)
    lines = tally.open.get(key, {})
    placed, unresolved = sum(decision.partners.values()), sum(lines.values())
    if placed != unresolved:
        raise DecisionDiffers(
            f"decision {decision.minute} places {pounds_for_people(placed)} of {decision.side}, but clause"
            f" '{decision.clause}' left {pounds_for_people(unresolved)} unresolved: decide exactly that amount"
        )
    del tally.open[key]
    ordered = {each: decision.partners[each] for each in tally.agreement.partners if decision.partners.get(each)}
    tally.place(decision.clause, decision.side, ordered, lines)
    verb = "bears" if decision.side == "overspend" else "gets back"
    for partner, amount in ordered.items():
        words = (
            f"The board decided on {day_words(decision.decided)} (minute {decision.minute}) on the"
            f" {pounds_for_people(unresolved)} of {decision.side} that clause '{decision.clause}' left unresolved:"
            f" {tally.wording.partner(partner)} {verb} {pounds_for_people(amount)}."
        )
        step = f"decided {decision.side}"
        tally.explain(decision.clause, step, only_line(lines), partner, amount, partial(str, words))
