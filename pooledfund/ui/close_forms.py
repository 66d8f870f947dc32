"""What is done at the close of a period, each as one form: sign, explain, waive, freeze, reopen. Decides nothing."""

from collections.abc import Mapping

import streamlit as st

from ledgers.calendar import month_label
from ledgers.reading import MonthState
from ledgers.signing import Part
from pooledfund.access import Action
from pooledfund.control.checklist import TITLES, Checklist
from pooledfund.control.close import close_period, reopen_month
from pooledfund.control.period import explain_suspense, sign, waive
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import form, text_of
from pooledfund.ui.frame import Here, field, nothing, put
from s75_rules.terms import CloseItem

_PARTS: tuple[tuple[Part, Action, str, str], ...] = (
    ("agreed", Action.AGREE, "Agree", "As finance lead of your body you put its name to the figures shown here."),
    ("prepared", Action.CLOSE, "Sign as preparer", "You say that the period is prepared from the figures shown here."),
    ("reviewed", Action.REVIEW, "Sign as reviewer", "You say that you have reviewed it. The preparer cannot."),
)


def show_forms(here: Here, found: Checklist, states: Mapping[int, MonthState]) -> None:
    """Every form that the person's role covers and the state of the period calls for."""
    closed = all(states[month] == "closed" for month in found.period.months)
    drawn = _reopen(here, states) if closed else _of_open_period(here, found)
    if not drawn:
        nothing(
            f"{here.actor.name} as {here.actor.role.replace('_', ' ')} reads this page and changes nothing on it.",
            "The pooled fund manager prepares and freezes; partner finance leads agree and review.",
        )


def _of_open_period(here: Here, found: Checklist) -> bool:
    may = [part for part in _PARTS if here.may(part[1])]
    for column, part in zip(st.columns(max(len(may), 1)), may, strict=False):
        with column:
            _sign(found, *part)
    waiting = any(item.id == "suspense" and item.state == "not done" for item in found.items)
    if waiting and here.may(Action.CLOSE):
        _explain(here, found)
    if found.open_items and here.may(Action.WAIVE):
        _waive(here, found)
    if here.may(Action.CLOSE):
        _freeze(found)
    return bool(may) or here.may(Action.WAIVE)


def _sign(found: Checklist, part: Part, action: Action, button: str, words: str) -> None:
    name, period = f"close {part} {found.period.name}", found.period

    def do(pool: Pool) -> str:
        event = sign(pool, period, part, expected_figures=found.figures)
        body = (
            f" for {pool.agreement.partners[pool.actor.partner].name}"
            if part == "agreed" and pool.actor.partner
            else ""
        )
        return f"{period.name} {part} by {pool.actor.name}{body}, event {event}."

    with form(name, f"{button} {period.name}", do):
        put(html.paragraph(words, "pf-small"))


def _explain(here: Here, found: Checklist) -> None:
    name, period, read = f"explain suspense {found.period.name}", found.period, here.pool.head.number

    def do(pool: Pool) -> str:
        event = explain_suspense(
            pool, period, text_of(name, "because"), expected_figures=found.figures, expected_event=read
        )
        return f"Suspense at {period.name} is explained, event {event}."

    with form(name, "Explain suspense", do):
        Drafted(name).text(
            "because",
            f"Why money waits in suspense at the end of {period.name}",
            max_chars=1000,
            help="The explanation holds for the amount that waits now.",
        )


def _waive(here: Here, found: Checklist) -> None:
    name, period, read = f"waive {found.period.name}", found.period, here.pool.head.number

    def do(pool: Pool) -> str:
        item = text_of(name, "item")
        event = waive(pool, period, item, text_of(name, "because"), expected_event=read)
        return f"{_title(item)} of {period.name} is waived by {pool.actor.name}, event {event}."

    with form(name, "Waive the item", do):
        left, right = st.columns((1, 2))
        items: list[CloseItem] = [item.id for item in found.open_items]
        Drafted(name).choice("item", "Item that stays open", items, _title, place=left)
        Drafted(name).text("because", "Why it may stay open", place=right, max_chars=1000)


def _title(item: str) -> str:
    return next((title for each, title in TITLES.items() if each == item), item)


def _freeze(found: Checklist) -> None:
    name, period = f"freeze {found.period.name}", found.period

    def do(pool: Pool) -> str:
        adjusting = text_of(name, "state") == "adjusting"
        closed = close_period(pool, period.name, state="adjusting" if adjusting else "closed")
        months = ", ".join(f"M{month}" for month in closed.months)
        return f"{closed.period}: {months} {closed.state}. Event {closed.head.number}, hash {closed.head.hash[:12]}."

    with form(name, f"Freeze {period.name}", do):
        put(
            html.paragraph(
                f"Freezes {period.name} and every open month before it, with the checklist and the figures as they "
                "stand. What arrives later goes to the next open month and says so.",
                "pf-small",
            )
        )
        if period.month == 12:
            st.selectbox(
                "Afterwards the months take",
                ("closed", "adjusting"),
                format_func={"closed": "nothing", "adjusting": "year-end adjustments only"}.__getitem__,
                key=field(name, "state"),
                help=help_for("freeze"),
            )


def _reopen(here: Here, states: Mapping[int, MonthState]) -> bool:
    if not here.may(Action.REOPEN):
        return False
    name = "reopen"

    def do(pool: Pool) -> str:
        month, reason = text_of(name, "month"), text_of(name, "reason")
        head = reopen_month(pool, f"M{month}", reason)
        return f"M{month} is open again: {reason}. Event {head.number}, hash {head.hash[:12]}."

    with form(name, "Reopen the month", do):
        left, right = st.columns((1, 2))
        months = [month for month, state in states.items() if state != "open"]
        Drafted(name).choice("month", "Closed month", months, month_label, place=left, index=len(months) - 1)
        Drafted(name).text("reason", "Why it is reopened", place=right, max_chars=1000)
    return True
