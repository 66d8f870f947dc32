"""Recording the minutes of a meeting: every item through the function of its own command, all or nothing."""

from functools import singledispatch

from ledgers.money import pounds_for_people
from ledgers.refusals import LedgerRefusal
from ledgers.seal import JSON
from ledgers.writing import Writing
from pooledfund.access import Action
from pooledfund.control.decisions import Containment, contain, record_decision, resolve_dispute
from pooledfund.control.virements import Virement, make_virement
from pooledfund.errors import InputRefused
from pooledfund.intake.business_cases import Approval, approve_case
from pooledfund.intake.minutes_file import (
    ActionItem,
    CaseItem,
    ContainmentItem,
    DisputeItem,
    DoneItem,
    Item,
    Minutes,
    MinutesRefused,
    NoteItem,
    ReturnItem,
    ShareItem,
    VirementItem,
)
from pooledfund.pool import Pool
from pooledfund.results.minutes import ACTION, ACTION_DONE, MINUTES, Meeting, Minuted, actions_of, meetings_of
from pooledfund.returns.register import approve_return
from s75_rules.clauses import Decision
from s75_rules.clock import day_in_england
from s75_rules.errors import RuleBroken


class _Rehearsed(Exception):
    """A dry run that has come to its end: nothing of it is kept."""


Done = tuple[str, int | None]
"""What an item says in one sentence, and the event that carries it out."""


def record_minutes(pool: Pool, minutes: Minutes, *, dry_run: bool = False) -> Meeting:
    """Record a meeting: each item by its own event or entry, then the minutes with all of them.

    A dry run does all of it and keeps nothing; its events have the numbers that they would have.

    Raises:
        NotAllowed: the person may not record decisions of the board.
        MinutesRefused: with every item that the agreement or the books refuse, and why; nothing is recorded.
    """
    found = list[Meeting]()
    try:
        # Checked in the transaction that writes, so that the same minutes handed in twice at once are recorded once.
        with pool.writing_as_one(Action.DECIDE) as writing:
            _check(pool, minutes)
            items = _taken(pool, writing, minutes)
            event = writing.event(MINUTES, _payload(minutes, items))
            found += [each for each in meetings_of(pool) if each.event == event]
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return found[0]


def _check(pool: Pool, minutes: Minutes) -> None:
    partners = pool.agreement.partners
    reasons = [
        f"'{each}' is not a partner of {pool.agreement.id}: name bodies, one of {', '.join(partners)}"
        for each in (*minutes.present, *minutes.apologies)
        if each not in partners
    ]
    if minutes.meeting > day_in_england(pool.clock()):
        reasons.append(f"{minutes.meeting.isoformat()} is yet to come: record the minutes when the meeting was held")
    for each in meetings_of(pool):
        if (each.on, each.body) == (minutes.meeting, minutes.body):
            reasons.append(
                f"the minutes of {each.body} of {each.on.isoformat()} are event {each.event} already: "
                "what was left out belongs into the minutes of the next meeting"
            )
    if reasons:
        raise MinutesRefused(*reasons)


def _taken(pool: Pool, writing: Writing, minutes: Minutes) -> list[Minuted]:
    """Every item taken in its order, so that each meets the books as the ones before leave them."""
    items, reasons = list[Minuted](), list[str]()
    for item in minutes.items:
        try:
            said, event = _take(item, pool, writing, minutes)
            items.append(Minuted(item.ref, item.kind, said, event))
        except InputRefused as refusal:
            reasons += [f"item {item.ref}, {item.kind}: {sentence}" for sentence in refusal.sentences]
        except (LedgerRefusal, RuleBroken) as refusal:
            reasons.append(f"item {item.ref}, {item.kind}: {refusal}")
    if reasons:
        raise MinutesRefused(*reasons)
    return items


def _payload(minutes: Minutes, items: list[Minuted]) -> dict[str, JSON]:
    return {
        "meeting": minutes.meeting.isoformat(),
        "body": minutes.body,
        "month": minutes.period,
        "present": list(minutes.present),
        "apologies": list(minutes.apologies),
        "items": [{"ref": each.ref, "kind": each.kind, "said": each.said, "event": each.event} for each in items],
    }


@singledispatch
def _take(item: Item, pool: Pool, writing: Writing, minutes: Minutes) -> Done:
    """Carry an item out by the function of its own command."""
    raise AssertionError(f"no one takes an item of the kind {item.kind}")


