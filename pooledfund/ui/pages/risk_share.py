"""The page of the risk share: who bears what and why, what if, and what was decided or is disputed."""

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.results.decided import disputes_of
from pooledfund.results.explaining import partner_explained
from pooledfund.results.minutes import decided_of
from pooledfund.ui import decided_section, decision_forms, html, risk_section
from pooledfund.ui.books import Quarter, quarter_results
from pooledfund.ui.frame import Here, chart, heading, nothing, page, put
from pooledfund.ui.what_if_forms import show_comparison, show_exposure, show_what_if
from pooledfund.ui.why_section import show_why


def show(here: Here) -> None:
    """The share of the quarter, then what would change it, then what boards and partners say of it."""
    quarter = quarter_results(here.place, here.pool.pool_id, here.month, here.pool.head.hash, here.actor)
    heading(here, "Risk share", risk_section.standing_of(quarter))
    if waiting := risk_section.unresolved(quarter):
        st.warning(html.plain(waiting))
    _share(here, quarter)
    st.header("If a line came out otherwise", anchor=False, help=help_for("outturn", "forecast"))
    show_what_if(here, quarter)
    st.header("Under another agreement", anchor=False, help=help_for("clause", "waterfall"))
    show_comparison(here)
    st.header("Exposure", anchor=False)
    show_exposure(here)
    _decided(here)


def _share(here: Here, quarter: Quarter) -> None:
    chart(here, f"met M{here.month}", lambda: risk_section.met_chart(quarter))
    put(html.paragraph(risk_section.met_sentence(quarter), "pf-small"))
    left, right = st.columns(2, gap="large")
    with left:
        put(risk_section.met_by_table(quarter, here.unit))
    with right:
        put(risk_section.partners_table(quarter, here.unit))
        if reserves := risk_section.reserves_table(quarter, here.unit):
            put(reserves)
    if quarter.monitoring.risk.share.trace:
        with st.expander(f"Why: {len(quarter.monitoring.risk.share.trace)} steps, each with its clause"):
            put(risk_section.steps_table(quarter, here.unit))
    names = {each.id: each.name for each in here.agreement.partners.values()}
    show_why(here, "Explain down to the postings what is borne by", names, partner_explained)


def _decided(here: Here) -> None:
    st.header("Decisions and disputes", anchor=False, help=help_for("containment", "disputed amount", "unresolved"))
    disputes = here.kept("disputes", disputes_of)
    if disputes:
        put(decided_section.disputes_table(disputes, here.agreement, here.unit))
    else:
        nothing("Nothing is in dispute.")
    if decided := here.kept("decided", decided_of):
        put(decided_section.decided_table(decided))
    else:
        nothing("Nothing was decided yet.", "A decision is recorded here with its minute, or with a meeting's minutes.")
    if not decision_forms.show_forms(here, disputes):
        put(html.paragraph("Decisions are recorded by the pooled fund manager, disputes by finance leads.", "pf-small"))


page("Risk share", show)
