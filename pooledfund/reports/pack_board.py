"""The first page of a pack as a paper: the position in plain English and what needs the board. Works no figure out."""

from collections.abc import Iterable, Sequence

from ledgers.money import pounds_for_people
from pooledfund.reports.pack_bridge import bridge_sentence
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.pack_front import counted_words, key_figures, summary_sentences
from pooledfund.reports.paper.paper import Paper
from pooledfund.results.words import variance_word


def board_page(paper: Paper, figures: PackFigures) -> None:
    """One page for a board: where the pool stands and what needs attention; the key figures follow it."""
    section = paper.sheet("Summary", "Summary for the board")
    position, *standing = summary_sentences(figures)
    section.lead(position)
    if figures.bridge:
        section.prose(bridge_sentence(figures.bridge))
    section.heading("Who bears it")
    section.points([*_borne(figures)] or ["No partner bears an overspend or gets back an underspend."])
    section.heading("What needs attention")
    section.points([*_attention(figures)] or ["Nothing in this paper needs a decision."])
    section.heading("How the agreement stands")
    section.points(standing)
    section.new_page()


def key_figures_section(paper: Paper, figures: PackFigures) -> None:
    """The key figures, each with its meaning."""
    section = paper.sheet("Key figures", f"Key figures: {figures.period}")
    section.table(key_figures(figures))


def _borne(figures: PackFigures) -> Iterable[str]:
    share = figures.monitoring.risk.share
    on = "on the forecast" if figures.projected else "on the outturn"
    bearing = {
        partner: (borne, share.underspend_pence[partner])
        for partner, borne in share.overspend_pence.items()
        if borne or share.underspend_pence[partner]
    }
    largest = sorted(bearing, key=lambda partner: -sum(bearing[partner]))[:_PARTNERS]
    for partner in (each for each in bearing if each in largest):
        borne, returned = bearing[partner]
        parts = [f"bears {pounds_for_people(borne)} of overspend"] if borne else []
        parts += [f"gets back {pounds_for_people(returned)} of underspend"] if returned else []
        yield f"{figures.partner(partner)} {' and '.join(parts)}, {on}."
    if len(bearing) > len(largest):
        yield f"{len(bearing) - len(largest)} more partners bear or get back less: see 'Risk position'."


def _attention(figures: PackFigures) -> Iterable[str]:
    """What is undecided, over its budget, failing or late."""
    yield from _undecided(figures)
    yield from _escalated(figures)
    yield from _red(figures)
    yield from _failing(figures)
    yield from _late(figures)
    extreme = [f"{risk.id} {risk.description}" for risk in figures.risks if risk.open and risk.rating == "extreme"]
    if extreme:
        yield f"Extreme risks: {_named(extreme)}."


def _undecided(figures: PackFigures) -> Iterable[str]:
    share = figures.monitoring.risk.share
    for side, unresolved, disputed in (
        ("overspend", share.unresolved_overspend_pence, share.disputed_overspend_pence),
        ("underspend", share.unresolved_underspend_pence, share.disputed_underspend_pence),
    ):
        if unresolved:
            yield f"The board has to decide who takes {pounds_for_people(unresolved)} of {side}."
        for partner, pence in disputed.items():
            yield f"{figures.partner(partner)} disputes {pounds_for_people(pence)} of {side}."


def _escalated(figures: PackFigures) -> Iterable[str]:
    for each in figures.monitoring.escalations:
        yield f"To be escalated: {each.because}"


def _red(figures: PackFigures) -> Iterable[str]:
    red = [row for row in figures.monitoring.lines if row.rag.word == "Red"]
    if red:
        largest = sorted(red, key=lambda row: -abs(row.line.forecast_variance_pence))
        said = [f"{row.line.scheme} {row.name}, {_variance(row.line.forecast_variance_pence)}" for row in largest]
        yield f"{len(red)} {'line is' if len(red) == 1 else 'lines are'} rated Red: {_named(said)}."


def _failing(figures: PackFigures) -> Iterable[str]:
    for basis, tests in figures.conditions.by_basis.items():
        for test in tests:
            if test.result == "not met":
                yield f"Minimum spend not met: {test.title}, on {basis}: {counted_words(test)}."
    for earmark in figures.conditions.earmarks_failed:
        yield f"Earmark not kept: {earmark.earmark.name}, on {earmark.basis}: {earmark.because}"
    for result in ("not met", "not evidenced"):
        found = [each.heading for each in figures.conditions.conditions if each.result == result]
        if found:
            yield f"National conditions {result}: {_named(found)}."


def _late(figures: PackFigures) -> Iterable[str]:
    for each in figures.contributions.positions:
        if each.overdue_pence:
            owed = pounds_for_people(each.overdue_pence)
            yield f"{figures.partner(each.partner)} owes {owed} of {each.contribution}, which is overdue."
    if figures.monitoring.suspense_pence:
        yield f"{pounds_for_people(figures.monitoring.suspense_pence)} of spend waits in suspense for its line."
    milestones = [each.milestone.name for each in figures.narrative.milestones if each.event and each.overdue]
    if milestones:
        yield f"Milestones overdue: {_named(milestones)}."
    board = figures.board
    actions = [f"{each.id} {each.action} ({each.owner})" for each in board.actions if each.state(board.on) == "overdue"]
    if actions:
        yield f"Actions of the board overdue: {_named(actions)}."


def _named(several: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(several) - _NAMED
    return "; ".join(several[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


_PARTNERS = 12
"""How many partners the first page names: what it leaves out is in the risk position."""
_NAMED = 5
"""How many of a kind the first page names."""


def _variance(pence: int) -> str:
    return f"{variance_word(pence)} of {pounds_for_people(abs(pence))}"
