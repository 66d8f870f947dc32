"""Importing a ledger extract: spend, accruals that reverse themselves, suspense. All or nothing, and each line once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ledgers.journal import Entry, Recorded, RecordedEntry
from ledgers.money import apportion_signed, pounds, pounds_for_people
from ledgers.sources import Batch, SourceLine
from ledgers.writing import Writing
from pooledfund import chart, templates
from pooledfund.access import Action, NotAllowed, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.reversals import own_reversals, reversal_key
from pooledfund.intake.spend_rows import Extract, SpendRow, read_extract
from pooledfund.intake.tables import Faults
from pooledfund.pool import Pool
from pooledfund.templates import Spend, SpendKind, Stamp

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
    pool: Pool, path: Path, ledger_map: LedgerMap | None = None, progress: Progress = lambda _: None
) -> Imported:
    """Import a partner's ledger extract into the actual book.

    A row's cost is net plus the VAT that the spending body does not recover. Spend without a contribution is
    apportioned over the line's contributions by current budget on its effective day. An accrual is posted with
    its reversal on the first day of the next month. A code that no line claims goes to suspense and is listed.
    A file that was imported before changes nothing, nor does a row that is in the books already.

    Raises:
        FileRefused: with every fault of the file.
        LedgerRefusal: a row that is in the books with other content, or a month that takes nothing.
    """
    progress(f"Reading {path.name}")
    extract = read_extract(path, pool.agreement, ledger_map)
    for kept in pool.books.batches():
        if kept.batch.digest == extract.table.digest:
            return Imported(path.name, None, len(extract.rows), extract.ignored, 0, 0, 0, 0, repeated_batch=kept.number)
    _check_partners(pool, extract, path)
    plan = _Plan(pool, path.name)
    progress(f"Working out {len(extract.rows):,} rows")
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

    def __init__(self, pool: Pool, file: str) -> None:
        self.pool = pool
        self.file = file
        self.entries: list[tuple[SpendRow, Entry]] = []
        self.there: list[tuple[SpendRow, str]] = []
        self.twice: list[SpendRow] = []
        self.suspense: list[SuspenseItem] = []
        self.notes: list[str] = []
        self._budgets: dict[int, Mapping[str, list[tuple[str, int]]]] = {}
        self._own_reversals = own_reversals(pool)
        self._known: Mapping[str, RecordedEntry] = {}

    def take(self, extract: Extract) -> None:
        """Work out each row; the same row twice counts once, other content under its reference is refused."""
        faults = Faults(extract.table.path)
        self._known = self.pool.books.entries_by_key([row.key for row in extract.rows])
        self._expect_reversals(extract.rows)
        seen: dict[str, SpendRow] = {}
        for row in extract.rows:
            earlier = seen.setdefault(row.key, row)
            if earlier is not row:
                if replace(row, row=earlier.row) != earlier:
                    faults.add(
                        row.row.number,
                        f"reference {row.reference} stands on row {earlier.row.number} with other content: "
                        "correct one of them",
                    )
                else:
                    self.twice.append(row)
                continue
            try:
                self._take(row)
            except InputRefused as error:
                faults.add(row.row.number, str(error))
        faults.raise_if_any()
        if self.twice:
            total = sum(row.cost_pence for row in self.twice)
            self.notes.append(
                f"{len(self.twice)} rows stand twice in the file ({pounds_for_people(total)}, first on row "
                f"{self.twice[0].row.number}): each counted once"
            )

    def _expect_reversals(self, rows: Iterable[SpendRow]) -> None:
        """The reversals that accruals of this file will cause: a long extract holds an accrual and its reversal."""
        accruals = {row.key: row for row in rows if row.kind == "accrual" and row.scheme is not None}
        for key, row in accruals.items():
            if key not in self._known and self.pool.agreement.year.month_of(row.effective_on) < 12:
                self._own_reversals.expect(row)

    def _take(self, row: SpendRow) -> None:
        there = self._already_there(row)
        if there is not None:
            self.there.append((row, there))
            return
        effective, note = self.pool.posting_day(row.effective_on)
        if note:
            self.notes.append(f"row {row.row.number}, {row.reference}: {note}")
        stamp = Stamp(effective, self.pool.actor.name, _why(row, note), row.reference, row.key, row.document_on)
        if row.scheme is None:
            item = SuspenseItem(row.row.number, row.code, row.reference, row.description, row.cost_pence)
            self.suspense.append(item)
            self.entries.append((row, templates.suspense(stamp, row.partner, row.cost_pence)))
        else:
            self.entries.append((row, templates.spend(stamp, self._kind(row), self._spend(row, row.scheme, effective))))

    def _already_there(self, row: SpendRow) -> str | None:
        """The key of the entry that this row made before, or by which the books reverse an accrual themselves.

        The row is the same if its document date, line and cost are; its month may be another where that was closed.
        """
        known = self._known.get(row.key)
        if known is None:
            return self._own_reversals.claim(row) if row.kind == "accrual_reversal" else None
        kept = known.entry
        costs = [posting for posting in kept.postings if posting.account in (chart.EXPENDITURE, chart.SUSPENSE)]
        differs = {
            "document date": kept.document_on != row.document_on,
            "cost": sum(posting.amount_pence for posting in costs) != row.cost_pence,
            "line": {posting.scheme for posting in costs} not in ({row.scheme}, {None}),
        }
        for field, is_so in differs.items():
            if is_so:
                raise InputRefused(
                    f"reference {row.reference} is in the books as entry {known.number} with another {field}: "
                    "reverse that entry and give the row a reference of its own, or correct the file"
                )
        return row.key

    def _kind(self, row: SpendRow) -> SpendKind:
        if row.kind in ("accrual", "credit_note"):
            return "accrual" if row.kind == "accrual" else "credit note"
        if row.kind == "accrual_reversal":
            return "accrual reversal"
        agreement = self.pool.agreement
        assert row.scheme is not None
        host = agreement.host_of(agreement.schemes[row.scheme].fund)
        return "spend" if row.partner == host else "recharge"

    def _spend(self, row: SpendRow, scheme: str, effective: date) -> Spend:
        """The cost by contribution: the one that the row names, else apportioned by current budget on the day."""
        agreement = self.pool.agreement
        own = frozenset(
            each.id
            for each in agreement.contributions.values()
            if agreement.settled_as(each) == "net_of_own_lines"
            and each.partner == row.partner == agreement.schemes[scheme].lead
        )
        parts: Mapping[str | None, int]
        if row.contribution is not None:
            parts = {row.contribution: row.cost_pence}
        else:
            budgets = self._line_budgets(agreement.year.month_of(effective)).get(scheme, [])
            shares = apportion_signed(row.cost_pence, [pence for _, pence in budgets]) if budgets else []
            parts = {each: share for (each, _), share in zip(budgets, shares, strict=True)} or {None: row.cost_pence}
        return Spend(scheme, row.partner, parts, own)

    def _line_budgets(self, month: int) -> Mapping[str, list[tuple[str, int]]]:
        """Current budgets above nil of each line at a month, contributions in the agreement's order."""
        if month not in self._budgets:
            current = self.pool.current_budgets(month)
            lines: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for scheme in self.pool.agreement.schemes:
                for contribution in self.pool.agreement.contributions:
                    if current.get((scheme, contribution), 0) > 0:
                        lines[scheme].append((contribution, current[scheme, contribution]))
            self._budgets[month] = lines
        return self._budgets[month]

    def post(self, writing: Writing, extract: Extract) -> Imported:
        """Write the batch, its entries and source lines, and the reversal of each new accrual."""
        recorded = writing.record_all([entry for _, entry in self.entries])
        accruals = [
            (row, entry, each.number)
            for (row, entry), each in zip(self.entries, recorded, strict=True)
            if row.kind == "accrual" and row.scheme is not None
        ]
        mirrors = [each for each in map(self._reversed, accruals) if each is not None]
        reversals = writing.record_all(mirrors)
        numbers = {
            **{key: each.number for key, each in self._known.items()},
            **self._own_reversals.numbers,
            **{entry.idempotency_key: each.number for entry, each in zip(mirrors, reversals, strict=True)},
        }
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
        writing.source_lines(list(self._source_lines(batch, recorded, numbers)))
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

    def _source_lines(
        self, batch: int, recorded: Iterable[Recorded], numbers: Mapping[str, int]
    ) -> Iterable[SourceLine]:
        for (row, _), each in zip(self.entries, recorded, strict=True):
            yield SourceLine(batch, row.row.number, row.row.cells, each.number)
        for row, key in self.there:
            yield SourceLine(batch, row.row.number, row.row.cells, numbers[key])
        for row in self.twice:
            yield SourceLine(batch, row.row.number, row.row.cells)

    def _reversed(self, accrual: tuple[SpendRow, Entry, int]) -> Entry | None:
        """The mirror of an accrual on the first day of the next month; none where that day is next year's."""
        row, entry, number = accrual
        year = self.pool.agreement.year
        month = year.month_of(entry.effective_on)
        if month == 12:
            self.notes.append(
                f"{row.reference}: the accrual reverses on {year.last_day + timedelta(days=1)}, in next year's books"
            )
            return None
        effective, note = self.pool.posting_day(year.month_starts(month + 1))
        return replace(
            entry,
            effective_on=effective,
            document_on=year.month_starts(month + 1),
            why=f"reversal of accrual {row.reference}" + (f" ({note})" if note else ""),
            idempotency_key=reversal_key(entry.idempotency_key),
            postings=tuple(replace(posting, amount_pence=-posting.amount_pence) for posting in entry.postings),
            reverses=number,
        )


def _why(row: SpendRow, note: str | None) -> str:
    what = row.description or row.kind.replace("_", " ")
    return f"{what} ({note})" if note else what


def _single(partners: set[str]) -> str | None:
    return next(iter(partners)) if len(partners) == 1 else None
