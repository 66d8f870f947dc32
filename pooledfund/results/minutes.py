"""Meetings as the books hold them: what was decided, what was decided since, actions with their age. Records none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from ledgers.money import pounds_for_people
from ledgers.seal import JSON, Event
from pooledfund.intake.business_cases import APPROVED as CASE_APPROVED
from pooledfund.pool import Pool
from pooledfund.results.decided import CONTAINMENT, DECISION, DISPUTE, LIFTED, RESOLVED, RETURN_APPROVED
from s75_rules.clock import day_in_england

MINUTES, ACTION, ACTION_DONE = "minutes recorded", "action agreed", "action done"
ActionState = Literal["done", "open", "overdue"]


@dataclass(frozen=True, slots=True)
class Minuted:
    """One item of the minutes: its reference there, its kind, what it says, and the event that carries it out."""

    ref: str
    kind: str
    said: str
    event: int | None

    def as_json(self) -> dict[str, object]:
        """The item as words with its event."""
        return {"ref": self.ref, "kind": self.kind, "said": self.said, "event": self.event}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as its minutes were recorded: the body, its day, the partners present, and every item."""

    on: date
    body: str
    month: int
    present: tuple[str, ...]
    apologies: tuple[str, ...]
    items: tuple[Minuted, ...]
    event: int

    def as_json(self) -> dict[str, object]:
        """The meeting with its items."""
        return {
            "meeting": self.on.isoformat(),
            "body": self.body,
            "period": f"M{self.month}",
            "present": list(self.present),
            "apologies": list(self.apologies),
            "items": [each.as_json() for each in self.items],
            "event": self.event,
        }


@dataclass(frozen=True, slots=True)
class BoardAction:
    """What a meeting agreed is to be done: named by the meeting's day and its reference, with what became of it."""

    id: str
    action: str
    owner: str
    due: date
    agreed_on: date
    done_on: date | None
    how: str

    def state(self, on: date) -> ActionState:
        """Whether it is done, open, or open past its day."""
        if self.done_on is not None and self.done_on <= on:
            return "done"
        return "overdue" if self.due < on else "open"

    def age_days(self, on: date) -> int:
        """Days from the meeting to when it was done, else to a day."""
        return ((self.done_on if self.state(on) == "done" and self.done_on else on) - self.agreed_on).days

    def as_json(self, on: date) -> dict[str, object]:
        """The action as it stands on a day."""
        return {
            "action": self.id,
            "what": self.action,
            "owner": self.owner,
            "due": self.due.isoformat(),
            "agreed": self.agreed_on.isoformat(),
            "state": self.state(on),
            "age_days": self.age_days(on),
            "done": self.done_on.isoformat() if self.done_on else None,
            "how": self.how or None,
        }


@dataclass(frozen=True, slots=True)
class SinceLastMeeting:
    """The last meeting, what the books decided since its minutes, and every action as it stands on a day."""

    on: date
    last: Meeting | None
    since: tuple[Minuted, ...]
    actions: tuple[BoardAction, ...]

    @property
    def open_actions(self) -> tuple[BoardAction, ...]:
        """What is still to be done."""
        return tuple(each for each in self.actions if each.state(self.on) != "done")

    def as_json(self) -> dict[str, object]:
        """The meeting, what came since, and the actions."""
        return {
            "on": self.on.isoformat(),
            "last_meeting": self.last.as_json() if self.last else None,
            "decided_since": [each.as_json() for each in self.since],
            "actions": [each.as_json(self.on) for each in self.actions],
        }


def meetings_of(pool: Pool, as_of: int | None = None) -> tuple[Meeting, ...]:
    """Every meeting whose minutes are recorded, by its day."""
    found = [_meeting(event) for event in pool.books.events(kind=MINUTES, as_of=as_of)]
    return tuple(sorted(found, key=lambda each: (each.on, each.event)))


def actions_of(pool: Pool, as_of: int | None = None) -> tuple[BoardAction, ...]:
    """Every action that a meeting agreed, in the order of the meetings; done where a later meeting says so."""
    done = {str(event.payload["action"]): event.payload for event in pool.books.events(kind=ACTION_DONE, as_of=as_of)}
    return tuple(_action(event.payload, done) for event in pool.books.events(kind=ACTION, as_of=as_of))


