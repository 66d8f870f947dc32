"""The register of returns: what was sent, from which event, who signed, and the same figures again. Sends nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ledgers.seal import JSON, Event
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.decided import RETURN_APPROVED
from pooledfund.returns.comparing import as_kept, differences
from pooledfund.returns.export import return_figures
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.values import CellValues
from pooledfund.returns.reading import read_return
from pooledfund.returns.registry import variant
from s75_rules.clock import day_in_england

SUBMITTED = "return submitted"


class SubmissionRefused(InputRefused):
    """A return that cannot be registered or approved; holds every reason."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A body's approval of a return, which often comes after it was sent."""

    body: str
    on: str
    reference: str
    event: int

    def as_json(self) -> dict[str, object]:
        """The approval as words."""
        return {"body": self.body, "on": self.on, "reference": self.reference, "event": self.event}


@dataclass(frozen=True, slots=True)
class Submission:
    """A return as it was registered: its file, the state of the books behind it, and who signed."""

    event: int
    return_id: str
    month: int
    file: str
    digest: str
    books_event: int
    head: str
    sent_on: str
    signed: Mapping[str, str]
    differs: tuple[str, ...]
    because: str
    kept: Mapping[str, object]
    recorded_at: str
    who: str
    approvals: tuple[Approval, ...]

    def as_json(self) -> dict[str, object]:
        """The submission without its figures."""
        return {
            "event": self.event,
            "return": self.return_id,
            "month": f"M{self.month}",
            "file": self.file,
            "sha256": self.digest,
            "books_event": self.books_event,
            "head": self.head,
            "sent_on": self.sent_on,
            "signed": dict(self.signed),
            "differs": list(self.differs),
            "because": self.because,
            "approvals": [each.as_json() for each in self.approvals],
            "recorded_at": self.recorded_at,
            "by": self.who,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a submitted return that comes out otherwise: then and now."""

    what: str
    then: str
    now: str

    def as_json(self) -> dict[str, str]:
        """The change as words."""
        return {"what": self.what, "then": self.then, "now": self.now}


@dataclass(frozen=True, slots=True)
class Replay:
    """A submission worked out again: from the books as they stood, and from the books as they are.

    ``differs`` is empty unless the rules have changed; ``since`` is what later postings would change.
    """

    submission: Submission
    differs: tuple[Change, ...]
    since: tuple[Change, ...]


def submit_return(
    pool: Pool,
    return_id: str,
    file: Path,
    month: int,
    signed: Mapping[str, date],
    because: str = "",
    sent_on: date | None = None,
) -> Submission:
    """Register a workbook as sent on a day, today where none is given, with the figures of the books behind it.

    It has to show just those, or a reason is given and each difference is kept with it: a workbook may
    be filled in beforehand with figures of the national team.

    Raises:
        SubmissionRefused: a cell differs from the books without a reason, an unknown body signed, a day is still to
            come, or the very same file is registered for that month already.
        NotAllowed: the person may not register returns.
    """
    require(pool.actor, Action.SUBMIT)
    unknown = [body for body in signed if body not in pool.agreement.partners]
    if unknown:
        known = ", ".join(pool.agreement.partners)
        raise SubmissionRefused(f"'{unknown[0]}' is no partner of {pool.agreement.id}: those who sign are {known}")
    today = day_in_england(pool.clock())
    _check_days(today, signed, sent_on)
    layout, head = variant(return_id), pool.books.head()
    figures = return_figures(pool, layout, month, (), head.number)
    content = _content(file)
    try:
        found = differences(read_return(CellValues.open(file), layout), figures)
    except WorkbookRefused as refused:
        raise SubmissionRefused(*refused.sentences) from None
    if found and not because.strip():
        raise SubmissionRefused(
            *(f"{file.name}: {each}" for each in found),
            f"{file.name} does not show the figures of the books and is not registered: fill it again, post first, "
            "or say why it differs",
        )
    payload: dict[str, JSON] = {
        "because": because,
        "books_event": head.number,
        "differs": [str(each) for each in found],
        "digest": hashlib.sha256(content).hexdigest(),
        "figures": _as_json(as_kept(figures, layout)),
        "file": file.name,
        "head": head.hash,
        "month": month,
        "return": return_id,
        "sent_on": (sent_on or today).isoformat(),
        "signed": {body: on.isoformat() for body, on in signed.items()},
    }
    with pool.writing(Action.SUBMIT) as writing:
        _check_new(submissions(pool), payload)
        event = writing.event(SUBMITTED, payload)
    return submission(pool, event)


def _check_days(today: date, signed: Mapping[str, date], sent_on: date | None) -> None:
    """Pass where no day is still to come; raises SubmissionRefused."""
    days = {"the return was sent": sent_on, **{f"{body} signed": on for body, on in signed.items()}}
    late = next(((what, on) for what, on in days.items() if on is not None and on > today), None)
    if late is not None:
        raise SubmissionRefused(f"the day on which {late[0]} is given as {late[1]}, which is still to come: correct it")


def _check_new(sent: Sequence[Submission], payload: Mapping[str, JSON]) -> None:
    """Pass where the very same file is not registered for the month; raises SubmissionRefused."""
    new = (payload["return"], payload["month"], payload["digest"])
    before = next((each for each in sent if (each.return_id, each.month, each.digest) == new), None)
    if before is not None:
        raise SubmissionRefused(
            f"this very file is registered as {before.return_id} for M{before.month} already, by {before.who} as event "
            f"{before.event}: nothing was recorded again"
        )


def approve_return(pool: Pool, event: int, body: str, on: date, reference: str) -> Submission:
    """Record that a body, such as the Health and Wellbeing Board, approved a return, often after it was sent.

    The very same approval is recorded once.

    Raises:
        SubmissionRefused: there is no such submission, or no reference is given.
    """
    require(pool.actor, Action.SUBMIT)
    submission(pool, event)
    if not body.strip() or not reference.strip():
        raise SubmissionRefused("an approval names the body and the reference of its minute: give both")
    with pool.writing(Action.SUBMIT) as writing:
        said: dict[str, JSON] = {"body": body, "on": on.isoformat(), "reference": reference, "submission": event}
        if all(each.payload != said for each in pool.books.events(kind=RETURN_APPROVED)):
            writing.event(RETURN_APPROVED, said)
    return submission(pool, event)


def submissions(pool: Pool, as_of: int | None = None) -> tuple[Submission, ...]:
    """Every return that was registered, in the order of the events."""
    approved = pool.books.events(kind=RETURN_APPROVED, as_of=as_of)
    return tuple(_submission(each, approved) for each in pool.books.events(kind=SUBMITTED, as_of=as_of))


def submission(pool: Pool, event: int, as_of: int | None = None) -> Submission:
    """The return that an event registered; raises SubmissionRefused."""
    found = next((each for each in submissions(pool, as_of) if each.event == event), None)
    if found is None:
        known = ", ".join(str(each.event) for each in submissions(pool, as_of)) or "none"
        raise SubmissionRefused(f"event {event} registered no return: those that did are {known}")
    return found


def replay(pool: Pool, event: int) -> Replay:
    """Work a submitted return out again, from the books as they stood then and as they are now."""
    require(pool.actor, Action.READ)
    sent = submission(pool, event)
    layout = variant(sent.return_id)
    # By the agreement that was in force then: what a later text changes is a change since.
    then = as_kept(return_figures(pool.at(sent.books_event), layout, sent.month, (), sent.books_event), layout)
    now = as_kept(return_figures(pool, layout, sent.month, ()), layout)
    return Replay(sent, _changes(sent.kept, then), _changes(then, now))


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Change, ...]:
    """What differs between the figures of a return, by name."""
    was, now = _flat(before), _flat(after)
    names = dict.fromkeys((*was, *now))
    return tuple(
        Change(name, was.get(name, "nothing"), now.get(name, "nothing"))
        for name in names
        if was.get(name) != now.get(name)
    )


_NAMES = ("organisation", "scheme_id", "scheme_name", "source", "provider")


def _flat(kept: Mapping[str, object]) -> dict[str, str]:
    cells, lines = kept["cells"], kept["lines"]
    assert isinstance(cells, Mapping)
    assert isinstance(lines, list)
    flat = {str(name): str(value) for name, value in cells.items()}
    for line in lines:
        name = " ".join(str(line.get(field)) for field in _NAMES if line.get(field))
        flat |= {f"line {name}: {field}": str(value) for field, value in line.items()}
    return flat


def _submission(event: Event, approved: list[Event]) -> Submission:
    said = event.payload
    signed, kept, differs = said["signed"], said["figures"], said["differs"]
    assert isinstance(signed, dict)
    assert isinstance(differs, list)
    assert isinstance(kept, dict)
    return Submission(
        event=event.number,
        return_id=str(said["return"]),
        month=int(str(said["month"])),
        file=str(said["file"]),
        digest=str(said["digest"]),
        books_event=int(str(said["books_event"])),
        head=str(said["head"]),
        # Returns registered by earlier versions say no day of their own.
        sent_on=str(said.get("sent_on") or day_in_england(datetime.fromisoformat(event.recorded_at)).isoformat()),
        signed={str(body): str(on) for body, on in signed.items()},
        differs=tuple(str(each) for each in differs),
        because=str(said["because"]),
        kept=kept,
        recorded_at=event.recorded_at,
        who=event.who,
        approvals=tuple(
            Approval(str(each.payload["body"]), str(each.payload["on"]), str(each.payload["reference"]), each.number)
            for each in approved
            if each.payload["submission"] == event.number
        ),
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SubmissionRefused(f"{file}: cannot be read ({error.strerror}): check the name") from None


def _as_json(kept: Mapping[str, object]) -> JSON:
    """The kept figures as a payload of an event holds them: words only."""
    cells, lines = kept["cells"], kept["lines"]
    assert isinstance(cells, dict)
    assert isinstance(lines, list)
    return {"cells": cells, "lines": lines}
