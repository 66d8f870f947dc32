"""Dates of clauses, withdrawals, disputes and agreements beforehand: what of them is refused. Shares nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

from s75_rules.agreement import Agreement
from s75_rules.agreement_faults import Fault, Path
from s75_rules.clause_checks import lines_of
from s75_rules.clause_records import DISPUTED, OTHERS, AgreedBeforehand
from s75_rules.clause_warnings import reached
from s75_rules.clauses import AS_A_LOSS, Clause, ReturnStep, ShareStep


def record_faults(agreement: Agreement) -> Iterator[Fault]:
    """What of the dates of clauses and of the records beside them is refused."""
    for place, clause in enumerate(agreement.risk_share):
        path: Path = ("risk_share", place)
        yield from _months(agreement, clause.from_on, clause.to_on, path)
        yield from _dispute_of(clause, path)
        yield from _limits(clause, path)
        yield from _gains(clause, path)
    for place, each in enumerate(agreement.withdrawals):
        path = ("withdrawals", place)
        yield from _months(agreement, each.from_on, each.to_on, path)
        if each.what == "withdraws" and each.to_on is not None:
            message = f"{each.partner} withdraws, which has no end"
            yield Fault((*path, "to"), "WithdrawalEnds", message, "write what: suspends, or take the date out")
        if each.then == each.partner:
            message = f"what {each.partner} withdraws from would go to {each.partner} itself"
            remedy = f"write {DISPUTED}, {OTHERS} or another partner"
            yield Fault((*path, "then"), "WithdrawnToItself", message, remedy)
    for place, dispute in enumerate(agreement.disputes):
        if dispute.amount == 0:
            message = "a dispute over nothing disputes nothing"
            remedy = "write the amount, or leave it out for all of it"
            yield Fault(("disputes", place, "amount"), "DisputeIsNil", message, remedy)
    for place, agreed in enumerate(agreement.agreed_beforehand):
        yield from beforehand_faults(agreement, agreed, ("agreed_beforehand", place))


def _months(agreement: Agreement, from_on: date | None, to_on: date | None, path: Path) -> Iterator[Fault]:
    """Dates stand for whole months, since books and profiles tell a variance by the month."""
    about: tuple[Path, ...] = (("agreement", "year"), (*path, "from"), (*path, "to"))
    if from_on is not None and from_on.day != 1:
        message = f"{from_on.isoformat()} is not the first day of a month"
        remedy = f"write {from_on.replace(day=1).isoformat()} or the first of the month after"
        yield Fault((*path, "from"), "NotWholeMonths", message, remedy)
    if to_on is not None and (to_on + timedelta(days=1)).day != 1:
        message = f"{to_on.isoformat()} is not the last day of a month"
        remedy = f"write {(to_on.replace(day=1) - timedelta(days=1)).isoformat()} or the last day of its own month"
        yield Fault((*path, "to"), "NotWholeMonths", message, remedy)
    if from_on is not None and to_on is not None and to_on < from_on:
        message = f"it ends on {to_on.isoformat()}, before it begins"
        yield Fault((*path, "to"), "EndsBeforeItBegins", message, "correct one of the dates", about=about)
    elif (from_on or agreement.year.first_day) > agreement.year.last_day or (
        to_on or agreement.year.last_day
    ) < agreement.year.first_day:
        message = f"it stands in no month of {agreement.year}"
        yield Fault((*path, "from" if from_on else "to"), "OutsideYear", message, "correct the date", about=about)


def _dispute_of(clause: Clause, path: Path) -> Iterator[Fault]:
    if clause.disputed and not (clause.reason or "").strip():
        message = f"clause {clause.clause} is disputed without a reason"
        yield Fault((*path, "disputed"), "DisputeWithoutReason", message, "add reason: and who disputes what")
    if clause.reason is not None and not clause.disputed:
        message = "a reason stands here and the clause is not disputed"
        yield Fault((*path, "reason"), "ReasonOfNothing", message, "add disputed: true, or take the reason out")


def _limits(clause: Clause, path: Path) -> Iterator[Fault]:
    if clause.unless_agreed and not clause.max_liability:
        message = "unless_agreed stands here and no partner has a maximum liability"
        yield Fault((*path, "unless_agreed"), "NothingToLift", message, "state max_liability, or take it out")
    for number, step in enumerate(clause.overspend):
        if isinstance(step, ShareStep) and step.unless_agreed and not step.caps:
            message = "unless_agreed stands here and no partner has a cap"
            at = (*path, "overspend", number, "unless_agreed")
            yield Fault(at, "NothingToLift", message, "state caps, or take it out")


def _gains(clause: Clause, path: Path) -> Iterator[Fault]:
    shared = any(isinstance(step, ShareStep) for step in clause.overspend)
    for number, step in enumerate(clause.underspend):
        if isinstance(step, ReturnStep) and step.give_back == AS_A_LOSS and not shared:
            message = f"clause {clause.clause} shares no overspend, so there is nothing to be the same as"
            at = (*path, "underspend", number, "return")
            yield Fault(at, "NoLossToFollow", message, "write the basis itself", about=((*path, "overspend"),))


def beforehand_faults(agreement: Agreement, agreed: AgreedBeforehand, path: Path) -> Iterator[Fault]:
    """Both finance leads, before the spend, on a limit that the clause says may be lifted (a published wording)."""
    if agreed.agreed >= agreed.spent_from:
        message = (
            f"it was agreed on {agreed.agreed.isoformat()}, not before the spend from {agreed.spent_from.isoformat()}"
        )
        yield Fault((*path, "agreed"), "AgreedTooLate", message, "the limit stands: take this out, or correct a date")
    clause = next((each for each in agreement.risk_share if each.clause == agreed.clause), None)
    if clause is None:
        return
    limits = _limits_at(clause, agreed.step)
    if limits is None or agreed.partner not in limits:
        where = f"in overspend step {agreed.step}" if agreed.step else "as a maximum liability"
        message = f"clause {clause.clause} has no limit {where} for {agreed.partner} that may be lifted"
        remedy = "name the step and partner of a cap with unless_agreed: true, or leave step out for max_liability"
        yield Fault(path, "NothingToLift", message, remedy, about=(("risk_share",), (*path, "step")))
        return
    if agreed.up_to is not None and agreed.up_to <= limits[agreed.partner]:
        message = "the new limit is not above the old one"
        yield Fault((*path, "up_to"), "LimitNotRaised", message, "write the higher limit, or leave up_to out")
    missing = [name for name in _bearers(agreement, clause, agreed) if name not in agreed.agreed_by]
    if missing:
        message = f"the finance lead of {', '.join(missing)} has not agreed, and it bears part of the same sum"
        yield Fault((*path, "agreed_by"), "FinanceLeadMissing", message, "add it once it has agreed in writing")


def _limits_at(clause: Clause, number: int | None) -> dict[str, int] | None:
    if number is None:
        return clause.max_liability if clause.unless_agreed else None
    step = clause.overspend[number - 1] if number <= len(clause.overspend) else None
    return step.caps if isinstance(step, ShareStep) and step.unless_agreed else None


def _bearers(agreement: Agreement, clause: Clause, agreed: AgreedBeforehand) -> list[str]:
    """The signatories that the limited step, or any share of the clause, can reach; the partner itself first."""
    steps = [
        step
        for number, step in enumerate(clause.overspend, 1)
        if isinstance(step, ShareStep) and agreed.step in (None, number)
    ]
    found = {name for step in steps for name in reached(agreement, step, lines_of(agreement, clause))}
    return [each.id for each in agreement.signatories() if each.id in found or each.id == agreed.partner]
