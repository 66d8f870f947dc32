"""A ledger's own history as it came in: which lines have changed since, and which are gone. Posts nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledgers.journal import RecordedEntry
from ledgers.money import pounds, pounds_for_people
from pooledfund import chart
from pooledfund.errors import InputRefused
from pooledfund.intake.spend_rows import SpendRow
from pooledfund.intake.submissions import RECEIVED
from pooledfund.pool import Pool

CHANGED = "ledger lines changed"
_COSTS = (chart.EXPENDITURE, chart.SUSPENSE)


class ChangesNotAccepted(InputRefused):
    """Lines of an earlier file that now differ; nothing is posted until they are accepted."""


class Difference(NamedTuple):
    """One field of a line as the books have it and as the file has it now."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line that was there before and now differs, or is gone where it has no differences: both values in pence."""

    key: str
    reference: str
    file_row: int | None
    entry: RecordedEntry
    was_pence: int
    now_pence: int
    differences: tuple[Difference, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether the line is not in the file any more."""
        return not self.differences

    def __str__(self) -> str:
        if self.is_missing:
            return f"{self.reference} ({pounds_for_people(self.was_pence)}, entry {self.entry.number})"
        parts = "; ".join(f"another {each.field}: {each.was} there, {each.now} here" for each in self.differences)
        return f"reference {self.reference} is in the books as entry {self.entry.number} with {parts}"

    def as_json(self) -> dict[str, object]:
        """The change with money in pounds as text."""
        return {
            "row": self.file_row,
            "reference": self.reference,
            "entry": self.entry.number,
            "was": pounds(self.was_pence),
            "now": pounds(self.now_pence),
            "differences": [each._asdict() for each in self.differences],
        }


class Versions:
    """Of the lines that changed since they first came in, which entry stands for each now."""

    def __init__(self, pool: Pool) -> None:
        self._last: dict[str, int] = {}
        self._gone: set[str] = set()
        for event in pool.books.events(kind=CHANGED):
            for key in _texts(event.payload.get("changed")):
                self._last[key] = self.next(key)
                self._gone.discard(key)
            self._gone.update(_texts(event.payload.get("missing")))

    def next(self, key: str) -> int:
        """The number of the version that a line would get now; the first is 1."""
        return self._last.get(key, 1) + 1

    def standing(self, key: str) -> str | None:
        """The key of the entry that stands for a line; None where the line was taken out."""
        if key in self._gone:
            return None
        return version_key(key, self._last[key]) if key in self._last else key


def version_key(key: str, version: int) -> str:
    """The key of a version of a line's entry."""
    return key if version == 1 else f"{key}/v{version}"


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def cost_of(entry: RecordedEntry) -> int:
    """What an entry of a ledger's line costs in pence, on its line or in suspense."""
    return sum(
        each.amount_pence for each in entry.entry.postings if each.account in (chart.EXPENDITURE, chart.SUSPENSE)
    )


def differences(row: SpendRow, kept: RecordedEntry, kind: str | None) -> tuple[Difference, ...]:
    """What differs between a row and the entry that it made in an earlier import; ``kind`` is what it would post as.

    The row is the same if its document date, kind, line, contribution and cost are; its month may be another
    where that was closed, an accrual that the books reversed may have any date, and what waits in suspense any line.
    """
    entry = kept.entry
    costs = [each for each in entry.postings if each.account in _COSTS]
    own, waits = entry.reverses is not None, entry.kind == "suspense"
    schemes = {each.scheme for each in costs}
    contributions = {each.contribution for each in costs}
    cost = cost_of(kept)
    found = []
    if not own and entry.document_on != row.document_on:
        found.append(Difference("document date", entry.document_on.isoformat(), row.document_on.isoformat()))
    if row.scheme is not None and not own and not waits and entry.kind != kind:
        found.append(Difference("kind", entry.kind, str(kind)))
    if cost != row.cost_pence:
        found.append(Difference("cost", pounds_for_people(cost), pounds_for_people(row.cost_pence)))
    if schemes not in ({row.scheme}, {None}):
        found.append(Difference("line", _names(schemes), row.scheme or "suspense"))
    if row.contribution is not None and not waits and contributions != {row.contribution}:
        found.append(Difference("contribution", _names(contributions), row.contribution))
    return tuple(found)


def _names(values: Collection[str | None]) -> str:
    return " and ".join(sorted(each or "none" for each in values))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier file of the same ledger for some of the same months."""

    batch: int
    partner: str
    months: tuple[int, ...]


def earlier_files(pool: Pool, ledger: str | None, months: dict[str, set[int]]) -> list[Earlier]:
    """The files of one ledger, or of any, that brought figures of the same partner for some of these months."""
    found = []
    for event in pool.books.events(kind=RECEIVED):
        partner, batch = str(event.payload["partner"]), event.payload["batch"]
        shared = {int(each) for each in _texts(event.payload["months"])} & months.get(partner, set())
        if ledger in (None, event.payload.get("ledger")) and batch is not None and shared:
            found.append(Earlier(int(str(batch)), partner, tuple(sorted(shared))))
    return found


def missing_lines(pool: Pool, earlier: Sequence[Earlier], in_file: Collection[str], versions: Versions) -> list[Change]:
    """The lines of earlier files that stand in the books in the shared months and are not in this file."""
    found: dict[str, int] = {}
    for file in earlier:
        for number, key in pool.books.entries_of_batches([file.batch], file.months).items():
            base = key.rpartition("/v")[0] if key not in in_file and _is_version(key) else key
            is_line = base.startswith(f"spend/{file.partner}/") and not base.endswith("/reversal")
            if is_line and base not in in_file and versions.standing(base) == key:
                found[base] = number
    missing = []
    for base, number in found.items():
        entry = pool.books.entry(number)
        missing.append(Change(base, entry.entry.source_reference, None, entry, cost_of(entry), 0))
    return missing


def _is_version(key: str) -> bool:
    return key.rpartition("/v")[2].isdecimal()
