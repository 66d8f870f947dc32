"""What boards decided, finance leads agreed and partners dispute, by file and books. Decides and shares nothing."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from ledgers.seal import JSON, Event
from pooledfund.pool import Pool
from s75_rules.clause_records import AgreedBeforehand, Dispute, Side
from s75_rules.clauses import Decision

DECISION, DISPUTE, RESOLVED = "decision recorded", "dispute recorded", "dispute resolved"
LIFTED = "limit lifted"
CONTAINMENT, RETURN_APPROVED = "containment decided", "return approved"


def decisions_of(pool: Pool, month: int, as_of: int | None = None) -> tuple[Decision, ...]:
    """The decisions that stand at a month: those of the agreement at the year's end, and over them those of the books.

    Of several on a side of a clause the one recorded last stands; one taken at a later month does not count yet.
    """
    found: dict[tuple[str, str], Decision] = {}
    if month == 12:
        found = {(each.clause, each.side): each for each in pool.agreement.decisions}
    for event in pool.books.events(kind=DECISION, as_of=as_of):
        if int(str(event.payload["month"])) <= month:
            decision = _decision(event.payload)
            found[decision.clause, decision.side] = decision
    return tuple(found.values())


def decision_events(pool: Pool, clause: str, side: Side) -> list[Event]:
    """What the books hold of decisions on a side of a clause, the newest last: that one stands."""
    of_clause = [each for each in pool.books.events(kind=DECISION) if each.payload["clause"] == clause]
    return [each for each in of_clause if each.payload["side"] == side]


def dispute_events(pool: Pool, clause: str, side: Side, partner: str) -> list[Event]:
    """What a partner's dispute of a side of a clause went through: raised and resolved, in the order of the log."""
    events = [*pool.books.events(kind=DISPUTE), *pool.books.events(kind=RESOLVED)]
    about = {"clause": clause, "side": side, "partner": partner}
    return sorted((each for each in events if about.items() <= each.payload.items()), key=lambda each: each.number)


def contained_of(pool: Pool, month: int, as_of: int | None = None) -> dict[str, tuple[int, ...]]:
    """What boards decided up to a month that lines do not spend, by line and the twelve months, in pence."""
    found: dict[str, list[int]] = {}
    for event in pool.books.events(kind=CONTAINMENT, as_of=as_of):
        decided = int(str(event.payload["month"]))
        if decided <= month:
            months = found.setdefault(str(event.payload["scheme"]), [0] * 12)
            months[decided - 1] += int(str(event.payload["amount_pence"]))
    return {scheme: tuple(months) for scheme, months in found.items()}


def disputes_of(pool: Pool, as_of: int | None = None) -> tuple[Dispute, ...]:
    """The disputes that are not resolved: those of the agreement file, and those recorded in the books."""
    found: dict[tuple[str, str, str], Dispute] = {}
    events = [*pool.books.events(kind=DISPUTE, as_of=as_of), *pool.books.events(kind=RESOLVED, as_of=as_of)]
    for event in sorted(events, key=lambda each: each.number):
        key = (str(event.payload["clause"]), str(event.payload["side"]), str(event.payload["partner"]))
        if event.kind == DISPUTE:
            found[key] = _dispute(event.payload)
        else:
            found.pop(key, None)
    return (*pool.agreement.disputes, *found.values())


def agreed_beforehand_of(pool: Pool, as_of: int | None = None) -> tuple[AgreedBeforehand, ...]:
    """The limits that finance leads lifted before the spend: of the agreement file, and as recorded in the books.

    Of several on a limit in the books the one recorded last stands.
    """
    found: dict[tuple[JSON, ...], AgreedBeforehand] = {}
    for event in pool.books.events(kind=LIFTED, as_of=as_of):
        said = event.payload
        found[said["clause"], said["step"], said["partner"]] = AgreedBeforehand(
            clause=str(said["clause"]),
            step=None if said["step"] is None else int(str(said["step"])),
            partner=str(said["partner"]),
            up_to=None if said["up_to_pence"] is None else int(str(said["up_to_pence"])),
            agreed_by=tuple(str(said["agreed_by"]).split(",")),
            agreed=date.fromisoformat(str(said["agreed"])),
            spent_from=date.fromisoformat(str(said["spent_from"])),
            reference=str(said["reference"]),
        )
    return (*pool.agreement.agreed_beforehand, *found.values())


def _decision(payload: Mapping[str, JSON]) -> Decision:
    return Decision(
        clause=str(payload["clause"]),
        side=cast(Side, payload["side"]),
        partners={name: int(str(pence)) for name, pence in cast(Mapping[str, JSON], payload["partners"]).items()},
        minute=str(payload["minute"]),
        decided=date.fromisoformat(str(payload["decided"])),
    )


def _dispute(payload: Mapping[str, JSON]) -> Dispute:
    pence = payload["amount_pence"]
    return Dispute(
        clause=str(payload["clause"]),
        side=cast(Side, payload["side"]),
        partner=str(payload["partner"]),
        amount=None if pence is None else int(str(pence)),
        reason=str(payload["reason"]),
        raised=date.fromisoformat(str(payload["raised"])),
    )
