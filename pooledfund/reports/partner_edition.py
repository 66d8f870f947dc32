"""The partner edition of the quarterly pack: the pool's own figures, narrowed to one partner. Works no figure out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ledgers.money import pounds_for_people
from pooledfund.access import Action, require_partner
from pooledfund.pool import Pool
from pooledfund.reports.cells import CastingFailed, Cell, Column, Money, Table, pounds_columns, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack import PackSummary, finished
from pooledfund.reports.pack_figures import PackFigures, figures_of
from pooledfund.reports.pack_front import signatures
from pooledfund.reports.pack_money import contributions_sheet
from pooledfund.reports.pack_monitoring import monitoring_sheet
from pooledfund.reports.pack_narrative import narrative_sheets
from pooledfund.reports.pack_risk import conditions_sheets, in_words, risk_label, trace_sheet
from pooledfund.reports.partner_statements import statement_sheets
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book, Provenance
from pooledfund.results.casting import Check
from pooledfund.results.partner_statement import PartnerStatement, partner_statement
from pooledfund.results.words import variance_word


def write_partner_edition(pool: Pool, partner: str, month: int, path: Path, as_of: int | None = None) -> PackSummary:
    """Write what one partner needs of the pack of a month, from the same figures as the pool's own pack.

    Raises:
        NotAllowed: the person may not take copies of this partner's figures.
        PartnerNotKnown: the agreement has no such partner.
        CastingFailed: a total is not the sum of its parts, or two ways of adding up differ; nothing is written.
        WorkbookNotWritten: the file cannot be saved.
    """
    edition = edition_of(pool, partner, month, as_of)
    book = Book(path, edition.provenance, edition.subject)
    edition.lay_out(book)
    return finished(book, edition.figures, "partner edition")


@dataclass(frozen=True, slots=True)
class Edition:
    """One partner's part of a pack: the pool's figures, those figures narrowed to it, and its statement."""

    whole: PackFigures
    figures: PackFigures
    statement: PartnerStatement

    @property
    def provenance(self) -> Provenance:
        """Where its figures come from."""
        return provenance_of_pool(self.figures.pool, self.figures.period, self.figures.as_of)

    @property
    def subject(self) -> str:
        """What it is and whose."""
        return f"Partner edition of the quarterly pack for {self.figures.partner(self.statement.partner)}"

    def lay_out(self, papers: Papers) -> None:
        """Write its parts to a workbook or a paper."""
        figures, partner = self.figures, self.statement.partner
        _summary_sheet(papers, figures, self.statement)
        contributions_sheet(papers, figures)
        monitoring_sheet(papers, figures, "Total of its lines")
        _share_sheet(papers, self.whole, partner)
        steps = [each for each in self.whole.monitoring.risk.share.trace if each.partner == partner]
        trace_sheet(papers, self.whole, steps, risk_label(self.whole))
        conditions_sheets(papers, figures)
        narrative_sheets(papers, figures)
        statement_sheets(papers, figures.pool, self.statement)


def edition_of(pool: Pool, partner: str, month: int, as_of: int | None = None) -> Edition:
    """What one partner's edition shows, at the newest event or at one before it.

    Raises:
        NotAllowed: the person may not take copies of this partner's figures.
        PartnerNotKnown: the agreement has no such partner.
        CastingFailed: two ways of adding up a figure do not agree.
    """
    require_partner(pool.actor, Action.EXPORT, partner)
    whole = figures_of(pool, month, as_of)
    statement = partner_statement(whole.pool, partner, month, whole.as_of)
    return Edition(whole, _narrowed(whole, partner, statement), statement)


def _narrowed(whole: PackFigures, partner: str, statement: PartnerStatement) -> PackFigures:
    """The figures of the pack with only this partner's contributions, the lines it leads and their conditions."""
    lines = tuple(row for row in whole.monitoring.lines if row.lead == partner)
    led = {row.line.scheme for row in lines}
    positions = tuple(each for each in whole.contributions.positions if each.partner == partner)
    comments = tuple(each for each in whole.narrative.comments if each.scheme in led)
    report = whole.conditions
    conditions = replace(
        report,
        conditions=tuple(each for each in report.conditions if not each.lines or led & set(each.lines)),
        tests={
            basis: tuple(each for each in tests if led & set(each.counted_lines))
            for basis, tests in report.tests.items()
        },
        earmarks={
            basis: tuple(each for each in tests if led & set(each.earmark.schemes))
            for basis, tests in report.earmarks.items()
        },
        after_risk_share=tuple(each for each in report.after_risk_share if led & set(each.counted_lines)),
    )
    figures = replace(
        whole,
        monitoring=replace(whole.monitoring, lines=lines),
        contributions=replace(whole.contributions, positions=positions),
        conditions=conditions,
        narrative=replace(whole.narrative, comments=comments, measures=(), milestones=()),
        checks=tuple(_checks(whole, partner, statement)),
    )
    for check in figures.checks:
        if not check.agrees:
            raise CastingFailed(f"{check}; run 'pooledfund verify' and report this")
    return figures


