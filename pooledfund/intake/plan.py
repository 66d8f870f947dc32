"""What a ledger extract will post, worked out row by row before anything is written. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from ledgers.journal import RecordedEntry
from ledgers.money import pounds_for_people
from pooledfund.errors import InputRefused
from pooledfund.intake.apportioning import Apportioning
from pooledfund.intake.history import (
    Change,
    ChangesNotAccepted,
    Earlier,
    Versions,
    cost_of,
    differences,
    earlier_files,
    missing_lines,
    version_key,
)
from pooledfund.intake.map_columns import REVERSALS, SELF_REVERSING
from pooledfund.intake.reversals import Reversal, own_reversals
from pooledfund.intake.spend_rows import Extract, SpendRow
from pooledfund.intake.tables import Faults
from pooledfund.pool import Pool
from pooledfund.templates import SpendKind

CHUNK = 20_000
"""Rows that are looked up, posted and kept at a time: memory holds no more of their entries."""

_Value = TypeVar("_Value")


def chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """The values, so many at a time."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


class Planned(NamedTuple):
    """A row that will be posted: its day with a word on it where that is later, its key, and what it corrects."""

    row: SpendRow
    effective: date
    note: str | None
    key: str
    corrects: int | None = None


class Plan:
    """What an extract will post and what it finds in the books already."""

    def __init__(self, pool: Pool, extract: Extract, months: Collection[int]) -> None:
        self.pool = pool
        self.extract = extract
        self.apportioning = Apportioning(pool)
        self.new: list[Planned] = []
        self.there: list[tuple[SpendRow, int | Reversal]] = []
        self.twice: list[SpendRow] = []
        self.changes: list[Change] = []
        self.changed: list[Planned] = []
        self.missing: list[Change] = []
        self.notes: list[str] = list(extract.notes)
        self.months: dict[str, set[int]] = {}
        self.to_reverse: dict[str, Reversal] = {}
        self._versions = Versions(pool)
        self._reversals = own_reversals(pool, extract.reference_columns)
        self._days: dict[date, tuple[date, str | None]] = {}
        self._cover(months)

    def _cover(self, months: Collection[int]) -> None:
        """Say whose figures of which months these are: those named, else those that its rows are dated in."""
        year = self.pool.agreement.year
        for partner, day in {(row.partner, row.effective_on) for row in self.extract.rows}:
            self.months.setdefault(partner, set()).update(months or (year.month_of(day),))

    def take(self) -> None:
        """Work out each row; the same row twice counts once, other content under its reference is refused.

        Raises:
            FileRefused: with every row that cannot be posted.
        """
        faults = Faults(self.extract.found.sheet.path)
        self._expect_reversals()
        first: dict[str, SpendRow] = {}
        for rows in chunks(self.extract.rows):
            keys = {row.key: self._versions.standing(row.key) for row in rows}
            known = self.pool.books.entries_by_key([key for key in keys.values() if key is not None])
            for row in rows:
                key = row.key
                earlier = first.setdefault(key, row)
                standing = keys[key]
                try:
                    if earlier is not row:
                        self._take_again(row, earlier)
                    else:
                        self._take(row, known.get(standing) if standing is not None else None)
                except InputRefused as error:
                    faults.add(row.number, str(error))
        faults.raise_if_any()
        self._look_back(first)
        self._say()

    def _expect_reversals(self) -> None:
        """What is new in this file and reverses itself will have its reversal, which a later row of it may repeat."""
        year = self.pool.agreement.year
        accruals = [row for row in self.extract.rows if row.kind in SELF_REVERSING and row.scheme is not None]
        known = self.pool.books.entries_by_key([row.key for row in accruals])
        for row in accruals:
            if row.key in known or row.key in self.to_reverse or self._is_reversed(row):
                continue
            if row.effective_on in year and year.month_of(row.effective_on) < 12:
                self.to_reverse[row.key] = Reversal(row.reference, -row.cost_pence)
                self._reversals.add((row.partner, row.scheme), self.to_reverse[row.key])

    def _is_reversed(self, row: SpendRow) -> bool:
        return self._reversals.reversed_by_ledger((row.partner, row.scheme), row.reference, row.cost_pence)

    def posting_day(self, day: date) -> tuple[date, str | None]:
        """The effective day of what is dated on a day, each worked out once; raises InputRefused."""
        if day not in self._days:
            self._days[day] = self.pool.posting_day(day)
        return self._days[day]

    def _take_again(self, row: SpendRow, earlier: SpendRow) -> None:
        if row._replace(number=earlier.number) != earlier:
            raise InputRefused(
                f"reference {row.reference} stands on row {earlier.number} with other content: correct one of them"
            )
        self.twice.append(row)

    def _take(self, row: SpendRow, known: RecordedEntry | None) -> None:
        key = row.key
        if known is None and row.kind in REVERSALS:
            claimed = self._reversals.claim(row)
            if claimed is not None:
                self.there.append((row, claimed))
                return
        if known is not None:
            found = differences(row, known, self.kind_of(row) if row.scheme is not None else None)
            if not found:
                self._already_there(row, known)
                return
            if row.kind in REVERSALS:
                raise InputRefused(
                    f"{Change(key, row.reference, row.number, known, 0, 0, found)}: "
                    "post the difference by a journal, or correct the file"
                )
            self.changes.append(Change(key, row.reference, row.number, known, cost_of(known), row.cost_pence, found))
        planned = self._planned(row, known)
        (self.new if known is None else self.changed).append(planned)

    def _planned(self, row: SpendRow, corrected: RecordedEntry | None) -> Planned:
        self._check_contribution(row)
        effective, note = self.posting_day(row.effective_on)
        if note:
            self.notes.append(f"row {row.number}, {row.reference}: {note}")
        is_first = corrected is None and self._versions.standing(row.key) is not None
        key = row.key if is_first else version_key(row.key, self._versions.next(row.key))
        return Planned(row, effective, note, key, corrected.number if corrected is not None else None)

    def _already_there(self, row: SpendRow, known: RecordedEntry) -> None:
        if known.entry.kind == "suspense" and row.scheme is not None:
            self.notes.append(
                f"row {row.number}, {row.reference}: went to suspense as entry {known.number} before its code "
                f"was mapped: if it still waits there, clear it with suspense-clear {known.number}"
            )
        self.there.append((row, known.number))

    def _check_contribution(self, row: SpendRow) -> None:
        """A row may name a contribution that pays for its line by the agreement or by a virement since."""
        if row.contribution is None or row.scheme is None:
            return
        current = {each for each, _ in self.apportioning.budgets(12).get(row.scheme, [])}
        if row.contribution not in current | set(self.pool.agreement.schemes[row.scheme].budgets):
            raise InputRefused(f"'{row.contribution}' pays for nothing on {row.scheme}: name one that does")

    def kind_of(self, row: SpendRow) -> SpendKind:
        """What a row is posted as: a partner that is not the host of the line's fund recharges it."""
        if row.kind == "credit_note":
            return "credit note"
        if row.kind in SELF_REVERSING or row.kind in REVERSALS:
            return {**SELF_REVERSING, **REVERSALS}[row.kind]
        agreement = self.pool.agreement
        assert row.scheme is not None
        host = agreement.host_of(agreement.schemes[row.scheme].fund)
        return "spend" if row.partner == host else "recharge"

    def _look_back(self, in_file: Collection[str]) -> None:
        """Hold the file against earlier ones of the same ledger: what of them is here again, and what is not."""
        earlier = earlier_files(self.pool, self.extract.ledger, self.months)
        if not earlier:
            return
        if self.there or self.changes:
            self.missing = missing_lines(self.pool, earlier, in_file, self._versions)
        self.notes.append(
            f"{_came_before(earlier)}: {len(self.there):,} rows are here again as they were, {len(self.new):,} are "
            f"new, {len(self.changes):,} have changed, {len(self.missing):,} of before are not in this file"
        )

    def _say(self) -> None:
        if self.twice:
            total = sum(row.cost_pence for row in self.twice)
            self.notes.append(
                f"rows that repeat an earlier one of the file: {len(self.twice)} ({pounds_for_people(total)}, "
                f"the first on row {self.twice[0].number}), each counted once"
            )
        if self.extract.of_nil:
            self.notes.append(f"rows of £0.00, which post nothing: {self.extract.of_nil}")

    def accept(self) -> None:
        """Take the changed lines as they are now: each entry is taken back and posted anew."""
        self.new += self.changed

    def refuse_changes(self) -> None:
        """Raise ChangesNotAccepted with every line that has changed, both values of each; pass if there is none."""
        if self.changes:
            file = self.extract.found.sheet.path.name
            raise ChangesNotAccepted(
                *(f"{file}:{each.file_row}: {each}" for each in self.changes),
                f"{file}: to take these lines as they are now, each reversed and posted anew, "
                "import it and accept its changes (--accept-changes); else have the file corrected",
            )

    def by_line(self) -> list[tuple[str | None, int, int]]:
        """What would be posted on each line, None for suspense: its rows and their cost in pence."""
        rows: Counter[str | None] = Counter()
        pence: Counter[str | None] = Counter()
        for planned in self.new:
            rows[planned.row.scheme] += 1
            pence[planned.row.scheme] += planned.row.cost_pence
        order = [*self.pool.agreement.schemes, None]
        return [(scheme, rows[scheme], pence[scheme]) for scheme in order if rows[scheme]]


def _came_before(earlier: Sequence[Earlier]) -> str:
    months: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for each in earlier:
        months.setdefault((each.partner, each.months), []).append(str(each.batch))
    return "; ".join(
        f"{', '.join(f'M{month}' for month in of)} of {partner} came before in batch {', '.join(batches)}"
        for (partner, of), batches in months.items()
    )
