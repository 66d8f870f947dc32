"""Recording what a board decides, what a partner disputes, and a cut of what is not yet committed. Shares nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledgers.money import pounds_for_people
from ledgers.seal import JSON
from pooledfund.access import Action, require, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.forecasts import Forecast, forecast_events, set_forecast
from pooledfund.intake.meanwhile import check_unchanged, tell
from pooledfund.pool import Pool
from pooledfund.results.decided import (
    CONTAINMENT,
    DECISION,
    DISPUTE,
    LIFTED,
    RESOLVED,
    decision_events,
    dispute_events,
    disputes_of,
)
from pooledfund.results.lines import committed_at, lines_at
from pooledfund.results.risk_position import RiskPosition, risk_position
from pooledfund.said import LONGEST_NAME, faults_in, too_long
from s75_rules.clause_records import AgreedBeforehand, Dispute, Side
from s75_rules.clauses import Clause, Decision
from s75_rules.record_checks import beforehand_faults
from s75_rules.risk_share import share_risk


class DecisionRefused(InputRefused):
    """A decision that decides nothing that is open, or says too little; with every reason."""


class DisputeRefused(InputRefused):
    """A dispute over what the agreement does not give, or one that is not there to resolve; with every reason."""


class LiftRefused(InputRefused):
    """A limit that the agreement does not let be lifted, or was not lifted in time; with every reason."""


class ContainmentRefused(InputRefused):
    """A cut of money that is already spent, or of nothing; with every reason."""


def record_decision(pool: Pool, decision: Decision, month: int, *, expected_event: int | None = None) -> int:
    """Record a board's decision on what a clause leaves open at a month, and give the number of its event.

    It is refused unless it places exactly what is open, so that a penny is neither decided twice nor left. A later
    decision on the same side of the clause replaces it; the very same one is there already. ``expected_event`` is the
    newest event that the person had read, so that nobody replaces a decision unseen.

    Raises:
        ChangedMeanwhile: another decision on that side of the clause was recorded since.
        DecisionRefused: the minute is missing, or its day is after today.
        RuleBroken: it names no clause or partner of the agreement, or sums to another amount than is open.
    """
    require(pool.actor, Action.DECIDE)
    reasons = _minuted(pool, decision.minute, decision.decided, "decision")
    if reasons:
        raise DecisionRefused(*reasons)
    payload: dict[str, JSON] = {
        "clause": decision.clause,
        "side": decision.side,
        "partners": dict(decision.partners),
        "minute": decision.minute,
        "decided": decision.decided.isoformat(),
        "month": month,
    }
    with pool.writing(Action.DECIDE) as writing:
        told = decision_events(pool, decision.clause, decision.side)
        _check_fits(pool, decision, month)
        what = f"what is decided of the {decision.side} under clause {decision.clause}"
        return tell(writing, DECISION, payload, told, what, expected_event)


def _check_fits(pool: Pool, decision: Decision, month: int) -> None:
    """Pass where the decision places just what is open; raises RuleBroken."""
    position = risk_position(pool, month)
    others = tuple(
        each
        for each in position.position.decisions
        if (each.clause, each.side) != (decision.clause, decision.side) and _still_fits(pool, position, each)
    )
    share_risk(pool.agreement, replace(position.position, decisions=(*others, decision)))


def _still_fits(pool: Pool, position: RiskPosition, decision: Decision) -> bool:
    """Whether a decision recorded before settled something at this month: one that did not is left out."""
    return any(row.step == f"decided {decision.side}" and row.clause == decision.clause for row in position.share.trace)


def unsigned_bearers(pool: Pool, decision: Decision) -> tuple[str, ...]:
    """The partners that a decision makes bear an overspend although they do not sign the agreement, for a warning."""
    if decision.side != "overspend":
        return ()
    partners = pool.agreement.partners
    return tuple(name for name, pence in decision.partners.items() if pence and not partners[name].signs)


def held_back(pool: Pool, dispute: Dispute, month: int) -> int:
    """What a partner's disputes keep out of settlement on one side of a clause at a month, in pence.

    Nil says that the clause gives the partner nothing there yet: the dispute waits until it does.
    """
    step = f"in dispute: {dispute.side}"
    return sum(
        row.amount_pence
        for row in risk_position(pool, month).share.trace
        if (row.clause, row.step, row.partner) == (dispute.clause, step, dispute.partner)
    )


def record_dispute(pool: Pool, dispute: Dispute, *, expected_event: int | None = None) -> int:
    """Record that a partner disputes what a clause gives it: visible at once, out of settlement until resolved.

    ``expected_event`` is the newest event that the person had read.

    Raises:
        ChangedMeanwhile: the same was disputed or resolved since.
        NotAllowed: a finance lead disputes for another partner.
        DisputeRefused: there is no such clause or partner, no reason, or the same is in dispute already.
    """
    require_partner(pool.actor, Action.DISPUTE, dispute.partner)
    reasons = _known(pool, dispute.clause, dispute.partner)
    reasons += faults_in(dispute.reason, "a dispute needs its reason: say what is disputed and why")
    if dispute.raised > pool.clock().date():
        reasons.append(f"{dispute.raised.isoformat()} is still to come: give the day the dispute was raised")
    elif dispute.raised < pool.agreement.year.first_day:
        reasons.append(
            f"{dispute.raised.isoformat()} is before {pool.agreement.year}, which it is about: give the day the dispute"
            " was raised"
        )
    if dispute.amount == 0:
        reasons.append("a dispute over nothing disputes nothing: give an amount above nil, or leave it out for all")
    payload: dict[str, JSON] = {
        "clause": dispute.clause,
        "side": dispute.side,
        "partner": dispute.partner,
        "amount_pence": dispute.amount,
        "reason": dispute.reason,
        "raised": dispute.raised.isoformat(),
    }
    with pool.writing(Action.DISPUTE) as writing:
        if _standing(pool, dispute.clause, dispute.side, dispute.partner):
            reasons.append(
                f"{dispute.partner} disputes its {dispute.side} under clause '{dispute.clause}' already: "
                "resolve it first"
            )
        if reasons:
            raise DisputeRefused(*reasons)
        _check_dispute_unchanged(pool, dispute.clause, dispute.side, dispute.partner, expected_event)
        return writing.event(DISPUTE, payload)


def _check_dispute_unchanged(pool: Pool, clause: str, side: Side, partner: str, expected_event: int | None) -> None:
    told = dispute_events(pool, clause, side, partner)
    check_unchanged(told, expected_event, f"the dispute of {partner} under clause {clause}")


def resolve_dispute(
    pool: Pool,
    clause: str,
    side: Side,
    partner: str,
    minute: str,
    resolved: date,
    *,
    expected_event: int | None = None,
) -> int:
    """Record that a dispute in the books is resolved, with the minute: what it held back is settled from then on.

    ``expected_event`` is the newest event that the person had read: a dispute raised anew since is not resolved unseen.

    Raises:
        ChangedMeanwhile: it was resolved and raised anew since.
        DisputeRefused: nothing of it is in dispute in the books, or the minute is missing.
    """
    require(pool.actor, Action.DECIDE)
    reasons = _known(pool, clause, partner) + _minuted(pool, minute, resolved, "resolution")
    payload: dict[str, JSON] = {
        "clause": clause,
        "side": side,
        "partner": partner,
        "minute": minute,
        "resolved": resolved.isoformat(),
    }
    with pool.writing(Action.DECIDE) as writing:
        if any((each.clause, each.side, each.partner) == (clause, side, partner) for each in pool.agreement.disputes):
            reasons.append("that dispute stands in the agreement file: take it out there")
        elif not reasons and not _standing(pool, clause, side, partner):
            reasons.append(
                f"{partner} disputes no {side} under clause '{clause}': see risk-share for what is in dispute"
            )
        reasons += [
            f"it was raised on {each.raised.isoformat()}, after {resolved.isoformat()}: give the day it was resolved"
            for each in disputes_of(pool)
            if (each.clause, each.side, each.partner) == (clause, side, partner) and resolved < each.raised
        ]
        if reasons:
            raise DisputeRefused(*reasons)
        _check_dispute_unchanged(pool, clause, side, partner, expected_event)
        return writing.event(RESOLVED, payload)


_REMEDIES = {
    "AgreedTooLate": "the limit stands, unless --date or --spent-from is wrong",
    "NothingToLift": "name with --step and --of a cap that may be lifted, or leave --step out for a maximum liability",
    "LimitNotRaised": "give a higher limit with --up-to, or leave it out where there is none",
    "FinanceLeadMissing": "name each with --agreed-by once it has agreed in writing",
}
"""What to do at the command, where the fault of an agreement file says what to write in the file."""


def lift_limit(pool: Pool, agreed: AgreedBeforehand) -> int:
    """Record that finance leads agreed, before the spend, that a partner bears more than its limit; gives the event.

    The rules are those of the agreement file: a clause or step that says ``unless_agreed``, a day before the spend,
    and the finance lead of every signatory that the same sum can reach. A later record on the same limit replaces it.

    Raises:
        LiftRefused: with every rule that is not kept.
    """
    require(pool.actor, Action.DECIDE)
    reasons = _known(pool, agreed.clause, agreed.partner)
    reasons += _unknown_partners(pool, agreed.agreed_by)
    if not agreed.reference.strip():
        reasons.append("an agreement of finance leads is in writing: give its reference with --reference")
    if agreed.agreed > pool.clock().date():
        reasons.append(f"{agreed.agreed.isoformat()} is still to come: give the day on which they agreed")
    if not reasons:
        reasons = [f"{each.message}: {_REMEDIES[each.rule]}" for each in beforehand_faults(pool.agreement, agreed, ())]
    if reasons:
        raise LiftRefused(*reasons)
    payload: dict[str, JSON] = {
        "clause": agreed.clause,
        "step": agreed.step,
        "partner": agreed.partner,
        "up_to_pence": agreed.up_to,
        "agreed_by": ",".join(agreed.agreed_by),
        "agreed": agreed.agreed.isoformat(),
        "spent_from": agreed.spent_from.isoformat(),
        "reference": agreed.reference,
    }
    with pool.writing(Action.DECIDE) as writing:
        return writing.event(LIFTED, payload)


def _unknown_partners(pool: Pool, names: tuple[str, ...]) -> list[str]:
    known = ", ".join(pool.agreement.partners)
    return [
        f"'{each}' is not a partner of {pool.agreement.id}: name with --agreed-by some of {known}"
        for each in names
        if each not in pool.agreement.partners
    ]


@dataclass(frozen=True, slots=True)
class Containment:
    """A board's cut of what a line has not committed yet, at a month, in pence."""

    scheme: str
    amount_pence: int
    month: int
    minute: str
    decided: date


