"""The papers of a year's end in one workbook or PDF: outturn, accounts, statements, carry forward, exit. No figures."""

from collections.abc import Mapping
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cell, Money, Table, pounds_columns, summed, text_columns
from pooledfund.reports.exit_papers import exit_sheet
from pooledfund.reports.layout import Page, Papers
from pooledfund.reports.pack import PackSummary, finished
from pooledfund.reports.pack_figures import PackFigures, figures_of
from pooledfund.reports.pack_front import summary_sheet
from pooledfund.reports.pack_money import closing_rows, memorandum_sheet
from pooledfund.reports.pack_monitoring import monitoring_sheet
from pooledfund.reports.pack_pdf import finished_paper
from pooledfund.reports.pack_risk import kept_rows, risk_label, risk_sheets
from pooledfund.reports.paper.paper import Paper
from pooledfund.reports.partner_statements import statement_sheets
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.exit_statement import exit_statement
from pooledfund.results.outturn_stages import OutturnStages, outturn_stages
from pooledfund.results.partner_statement import partner_statement

_SUBJECT = "Year-end papers"
_AGAIN = "while the books stand at this event, pooledfund year-end-papers"


class YearEndNotWritten(InputRefused):
    """Year-end papers that cannot be written to a file of that name."""


def write_year_end(pool: Pool, path: Path) -> PackSummary:
    """Write the papers of the year's end from the books as they are, to a name that ends in .xlsx or .pdf.

    Raises:
        NotAllowed: the person may not take copies of the pool.
        CastingFailed: a total is not the sum of its parts, or two ways of adding up differ; nothing is written.
        YearEndNotWritten: the name ends otherwise.
        WorkbookNotWritten, PaperNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    if path.suffix not in (".xlsx", ".pdf"):
        raise YearEndNotWritten(f"{path}: the papers are a workbook or a PDF: let the name end in .xlsx or .pdf")
    figures = figures_of(pool, 12)
    provenance = provenance_of_pool(figures.pool, figures.period, figures.as_of)
    if path.suffix == ".pdf":
        paper = Paper(path, provenance, _SUBJECT)
        _lay_out(paper, figures)
        return finished_paper(paper, figures, "set of papers", _AGAIN)
    book = Book(path, provenance, _SUBJECT)
    _lay_out(book, figures)
    return finished(book, figures, "set of papers", _AGAIN)


def _lay_out(papers: Papers, figures: PackFigures) -> None:
    summary_sheet(papers, figures)
    outturn_sheet(papers, figures)
    monitoring_sheet(papers, figures)
    risk_sheets(papers, figures)
    memorandum_sheet(papers, figures)
    carry_forward_sheet(papers, figures)
    _statements(papers, figures)
    exit_sheet(papers, figures.pool, exit_statement(figures.pool, figures.pool.agreement.year.last_day))


def _statements(papers: Papers, figures: PackFigures) -> None:
    """What each partner books; those that have no part in the money are named in one sentence."""
    partners = figures.pool.agreement.partners
    found = [partner_statement(figures.pool, partner, 12, figures.as_of) for partner in partners]
    booking = [each for each in found if each.ledger or each.account or each.balances]
    for number, statement in enumerate(booking, start=1):
        statement_sheets(papers, figures.pool, statement, str(number))
    nothing = [partners[each.partner].name for each in found if each not in booking]
    if nothing:
        sheet = papers.sheet("No statement", "Partners that book nothing of this pool", [110])
        sheet.prose(f"{'; '.join(nothing)}.")


def outturn_sheet(book: Papers, figures: PackFigures) -> None:
    """The outturn as stated at each stage, by line and by partner, and what the last two stages differ by."""
    stages = outturn_stages(figures.pool, figures.as_of)
    sheet = book.sheet("Outturn", "The outturn as it was stated at each stage", [20, 44, 20, 20, 20, 20, 20])
    if not stages.stages:
        sheet.prose("No stage of the outturn has been stated. What the books say of each line is under 'Monitoring'.")
        return
    said = "; ".join(f"{each.stage} on {each.stated_at[:10]} (event {each.event})" for each in stages.stages)
    sheet.prose(f"Stated: {said}. A difference is the last stage less the one before.")
    names = figures.line_names()
    lines = [each.lines_pence for each in stages.stages]
    _side_by_side(sheet, "OutturnByLine", ("Line", "Name"), names, stages, lines, stages.lines_difference_pence)
    sheet.heading("Net share of each partner: borne less returned")
    partners = {each.id: each.name for each in figures.pool.agreement.partners.values()}
    shares = [each.shares_pence for each in stages.stages]
    headings = ("Partner", "Name")
    _side_by_side(sheet, "OutturnByPartner", headings, partners, stages, shares, stages.shares_difference_pence)


def _side_by_side(
    sheet: Page,
    name: str,
    headings: tuple[str, str],
    names: Mapping[str, str],
    stages: OutturnStages,
    sides: list[Mapping[str, int]],
    differences: Mapping[str, int],
) -> None:
    keys = dict.fromkeys(key for side in sides for key in side)
    rows: list[tuple[Cell, ...]] = [
        (
            key,
            names.get(key, key),
            *(Money(side[key]) if key in side else "not stated" for side in sides),
            *([Money(differences.get(key, 0))] if differences else []),
        )
        for key in keys
    ]
    stated = [each.stage.capitalize() for each in stages.stages] + (["Difference"] if differences else [])
    columns = (*text_columns(*headings), *pounds_columns(*stated))
    sheet.table(Table(name, columns, rows, summed(rows, *range(2, 2 + len(stated)))))


def carry_forward_sheet(book: Papers, figures: PackFigures) -> None:
    """What goes into next year or back to who paid it, by the risk share, and what the pool holds by its books."""
    sheet = book.sheet(
        "Carry forward", "Carry forward: what stays in the pool and what goes back", [50, 26, 26, 44, 18]
    )
    sheet.prose(risk_label(figures))
    columns = (*text_columns("What"), *pounds_columns("Change"), *text_columns("Kind", "In words", "Basis"))
    sheet.table(Table("CarriedByShare", columns, list(kept_rows(figures))))
    sheet.heading("What the pool holds by its books: the opening of next year")
    columns = (*text_columns("Balance", "Held for"), *pounds_columns("Amount"), *text_columns("Basis"))
    held = list(closing_rows(figures))
    sheet.table(Table("HeldByBooks", columns, held, {2: figures.memorandum.closing_pence}, "Closing balance"))
