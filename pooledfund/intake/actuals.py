"""Importing a ledger extract: spend, accruals that reverse themselves, suspense. All or nothing, and each line once."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ledgers.journal import Entry, Recorded, RecordedEntry
from ledgers.money import pounds, pounds_for_people
from ledgers.sources import Batch, SourceLine
from ledgers.writing import Writing
from pooledfund import chart, templates
from pooledfund.access import Action, NotAllowed, require, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.apportioning import Apportioning
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.reversals import OwnReversals, Reversal, own_reversals
from pooledfund.intake.spend_rows import Extract, SpendRow, read_extract
from pooledfund.intake.submissions import estimate_reversal, note_received, standing_estimates
from pooledfund.intake.tables import Faults
from pooledfund.pool import Pool
from pooledfund.templates import SpendKind, Stamp

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SuspenseItem:
    """A row whose code no line claims, waiting on the suspense line."""

    file_row: int
    code: str
    reference: str
    description: str
    cost_pence: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a ledger extract."""

    file: str
    batch: int | None
    rows: int
    ignored: int
    posted: int
    already_there: int
    reversals: int
    total_pence: int
    suspense: tuple[SuspenseItem, ...] = ()
    notes: tuple[str, ...] = ()
    repeated_batch: int | None = None

    @property
    def suspense_pence(self) -> int:
        """What of the file waits in suspense."""
        return sum(item.cost_pence for item in self.suspense)

    def as_json(self) -> dict[str, object]:
        """What became of the file, money in pounds as text."""
        return {
            "file": self.file,
            "batch": self.batch,
            "repeated_batch": self.repeated_batch,
            "rows": self.rows,
            "ignored": self.ignored,
            "posted": self.posted,
            "already_there": self.already_there,
            "accruals_reversed": self.reversals,
            "total": pounds(self.total_pence),
            "suspense": [
                {"row": each.file_row, "reference": each.reference, "code": each.code, "cost": pounds(each.cost_pence)}
                for each in self.suspense
            ],
            "notes": list(self.notes),
        }


def import_actuals(
    pool: Pool,
    path: Path,
    ledger_map: LedgerMap | None = None,
    progress: Progress = lambda _: None,
    *,
    months: Collection[int] = (),
) -> Imported:
    """Import a partner's ledger extract into the actual book.

    A row's cost is net plus the VAT that the spending body does not recover. Spend without a contribution is
    apportioned over the line's contributions by current budget on its effective day. An accrual is posted with
    its reversal on the first day of the next month. A code that no line claims goes to suspense and is listed.
    A file that was imported before changes nothing, nor does a row that is in the books already. The file is the
    partner's submission of ``months``, else of the months its rows are dated in, and takes the place of any estimate.

    Raises:
        NotAllowed: the person may not import.
        FileRefused: with every fault of the file.
        LedgerRefusal: a row that is in the books with other content, or a month that takes nothing.
    """
    require(pool.actor, Action.IMPORT)
    progress(f"Reading {path.name}")
    extract = read_extract(path, pool.agreement, ledger_map)
    for kept in pool.books.batches(digest=extract.table.digest):
        return Imported(path.name, None, len(extract.rows), extract.ignored, 0, 0, 0, 0, repeated_batch=kept.number)
    _check_partners(pool, extract, path)
    plan = _Plan(pool, path.name, own_reversals(pool, extract.reference_columns))
    progress(f"Working out {len(extract.rows):,} rows")
    plan.cover(extract, months)
    plan.take(extract)
    progress(f"Posting {len(plan.entries):,} entries")
    with pool.writing(Action.IMPORT) as writing:
        return plan.post(writing, extract)


def _check_partners(pool: Pool, extract: Extract, path: Path) -> None:
    faults = Faults(path)
    for partner in {row.partner for row in extract.rows}:
        try:
            require_partner(pool.actor, Action.IMPORT, partner)
        except NotAllowed as error:
            faults.add(None, str(error))
    faults.raise_if_any()