def contain(pool: Pool, cut: Containment, *, expected_event: int | None = None) -> int:
    """Record a containment decision: the line's forecast outturn falls by the cut. Never made by a rule on its own.

    What the line does not spend then meets overspends by the clauses' offsets, as any underspend does. Only money
    that is forecast and neither spent nor committed can be cut; to move the budget itself use a virement. The very
    same cut, by its minute and day, is there already and cuts no more. ``expected_event`` is the newest event that the
    person had read.

    Raises:
        ChangedMeanwhile: the forecast of the line was cut or entered anew since.
        ContainmentRefused: with every reason, such as a cut of more than is left to spend.
    """
    require(pool.actor, Action.DECIDE)
    reasons = _minuted(pool, cut.minute, cut.decided, "containment")
    if cut.scheme not in pool.agreement.schemes:
        reasons.append(f"'{cut.scheme}' is not a scheme line of {pool.agreement.id}: name one that check lists")
    if cut.decided > pool.agreement.year.last_day:
        reasons.append(
            f"{cut.decided.isoformat()} is after {pool.agreement.year}, when there is nothing left to cut: give the day"
            " of the containment"
        )
    if cut.amount_pence <= 0:
        reasons.append("a cut is above nil: give the amount that is not to be spent")
    payload: dict[str, JSON] = {
        "scheme": cut.scheme,
        "amount_pence": cut.amount_pence,
        "month": cut.month,
        "minute": cut.minute,
        "decided": cut.decided.isoformat(),
    }
    with pool.writing(Action.DECIDE) as writing:
        for each in pool.books.events(kind=CONTAINMENT):
            if each.payload == payload:
                return each.number
        if cut.month == 12 or pool.books.month_states()[cut.month] == "closed":
            reasons.append(f"M{cut.month} has no forecast to cut any more: name an open month before M12")
        if reasons:
            raise ContainmentRefused(*reasons)
        told = forecast_events(pool, cut.scheme, cut.month)
        check_unchanged(told, expected_event, f"the forecast of {cut.scheme} at M{cut.month}")
        forecast = Forecast(cut.month, cut.scheme, _left_after(pool, cut))
        event = writing.event(CONTAINMENT, payload)
        set_forecast(pool, writing, forecast, f"containment, {cut.minute}")
    return event