@_take.register
def _(item: ShareItem, pool: Pool, _writing: Writing, minutes: Minutes) -> Done:
    decision = Decision(
        clause=item.clause,
        side=item.side,
        partners=item.partners,
        minute=minutes.minute(item),
        decided=minutes.meeting,
    )
    event = record_decision(pool, decision, minutes.period)
    parts = ", ".join(
        f"{pool.agreement.partners[name].name} {pounds_for_people(pence)}" for name, pence in item.partners.items()
    )
    word = "bears" if item.side == "overspend" else "gets back"
    return f"Of the {item.side} left open by clause '{item.clause}' each {word}: {parts}.", event


@_take.register
def _(item: ContainmentItem, pool: Pool, _writing: Writing, minutes: Minutes) -> Done:
    event = contain(pool, Containment(item.scheme, item.amount, minutes.period, minutes.minute(item), minutes.meeting))
    return f"{pounds_for_people(item.amount)} less is to be spent on {_line(pool, item.scheme)}.", event


@_take.register
def _(item: VirementItem, pool: Pool, writing: Writing, minutes: Minutes) -> Done:
    virement = Virement(item.giver, item.taker, item.contribution, item.amount, item.effective, minutes.minute(item))
    effect, recorded = make_virement(pool, virement)
    if recorded is None:
        raise MinutesRefused(*(f"{test.title} would no longer be met: {test.because}" for test in effect.breaks))
    amount = pounds_for_people(item.amount)
    lines = f"{_line(pool, item.giver)} to {_line(pool, item.taker)}"
    return f"Virement of {amount} from {lines}, from {item.effective.isoformat()}.", pool.books.head().number


@_take.register
def _(item: CaseItem, pool: Pool, _writing: Writing, minutes: Minutes) -> Done:
    event = approve_case(pool, Approval(item.scheme, item.reference, minutes.meeting, minutes.minute(item)))
    return f"Business case {item.reference} of {_line(pool, item.scheme)} approved.", event


@_take.register
def _(item: ReturnItem, pool: Pool, _writing: Writing, minutes: Minutes) -> Done:
    sent = approve_return(pool, item.submission, minutes.body, minutes.meeting, minutes.minute(item))
    return f"Return {sent.return_id}, {sent.file}, of event {sent.event} approved.", sent.approvals[-1].event


@_take.register
def _(item: DisputeItem, pool: Pool, _writing: Writing, minutes: Minutes) -> Done:
    event = resolve_dispute(pool, item.clause, item.side, item.partner, minutes.minute(item), minutes.meeting)
    return f"The dispute of {item.partner} over {item.side} under clause '{item.clause}' is resolved.", event


@_take.register
def _(item: ActionItem, pool: Pool, writing: Writing, minutes: Minutes) -> Done:
    name = f"{minutes.meeting.isoformat()}/{item.ref}"
    if any(each.id == name for each in actions_of(pool)):
        raise MinutesRefused(f"another meeting of that day has an action {name}: give it another reference")
    if item.due < minutes.meeting:
        raise MinutesRefused(f"{item.due.isoformat()} is before the meeting: give the day by which it is to be done")
    payload: dict[str, JSON] = {
        "action": name,
        "what": item.action,
        "owner": item.owner,
        "due": item.due.isoformat(),
        "agreed": minutes.meeting.isoformat(),
        "month": minutes.period,
        "minute": minutes.minute(item),
    }
    return f"{item.action} ({item.owner}, by {item.due.isoformat()})", writing.event(ACTION, payload)


@_take.register
def _(item: DoneItem, pool: Pool, writing: Writing, minutes: Minutes) -> Done:
    found = {each.id: each for each in actions_of(pool)}
    action = found.get(item.action)
    if action is None or action.done_on is not None:
        known = ", ".join(each.id for each in found.values() if each.done_on is None) or "none"
        raise MinutesRefused(f"'{item.action}' is no open action: the open ones are {known}")
    payload: dict[str, JSON] = {
        "action": item.action,
        "done": minutes.meeting.isoformat(),
        "how": item.how,
        "minute": minutes.minute(item),
    }
    return f"Done: {action.action} {item.how}", writing.event(ACTION_DONE, payload)


@_take.register
def _(item: NoteItem, _pool: Pool, _writing: Writing, _minutes: Minutes) -> Done:
    return item.note, None


def _line(pool: Pool, scheme: str) -> str:
    return f"{scheme} {pool.agreement.schemes[scheme].name}"
