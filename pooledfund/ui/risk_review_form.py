"""The fields in which a risk is reviewed at a quarter's end, kept as drafts until they are recorded. Scores nothing."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ledgers.seal import Event
from pooledfund.glossary import help_for
from pooledfund.intake.risk_reviews import RISK_REVIEWS, STATUSES
from pooledfund.intake.told import standing, take_call
from pooledfund.pool import Pool
from pooledfund.results.risks import IMPACTS, LIKELIHOODS, RiskStanding, in_words
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.frame import Here, field, perform

NEW = "a new risk"
_SCORES = ("1", "2", "3", "4", "5")
_MIDDLE = 3
_TEXTS = ("mitigation", "owner", "review", "clause", "note")


def show_review(here: Here, register: Sequence[RiskStanding]) -> None:
    """The risk to review and its fields: what this quarter's review says already, else what is left as it was."""
    st.header(f"Review at the end of Q{here.quarter}", anchor=False)
    known = {each.id: each for each in register}
    chosen = st.selectbox(
        "Risk",
        (*known, NEW),
        format_func=lambda each: each if each == NEW else f"{each}: {known[each].description}",
        key=field("review a risk", "risk"),
    )
    reviews = here.kept(f"reviews of risks M{here.month}", lambda pool: _reviews(pool, here.month))
    _write(here, known.get(chosen), reviews.get(chosen))


def _reviews(pool: Pool, month: int) -> dict[str, Event]:
    """The newest review of each risk at the end of a month."""
    return {str(risk): event for (at, risk), event in standing(pool, RISK_REVIEWS).items() if at == month}


def _write(here: Here, risk: RiskStanding | None, review: Event | None) -> None:
    subject = f"review Q{here.quarter} {risk.id if risk else NEW}"
    form = Drafted(subject, _stands(risk, review), review.number if review else 0)
    form.warn(_in_a_sentence(review))
    if risk is None:
        form.text("risk", "Id of the new risk")
        form.text("description", "What may happen", lines=3)
    left, middle, right = st.columns(3)
    with left:
        form.choice("likelihood", "Likelihood", _SCORES, lambda each: in_words(int(each), LIKELIHOODS))
    with middle:
        form.choice("impact", "Impact", _SCORES, lambda each: in_words(int(each), IMPACTS))
    with right:
        form.choice("status", "Status", STATUSES)
    form.text("mitigation", "Mitigation, if it changes")
    owner, due, clause = st.columns(3)
    with owner:
        form.text("owner", "Owner, a post and not a name, if it changes")
    with due:
        form.text("review", "Next review, as 2024-01-31, if one is set")
    with clause:
        clauses = ("", *(each.clause for each in here.agreement.risk_share))
        form.choice("clause", "Clause it would trigger, if it changes", clauses, hint=help_for("clause"))
    form.text("note", "Note")
    st.button("Record the review", type="primary", key=f"{subject} record", on_click=_record, args=(here, form, risk))


def _stands(risk: RiskStanding | None, review: Event | None) -> dict[str, str]:
    """What the fields hold before anything is typed."""
    if review is not None:
        names = ("likelihood", "impact", "status", *_TEXTS)
        said = {name: str(review.payload[name]) for name in names}
        return {**said, "status": said["status"] or STATUSES[0]}
    stands = {
        "likelihood": str(risk.likelihood or _MIDDLE) if risk else str(_MIDDLE),
        "impact": str(risk.impact or _MIDDLE) if risk else str(_MIDDLE),
        "status": STATUSES[0] if risk is None or risk.open else STATUSES[1],
        **dict.fromkeys(_TEXTS, ""),
    }
    return stands if risk else {"risk": "", "description": "", **stands}


def _in_a_sentence(review: Event | None) -> str:
    if review is None:
        return "nothing"
    said: Mapping[str, object] = review.payload
    scores = f"likelihood {said['likelihood']}, impact {said['impact']}"
    return ", ".join(filter(None, (scores, str(said["mitigation"]), str(said["note"])))) + (
        f" ({review.who}, event {review.number})"
    )


def _record(here: Here, form: Drafted, risk: RiskStanding | None) -> None:
    read, quarter = form.read_event, here.quarter
    cells = {"period": f"Q{quarter}", **{name: form.given(name) for name in form.standing}}
    if risk is not None:
        cells["risk"] = risk.id
        # The agreement describes its own risks; one that came up in the year is described by each review of it.
        cells["description"] = "" if risk.id in here.agreement.risks else risk.description

    def do(pool: Pool) -> str:
        taken = take_call(pool, RISK_REVIEWS, cells, expected_event=read)
        return f"{cells['risk']} is reviewed for Q{quarter}." if taken.new else "That review stood already."

    perform(form.name, do)
