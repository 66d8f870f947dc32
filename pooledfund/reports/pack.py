"""The quarterly pack: one workbook for the board, from the books at the end of a month. Lays out no sheet itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledgers.money import pounds
from pooledfund.access import Action, require
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cast
from pooledfund.reports.pack_back import about_sheet, proof_sheet
from pooledfund.reports.pack_bridge import bridge_sheet
from pooledfund.reports.pack_close import close_sheet
from pooledfund.reports.pack_decisions import decisions_sheet
from pooledfund.reports.pack_figures import PackFigures, figures_of
from pooledfund.reports.pack_front import summary_sheet
from pooledfund.reports.pack_money import contributions_sheet, memorandum_sheet
from pooledfund.reports.pack_monitoring import chart_sheets, monitoring_sheet, who_bears_sheet
from pooledfund.reports.pack_narrative import narrative_sheets
from pooledfund.reports.pack_risk import conditions_sheets, risk_sheets
from pooledfund.reports.pack_risks import risks_sheet
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.casting import Check


@dataclass(frozen=True, slots=True)
class PackSummary:
    """What was written: where, of which period and event, its sheets, and the totals and proofs that it shows."""

    path: Path
    pool: str
    period: str
    event: int
    head: str
    sheets: tuple[str, ...]
    casts: tuple[Cast, ...]
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, object]:
        """What was written and its proofs, with money in pounds as text."""
        return {
            "file": str(self.path),
            "period": self.period,
            "event": self.event,
            "head": self.head,
            "sheets": list(self.sheets),
            "totals": [
                {
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "what": each.what,
                    "parts": each.parts,
                    "sum": pounds(each.pence),
                }
                for each in self.casts
            ],
            "proofs": [
                {"what": each.what, each.left: pounds(each.left_pence), each.right: pounds(each.right_pence)}
                for each in self.checks
            ],
        }


def write_pack(pool: Pool, month: int, path: Path, as_of: int | None = None) -> PackSummary:
    """Write the pack of a month, now or as the books stood at an event; the same event gives the same bytes.

    Raises:
        NotAllowed: the person may not take copies of the pool.
        CastingFailed: a total is not the sum of its parts, or two ways of adding up differ; nothing is written.
        WorkbookNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    figures = figures_of(pool, month, as_of)
    book = Book(path, provenance_of_pool(figures.pool, figures.period, figures.as_of), "Quarterly pack")
    summary_sheet(book, figures)
    monitoring_sheet(book, figures)
    who_bears_sheet(book, figures)
    chart_sheets(book, figures)
    bridge_sheet(book, figures)
    risk_sheets(book, figures)
    conditions_sheets(book, figures)
    narrative_sheets(book, figures)
    risks_sheet(book, figures)
    decisions_sheet(book, figures)
    contributions_sheet(book, figures)
    memorandum_sheet(book, figures)
    close_sheet(book, figures)
    return finished(book, figures, "pack")


def finished(book: Book, figures: PackFigures, what: str, again: str = "") -> PackSummary:
    """Save a pack or edition with its casting proof and what it was made from."""
    proof_sheet(book, figures.checks)
    about_sheet(book, figures, what, again)
    book.save()
    return summary_of(book.path, figures, book.sheet_names, book.casts)


def summary_of(path: Path, figures: PackFigures, sheets: tuple[str, ...], casts: Sequence[Cast]) -> PackSummary:
    """What was written to a file from these figures."""
    head = figures.pool.books.head(figures.as_of)
    return PackSummary(
        path=path,
        pool=figures.pool.agreement.id,
        period=figures.period,
        event=head.number,
        head=head.hash,
        sheets=sheets,
        casts=tuple(casts),
        checks=figures.checks,
    )
