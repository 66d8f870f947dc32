"""The lines of both sides of a reconciliation with a partner's ledger, each by an id that stays. Matches nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import RecordedEntry
from ledgers.seal import JSON
from pooledfund import chart
from pooledfund.control.matching.lines import Line
from pooledfund.intake.spend_rows import Extract
from pooledfund.pool import Pool

SPEND = (chart.EXPENDITURE, chart.SUSPENSE)
"""Where the books hold what a partner spent for the pool: on lines, and with a code that no line claims yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """A line with the month it counts in, and where it stands: the entry of ours, the row of their file."""

    line: Line
    month: int
    place: int

    def as_payload(self) -> list[JSON]:
        """The line as an event keeps it."""
        line = self.line
        return [
            line.id,
            self.place,
            self.month,
            line.on.isoformat(),
            line.pence,
            line.reference,
            line.scheme,
            line.words,
        ]

    @classmethod
    def from_payload(cls, kept: JSON) -> "Known":
        """The line back from an event."""
        assert isinstance(kept, list)
        of, place, month, on, pence, reference, scheme, words = kept
        return cls(Line(of, date.fromisoformat(on), pence, reference, scheme, words), month, place)


def our_lines(pool: Pool, partner: str, month: int, as_of: int | None = None) -> dict[str, Known]:
    """What the books hold of a partner's spend from the start of the year to the end of a month, by id.

    An entry is one line for each scheme line that it posts to; its contributions are added up, since the partner's
    ledger does not know them. The id is the entry's number, with the place of its posting where it has several lines.
    """
    entries: dict[int, RecordedEntry] = {}
    for account in SPEND:
        for each in pool.books.entries(book="actual", account=account, through_month=month, as_of=as_of):
            entries[each.number] = each
    found: dict[str, Known] = {}
    for number in sorted(entries):
        for known in _lines_of(entries[number], partner):
            found[known.line.id] = known
    return found


def _lines_of(kept: RecordedEntry, partner: str) -> Iterable[Known]:
    entry = kept.entry
    cells: dict[tuple[str | None, str | None], int] = defaultdict(int)
    first: dict[tuple[str | None, str | None], int] = {}
    for place, posting in enumerate(entry.postings, start=1):
        if posting.account in SPEND:
            cell = (posting.partner, posting.scheme)
            cells[cell] += posting.amount_pence
            first.setdefault(cell, place)
    for (of, scheme), pence in cells.items():
        if of == partner and pence:
            name = f"e-{kept.number}" if len(cells) == 1 else f"e-{kept.number}-{first[of, scheme]}"
            line = Line(name, entry.document_on, pence, entry.source_reference, scheme, entry.why)
            yield Known(line, kept.month, kept.number)


def their_lines(pool: Pool, extract: Extract, partner: str) -> dict[str, Known]:
    """The lines of a partner in its extract, by an id that is the same in every file that holds the line.

    The id is a digest of partner, reference, day, pence and scheme line, and of how often just these came before.
    """
    seen: Counter[tuple[str, date, int, str | None]] = Counter()
    found: dict[str, Known] = {}
    for row in extract.rows:
        if row.partner == partner:
            what = (row.reference, row.document_on, row.cost_pence, row.scheme)
            seen[what] += 1
            said = "\n".join((partner, row.reference, row.document_on.isoformat(), str(row.cost_pence),
                              row.scheme or "", str(seen[what])))  # fmt: skip
            name = f"t-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
            line = Line(name, row.document_on, row.cost_pence, row.reference, row.scheme, row.description)
            found[name] = Known(line, pool.agreement.year.month_of(row.effective_on), row.number)
    return found


def total(lines: Mapping[str, Known]) -> int:
    """What lines come to, in pence."""
    return sum(each.line.pence for each in lines.values())
