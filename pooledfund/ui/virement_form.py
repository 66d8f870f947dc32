"""A virement at a page: what it would do, then made or agreed once. Moves no budget itself."""

from datetime import date

import streamlit as st

from ledgers.money import pounds_for_people
from pooledfund.access import Action
from pooledfund.control.virements import (
    Virement,
    VirementEffect,
    VirementRefused,
    agree_virement,
    make_virement,
    virement_effect,
)
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.figures import Unit
from pooledfund.ui.forms import pence_of, text_of
from pooledfund.ui.frame import Here, given, nothing, perform, put
from pooledfund.ui.html import Cell, Heading, Row

_FORM = "virement"


def show_virement(here: Here) -> None:
    """The fields of a virement, its effect as soon as they are filled, and the buttons that the role covers."""
    _fields(here)
    effective = given(_FORM, "effective")
    if not (text_of(_FORM, "amount") and text_of(_FORM, "minute") and isinstance(effective, date)):
        nothing("Fill in the amount, the day and the minute to see what the virement would do.", "Nothing moves yet.")
        return
    try:
        proposed = _proposed(effective)
        effect = virement_effect(here.open(), proposed)
    except REFUSALS as refusal:
        put(html.steps([("Not allowed:", sentence) for sentence in str(refusal).splitlines()]))
        return
    _show_effect(effect, here.unit)
    if effect.breaks:
        return
    if here.may(Action.VIRE):
        st.button("Make the virement", type="primary", on_click=_make, args=(proposed, here.pool.head.number))
    if here.may(Action.AGREE):
        read = here.pool.head.number
        st.button("Agree to this virement for your body", type="primary", on_click=_agree, args=(proposed, read))


def _fields(here: Here) -> None:
    schemes, contributions = here.agreement.schemes, here.agreement.contributions
    gives, gets, within = st.columns(3)
    Drafted(_FORM).choice(
        "from", "Line that gives", list(schemes), lambda each: f"{each}: {schemes[each].name}", place=gives
    )
    Drafted(_FORM).choice(
        "to",
        "Line that gets",
        list(schemes),
        lambda each: f"{each}: {schemes[each].name}",
        place=gets,
        index=min(1, len(schemes) - 1),
    )
    Drafted(_FORM).choice(
        "contribution",
        "Contribution whose budget moves",
        list(contributions),
        lambda each: f"{each}: {here.agreement.partners[contributions[each].partner].name}",
        place=within,
        hint=help_for("contribution", "ring-fenced"),
    )
    amount, day, minute = st.columns(3)
    Drafted(_FORM).text("amount", "Amount, £", place=amount, help=help_for("virement"))
    Drafted(_FORM).day("effective", "Effective from", here.year.first_day, here.year.month_ends(12), place=day)
    Drafted(_FORM).text("minute", "Minute that approved it", place=minute)


def _proposed(effective: date) -> Virement:
    return Virement(
        text_of(_FORM, "from"),
        text_of(_FORM, "to"),
        text_of(_FORM, "contribution"),
        pence_of(_FORM, "amount", "Amount"),
        effective,
        text_of(_FORM, "minute"),
    )


def _show_effect(effect: VirementEffect, unit: Unit) -> None:
    rows = [
        Row(
            Cell(scheme),
            (
                html.money(pence, unit),
                html.money(effect.lines_after_pence[scheme] - pence, unit),
                html.money(effect.lines_after_pence[scheme], unit),
            ),
        )
        for scheme, pence in effect.lines_before_pence.items()
    ]
    columns = (Heading("Line", kind="text"), Heading("Budget now"), Heading("Change"), Heading("Budget after"))
    put(html.table(f"What the virement would do: a dry run, nothing is posted yet, {unit}", columns, rows))
    if effect.after:
        tests = [
            Row(Cell(after.title), (Cell(_result(before.result)), Cell(_result(after.result)), Cell(after.because)))
            for before, after in zip(effect.before, effect.after, strict=True)
        ]
        names = ("Minimum test on the plan", "Now", "After", "Why")
        put(html.table("What becomes of the minimum tests", [Heading(each, kind="text") for each in names], tests))
    for test in effect.breaks:
        put(html.state(f"{test.title} is met and would no longer be: the virement is not made.", test.because))


def _result(result: str) -> html.Content:
    return html.marked(result, {"met": "Green", "not met": "Red"}.get(result, ""))


def _make(proposed: Virement, read: int) -> None:
    def do(pool: Pool) -> str:
        effect, recorded = make_virement(pool, proposed, expected_event=read)
        if recorded is None:
            raise VirementRefused(*(f"{test.title} would no longer be met" for test in effect.breaks))
        if recorded.outcome == "already there":
            return f"That virement stood already: entry {recorded.number}."
        amount = pounds_for_people(proposed.amount_pence)
        return f"{amount} moved from {proposed.from_scheme} to {proposed.to_scheme}: entry {recorded.number}."

    perform(_FORM, do)


def _agree(proposed: Virement, read: int) -> None:
    def do(pool: Pool) -> str:
        event = agree_virement(pool, proposed, expected_event=read)
        return f"Agreed for {pool.actor.partner}, {proposed.minute}: event {event}."

    perform(_FORM, do)
