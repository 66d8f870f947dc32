"""One journal given field by field, at a page or with a command: it runs the same way as a file of journals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgers.calendar import month_label
from ledgers.journal import Recorded
from ledgers.seal import Event
from pooledfund.access import Action, require
from pooledfund.intake.journals import JournalsPlanned, plan_journals
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.intake.refusals import Faults
from pooledfund.intake.tables import Row
from pooledfund.pool import Pool

SOURCE: Final = "entered by hand"
"""Where such a journal comes from, where a file would give its name."""

HEAD = ("entry", "book", "effective", "why", "reference", "document_date", "adjusting")
"""The fields that a journal has once: its number first, by which it is known again."""

LINE = ("account", "scheme", "contribution", "partner", "debit", "credit")
"""The fields of each of its lines, amounts in pounds on one of the two sides."""

MONTH_STATE = "month state"


@dataclass(frozen=True, slots=True)
class JournalPosted:
    """What became of a journal: its entry, and a word where it takes effect on another day than its own."""

    recorded: Recorded
    notes: tuple[str, ...]


def plan_journal(pool: Pool, head: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> JournalsPlanned:
    """The entry that a journal would post, on the day it takes effect; posts nothing. Lines left empty are passed over.

    Raises:
        NotAllowed: the person may not post journals.
        FileRefused: with every fault of it, by its line.
    """
    require(pool.actor, Action.POST)
    number = head.get("entry", "").strip()
    faults = Faults(Path(SOURCE), line="line")
    filled = [
        (place, line) for place, line in enumerate(lines, start=1) if any(line.get(each, "").strip() for each in LINE)
    ]
    if not number:
        faults.add(None, "a journal has a number of its own: give it one, such as JNL-014")
    if len(filled) < 2:
        faults.add(None, "a journal has a debit and a credit at least: fill in two lines")
    once = {each: head.get(each, "").strip() for each in HEAD}
    once["reference"] = once["reference"] or number
    rows = [
        Row(
            place,
            {**once, **{each: line.get(each, "").strip() for each in LINE}, "amount": _amount(place, line, faults)},
        )
        for place, line in filled
    ]
    if faults.found:
        faults.raise_if_any()
    return plan_journals(pool, rows, faults)


def post_journal(
    pool: Pool,
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, str]],
    *,
    expected_event: int | None = None,
) -> JournalPosted:
    """Post one journal; one of the same number that says the same is there already and is left as it is.

    ``expected_event`` is the newest event by which a month was closed or opened that the person had read, 0 for none,
    so that a journal never goes to another month than the one it was shown in.

    Raises:
        NotAllowed: the person may not post journals.
        FileRefused: with every fault of it, by its line.
        ChangedMeanwhile: a month was closed or opened after the person had read which are open.
        LedgerRefusal: the books refuse it, such as another journal of the same number.
    """
    with pool.writing(Action.POST) as writing:
        planned = plan_journal(pool, head, lines)
        entry = planned.entries[0]
        changed = month_changes(pool)
        if changed and pool.books.entry_by_key(entry.idempotency_key) is None:
            month = month_label(int(str(changed[-1].payload["month"])))
            check_unchanged(changed, expected_event, f"the state of {month}")
        return JournalPosted(writing.record(entry), planned.notes)


def month_changes(pool: Pool) -> list[Event]:
    """The events by which months were closed, opened again or left to adjusting entries, in the order of the log."""
    return pool.books.events(kind=MONTH_STATE)


def _amount(place: int, line: Mapping[str, str], faults: Faults) -> str:
    """The amount of a line as a file writes it, debit plus and credit minus."""
    debit, credit = line.get("debit", "").strip(), line.get("credit", "").strip()
    if bool(debit) == bool(credit):
        faults.add(place, "an amount stands on one side: fill in the debit or the credit")
    elif (debit or credit).startswith(("-", "−", "(")):
        faults.add(place, "an amount has no minus here: put it on the other side")
    return debit if debit else f"-{credit}"
