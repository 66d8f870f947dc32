"""What boards decide and partners dispute, each recorded by one form with its minute. Decides nothing."""

from collections.abc import Sequence
from datetime import date
from typing import cast

import streamlit as st

from ledgers.money import pounds_for_people
from pooledfund.access import Action
from pooledfund.control.decisions import (
    Containment,
    contain,
    held_back,
    record_decision,
    record_dispute,
    resolve_dispute,
    unsigned_bearers,
)
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.results.decided import decision_events
from pooledfund.ui import html
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import FieldNotFilled, day_of, form, pence_of, text_of
from pooledfund.ui.frame import Here, field, given, put
from s75_rules.clause_records import SIDES, Dispute, Side
from s75_rules.clauses import Decision
from s75_rules.trace import listed

_DECIDE, _CONTAIN, _DISPUTE, _RESOLVE = "record a decision", "cut a forecast", "dispute", "resolve a dispute"
_ALL = "all of it"


def show_forms(here: Here, standing: Sequence[Dispute]) -> bool:
    """Every form that the person's role covers; whether there was one."""
    forms = []
    if here.may(Action.DECIDE):
        forms += [("A board's decision", _decide), ("A cut of what is not committed", _contain)]
    if here.may(Action.DISPUTE):
        forms.append(("A dispute", _dispute))
    for title, draw in forms:
        with st.expander(title):
            draw(here)
    if here.may(Action.DECIDE) and standing:
        with st.expander("A dispute is resolved"):
            _resolve(here, standing)
    return bool(forms)


def _decide(here: Here) -> None:
    month, partners, read = here.month, here.agreement.partners, here.pool.head.number

    def do(pool: Pool) -> str:
        shares = {
            each.id: pence_of(_DECIDE, f"share {each.id}", each.name)
            for each in partners.values()
            if text_of(_DECIDE, f"share {each.id}")
        }
        below = [partners[name].name for name, pence in shares.items() if pence < 0]
        if below or not shares:
            raise FieldNotFilled(f"{below[0]}: an amount is nil or more" if below else "give a partner its amount")
        decision = Decision(
            clause=text_of(_DECIDE, "clause"),
            side=_side(_DECIDE),
            partners=shares,
            minute=text_of(_DECIDE, "minute"),
            decided=day_of(_DECIDE, "on", "Day of the decision"),
        )
        event = record_decision(pool, decision, month, expected_event=read)
        unsigned = unsigned_bearers(pool, decision)
        warned = (
            f" {listed([partners[each].name for each in unsigned])}: no signatory of the agreement." if unsigned else ""
        )
        return f"Event {event}: {pounds_for_people(sum(shares.values()))} of {decision.side} is decided.{warned}"

    with form(_DECIDE, "Record the decision", do):
        _clause_and_side(here, _DECIDE)
        _stands(here)
        for column, partner in zip(st.columns(len(partners)), partners.values(), strict=True):
            Drafted(_DECIDE).text(f"share {partner.id}", f"{html.plain(partner.name)}, £", place=column)
        _minute_and_day(here, _DECIDE, "decision")


def _stands(here: Here) -> None:
    """What is decided of this side of the clause already, which another decision would replace."""
    clause, side = text_of(_DECIDE, "clause"), _side(_DECIDE)
    told = here.kept(f"decisions {clause} {side}", lambda pool: decision_events(pool, clause, side))
    if told:
        said = told[-1].payload
        put(html.paragraph(
            f"{said['minute']} has decided this, recorded by {told[-1].who}, event {told[-1].number}: another decision "
            "replaces it.", "pf-small",
        ))  # fmt: skip


def _contain(here: Here) -> None:
    month, read = here.month, here.pool.head.number

    def do(pool: Pool) -> str:
        amount = pence_of(_CONTAIN, "amount", "Amount")
        on = day_of(_CONTAIN, "on", "Day of the cut")
        cut = Containment(text_of(_CONTAIN, "line"), amount, month, text_of(_CONTAIN, "minute"), on)
        event = contain(pool, cut, expected_event=read)
        return f"Event {event}: {pounds_for_people(amount)} less is forecast for {cut.scheme} at M{month}."

    with form(_CONTAIN, "Record the cut", do):
        left, right = st.columns(2)
        schemes = here.agreement.schemes
        Drafted(_CONTAIN).choice(
            "line", "Line", list(schemes), lambda each: f"{each}: {schemes[each].name}", place=left
        )
        Drafted(_CONTAIN).text("amount", "Amount that is not to be spent, £", place=right)
        _minute_and_day(here, _CONTAIN, "cut")


