"""What boards decide and partners dispute, each recorded by one form with its minute. Decides nothing."""

from collections.abc import Sequence
from datetime import date
from typing import cast

import streamlit as st

from ledgers.money import pounds_for_people
from pooledfund.access import Action
from pooledfund.control.decisions import Containment, contain, record_decision, record_dispute, resolve_dispute
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.ui import html, kept_fields
from pooledfund.ui.forms import FieldNotFilled, day_of, form, pence_of, text_of
from pooledfund.ui.frame import Here, field, given
from s75_rules.clause_records import SIDES, Dispute, Side
from s75_rules.clauses import Decision

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
            _resolve(standing)
    return bool(forms)


def _decide(here: Here) -> None:
    month, partners = here.month, here.agreement.partners

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
        event = record_decision(pool, decision, month)
        return f"Event {event}: {pounds_for_people(sum(shares.values()))} of {decision.side} is decided."

    with form(_DECIDE, "Record the decision", do):
        _clause_and_side(here, _DECIDE)
        for column, partner in zip(st.columns(len(partners)), partners.values(), strict=True):
            kept_fields.text(column, _DECIDE, f"share {partner.id}", f"{html.plain(partner.name)}, £")
        _minute_and_day(here, _DECIDE, "decision")


def _contain(here: Here) -> None:
    month = here.month

    def do(pool: Pool) -> str:
        amount = pence_of(_CONTAIN, "amount", "Amount")
        on = day_of(_CONTAIN, "on", "Day of the cut")
        cut = Containment(text_of(_CONTAIN, "line"), amount, month, text_of(_CONTAIN, "minute"), on)
        event = contain(pool, cut)
        return f"Event {event}: {pounds_for_people(amount)} less is forecast for {cut.scheme} at M{month}."

    with form(_CONTAIN, "Record the cut", do):
        left, right = st.columns(2)
        schemes = here.agreement.schemes
        kept_fields.choice(
            left, _CONTAIN, "line", "Line", list(schemes), format_func=lambda each: f"{each}: {schemes[each].name}"
        )
        kept_fields.text(right, _CONTAIN, "amount", "Amount that is not to be spent, £")
        _minute_and_day(here, _CONTAIN, "cut")


def _dispute(here: Here) -> None:
    partners = here.agreement.partners
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
        event = record_dispute(pool, found)
        what = _ALL if amount is None else pounds_for_people(amount)
        return f"Event {event}: {partners[found.partner].name} disputes {what}. It is not settled until it is resolved."

    with form(_DISPUTE, "Record the dispute", do):
        _clause_and_side(here, _DISPUTE)
        left, right = st.columns(2)
        kept_fields.choice(
            left, _DISPUTE, "partner", "Partner that disputes", own, format_func=lambda each: partners[each].name
        )
        kept_fields.text(right, _DISPUTE, "amount", "Amount, £; empty for all of it")
        kept_fields.text(None, _DISPUTE, "reason", "What is disputed, and why")
        _day(here, _DISPUTE, "Day it was raised")


def _resolve(standing: Sequence[Dispute]) -> None:
    def do(pool: Pool) -> str:
        number = given(_RESOLVE, "which")
        if not isinstance(number, int) or number >= len(standing):
            raise FieldNotFilled("Dispute: choose one")
        one, on = standing[number], day_of(_RESOLVE, "on", "Day it was resolved")
        event = resolve_dispute(pool, one.clause, one.side, one.partner, text_of(_RESOLVE, "minute"), on)
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
        kept_fields.text(left, _RESOLVE, "minute", "Minute that resolved it")
        kept_fields.day(right, _RESOLVE, "on", "Day it was resolved")


def _clause_and_side(here: Here, name: str) -> None:
    left, right = st.columns(2)
    clauses = [each.clause for each in here.agreement.risk_share]
    kept_fields.choice(left, name, "clause", "Clause", clauses, help=help_for("clause", "unresolved"))
    kept_fields.choice(right, name, "side", "Side", SIDES, help=help_for("overspend", "underspend"))


def _minute_and_day(here: Here, name: str, what: str) -> None:
    left, right = st.columns(2)
    kept_fields.text(left, name, "minute", f"Minute of the {what}")
    with right:
        _day(here, name, f"Day of the {what}")


def _day(here: Here, name: str, label: str) -> None:
    first: date = here.year.first_day
    kept_fields.day(None, name, "on", label, first)


def _side(name: str) -> Side:
    return cast(Side, text_of(name, "side"))