def _checks(whole: PackFigures, partner: str, statement: PartnerStatement) -> Iterable[Check]:
    """This partner's figures against the same figures of the pool, each added up in two ways."""
    own = [each for each in whole.contributions.positions if each.partner == partner]
    yield Check(
        "Contributions due",
        "contributions table of this partner",
        sum(each.due_pence for each in own),
        "its contributions in the pool's memorandum account",
        sum(whole.memorandum.contributions_pence.get(each.contribution, 0) for each in own),
    )
    share = whole.monitoring.risk.share
    yield Check(
        "Share of the variance",
        "what it bears line by line",
        sum(_borne(whole, partner).values()),
        "overspend borne less underspend returned in the pool's risk position",
        share.overspend_pence[partner] - share.underspend_pence[partner],
    )
    yield Check(
        "Spend incurred",
        "memorandum account of this partner",
        statement.total_pence("spend incurred"),
        "its spend in the pool's memorandum account",
        whole.memorandum.spend_by_partner_pence.get(partner, 0),
    )
    yield Check(
        "Net cost",
        "ledger of this partner with what moved between partners",
        sum(line.net_pence for line in statement.ledger) + statement.between_partners_pence,
        "its cost in the pool's memorandum account",
        whole.memorandum.cost_by_partner_pence.get(partner, 0),
    )


def _borne(whole: PackFigures, partner: str) -> dict[str, int]:
    """What the partner bears of each line, in pence; below nil what it gets back."""
    borne = whole.monitoring.risk.share.borne_by_line
    return {line: pence for (line, bearer), pence in borne.items() if bearer == partner and pence}


def _summary_sheet(book: Papers, figures: PackFigures, statement: PartnerStatement) -> None:
    name = figures.partner(statement.partner)
    sheet = book.sheet("Summary", f"{name} in {figures.monitoring.title}: {figures.period}", [40, 20, 92, 20])
    sheet.prose(signatures(figures), f"Everything here is the part of {name} in the pool's quarterly pack.")
    columns = (Column("Subject"), *pounds_columns("Amount"), *text_columns("In words", "Basis"))
    sheet.table(Table("Summary", columns, [*_position(figures, statement)]))


def _position(figures: PackFigures, statement: PartnerStatement) -> Iterable[tuple[Cell, ...]]:
    partner, share, basis = statement.partner, figures.monitoring.risk.share, figures.basis
    positions, lines = figures.contributions.positions, [row.line for row in figures.monitoring.lines]
    due, received = sum(each.due_pence for each in positions), sum(each.received_pence for each in positions)
    yield "Contributions due to date", Money(due), f"received {pounds_for_people(received)}", basis
    late = sum(each.overdue_pence for each in positions)
    yield "Overdue", Money(late), "due and not received" if late else "nothing is overdue", basis
    borne, returned = share.overspend_pence[partner], share.underspend_pence[partner]
    yield "Share of overspend", Money(borne), in_words(borne, returned), basis
    yield "Share of underspend", Money(returned), risk_label(figures), basis
    variance = sum(line.forecast_variance_pence for line in lines)
    outturn = sum(line.forecast_pence for line in lines)
    yield "Actual to date of lines it leads", Money(sum(line.actual_pence for line in lines)), _led(len(lines)), basis
    yield "Forecast of lines it leads", Money(outturn), f"on {_led(len(lines))}", basis
    yield "Variance of lines it leads", Money(variance), variance_word(variance), basis
    owes = [each for each in statement.balances if each.owed_by == partner]
    owed = [each for each in statement.balances if each.owed_to == partner]
    for what, several in (("Owed to other partners", owes), ("Owed by other partners", owed)):
        words = "gross, each balance under 'Memorandum account'" if several else "nothing"
        yield what, Money(sum(each.pence for each in several)), words, basis
    yield "Net cost to date", Money(statement.cost_pence), "what it books, line by line in its ledger below", basis
    yield "Held for it", Money(statement.closing_pence), "reserves and carry forward that stay in the pool", basis


def _led(count: int) -> str:
    return f"{count} {'line' if count == 1 else 'lines'}"


def _share_sheet(book: Papers, whole: PackFigures, partner: str) -> None:
    """What the partner bears of each line of the pool, whoever leads it."""
    name = whole.partner(partner)
    sheet = book.sheet("Share", f"What {name} bears, line by line", [12, 34, 28, 18, 18, 34, 14])
    sheet.prose(risk_label(whole), "Plus is an overspend that it bears; minus is an underspend that it gets back.")
    by_line = _borne(whole, partner)
    rows: list[tuple[Cell, ...]] = [
        (
            row.line.scheme,
            row.name,
            whole.partner(row.lead),
            Money(row.line.forecast_variance_pence),
            Money(by_line[row.line.scheme]),
            f"{row.rag.word}: {row.rag.because}",
            whole.line_basis(row.line.scheme),
        )
        for row in whole.monitoring.lines
        if row.line.scheme in by_line
    ]
    share = whole.monitoring.risk.share
    columns = (
        *text_columns("Line", "Name", "Lead"),
        *pounds_columns("Forecast variance", "Borne"),
        *text_columns("RAG and why", "Basis"),
    )
    total = share.overspend_pence[partner] - share.underspend_pence[partner]
    sheet.table(Table("Share", columns, rows, {4: total}))