def _left_after(pool: Pool, cut: Containment) -> int:
    """The line's forecast with the cut, in pence; raises ContainmentRefused where so much is not left uncommitted."""
    line = lines_at(pool, cut.month)[cut.scheme]
    ordered = committed_at(pool, cut.month).get(cut.scheme, 0)
    left = line.forecast_pence - line.actual_pence - ordered
    if cut.amount_pence > left:
        orders = f" beside {pounds_for_people(ordered)} that is committed" if ordered else ""
        raise ContainmentRefused(
            f"{cut.scheme} has {pounds_for_people(max(0, left))} forecast and not spent{orders} at M{cut.month}, less"
            f" than {pounds_for_people(cut.amount_pence)}: cut no more than that"
        )
    return line.forecast_pence - cut.amount_pence


def _minuted(pool: Pool, minute: str, on: date, what: str) -> list[str]:
    reasons, year = [], pool.agreement.year
    if not minute.strip():
        reasons.append(f"a {what} needs its minute: give its reference")
    reasons += too_long(LONGEST_NAME, minute=minute)
    if on > pool.clock().date():
        reasons.append(f"{on.isoformat()} is still to come: give the day of the {what}")
    elif on < year.first_day:
        reasons.append(f"{on.isoformat()} is before {year}, which it is about: give the day of the {what}")
    return reasons


def _known(pool: Pool, clause: str, partner: str) -> list[str]:
    clauses: Mapping[str, Clause] = {each.clause: each for each in pool.agreement.risk_share}
    reasons = []
    if clause not in clauses:
        reasons.append(f"'{clause}' is not a clause of {pool.agreement.id}: name one of {', '.join(clauses)}")
    if partner not in pool.agreement.partners:
        known = ", ".join(pool.agreement.partners)
        reasons.append(f"'{partner}' is not a partner of {pool.agreement.id}: name one of {known}")
    return reasons


def _standing(pool: Pool, clause: str, side: str, partner: str) -> bool:
    return any((each.clause, each.side, each.partner) == (clause, side, partner) for each in disputes_of(pool))
