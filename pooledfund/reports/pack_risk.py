"""The sheets of a pack on risk and conditions: who bears what and why, minimum tests. Works no figure out."""

from collections.abc import Iterable

from pooledfund.reports.cells import Cell, Column, Money, Table, basis_word, pounds_columns, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.results.conditions import ConditionsReport
from pooledfund.results.met import how_met
from s75_rules.amounts import Amount
from s75_rules.trace import Step


def risk_sheets(book: Papers, figures: PackFigures) -> None:
    """What each partner bears, what became of the variance, and the sentence behind every step."""
    label = risk_label(figures)
    share = figures.monitoring.risk.share
    sheet = book.sheet("Risk position", "Risk position: who bears the variance", [50, 26, 26, 44, 18])
    sheet.prose(label)
    partners: list[tuple[Cell, ...]] = [
        (
            figures.partner(partner),
            Money(borne),
            Money(share.underspend_pence[partner]),
            in_words(borne, share.underspend_pence[partner]),
            figures.basis,
        )
        for partner, borne in share.overspend_pence.items()
    ]
    columns = (
        Column("Partner"),
        *pounds_columns("Overspend borne", "Underspend returned"),
        *text_columns("In words", "Basis"),
    )
    totals: dict[int, int | str] = {
        1: sum(share.overspend_pence.values()),
        2: sum(share.underspend_pence.values()),
    }
    sheet.table(Table("BorneByPartner", columns, partners, totals))
    sheet.heading("Reserves, and money that stays with its grant or contribution")
    columns = (*text_columns("What"), *pounds_columns("Change"), *text_columns("Kind", "In words", "Basis"))
    sheet.table(Table("ReservesAndCarried", columns, list(kept_rows(figures))))
    sheet.heading("Proof: what became of the variance")
    met: list[tuple[Cell, ...]] = [(row.what, Money(row.pence), figures.basis) for row in how_met(share)]
    sheet.prose("Plus meets an overspend, minus uses an underspend; together they are the variance to the penny.")
    columns = (*text_columns("What became of it"), *pounds_columns("Amount"), Column("Basis"))
    proof = Table("Proof", columns, met, {1: share.variance_pence}, "Variance: outturn less current budget")
    sheet.table(proof)
    trace_sheet(book, figures, share.trace, label)


def risk_label(figures: PackFigures) -> str:
    """Whether the position is projected on a forecast or rests on the outturn."""
    if figures.projected:
        return f"Projected at {figures.period}: worked out on the forecast; nothing is posted and no reserve moves."
    return "Worked out on the outturn of the year."


def in_words(borne: int, returned: int) -> str:
    """What a partner bears and gets back, in pence, as words."""
    if borne and returned:
        return "bears an overspend and gets back an underspend"
    if borne or returned:
        return "bears an overspend" if borne else "gets back an underspend"
    return "bears nothing"


