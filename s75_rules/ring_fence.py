"""What is settled before any clause: breaches, money that is not pooled, ring-fenced parts. Runs no clause."""

from ledgers.money import apportion, pounds_for_people
from s75_rules.agreement import Contribution
from s75_rules.clauses import Clause
from s75_rules.tally import Side, Tally
from s75_rules.trace import SOURCE_WORDS, listed


def settle_breaches(tally: Tally) -> None:
    """Each breach is borne by the partner that made it, before the variance is measured."""
    for breach in tally.position.breaches:
        tally.bear(breach.partner, {breach.scheme: breach.amount_pence})
        minute = f" (minute {breach.minute})" if breach.minute else ""
        tally.explain(
            None,
            "breach",
            breach.scheme,
            breach.partner,
            breach.amount_pence,
            f"{pounds_for_people(breach.amount_pence)} spent outside authority on {tally.wording.line(breach.scheme)}"
            f"{minute} is borne by {tally.wording.partner(breach.partner)}, which made the breach, and leaves the"
            " outturn before the variance is measured.",
        )


def settle_rings(tally: Tally) -> None:
    """Measure each line's variance, settle what is aligned or ring-fenced, and leave the rest to the clauses."""
    for scheme in tally.agreement.schemes:
        position = tally.position
        variance = position.outturn_pence(scheme) - position.breach_pence(scheme) - position.budget_pence(scheme)
        if scheme not in tally.clause_of:
            _settle_own_money(tally, scheme, variance)
        elif position.line_budgets(scheme):
            _settle_parts(tally, scheme, variance)
        elif variance < 0:
            _credit_to_lead(tally, scheme, -variance)
        else:
            tally.over[scheme] = variance


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
            tally.place(side, partner, {scheme: part})
            tally.explain(
                None,
                f"{kind} {side}",
                scheme,
                partner,
                part,
                f"Money of the fund {tally.wording.fund(line.fund)} is {kind} and not shared, so the {side} of"
                f" {pounds_for_people(abs(variance_pence))} on {tally.wording.line(scheme)} stays with those that fund"
                f" the line, {how}: {pounds_for_people(part)} with {tally.wording.partner(partner)}.",
            )


def _credit_to_lead(tally: Tally, scheme: str, credit_pence: int) -> None:
    """An outturn below nil on a line without budget goes back to the line's lead."""
    lead = tally.agreement.schemes[scheme].lead
    tally.give_back(lead, {scheme: credit_pence})
    tally.explain(
        None,
        "credit returned to lead",
        scheme,
        lead,
        credit_pence,
        f"The outturn of {tally.wording.line(scheme)}, which has no budget, is {pounds_for_people(credit_pence)} below"
        f" nil and is returned to its lead, {tally.wording.partner(lead)}.",
    )


def _settle_parts(tally: Tally, scheme: str, variance_pence: int) -> None:
    """Split a line's variance over its contributions by budget; ring-fenced parts follow their ring."""
    agreement, budgets = tally.agreement, tally.position.line_budgets(scheme)
    funding = [each for each in agreement.contributions.values() if each.id in budgets]
    parts = apportion(abs(variance_pence), [budgets[each.id] for each in funding])
    for contribution, part in zip(funding, parts, strict=True):
        if variance_pence < 0:
            _underspend_part(tally, scheme, contribution, part, -variance_pence)
        elif variance_pence > 0:
            _overspend_part(tally, scheme, contribution, part, variance_pence)


def _underspend_part(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int) -> None:
    """An un-ringed part goes to the clauses; a ring-fenced one is carried forward or returned to its payer."""
    if not contribution.is_ring_fenced:
        tally.under[scheme] += part
        return
    if not part:
        return
    returns = contribution.unspent == "return_to_payer"
    kept = tally.returned if returns else tally.carried
    kept[contribution.id] = kept.get(contribution.id, 0) + part
    what = "is returned to the body that paid the grant" if returns else "is carried forward in its ring"
    tally.explain(
        None,
        "ring-fenced returned to funder" if returns else "ring-fenced carried forward",
        scheme,
        contribution.partner,
        part,
        f"{_part_of(tally, scheme, contribution, part, whole, 'underspend')} It is ring-fenced, so it relieves no"
        f" other line and {what}.",
    )


def _overspend_part(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int) -> None:
    """An un-ringed part goes to the clauses; a ring-fenced one to the line's lead unless its clause takes it in."""
    clause = tally.clause_of[scheme]
    if not contribution.is_ring_fenced:
        tally.over[scheme] += part
        return
    if takes_in(clause, scheme, contribution):
        tally.joined[scheme] = (*tally.joined.get(scheme, ()), contribution.id)
        tally.over[scheme] += part
        named = (
            "this line"
            if scheme in (clause.covers.schemes or ())
            else f"{SOURCE_WORDS[contribution.source]} as a source"
        )
        capital = " Being capital, it keeps the line from relief by revenue underspends." * contribution.is_capital
        tally.explain(
            clause.clause,
            "ring-fenced joins the clause",
            scheme,
            None,
            part,
            f"{_part_of(tally, scheme, contribution, part, whole, 'overspend')} It is ring-fenced, but clause"
            f" '{clause.clause}' names {named}, so it is shared under that clause.{capital}",
        )
    elif part:
        lead = tally.agreement.schemes[scheme].lead
        tally.bear(lead, {scheme: part})
        tally.explain(
            None,
            "ring-fenced overspend",
            scheme,
            lead,
            part,
            f"{_part_of(tally, scheme, contribution, part, whole, 'overspend')} It is ring-fenced and no clause takes"
            f" it in, so the line's lead, {tally.wording.partner(lead)}, bears it.",
        )


def takes_in(clause: Clause, scheme: str, contribution: Contribution) -> bool:
    """Whether a clause names the line or the source, so that a ring-fenced overspend joins it."""
    return scheme in (clause.covers.schemes or ()) or contribution.source in (clause.covers.sources or ())


def _part_of(tally: Tally, scheme: str, contribution: Contribution, part: int, whole: int, side: str) -> str:
    """How much of a line's variance falls on a contribution, as a sentence."""
    budgets = tally.position.line_budgets(scheme)
    line, name = tally.wording.line(scheme), tally.wording.contribution(contribution.id)
    if len(budgets) == 1:
        return f"The {side} of {pounds_for_people(whole)} on {line} falls on {name}."
    ratio = listed(f"{each} {pounds_for_people(budget)}" for each, budget in budgets.items())
    return (
        f"Of the {side} of {pounds_for_people(whole)} on {line}, {pounds_for_people(part)} falls on {name}, by the"
        f" line's budgets ({ratio})."
    )