class _Plan:
    """What an extract will post, worked out before anything is written."""

    def __init__(self, pool: Pool, file: str, reversals: OwnReversals) -> None:
        self.pool = pool
        self.file = file
        self.entries: list[tuple[SpendRow, Entry]] = []
        self.there: list[tuple[SpendRow, RecordedEntry | Reversal]] = []
        self.twice: list[SpendRow] = []
        self.suspense: list[SuspenseItem] = []
        self.notes: list[str] = []
        self.months: dict[str, set[int]] = {}
        self._apportioning = Apportioning(pool)
        self._days: dict[date, tuple[date, str | None]] = {}
        self._reversals = reversals
        self._to_reverse: dict[str, Reversal] = {}
        self._known: Mapping[str, RecordedEntry] = {}

    def cover(self, extract: Extract, months: Collection[int]) -> None:
        """Say whose figures of which months these are: those named, else those that its rows are dated in."""
        for row in extract.rows:
            of_row = months or (self.pool.agreement.year.month_of(row.effective_on),)
            self.months.setdefault(row.partner, set()).update(of_row)

    def take(self, extract: Extract) -> None:
        """Work out each row; the same row twice counts once, other content under its reference is refused."""
        faults = Faults(extract.table.path)
        self._known = self.pool.books.entries_by_key([row.key for row in extract.rows])
        for row in extract.rows:
            self._expect_reversal(row)
        seen: dict[str, SpendRow] = {}
        for row in extract.rows:
            earlier = seen.setdefault(row.key, row)
            try:
                if earlier is row:
                    self._take(row)
                else:
                    self._take_again(row, earlier)
            except InputRefused as error:
                faults.add(row.row.number, str(error))
        faults.raise_if_any()
        if self.twice:
            total = sum(row.cost_pence for row in self.twice)
            self.notes.append(
                f"rows that repeat an earlier one of the file: {len(self.twice)} ({pounds_for_people(total)}, "
                f"the first on row {self.twice[0].row.number}), each counted once"
            )
        if extract.of_nil:
            self.notes.append(f"rows of £0.00, which post nothing: {extract.of_nil}")

    def _expect_reversal(self, row: SpendRow) -> None:
        """An accrual that is new in this file will have its reversal, which a later row of the file may repeat."""
        new = row.kind == "accrual" and row.scheme is not None and row.key not in {*self._known, *self._to_reverse}
        if not new or self._reversals.reversed_by_ledger(row):
            return
        try:
            effective, _ = self._posting_day(row.effective_on)
        except InputRefused:
            return  # The row itself is refused with the reason.
        if self.pool.agreement.year.month_of(effective) < 12:
            self._to_reverse[row.key] = Reversal(row.reference, -row.cost_pence)
            self._reversals.add((row.partner, row.scheme), self._to_reverse[row.key])

    def _posting_day(self, day: date) -> tuple[date, str | None]:
        if day not in self._days:
            self._days[day] = self.pool.posting_day(day)
        return self._days[day]

    def _take_again(self, row: SpendRow, earlier: SpendRow) -> None:
        if replace(row, row=earlier.row) != earlier:
            raise InputRefused(
                f"reference {row.reference} stands on row {earlier.row.number} with other content: correct one of them"
            )
        self.twice.append(row)

    def _take(self, row: SpendRow) -> None:
        there = self._already_there(row)
        if there is not None:
            self.there.append((row, there))
            return
        self._check_contribution(row)
        effective, note = self._posting_day(row.effective_on)
        if note:
            self.notes.append(f"row {row.row.number}, {row.reference}: {note}")
        stamp = Stamp(effective, self.pool.actor.name, _why(row, note), row.reference, row.key, row.document_on)
        if row.scheme is None:
            item = SuspenseItem(row.row.number, row.code, row.reference, row.description, row.cost_pence)
            self.suspense.append(item)
            self.entries.append((row, templates.suspense(stamp, row.partner, row.cost_pence)))
        else:
            spent = self._apportioning.spend(row.scheme, row.partner, row.cost_pence, effective, row.contribution)
            self.entries.append((row, templates.spend(stamp, self._kind(row), spent)))

    def _already_there(self, row: SpendRow) -> RecordedEntry | Reversal | None:
        """The entry that this row made in an earlier import, or by which the books reverse an accrual themselves.

        The row is the same if its document date, kind, line, contribution and cost are; its month may be another
        where that was closed, and an accrual that the books reversed may have any date.
        """
        known = self._known.get(row.key)
        if known is None:
            return self._reversals.claim(row) if row.kind == "accrual_reversal" else None
        kept = known.entry
        costs = [posting for posting in kept.postings if posting.account in (chart.EXPENDITURE, chart.SUSPENSE)]
        own = kept.reverses is not None
        waits = kept.kind == "suspense"
        named = row.contribution is not None and not waits
        differs = {
            "document date": not own and kept.document_on != row.document_on,
            "kind": row.scheme is not None and not own and not waits and kept.kind != self._kind(row),
            "cost": sum(posting.amount_pence for posting in costs) != row.cost_pence,
            "line": {posting.scheme for posting in costs} not in ({row.scheme}, {None}),
            "contribution": named and {posting.contribution for posting in costs} != {row.contribution},
        }
        for field, is_so in differs.items():
            if is_so:
                raise InputRefused(
                    f"reference {row.reference} is in the books as entry {known.number} with another {field}: "
                    "reverse that entry and give the row a reference of its own, or correct the file"
                )
        if waits and row.scheme is not None:
            self.notes.append(
                f"row {row.row.number}, {row.reference}: went to suspense as entry {known.number} before its code "
                "was mapped: move it to its line by a journal if it still waits there"
            )
        return known

    def _check_contribution(self, row: SpendRow) -> None:
        """A row may name a contribution that pays for its line by the agreement or by a virement since."""
        if row.contribution is None or row.scheme is None:
            return
        current = {each for each, _ in self._apportioning.budgets(12).get(row.scheme, [])}
        if row.contribution not in current | set(self.pool.agreement.schemes[row.scheme].budgets):
            raise InputRefused(f"'{row.contribution}' pays for nothing on {row.scheme}: name one that does")

    def _kind(self, row: SpendRow) -> SpendKind:
        if row.kind in ("accrual", "credit_note"):
            return "accrual" if row.kind == "accrual" else "credit note"
        if row.kind == "accrual_reversal":
            return "accrual reversal"
        agreement = self.pool.agreement
        assert row.scheme is not None
        host = agreement.host_of(agreement.schemes[row.scheme].fund)
        return "spend" if row.partner == host else "recharge"

    def post(self, writing: Writing, extract: Extract) -> Imported:
        """Write the batch, its entries and source lines, and the reversal of each new accrual."""
        recorded = writing.record_all([entry for _, entry in self.entries])
        accruals = [
            (row, entry, each.number)
            for (row, entry), each in zip(self.entries, recorded, strict=True)
            if row.kind == "accrual" and row.scheme is not None
        ]
        reversals = [(each[0], entry) for each in accruals if (entry := self._reversed(*each)) is not None]
        for (row, _), each in zip(reversals, writing.record_all([entry for _, entry in reversals]), strict=True):
            self._to_reverse[row.key].number = each.number
        batch = writing.batch(
            Batch(
                digest=extract.table.digest,
                file_name=self.file,
                partner=_single({row.partner for row in extract.rows}),
                kind="ledger extract",
                rows_read=len(extract.table.rows),
                entries_made=len(self.entries) + len(reversals),
                control_total_pence=sum(row.cost_pence for row in extract.rows),
            )
        ).number
        writing.source_lines(list(self._source_lines(batch, recorded)))
        note_received(writing, self.months, batch)
        self._replace_estimates(writing)
        return Imported(
            file=self.file,
            batch=batch,
            rows=len(extract.rows),
            ignored=extract.ignored,
            posted=len(self.entries),
            already_there=len(self.there) + len(self.twice),
            reversals=len(reversals),
            total_pence=sum(row.cost_pence for row, _ in self.entries),
            suspense=tuple(self.suspense),
            notes=tuple(self.notes),
        )

    def _replace_estimates(self, writing: Writing) -> None:
        """Reverse the estimates of the months whose figures have come."""
        for (partner, month), estimates in standing_estimates(self.pool).items():
            if month in self.months.get(partner, ()):
                for each in estimates:
                    writing.record(estimate_reversal(self.pool, each, f"the figures of M{month} are in"))
                    self.notes.append(f"{each.entry.why}: reversed, the figures of {partner} for M{month} are in")

    def _source_lines(self, batch: int, recorded: Iterable[Recorded]) -> Iterable[SourceLine]:
        for (row, _), each in zip(self.entries, recorded, strict=True):
            yield SourceLine(batch, row.row.number, row.row.cells, each.number)
        for row, there in self.there:
            yield SourceLine(batch, row.row.number, row.row.cells, there.number)
        for row in self.twice:
            yield SourceLine(batch, row.row.number, row.row.cells)

    def _reversed(self, row: SpendRow, entry: Entry, number: int) -> Entry | None:
        """The mirror of an accrual on the first day of the next month; none where that day is next year's."""
        year = self.pool.agreement.year
        month = year.month_of(entry.effective_on)
        if month == 12:
            self.notes.append(
                f"{row.reference}: the accrual reverses on {year.last_day + timedelta(days=1)}, in next year's books"
            )
            return None
        if row.key not in self._to_reverse:
            self.notes.append(f"{row.reference}: the ledger's reversal of this accrual came in before it")
            return None
        effective, note = self._posting_day(year.month_starts(month + 1))
        return replace(
            entry,
            effective_on=effective,
            document_on=year.month_starts(month + 1),
            why=f"reversal of accrual {row.reference}" + (f" ({note})" if note else ""),
            idempotency_key=f"{entry.idempotency_key}/reversal",
            postings=tuple(replace(posting, amount_pence=-posting.amount_pence) for posting in entry.postings),
            reverses=number,
        )


def _why(row: SpendRow, note: str | None) -> str:
    what = row.description or row.kind.replace("_", " ")
    return f"{what} ({note})" if note else what


def _single(partners: set[str]) -> str | None:
    return next(iter(partners)) if len(partners) == 1 else None
