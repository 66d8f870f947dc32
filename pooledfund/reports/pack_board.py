"""The first page of a pack as a paper: the position in plain English and what needs the board. Works no figure out."""

from collections.abc import Iterable

from ledgers.money import pounds_for_people
from pooledfund.reports.pack_bridge import bridge_sentence
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.pack_front import key_figures, summary_sentences
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
    for partner, borne in share.overspend_pence.items():
        returned = share.underspend_pence[partner]
        parts = [f"bears {pounds_for_people(borne)} of overspend"] if borne else []
        parts += [f"gets back {pounds_for_people(returned)} of underspend"] if returned else []
        if parts:
            yield f"{figures.partner(partner)} {' and '.join(parts)}, {on}."


def _attention(figures: PackFigures) -> Iterable[str]:
    """What is late, failing, over its budget or undecided."""
    share = figures.monitoring.risk.share
    for side, pence in (
        ("overspend", share.unresolved_overspend_pence),
        ("underspend", share.unresolved_underspend_pence),
    ):
        if pence:
            yield f"The board has to decide who takes {pounds_for_people(pence)} of {side}."
    red = [row for row in figures.monitoring.lines if row.rag.word == "Red"]
    if red:
        named = sorted(red, key=lambda row: -abs(row.line.forecast_variance_pence))[:_NAMED]
        said = "; ".join(
            f"{row.line.scheme} {row.name}, {_variance(row.line.forecast_variance_pence)}" for row in named
        )
        more = f"; and {len(red) - len(named)} more" if len(red) > len(named) else ""
        yield f"{len(red)} {'line is' if len(red) == 1 else 'lines are'} rated Red: {said}{more}."
    for each in figures.contributions.positions:
        if each.overdue_pence:
            owed = pounds_for_people(each.overdue_pence)
            yield f"{figures.partner(each.partner)} owes {owed} of {each.contribution}, which is overdue."
    for result in ("not met", "not evidenced"):
        failing = [f"{each.number} {each.title}" for each in figures.conditions.conditions if each.result == result]
        if failing:
            yield f"National conditions {result}: {'; '.join(failing)}."
    if figures.monitoring.suspense_pence:
        yield f"{pounds_for_people(figures.monitoring.suspense_pence)} of spend waits in suspense for its line."
    late = [each for each in figures.narrative.milestones if each.event and each.overdue]
    if late:
        yield f"{len(late)} milestones are overdue: {', '.join(each.milestone.name for each in late[:_NAMED])}."
    overdue = [action for action in figures.board.open_actions if action.state(figures.board.on) == "overdue"]
    if overdue:
        which = "; ".join(f"{action.id} {action.action} ({action.owner})" for action in overdue[:_NAMED])
        yield f"{len(overdue)} of the board's actions {'is' if len(overdue) == 1 else 'are'} overdue: {which}."
    extreme = [risk for risk in figures.risks if risk.open and risk.rating == "extreme"]
    if extreme:
        yield f"Extreme risks: {'; '.join(f'{risk.id} {risk.description}' for risk in extreme[:_NAMED])}."


_NAMED = 5
"""How many of a kind the first page names."""


def _variance(pence: int) -> str:
    return f"{variance_word(pence)} of {pounds_for_people(abs(pence))}"
