"""The quarterly pack as a paper for the board: an accessible PDF of the workbook's own figures. Lays out no page."""

from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.pool import Pool
from pooledfund.reports.pack import PackSummary, summary_of
from pooledfund.reports.pack_back import about_sheet
from pooledfund.reports.pack_board import board_page, key_figures_section
from pooledfund.reports.pack_bridge import bridge_sheet
from pooledfund.reports.pack_charts import bridge_chart, chart_section
from pooledfund.reports.pack_close import close_sheet
from pooledfund.reports.pack_decisions import decisions_sheet
from pooledfund.reports.pack_figures import PackFigures, figures_of
from pooledfund.reports.pack_money import contributions_sheet, memorandum_sheet
from pooledfund.reports.pack_monitoring import monitoring_sheet, who_bears_sheet
from pooledfund.reports.pack_narrative import commentary_sheet, measures_sheet, milestones_sheet
from pooledfund.reports.pack_proof import proof_section
from pooledfund.reports.pack_risk import conditions_sheets, risk_sheets
from pooledfund.reports.pack_risks import risks_sheet
from pooledfund.reports.paper.paper import Paper
from pooledfund.reports.partner_edition import edition_of
from pooledfund.reports.provenance import provenance_of_pool


def write_pack_pdf(pool: Pool, month: int, path: Path, as_of: int | None = None) -> PackSummary:
    """Write the pack of a month as a PDF, now or as the books stood at an event; the same event gives the same bytes.

    Raises:
        NotAllowed: the person may not take copies of the pool.
        CastingFailed: a total is not the sum of its parts, or two ways of adding up differ; nothing is written.
        PaperNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    figures = figures_of(pool, month, as_of)
    paper = Paper(path, provenance_of_pool(figures.pool, figures.period, figures.as_of), "Quarterly pack")
    board_page(paper, figures)
    _contents(paper)
    key_figures_section(paper, figures)
    chart_section(paper, figures)
    monitoring_sheet(paper, figures)
    commentary_sheet(paper, figures)
    who_bears_sheet(paper, figures)
    bridge_sheet(paper, figures)
    if figures.bridge:
        bridge_chart(paper.last, figures.bridge)
    risk_sheets(paper, figures)
    contributions_sheet(paper, figures)
    memorandum_sheet(paper, figures)
    conditions_sheets(paper, figures)
    measures_sheet(paper, figures)
    milestones_sheet(paper, figures)
    risks_sheet(paper, figures)
    decisions_sheet(paper, figures)
    close_sheet(paper, figures)
    return finished_paper(paper, figures, "pack")


def write_partner_edition_pdf(
    pool: Pool, partner: str, month: int, path: Path, as_of: int | None = None
) -> PackSummary:
    """Write one partner's edition of the pack as a PDF, from the same parts as the workbook.

    Raises:
        NotAllowed: the person may not take copies of this partner's figures.
        PartnerNotKnown: the agreement has no such partner.
        CastingFailed: a total is not the sum of its parts, or two ways of adding up differ; nothing is written.
        PaperNotWritten: the file cannot be saved.
    """
    edition = edition_of(pool, partner, month, as_of)
    paper = Paper(path, edition.provenance, edition.subject)
    edition.lay_out(paper)
    return finished_paper(paper, edition.figures, "partner edition")


def finished_paper(paper: Paper, figures: PackFigures, what: str, again: str = "") -> PackSummary:
    """Save a paper with its casting proof and what it was made from."""
    proof_section(paper, figures.checks)
    about_sheet(paper, figures, what, again)
    paper.save()
    return summary_of(paper.path, figures, paper.sheet_names, paper.casts)


def _contents(paper: Paper) -> None:
    section = paper.sheet("Contents", "Contents and how to read this paper")
    section.contents()
    section.points(
        [
            "Money is in pounds (£) to the penny in every table; charts are in £000 and their tables hold the pennies.",
            "Plus is overspend, minus is underspend; every variance is also said in words.",
            "Red, Amber and Green are written as words wherever a colour stands.",
            "The basis of a figure says whether it was agreed, published, or is illustrative.",
            "Every page names the event and head of the books: with them the paper can be made again and checked.",
        ]
    )
