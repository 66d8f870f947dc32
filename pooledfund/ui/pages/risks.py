"""The page of risks: the register scored in words, the grid, and a review by those who may. Scores nothing itself."""

import streamlit as st

from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.intake.risk_reviews import RISK_REVIEWS
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.results.risks import IMPACTS, LIKELIHOODS, RiskStanding, in_words, risk_register
from pooledfund.ui import risk_register_section
from pooledfund.ui.frame import Here, field, given, heading, nothing, page, perform, put

_FORM = "review a risk"
_NEW = "a new risk"
_TEXTS = ("new", "description", "mitigation", "owner", "clause", "note")


def show(here: Here) -> None:
    """The register, the grid of likelihood and impact, and the form of a review."""
    register = here.kept(f"risks M{here.month}", lambda pool: risk_register(pool, here.month))
    heading(here, "Risks", _lead(register))
    if register:
        put(risk_register_section.register_table(register, here.agreement))
        put(risk_register_section.grid(register))
    else:
        nothing("The agreement names no risk and none was raised.", "Raise one below, where your role allows it.")
    if here.may(Action.COMMENT):
        _form(here, register)


def _lead(register: tuple[RiskStanding, ...]) -> str:
    open_ones = [each for each in register if each.open]
    if not open_ones:
        return ""
    high = sum(each.rating in ("high", "extreme") for each in open_ones)
    unscored = sum(each.score is None for each in open_ones)
    parts = [f"{len(open_ones)} open", f"{high} high or extreme", *([f"{unscored} not scored"] if unscored else [])]
    return f"Risks: {', '.join(parts)}."


def _form(here: Here, register: tuple[RiskStanding, ...]) -> None:
    st.header(f"Review at the end of Q{here.quarter}", anchor=False)
    known = {each.id: each for each in register}
    chosen = st.selectbox(
        "Risk",
        (*known, _NEW),
        format_func=lambda each: each if each == _NEW else f"{each}: {known[each].description}",
        key=field(_FORM, "risk"),
    )
    now = known.get(chosen)
    with st.form(field(_FORM)):
        if now is None:
            st.text_input("Id of the new risk", key=field(_FORM, "new"), help="A letter, then letters, digits, - and _")
            st.text_area("What may happen", key=field(_FORM, "description"))
        left, middle, right = st.columns(3)
        left.selectbox(
            "Likelihood",
            range(1, 6),
            index=(now.likelihood or 3) - 1 if now else 2,
            format_func=lambda each: in_words(each, LIKELIHOODS),
            key=field(_FORM, f"likelihood {chosen}"),
        )
        middle.selectbox(
            "Impact",
            range(1, 6),
            index=(now.impact or 3) - 1 if now else 2,
            format_func=lambda each: in_words(each, IMPACTS),
            key=field(_FORM, f"impact {chosen}"),
        )
        right.selectbox("Status", ("open", "closed"), key=field(_FORM, "status"))
        st.text_input("Mitigation, if it changes", key=field(_FORM, "mitigation"))
        owner, review, clause = st.columns(3)
        owner.text_input("Owner, a post and not a name, if it changes", key=field(_FORM, "owner"))
        review.date_input("Next review, if one is set", value=None, key=field(_FORM, "review"), format="DD/MM/YYYY")
        ids = [each.clause for each in here.agreement.risk_share]
        clause.selectbox(
            "Clause it would trigger, if it changes", ("", *ids), key=field(_FORM, "clause"), help=help_for("clause")
        )
        st.text_input("Note", key=field(_FORM, "note"))
        st.form_submit_button("Record the review", type="primary", on_click=_record, args=(here.quarter, chosen))


def _record(quarter: int, chosen: str) -> None:
    review = given(_FORM, "review")
    cells = {
        "period": f"Q{quarter}",
        "likelihood": str(given(_FORM, f"likelihood {chosen}")),
        "impact": str(given(_FORM, f"impact {chosen}")),
        "status": str(given(_FORM, "status")),
        "review": str(review) if review else "",
        **{name: str(given(_FORM, name) or "") for name in _TEXTS},
    }
    cells["risk"] = cells.pop("new") if chosen == _NEW else chosen

    def do(pool: Pool) -> str:
        taken = take_call(pool, RISK_REVIEWS, cells)
        return f"{cells['risk']} is reviewed for Q{quarter}." if taken.new else "That review stood already."

    perform(_FORM, do)


page("Risks", show)