def _dispute(here: Here) -> None:
    month, partners, read = here.month, here.agreement.partners, here.pool.head.number
    own = [each for each in partners if here.actor.partner in (None, each)]

    def do(pool: Pool) -> str:
        amount = pence_of(_DISPUTE, "amount", "Amount") if text_of(_DISPUTE, "amount") else None
        if amount is not None and amount < 0:
            raise FieldNotFilled("Amount: give what is disputed, above nil")
        found = Dispute(
            clause=text_of(_DISPUTE, "clause"),
            side=_side(_DISPUTE),
            partner=text_of(_DISPUTE, "partner"),
            amount=amount,
            reason=text_of(_DISPUTE, "reason"),
            raised=day_of(_DISPUTE, "on", "Day it was raised"),
        )
        event = record_dispute(pool, found, expected_event=read)
        what = _ALL if amount is None else pounds_for_people(amount)
        held = held_back(pool, found, month)
        now = f"{pounds_for_people(held)} is held back" if held else "the clause gives it nothing yet"
        return (
            f"Event {event}: {partners[found.partner].name} disputes {what}. It is not settled until it is resolved; "
            f"at M{month} {now}."
        )

    with form(_DISPUTE, "Record the dispute", do):
        _clause_and_side(here, _DISPUTE)
        left, right = st.columns(2)
        Drafted(_DISPUTE).choice("partner", "Partner that disputes", own, lambda each: partners[each].name, place=left)
        Drafted(_DISPUTE).text("amount", "Amount, £; empty for all of it", place=right)
        Drafted(_DISPUTE).text("reason", "What is disputed, and why")
        _day(here, _DISPUTE, "Day it was raised")


def _resolve(here: Here, standing: Sequence[Dispute]) -> None:
    read = here.pool.head.number

    def do(pool: Pool) -> str:
        number = given(_RESOLVE, "which")
        if not isinstance(number, int) or number >= len(standing):
            raise FieldNotFilled("Dispute: choose one")
        one, on = standing[number], day_of(_RESOLVE, "on", "Day it was resolved")
        minute = text_of(_RESOLVE, "minute")
        event = resolve_dispute(pool, one.clause, one.side, one.partner, minute, on, expected_event=read)
        return f"Event {event}: the dispute of {one.partner} under clause {one.clause} is resolved."

    with form(_RESOLVE, "Record that it is resolved", do):
        st.selectbox(
            "Dispute",
            range(len(standing)),
            format_func=lambda each: (
                f"{standing[each].partner}, {standing[each].side}, clause {standing[each].clause}: "
                f"{standing[each].reason}"
            ),
            key=field(_RESOLVE, "which"),
        )
        left, right = st.columns(2)
        Drafted(_RESOLVE).text("minute", "Minute that resolved it", place=left)
        Drafted(_RESOLVE).day("on", "Day it was resolved", place=right)


def _clause_and_side(here: Here, name: str) -> None:
    left, right = st.columns(2)
    clauses = [each.clause for each in here.agreement.risk_share]
    Drafted(name).choice("clause", "Clause", clauses, place=left, hint=help_for("clause", "unresolved"))
    Drafted(name).choice("side", "Side", SIDES, place=right, hint=help_for("overspend", "underspend"))


def _minute_and_day(here: Here, name: str, what: str) -> None:
    left, right = st.columns(2)
    Drafted(name).text("minute", f"Minute of the {what}", place=left)
    with right:
        _day(here, name, f"Day of the {what}")


def _day(here: Here, name: str, label: str) -> None:
    first: date = here.year.first_day
    Drafted(name).day("on", label, first)


def _side(name: str) -> Side:
    return cast(Side, text_of(name, "side"))
