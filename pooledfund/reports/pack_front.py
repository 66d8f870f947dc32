"""The first sheet of a pack: the position in plain English, each key figure with its meaning. Works no figure out."""

from collections.abc import Iterable

from ledgers.money import percent, pounds_for_people
from pooledfund.reports.cells import Cell, Column, Money, Table, pounds_columns, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.results.standing import standing_of
from pooledfund.results.words import rag_of, variance_word
from s75_rules.conditions import MinimumTest


def summary_sheet(book: Papers, figures: PackFigures) -> None:
    """One page for a board: the position in words, then each key figure with its meaning."""
    sheet = book.sheet("Summary", f"{figures.monitoring.title}: {figures.period}", [40, 20, 92, 20])
    sheet.prose(*summary_sentences(figures))
    sheet.table(key_figures(figures))


def key_figures(figures: PackFigures) -> Table:
    """Each key figure with its meaning: the position, who bears it, contributions, conditions."""
    columns = (Column("Subject"), *pounds_columns("Amount"), *text_columns("In words", "Basis"))
    rows = [*_position(figures), *_borne(figures), *_contributions(figures), *_conditions(figures)]
    return Table("Summary", columns, rows)


def summary_sentences(figures: PackFigures) -> Iterable[str]:
    """The position of the pool in plain English, and how its agreement stands."""
    lines = figures.monitoring.pooled_lines
    current = sum(line.current_pence for line in lines)
    variance = sum(line.forecast_variance_pence for line in lines)
    share = percent(abs(variance), current)
    outcome = "is forecast to" if figures.projected else "ended the year with an"
    if variance == 0:
        yield f"At {figures.period} the pool is on its budget of {pounds_for_people(current)}."
    elif figures.projected:
        verb = "overspend" if variance > 0 else "underspend"
        yield (
            f"At the end of {figures.period} the pool {outcome} {verb} by {pounds_for_people(abs(variance))}, "
            f"{share}% of its current budget of {pounds_for_people(current)}."
        )
    else:
        yield (
            f"The pool {outcome} {variance_word(variance)} of {pounds_for_people(abs(variance))}, "
            f"{share}% of its current budget of {pounds_for_people(current)}."
        )
    yield signatures(figures)
    standing = standing_of(figures.pool.agreement)
    if standing.placeholders:
        yield f"{standing.placeholders} texts of the agreement hold a place that was to be filled in."
    yield from standing.lines[1:]
    if figures.monitoring.illustrative:
        yield "Some figures are illustrative, not published or agreed ones: the Basis column of each table says which."


def signatures(figures: PackFigures) -> str:
    """The status of the agreement, who has signed and whose signature is not recorded."""
    header = figures.pool.agreement.header
    signed = [f"{figures.partner(each)} on {day.day} {day:%B %Y}" for each, day in header.signed.items()]
    missing = [each.name for each in figures.pool.agreement.signatories() if each.id not in header.signed]
    signed_words = f"Signed by {'; '.join(signed)}." if signed else "No signature is recorded."
    missing_words = f" No signature recorded of {'; '.join(missing)}." if missing and signed else ""
    return f"The agreement (version {header.version}) is {header.status}. {signed_words}{missing_words}"


def _position(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    lines, basis = figures.monitoring.pooled_lines, figures.basis
    current = sum(line.current_pence for line in lines)
    to_date = sum(line.variance_to_date_pence for line in lines)
    variance = sum(line.forecast_variance_pence for line in lines)
    rag = rag_of(current, variance)
    counts = {word: sum(row.rag.word == word for row in figures.monitoring.lines) for word in ("Red", "Amber", "Green")}
    ratings = ", ".join(f"{count} {word}" for word, count in counts.items())
    yield "Current budget", Money(current), f"{len(lines)} lines of pooled funds", basis
    yield "Budget to date", Money(sum(line.to_date_budget_pence for line in lines)), "by each line's profile", basis
    actual = sum(line.actual_pence for line in lines)
    yield (
        "Actual to date",
        Money(actual),
        f"{variance_word(to_date)} to date of {pounds_for_people(abs(to_date))}",
        basis,
    )
    outturn = sum(line.forecast_pence for line in lines)
    yield "Forecast outturn" if figures.projected else "Outturn", Money(outturn), "all pooled lines", basis
    yield "Variance", Money(variance), f"{rag.word}: {rag.because}", basis
    yield "Lines by rating", None, ratings, basis
    suspense = figures.monitoring.suspense_pence
    word = "spend that no line claims yet, in no line's actual" if suspense else "nothing waits for a line"
    yield "Suspense", Money(suspense), word, "as recorded"


def _borne(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    share, basis = figures.monitoring.risk.share, figures.basis
    on = "projected on the forecast, posts nothing" if figures.projected else "on the outturn"
    for partner, borne in share.overspend_pence.items():
        returned = share.underspend_pence[partner]
        if borne or returned:
            words = (
                f"bears {pounds_for_people(borne)} of overspend and gets back {pounds_for_people(returned)} "
                f"of underspend, {on}"
            )
            yield f"Borne by {figures.partner(partner)}", Money(borne - returned), words, basis
    for reserve, change in share.reserves_pence.items():
        if change:
            yield f"Reserve {reserve}", Money(change), f"{'drawn on' if change < 0 else 'added to'}, {on}", basis
    for contribution, pence in share.carried_forward_pence.items():
        yield f"Carried forward, {contribution}", Money(pence), f"stays with its contribution, {on}", basis
    for contribution, pence in share.returned_to_funder_pence.items():
        yield f"Returned to the payer, {contribution}", Money(pence), f"unspent grant, {on}", basis
    for side, pence in (
        ("overspend", share.unresolved_overspend_pence),
        ("underspend", share.unresolved_underspend_pence),
    ):
        if pence:
            yield f"Unresolved {side}", Money(pence), "for the board to decide", basis


def _contributions(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    positions = figures.contributions.positions
    basis = "illustrative in part" if any(each.illustrative for each in positions) else "as agreed"
    due, received = sum(each.due_pence for each in positions), sum(each.received_pence for each in positions)
    yield "Contributions due to date", Money(due), f"received {pounds_for_people(received)}", basis
    late = [each for each in positions if each.overdue_pence]
    words = [
        f"{figures.partner(each.partner)}, {each.contribution}, {pounds_for_people(each.overdue_pence)}"
        for each in late
    ]
    yield "Overdue", Money(sum(each.overdue_pence for each in late)), "; ".join(words) or "nothing is overdue", basis


def _conditions(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    report = figures.conditions
    basis = figures.pool.agreement.minimums.basis or "as agreed"
    for each in (test for tests in report.tests.values() for test in tests):
        headroom = Money(each.headroom_pence) if each.headroom_pence is not None else None
        yield (
            f"{each.title}, on {each.basis}",
            headroom,
            f"{each.result}: {counted_words(each)}; the amount is the headroom",
            basis,
        )
    good = ("met", "evidenced")
    open_ones = [f"{each.heading} ({each.result})" for each in report.conditions if each.result not in good]
    if report.unknown_said and not report.conditions:
        yield "National conditions", None, report.unknown_said, "not tested"
        return
    words = f"{len(report.conditions) - len(open_ones)} of {len(report.conditions)} met or evidenced"
    yield "National conditions", None, f"{words}{'; ' if open_ones else ''}{'; '.join(open_ones)}", "as agreed"


def counted_words(test: MinimumTest) -> str:
    """What a minimum test counts and what it requires, in words."""
    counted = "cannot be told" if test.planned_pence is None else pounds_for_people(test.planned_pence)
    return f"{counted} counted, {test.required or 'no amount stated'} required"