def since_last_meeting(pool: Pool, as_of: int | None = None) -> SinceLastMeeting:
    """What a board sees of its decisions and actions; its day is that of the newest event, or of the one given."""
    head = pool.books.head(as_of).number
    on = day_in_england(datetime.fromisoformat(pool.books.event(head).recorded_at))
    meetings = meetings_of(pool, head)
    last = meetings[-1] if meetings else None
    since = _decided_after(pool, max((each.event for each in meetings), default=0), head)
    return SinceLastMeeting(on, last, tuple(since), actions_of(pool, head))


def decided_of(pool: Pool, as_of: int | None = None) -> tuple[Minuted, ...]:
    """Everything the books decided, in the order of the log: on clauses, cuts, disputes, virements, cases, returns."""
    return tuple(_decided_after(pool, 0, pool.books.head(as_of).number))


def _meeting(event: Event) -> Meeting:
    payload = event.payload
    items = cast(Sequence[Mapping[str, JSON]], payload["items"])
    return Meeting(
        on=date.fromisoformat(str(payload["meeting"])),
        body=str(payload["body"]),
        month=int(str(payload["month"])),
        present=_names(payload["present"]),
        apologies=_names(payload["apologies"]),
        items=tuple(
            Minuted(
                str(each["ref"]),
                str(each["kind"]),
                str(each["said"]),
                None if each["event"] is None else int(str(each["event"])),
            )
            for each in items
        ),
        event=event.number,
    )


def _names(kept: JSON) -> tuple[str, ...]:
    return tuple(map(str, kept)) if isinstance(kept, list) else ()


def _action(agreed: Mapping[str, JSON], done: Mapping[str, Mapping[str, JSON]]) -> BoardAction:
    name = str(agreed["action"])
    end = done.get(name)
    return BoardAction(
        id=name,
        action=str(agreed["what"]),
        owner=str(agreed["owner"]),
        due=date.fromisoformat(str(agreed["due"])),
        agreed_on=date.fromisoformat(str(agreed["agreed"])),
        done_on=date.fromisoformat(str(end["done"])) if end else None,
        how=str(end["how"]) if end else "",
    )


def _decided_after(pool: Pool, event: int, through: int) -> Iterator[Minuted]:
    """What was decided outside a meeting's minutes after an event, in the order of the log."""
    found = [
        Minuted(str(each.payload.get("minute") or each.payload.get("reference") or ""), kind, said(each), each.number)
        for kind, said in _SAID.items()
        for each in pool.books.events(kind=kind, as_of=through)
        if each.number > event
    ]
    found += [
        Minuted(entry.entry.source_reference, "virement", f"{entry.entry.why}.", entry.event)
        for entry in pool.books.entries(book="budget", kind="virement", as_of=through)
        if entry.event > event
    ]
    yield from sorted(found, key=lambda each: each.event or 0)


def _decision_said(event: Event) -> str:
    payload = event.payload
    partners = cast(Mapping[str, JSON], payload["partners"])
    parts = ", ".join(f"{name} {pounds_for_people(int(str(pence)))}" for name, pence in partners.items())
    return f"{str(payload['side']).capitalize()} under clause '{payload['clause']}': {parts}."


def _cut_said(event: Event) -> str:
    amount = pounds_for_people(int(str(event.payload["amount_pence"])))
    return f"{amount} less is to be spent on {event.payload['scheme']}."


def _dispute_said(event: Event) -> str:
    word = "disputes" if event.kind == DISPUTE else "no longer disputes"
    return f"{event.payload['partner']} {word} its {event.payload['side']} under clause '{event.payload['clause']}'."


def _lifted_said(event: Event) -> str:
    said = event.payload
    up_to = said["up_to_pence"]
    limit = "without a limit" if up_to is None else f"up to {pounds_for_people(int(str(up_to)))}"
    return f"{said['partner']} may bear {limit} under clause '{said['clause']}', agreed before the spend."


def _case_said(event: Event) -> str:
    return f"Business case {event.payload['reference']} of {event.payload['scheme']} approved."


def _return_said(event: Event) -> str:
    return f"Return of event {event.payload['submission']} approved by {event.payload['body']}."


_SAID: Mapping[str, Callable[[Event], str]] = {
    DECISION: _decision_said,
    CONTAINMENT: _cut_said,
    DISPUTE: _dispute_said,
    RESOLVED: _dispute_said,
    LIFTED: _lifted_said,
    CASE_APPROVED: _case_said,
    RETURN_APPROVED: _return_said,
}
