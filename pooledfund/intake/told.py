"""What people tell of a period, row by row, kept as events with their history. Knows no kind of telling."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ledgers.calendar import PeriodNotUnderstood, parse_period
from ledgers.money import MoneyNotUnderstood
from ledgers.seal import JSON, Event
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.intake.tables import Faults, Row, Table, read_csv
from pooledfund.pool import Pool

Payload = dict[str, JSON]
SOURCE = "source"
"""The part of a payload that says where it was told: the same told again elsewhere is the same."""


class ToldRefused(InputRefused):
    """A row that cannot be taken, with every reason."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One kind of telling: its event, its columns, what makes two of them about the same, and how a row is read.

    ``read`` gives what is kept of a row, and raises a refusal with its reasons.
    """

    kind: str
    action: Action
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    key: tuple[str, ...]
    read: Callable[[Pool, Row], Payload]

    def key_of(self, payload: Mapping[str, object]) -> tuple[object, ...]:
        """What a payload is about, such as its month and line."""
        return tuple(payload[each] for each in self.key)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows: how many are new, and how many said what stood already."""

    new: int
    already_there: int


def take_file(pool: Pool, telling: Telling, path: Path) -> Taken:
    """Take a CSV file of one kind, all or nothing.

    Raises:
        NotAllowed: the person may not tell this.
        FileRefused: with every fault of the file.
    """
    require(pool.actor, telling.action)
    return _take(pool, telling, read_csv(path, telling.columns, telling.optional))


def take_call(
    pool: Pool, telling: Telling, cells: Mapping[str, str | None], *, expected_event: int | None = None
) -> Taken:
    """Take one row that was given with a command or a form; raises as ``take_file`` does.

    ``expected_event`` is the newest event on the same subject that the writer had read, 0 for none.

    Raises:
        ChangedMeanwhile: someone else told of it since.
    """
    require(pool.actor, telling.action)
    given = {column: value.strip() for column, value in cells.items() if value}
    missing = [column.replace("_", " ") for column in telling.columns if column not in given]
    if missing:
        raise ToldRefused(f"{', '.join(missing)} not given: give {'it' if len(missing) == 1 else 'each'}")
    digest = hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()
    return _take(pool, telling, Table(Path("command"), digest, tuple(given), (Row(0, given),)), expected_event)


def standing(pool: Pool, telling: Telling, as_of: int | None = None) -> dict[tuple[object, ...], Event]:
    """The last thing told of each subject, now or as of an event."""
    return {telling.key_of(event.payload): event for event in pool.books.events(kind=telling.kind, as_of=as_of)}


def _take(pool: Pool, telling: Telling, table: Table, expected_event: int | None = None) -> Taken:
    faults, payloads = Faults(table.path, has_place=table.is_file), list[Payload]()
    if not table.rows:
        faults.add(None, "holds no rows: add some under the header")
    for row in table.rows:
        try:
            payload = telling.read(pool, row)
        except InputRefused as refusal:
            for sentence in refusal.sentences:
                faults.add(row.number or None, sentence)
            continue
        except (PeriodNotUnderstood, MoneyNotUnderstood) as error:
            faults.add(row.number or None, str(error))
            continue
        if any(telling.key_of(payload) == telling.key_of(each) for each in payloads):
            faults.add(row.number or None, "a second row on the same: leave one")
        payloads.append(payload)
    faults.raise_if_any()
    # What stands is read in the transaction that adds to it: two people who tell of one thing come one by one.
    with pool.writing(telling.action) as writing:
        before = standing(pool, telling)
        new = [each for each in payloads if _content_of(before.get(telling.key_of(each))) != each]
        for each in new:
            there = before.get(telling.key_of(each))
            check_unchanged([there] if there else [], expected_event, f"{telling.kind} on {_subject(telling, each)}")
            writing.event(telling.kind, {**each, SOURCE: table.path.name})
    return Taken(len(new), len(payloads) - len(new))


def _content_of(event: Event | None) -> Payload | None:
    return None if event is None else {key: value for key, value in event.payload.items() if key != SOURCE}


def _subject(telling: Telling, payload: Payload) -> str:
    """What a payload is about, in words, such as M3, care."""
    return ", ".join(f"M{payload[each]}" if each == "month" else str(payload[each]) for each in telling.key)


def month_told(row: Row) -> int:
    """The month that the row's period ends in; raises PeriodNotUnderstood."""
    return parse_period(row["period"])
