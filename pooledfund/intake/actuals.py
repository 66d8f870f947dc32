"""Importing a ledger extract: spend, accruals that reverse themselves, suspense. All or nothing, and each line once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from ledgers.money import pounds, pounds_for_people
from pooledfund.access import Action, NotAllowed, require, require_partner
from pooledfund.intake.history import Change
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.plan import Plan
from pooledfund.intake.posting import Posting
from pooledfund.intake.spend_rows import Extract, read_extract
from pooledfund.intake.tables import Faults
from pooledfund.intake.unit_slips import NO_SLIPS, UnitSlips, refuse_too_large, unit_slips
from pooledfund.pool import Pool

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Handing:
    """What is said beside a file: its months and control totals, and what of it is taken that asks for a second look.

    Amounts are pence. Without ``months`` they are those that the rows are dated in.
    """

    months: Collection[int] = ()
    control_total_pence: int | None = None
    control_rows: int | None = None
    accept_changes: bool = False
    reverse_missing: bool = False
    accept_amounts: bool = False


@dataclass(frozen=True, slots=True)
class SuspenseItem:
    """A row whose code no line claims, waiting on the suspense line."""

    file_row: int
    code: str
    reference: str
    description: str
    cost_pence: int


@dataclass(frozen=True, slots=True)
class LineTotal:
    """What a file posts on one line, None for suspense: rows and cost in pence."""

    scheme: str | None
    rows: int
    cost_pence: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a ledger extract, or of a dry run what would: then it has no batch."""

    file: str
    batch: int | None
    rows: int
    ignored: int
    posted: int
    already_there: int
    reversals: int
    total_pence: int
    lines: tuple[LineTotal, ...] = ()
    suspense: tuple[SuspenseItem, ...] = ()
    changes: tuple[Change, ...] = ()
    missing: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    repeated_batch: int | None = None
    unit_slips: UnitSlips = NO_SLIPS

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
            "lines": [
                {"scheme": each.scheme, "rows": each.rows, "cost": pounds(each.cost_pence)} for each in self.lines
            ],
            "suspense": [
                {"row": each.file_row, "reference": each.reference, "code": each.code, "cost": pounds(each.cost_pence)}
                for each in self.suspense
            ],
            "changes": [each.as_json() for each in self.changes],
            "missing": [each.as_json() for each in self.missing],
            "notes": list(self.notes),
            "too_large": list(self.unit_slips.too_large),
            "too_small": list(self.unit_slips.too_small),
        }


def import_actuals(
    pool: Pool,
    path: Path,
    ledger_map: LedgerMap | None = None,
    progress: Progress = lambda _: None,
    handing: Handing = Handing(),
) -> Imported:
    """Import a partner's ledger extract into the actual book.

    A row's cost is net plus the VAT that the spending body does not recover. Spend without a contribution is
    apportioned over the line's contributions by current budget on its effective day. An accrual is posted with
    its reversal on the first day of the month after its own. A code that no line claims goes to suspense and is
    listed. A file that was imported before changes nothing, nor does a row that is in the books already; a line that
    changed since is reversed and posted anew where that is accepted. The file is the partner's submission of its
    months and takes the place of any estimate.

    Raises:
        NotAllowed: the person may not import.
        FileRefused: with every fault of the file, or control totals that do not agree.
        ChangesNotAccepted: with every line that was in the books with other content.
        AmountsNotAccepted: with every line whose amounts look like a slip of units.
        LedgerRefusal: a month that takes nothing.
    """
    require(pool.actor, Action.IMPORT)
    progress(f"Reading {path.name}")
    extract = read_extract(path, pool.agreement, ledger_map)
    # Worked out in the transaction that posts it, so that a file handed in twice at once is imported once.
    with pool.writing(Action.IMPORT) as writing:
        for kept in pool.books.batches(digest=extract.digest):
            return Imported(path.name, None, len(extract.rows), extract.ignored, 0, 0, 0, 0, repeated_batch=kept.number)
        plan = _planned(pool, extract, handing, progress)
        if not handing.accept_changes:
            plan.refuse_changes()
        plan.accept()
        slips = unit_slips(plan)
        if not handing.accept_amounts:
            refuse_too_large(path.name, slips)
        progress(f"Posting {len(plan.new):,} entries")
        posting = Posting(plan, writing)
        taken_out = plan.missing if handing.reverse_missing else ()
        batch = posting.post(taken_out, handing.control_total_pence)
    return _imported(plan, batch, posting.reversals, slips)


