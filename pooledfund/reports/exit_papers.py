"""The exit statement of a pool as a workbook or a paper: what it has, whose that is, and that it casts. No figures."""

from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cell, Money, Table, pounds_columns, summed, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_back import proof_sheet
from pooledfund.reports.pack_proof import proof_section
from pooledfund.reports.paper.paper import Paper
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.exit_statement import ExitStatement, PartnerExit
from s75_rules.clock import day_words


class ExitNotWritten(InputRefused):
    """An exit statement that cannot be written to a file of that name."""


def write_exit(pool: Pool, found: ExitStatement, path: Path) -> Path:
    """Write an exit statement to a file whose name ends in .xlsx or .pdf.

    Raises:
        NotAllowed: the person may not take copies of the pool.
        ExitNotWritten: the name ends otherwise.
        WorkbookNotWritten, PaperNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    provenance = provenance_of_pool(pool, day_words(found.on))
    if path.suffix == ".xlsx":
        book = Book(path, provenance, "Exit statement")
        exit_sheet(book, pool, found)
        proof_sheet(book)
        book.save()
    elif path.suffix == ".pdf":
        paper = Paper(path, provenance, "Exit statement")
        exit_sheet(paper, pool, found)
        proof_section(paper)
        paper.save()
    else:
        raise ExitNotWritten(f"{path}: an exit statement is a workbook or a PDF: let the name end in .xlsx or .pdf")
    return path


def exit_sheet(book: Papers, pool: Pool, found: ExitStatement) -> None:
    """What the pool has and owes, whose the net assets are, and that both come to the same."""
    title = f"Exit: what the pool would come to if it ended on {day_words(found.on)}"
    sheet = book.sheet("Exit", title, [46, *[20] * 10])
    if found.notes:
        sheet.prose(*found.notes)
    has: list[tuple[Cell, ...]] = [
        *((name, Money(pence)) for name, pence in found.assets_pence.items()),
        *((f"less {name}", Money(-pence)) for name, pence in found.liabilities_pence.items()),
    ]
    columns = (*text_columns("What the pool has"), *pounds_columns("Amount"))
    sheet.table(Table("ExitAssets", columns, has, {1: found.net_assets_pence}, "Net assets"))
    sheet.heading("Whose it is: plus is received, minus is owed")
    names = pool.agreement.partners
    whose: list[tuple[Cell, ...]] = [
        (names[each.partner].name, *(Money(pence) for pence in _parts(each))) for each in found.partners
    ]
    columns = (*text_columns("Partner"), *pounds_columns(*_HEADINGS))
    sheet.table(Table("ExitShares", columns, whose, summed(whose, *range(1, 1 + len(_HEADINGS)))))
    sheet.heading("It casts to the books")
    apart: list[tuple[Cell, ...]] = [
        ("Shares of the partners", Money(sum(each.share_pence for each in found.partners))),
        ("Reserves that no partner funded", Money(found.reserves_of_no_partner_pence)),
        ("Interest on late payment, of no partner yet", Money(found.late_interest_pence)),
        ("Unresolved, of no partner yet", Money(found.unresolved_pence)),
        ("In dispute, of no partner yet", Money(found.disputed_pence)),
        ("Difference to the books", Money(found.difference_pence)),
    ]
    columns = (*text_columns("What"), *pounds_columns("Amount"))
    sheet.table(Table("ExitProof", columns, apart, {1: found.net_assets_pence}, "Net assets"))
    sheet.prose(*(f"Open: {each}." for each in (*found.unresolved, *found.disputed)))
    things: list[tuple[Cell, ...]] = [
        (
            asset.name,
            str(asset.value),
            goes if isinstance(goes, str) else "; ".join(f"{names[each].name} {pence}" for each, pence in goes.items()),
        )
        for asset, goes in found.things
    ]
    if things:
        sheet.heading("Things bought with pooled money")
        sheet.table(Table("ExitThings", text_columns("What", "Value", "Goes to"), things))


_HEADINGS = (
    "Contributions beyond budget to date",
    "Overspend still to bear",
    "Underspend returned",
    "Unspent, carried forward",
    "Unspent, to payer of grant",
    "Part of reserves",
    "Share of net assets",
    "Owed by the pool",
    "Owes the pool",
    "Receives",
)


def _parts(each: PartnerExit) -> tuple[int, ...]:
    """The figures of a partner in the order of the headings, each with the sign by which it counts."""
    return (
        each.advance_pence,
        -each.overspend_pence,
        each.underspend_pence,
        each.carried_forward_pence,
        each.to_payer_pence,
        each.reserves_pence,
        each.share_pence,
        each.owed_by_pool_pence,
        -each.owes_pool_pence,
        each.receives_pence,
    )
