"""Writing what a plan holds: entries by chunks, reversals of accruals, the batch, its rows. Decides nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledgers.journal import Entry, RecordedEntry, reversal_of
from ledgers.sources import Batch, SourceLine
from ledgers.writing import Writing
from pooledfund import templates
from pooledfund.intake.history import CHANGED, Change
from pooledfund.intake.map_columns import SELF_REVERSING
from pooledfund.intake.plan import Plan, Planned, chunks
from pooledfund.intake.reversals import Reversal
from pooledfund.intake.submissions import estimate_reversal, note_received, standing_estimates
from pooledfund.templates import Stamp


class Posting:
    """One plan on its way into the books, inside one transaction."""

    def __init__(self, plan: Plan, writing: Writing) -> None:
        self._plan = plan
        self._writing = writing
        self._made: list[tuple[int, int]] = []
        self.reversals = 0
        self.corrections = 0

    def post(self, taken_out: Sequence[Change], control_total_pence: int | None) -> int:
        """Write all of it; ``taken_out`` are the lines that are gone and are reversed. Gives the batch's number."""
        plan, extract = self._plan, self._plan.extract
        self._take_back([*(each for each in plan.changes), *taken_out])
        for planned in chunks(plan.new):
            self._post_chunk(planned)
        batch = self._writing.batch(
            Batch(
                digest=extract.digest,
                file_name=extract.found.sheet.path.name,
                partner=next(iter(plan.months)) if len(plan.months) == 1 else None,
                kind="ledger extract",
                rows_read=extract.read,
                entries_made=len(plan.new) + self.reversals + self.corrections,
                control_total_pence=sum(row.cost_pence for row in extract.rows),
            )
        ).number
        self._keep_rows(batch)
        changed, missing = [each.key for each in plan.changes], [each.key for each in taken_out]
        if changed or missing:
            self._writing.event(CHANGED, {"batch": batch, "changed": list(changed), "missing": list(missing)})
        note_received(self._writing, plan.months, batch, extract.ledger, control_total_pence)
        self._replace_estimates()
        return batch

    def _post_chunk(self, planned: Sequence[Planned]) -> None:
        entries = [self._entry(each) for each in planned]
        recorded = self._writing.record_all(entries)
        reversals: list[tuple[Reversal | None, Entry]] = []
        for each, entry, made in zip(planned, entries, recorded, strict=True):
            self._made.append((each.row.number, made.number))
            if each.row.kind in SELF_REVERSING and each.row.scheme is not None:
                reversal = self._reversed(each, entry, made.number)
                if reversal is not None:
                    reversals.append((self._plan.to_reverse.get(each.row.key), reversal))
        if reversals:
            numbers = self._writing.record_all([entry for _, entry in reversals])
            for (expected, _), made in zip(reversals, numbers, strict=True):
                if expected is not None:
                    expected.number = made.number
            self.reversals += len(reversals)

    def _entry(self, planned: Planned) -> Entry:
        row, plan = planned.row, self._plan
        what = row.description or row.kind.replace("_", " ")
        why = f"{what} ({planned.note})" if planned.note else what
        stamp = Stamp(planned.effective, plan.pool.actor.name, why, row.reference, planned.key, row.document_on)
        if row.scheme is None:
            entry = templates.suspense(stamp, row.partner, row.cost_pence)
        else:
            spent = plan.apportioning.spend(
                row.scheme, row.partner, row.cost_pence, planned.effective, row.contribution
            )
            entry = templates.spend(stamp, plan.kind_of(row), spent)
        return replace(entry, corrects=planned.corrects) if planned.corrects is not None else entry

    def _reversed(self, planned: Planned, entry: Entry, number: int) -> Entry | None:
        """The mirror of an accrual on the first day of the month after its own; None where that is next year's.

        Its own month is the ledger's, not the one that it was posted to: an accrual that came for a closed month is
        reversed no later for that, as the invoice that it stood for is in the ledger from the next month on and would
        count beside it.
        """
        year, row = self._plan.pool.agreement.year, planned.row
        month = year.month_of(row.effective_on)
        if month == 12:
            self._plan.notes.append(
                f"{row.reference}: the {row.kind} reverses on {year.last_day + timedelta(days=1)}, in next year's books"
            )
            return None
        if planned.corrects is None and row.key not in self._plan.to_reverse:
            self._plan.notes.append(f"{row.reference}: the ledger's reversal of this {row.kind} came in before it")
            return None
        return self._mirror(entry, number, year.month_starts(month + 1), f"reversal of {row.kind} {row.reference}")

    def _mirror(self, entry: Entry, number: int, on: date, why: str) -> Entry:
        effective, note = self._plan.posting_day(on)
        return replace(
            entry,
            effective_on=effective,
            document_on=on,
            why=why + (f" ({note})" if note else ""),
            idempotency_key=f"{entry.idempotency_key}/reversal",
            postings=tuple(replace(posting, amount_pence=-posting.amount_pence) for posting in entry.postings),
            reverses=number,
            corrects=None,
        )

    def _take_back(self, changes: Sequence[Change]) -> None:
        """Reverse the entries of lines that changed or are gone; of one cleared from suspense, what stands for it."""
        for change in changes:
            kept = self._plan.pool.books.entry_by_key(f"suspense/{change.entry.number}/cleared") or change.entry
            if kept.entry.kind in SELF_REVERSING.values():
                self._take_back_accrual(change, kept)
                continue
            effective, note = self._plan.posting_day(kept.entry.effective_on)
            why = f"{change.reference} has {'gone from' if change.is_missing else 'changed in'} the ledger"
            reversal = reversal_of(
                kept,
                effective_on=effective,
                who=self._plan.pool.actor.name,
                why=why + (f" ({note})" if note else ""),
                idempotency_key=f"{kept.entry.idempotency_key}/taken back",
            )
            self._writing.record(reversal)
            self.corrections += 1

    def _take_back_accrual(self, change: Change, accrual: RecordedEntry) -> None:
        """An accrual that the books reversed by themselves is taken back by its opposite, which reverses likewise."""
        kept = accrual.entry
        effective, note = self._plan.posting_day(kept.effective_on)
        opposite = replace(
            kept,
            effective_on=effective,
            why=f"{kept.kind} {change.reference} as it was, taken back" + (f" ({note})" if note else ""),
            idempotency_key=f"{kept.idempotency_key}/taken back",
            postings=tuple(replace(posting, amount_pence=-posting.amount_pence) for posting in kept.postings),
            corrects=accrual.number,
        )
        number = self._writing.record(opposite).number
        self.corrections += 1
        year = self._plan.pool.agreement.year
        month = year.month_of(effective)
        if month < 12:
            on = year.month_starts(month + 1)
            why = f"reversal of {kept.kind} {change.reference} taken back"
            self._writing.record(self._mirror(opposite, number, on, why))
            self.corrections += 1

    def _keep_rows(self, batch: int) -> None:
        """Keep every row of spend as it came, with the entry that stands for it."""
        made = [*self._made, *((row.number, _number(there)) for row, there in self._plan.there)]
        lines: list[tuple[int, int | None]] = [*made, *((row.number, None) for row in self._plan.twice)]
        lines.sort(key=lambda line: line[0])
        cells = self._plan.extract.cells(number for number, _ in lines)
        for part in chunks(lines):
            self._writing.source_lines([SourceLine(batch, number, next(cells), entry) for number, entry in part])

    def _replace_estimates(self) -> None:
        """Reverse the estimates of the months whose figures have come."""
        pool = self._plan.pool
        for (partner, month), estimates in standing_estimates(pool).items():
            if month in self._plan.months.get(partner, ()):
                for each in estimates:
                    self._writing.record(estimate_reversal(pool, each, f"the figures of M{month} are in"))
                    self._plan.notes.append(f"{each.entry.why}: reversed, the figures of {partner} for M{month} are in")


def _number(there: int | Reversal) -> int:
    number = there.number if isinstance(there, Reversal) else there
    assert number is not None
    return number