def preview_actuals(
    pool: Pool, path: Path, ledger_map: LedgerMap | None = None, handing: Handing = Handing()
) -> Imported:
    """What an import would do, by line, with suspense and with the lines that changed: nothing is posted.

    Raises:
        NotAllowed: the person may not import.
        FileRefused: with every fault of the file, or control totals that do not agree.
    """
    require(pool.actor, Action.IMPORT)
    extract = read_extract(path, pool.agreement, ledger_map)
    for kept in pool.books.batches(digest=extract.digest):
        return Imported(path.name, None, len(extract.rows), extract.ignored, 0, 0, 0, 0, repeated_batch=kept.number)
    plan = _planned(pool, extract, handing, lambda _: None)
    plan.accept()
    return _imported(plan, None, len(plan.to_reverse), unit_slips(plan))


def _planned(pool: Pool, extract: Extract, handing: Handing, progress: Progress) -> Plan:
    _check_partners(pool, extract)
    _check_control(extract, handing)
    progress(f"Working out {len(extract.rows):,} rows")
    plan = Plan(pool, extract, handing.months)
    plan.take()
    return plan


def _check_partners(pool: Pool, extract: Extract) -> None:
    faults = Faults(extract.found.sheet.path)
    for partner in sorted({row.partner for row in extract.rows}):
        try:
            require_partner(pool.actor, Action.IMPORT, partner)
        except NotAllowed as error:
            faults.add(None, str(error))
    faults.raise_if_any()


def _check_control(extract: Extract, handing: Handing) -> None:
    """The partner's own count and total against the whole file, or against the pool's part where rows are ignored."""
    faults = Faults(extract.found.sheet.path)
    spend = sum(row.cost_pence for row in extract.rows)
    totals, counts = {extract.total_pence, spend}, {extract.read, extract.read - extract.ignored}
    if handing.control_total_pence is not None and handing.control_total_pence not in totals:
        stated, found = handing.control_total_pence, extract.total_pence
        part = f" ({pounds_for_people(spend)} of it the pool's)" if len(totals) > 1 else ""
        faults.add(
            None,
            f"the partner's control total is {pounds_for_people(stated)} and the rows add up to "
            f"{pounds_for_people(found)}{part}, {pounds_for_people(stated - found)} apart: ask which is right",
        )
    if handing.control_rows is not None and handing.control_rows not in counts:
        part = f" ({extract.read - extract.ignored:,} of them the pool's)" if len(counts) > 1 else ""
        faults.add(
            None,
            f"the partner counts {handing.control_rows:,} rows and the file has {extract.read:,}{part}: "
            "have it sent again whole",
        )
    faults.raise_if_any()


def _imported(plan: Plan, batch: int | None, reversals: int, slips: UnitSlips) -> Imported:
    extract = plan.extract
    return Imported(
        file=extract.found.sheet.path.name,
        batch=batch,
        rows=len(extract.rows),
        ignored=extract.ignored,
        posted=len(plan.new),
        already_there=len(plan.there) + len(plan.twice),
        reversals=reversals,
        total_pence=sum(each.row.cost_pence for each in plan.new),
        lines=tuple(LineTotal(*each) for each in plan.by_line()),
        suspense=tuple(
            SuspenseItem(row.number, row.code, row.reference, row.description, row.cost_pence)
            for row in (each.row for each in plan.new)
            if row.scheme is None
        ),
        changes=tuple(plan.changes),
        missing=tuple(plan.missing),
        notes=tuple(plan.notes),
        unit_slips=slips,
    )
