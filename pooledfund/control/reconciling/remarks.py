"""What people say of an item of a reconciliation: disputed, noted with owner and evidence; and undoing a match."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ledgers.seal import JSON
from pooledfund.access import Action, Role, require_partner
from pooledfund.control.reconciling.became import what_became
from pooledfund.control.reconciling.runs import LEDGER, RAN, UNDONE, ReconciliationRefused, last_run, live_matches
from pooledfund.control.reconciling.sides import our_lines
from pooledfund.intake.meanwhile import ChangedMeanwhile, check_unchanged
from pooledfund.pool import Pool
from pooledfund.said import faults_in

DISPUTED, NOTED = "item disputed", "item noted"


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands of an item: the reason it is disputed, the newest note, its owner, and the evidence behind it."""

    disputed: str = ""
    note: str = ""
    owner: str = ""
    evidence: str = ""
    evidence_digest: str = ""
    event: int = 0
    """The newest event that says something of it; 0 where nobody did."""

    def as_json(self) -> dict[str, object]:
        """What is said; empty text where nothing is."""
        return {
            "disputed": self.disputed,
            "note": self.note,
            "owner": self.owner,
            "evidence": self.evidence,
            "evidence_digest": self.evidence_digest,
        }


def remarks(pool: Pool, as_of: int | None = None) -> Mapping[str, Remark]:
    """What stands of each item, now or as of an event: the newest word counts, the earlier ones stay in the log."""
    found: dict[str, Remark] = {}
    for event in pool.books.events(kind=DISPUTED, as_of=as_of):
        item = str(event.payload["item"])
        found[item] = Remark(disputed=str(event.payload["reason"]), event=event.number)
    for event in pool.books.events(kind=NOTED, as_of=as_of):
        item = str(event.payload["item"])
        said = {key: str(event.payload[key]) for key in ("note", "owner", "evidence", "evidence_digest")}
        before = found.get(item, Remark())
        found[item] = replace(before, **said, event=max(before.event, event.number))
    return found


def undo(pool: Pool, item: str, reason: str) -> int:
    """Undo a match: its lines are open again, and it stays in the log; gives the event.

    Raises:
        NotAllowed: the person may not reconcile with the partner.
        ReconciliationRefused: the item is no match, or no reason is given.
        ChangedMeanwhile: it was matched or undone already, with who did it and when.
    """
    if faults := faults_in(reason, f"{item} is undone only with a reason: say why it was no match"):
        raise ReconciliationRefused(*faults)
    return _say(pool, item, UNDONE, {"reason": reason.strip()})


def dispute(pool: Pool, item: str, reason: str, *, expected_event: int | None = None) -> int:
    """Say that an item is disputed, and why; gives the event.

    ``expected_event`` is the newest word on the item that the person had read, 0 where there was none.

    Raises as ``undo`` does, and ChangedMeanwhile: someone said something of it since.
    """
    if faults := faults_in(reason, f"{item} is disputed for a reason: say why"):
        raise ReconciliationRefused(*faults)
    return _say(pool, item, DISPUTED, {"reason": reason.strip()}, expected_event)


def note(
    pool: Pool, item: str, text: str, owner: str, evidence: Path | None = None, *, expected_event: int | None = None
) -> int:
    """Note what an item is, whose it is by role, and the file that shows it by its digest; gives the event.

    Raises as ``dispute`` does; ReconciliationRefused also where the owner is no role or the file cannot be read.
    """
    if not text.strip():
        raise ReconciliationRefused(f"the note on {item} says nothing: say what it is and what is being done")
    if owner not in set(Role):
        raise ReconciliationRefused(f"'{owner}' is not a role: its owner is one of {', '.join(Role)}")
    said: dict[str, JSON] = {"note": text.strip(), "owner": owner, "evidence": "", "evidence_digest": ""}
    if evidence is not None:
        said["evidence"], said["evidence_digest"] = evidence.name, _digest_of(evidence)
    return _say(pool, item, NOTED, said, expected_event)


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReconciliationRefused(f"{path.name} cannot be read as evidence: {error.strerror}") from None


def _say(pool: Pool, item: str, kind: str, said: Mapping[str, JSON], expected_event: int | None = None) -> int:
    with pool.writing(Action.RECONCILE) as writing:
        partner, month = _place_of(pool, item)
        require_partner(pool.actor, Action.RECONCILE, partner)
        if kind == UNDONE and not item.startswith("m-"):
            raise ReconciliationRefused(f"{item} is not matched: only a match (m-...) can be undone")
        spoken = [each for one in (DISPUTED, NOTED) for each in pool.books.events(kind=one)]
        check_unchanged([each for each in spoken if each.payload["item"] == item], expected_event, item)
        return writing.event(kind, {"item": item, "partner": partner, "month": month, **said})


def _place_of(pool: Pool, item: str) -> tuple[str, int]:
    """The partner and month of the newest run that has an item; a line within a match is no item of its own."""
    places = {(str(e.payload["partner"]), int(str(e.payload["month"]))): e.number
              for e in pool.books.events(kind=RAN) if e.payload["kind"] == LEDGER}  # fmt: skip
    became = None
    for partner, month in sorted(places, key=lambda place: -places[place]):
        run, ours = last_run(pool, partner, month), our_lines(pool, partner, month)
        assert run is not None
        held = {name: (*each.ours, *each.theirs) for name, each in live_matches(pool, run, ours).items()}
        there = item in held or item in run.theirs or item in ours
        if there and not any(item in lines for lines in held.values()):
            return partner, month
        became = became or what_became(pool, partner, item, held)
    if became:
        raise ChangedMeanwhile(f"{became}. Nothing was changed by you: look at what stands now.")
    raise ReconciliationRefused(f"'{item}' is not an item of any reconciliation: take its name from `reconcile`")