def kept_rows(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    """What reserves, grants and contributions take of the variance, and what is of no partner yet."""
    agreement, share = figures.pool.agreement, figures.monitoring.risk.share
    for reserve, pence in share.reserves_pence.items():
        word = "drawn on" if pence < 0 else "added to" if pence else "not touched"
        held = agreement.reserves[reserve]
        yield (
            held.name or reserve,
            Money(pence),
            "reserve",
            f"{word}; {held.held.replace('_', ' the ', 1)}",
            basis_word(held.basis),
        )
    for contribution, pence in share.carried_forward_pence.items():
        yield (
            contribution,
            Money(pence),
            "carried forward",
            "unspent, stays with its contribution",
            figures.contribution_basis(contribution),
        )
    for contribution, pence in share.returned_to_funder_pence.items():
        yield (
            contribution,
            Money(pence),
            "returned to the payer",
            "unspent grant",
            figures.contribution_basis(contribution),
        )
    for side, pence in (
        ("overspend", share.unresolved_overspend_pence),
        ("underspend", share.unresolved_underspend_pence),
    ):
        if pence:
            yield (
                f"Unresolved {side}",
                Money(pence),
                "for the board to decide",
                "no decision is recorded yet",
                figures.basis,
            )
    for side, disputed in (
        ("overspend", share.disputed_overspend_pence),
        ("underspend", share.disputed_underspend_pence),
    ):
        for partner, pence in disputed.items():
            yield (
                f"Disputed {side} of {figures.partner(partner)}",
                Money(pence),
                "in dispute",
                "visible, and not settled until the dispute is",
                figures.basis,
            )


def trace_sheet(book: Papers, figures: PackFigures, steps: Iterable[Step], label: str) -> None:
    """Steps of the risk share, each with its clause, its amount and the sentence that says why."""
    sheet = book.sheet("Risk explained", "Risk explained: every step with its clause", [24, 18, 11, 26, 18, 96, 14])
    sheet.prose(label)
    rows: list[tuple[Cell, ...]] = [
        (
            step.clause or "before the clauses",
            step.step,
            step.scheme or "several",
            figures.partner(step.partner) if step.partner else "none",
            Money(step.amount_pence),
            step.because,
            figures.line_basis(step.scheme) if step.scheme else figures.basis,
        )
        for step in steps
    ]
    columns = (
        *text_columns("Clause", "Step", "Line", "Partner"),
        *pounds_columns("Amount"),
        *text_columns("Because", "Basis"),
    )
    sheet.table(Table("Trace", columns, rows))


def conditions_sheets(book: Papers, figures: PackFigures) -> None:
    """The year's national conditions with their evidence, and the minimum tests on each basis."""
    report = figures.conditions
    known = (
        f"Conditions of {report.year}. One without a line or a statement is 'not evidenced', which is not a failure."
        if report.unknown_said is None
        else report.unknown_said
    )
    sheet = book.sheet("Conditions", "National conditions", [5, 30, 9, 14, 16, 30, 50, 22, 10])
    sheet.prose(known, "Money is never added up over the lines that a condition is tagged on: they may overlap.")
    conditions: list[tuple[Cell, ...]] = [
        (
            str(each.number or ""),
            each.title,
            each.kind,
            each.result,
            ", ".join(each.lines) or "none",
            each.statement,
            each.because,
            each.reference,
            each.certainty,
        )
        for each in report.conditions
    ]
    headings = ("No.", "Condition", "Kind", "Result", "Lines tagged", "Statement", "Because", "Source", "Source is")
    sheet.table(Table("Conditions", text_columns(*headings), conditions))
    sheet = book.sheet("Minimum tests", "Minimum spend tests", [28, 18, 16, 16, 16, 10, 44, 24, 10, 11])
    sheet.prose(known, *report.warnings)
    tests: list[tuple[Cell, ...]] = [
        (
            test.title,
            basis,
            _amount(test.required),
            "cannot tell" if test.planned_pence is None else Money(test.planned_pence),
            "cannot tell" if test.headroom_pence is None else Money(test.headroom_pence),
            test.result,
            test.because,
            test.reference,
            test.certainty,
            basis_word(figures.pool.agreement.minimums.basis),
        )
        for basis, several in report.by_basis.items()
        for test in several
    ]
    columns = (
        *text_columns("Test", "On"),
        *pounds_columns("Required", "Counted", "Headroom"),
        *text_columns("Result", "Because", "Source", "Source is", "Basis"),
    )
    sheet.table(Table("MinimumTests", columns, tests))
    if report.earmarks:
        _earmarks_sheet(book, report)


def _earmarks_sheet(book: Papers, report: ConditionsReport) -> None:
    """What the agreement sets apart for some lines, held against each basis."""
    sheet = book.sheet("Earmarks", "Earmarks of the agreement", [28, 12, 10, 16, 16, 16, 11, 60, 24])
    sheet.prose("Money of some sources that is for named lines: at least, or at most, so much. Plus is headroom.")
    rows: list[tuple[Cell, ...]] = [
        (
            test.earmark.name,
            basis,
            "at most" if test.is_ceiling else "at least",
            *(
                "cannot tell" if pence is None else Money(pence)
                for pence in (test.limit_pence, test.counted_pence, test.headroom_pence)
            ),
            test.result,
            test.because,
            test.earmark.reference,
        )
        for basis, tests in report.earmarks.items()
        for test in tests
    ]
    columns = (
        *text_columns("Earmark", "On", "Limit is"),
        *pounds_columns("Limit", "Counted", "Headroom"),
        *text_columns("Result", "Because", "Source"),
    )
    sheet.table(Table("Earmarks", columns, rows))


def _amount(amount: Amount | None) -> Cell:
    if amount is None:
        return "not stated"
    return str(amount) if amount.exact_pence is None else Money(amount.exact_pence)
