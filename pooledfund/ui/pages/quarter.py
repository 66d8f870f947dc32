"""The page of a quarter: what the board reads. Works out no figure."""

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.results.bridge import bridge_to
from pooledfund.results.forecast_history import forecast_history
from pooledfund.ui import (
    charts,
    conditions_section,
    contributions_section,
    html,
    monitoring_section,
    movement_section,
    risk_section,
)
from pooledfund.ui.books import Quarter, quarter_results
from pooledfund.ui.commentary_section import show_commentary
from pooledfund.ui.drill_section import show_drill
from pooledfund.ui.figures import ROUNDING, Unit, quarter_name
from pooledfund.ui.forecast_section import show_forecast
from pooledfund.ui.frame import Here, chart, heading, nothing, page, put
from pooledfund.ui.monitoring_view import show_monitoring
from pooledfund.ui.papers import show_papers

_LONG_EXPLANATION = 15


def show(here: Here) -> None:
    """All sections of the quarter, from one reading of the books."""
    quarter = quarter_results(here.place, here.pool.pool_id, here.month, here.pool.head.hash, here.actor)
    _show_quarter(here, quarter, here.unit)


def _show_quarter(here: Here, quarter: Quarter, unit: Unit) -> None:
    heading(here, quarter_name(here.year, here.quarter), monitoring_section.headline(quarter))
    put(monitoring_section.key_figures(quarter))
    st.header("Monitoring", anchor=False)
    show_monitoring(here, quarter)
    for each in quarter.monitoring.escalations:
        st.warning(f"To be escalated: {html.plain(each.because)}", icon=":material/campaign:")
    st.header("Commentary", anchor=False)
    show_commentary(here)
    show_forecast(here, quarter)
    st.header("The year so far", anchor=False)
    _show_charts(here, quarter)
    _show_movement(here)
    st.header("From a figure to its source", anchor=False, help=help_for("posting", "event"))
    show_drill(here)
    st.header("Who bears what", anchor=False)
    _show_risk(quarter, unit)
    st.header("Conditions", anchor=False)
    _show_conditions(quarter, unit)
    st.header("Contributions", anchor=False)
    put(contributions_section.contributions_table(quarter, unit))
    st.header("Papers to take away", anchor=False)
    show_papers(here.place, quarter, here.actor)
    put(html.paragraph(ROUNDING, "pf-small"))


def _show_charts(here: Here, quarter: Quarter) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        chart(here, f"course M{here.month}", lambda: charts.course_chart(quarter))
        put(html.paragraph(charts.course_sentence(quarter), "pf-small"))
        with st.expander("The figures of this chart"):
            put(charts.course_table(quarter, here.unit))
    with right:
        chart(here, f"variance M{here.month}", lambda: charts.variance_chart(quarter))
        sentence = f"{charts.variance_sentence(quarter)} Its figures are in the monitoring table."
        put(html.paragraph(sentence, "pf-small"))


def _show_movement(here: Here) -> None:
    left, right = st.columns(2, gap="large")
    bridge = here.kept(f"bridge M{here.month}", lambda pool: bridge_to(pool, here.month))
    history = here.kept(f"history M{here.month}", lambda pool: forecast_history(pool, here.month))
    with left:
        if bridge is None:
            nothing("This is the first report of the year.", "A bridge leads from one report to the next.")
        else:
            chart(here, f"bridge M{here.month}", lambda: movement_section.bridge_chart(bridge))
            put(html.paragraph(movement_section.bridge_words(bridge), "pf-small"))
            with st.expander("The figures of the bridge"):
                put(movement_section.bridge_table(bridge, here.unit))
    with right:
        chart(here, f"history M{here.month}", lambda: movement_section.history_chart(history))
        put(html.paragraph(movement_section.history_words(history), "pf-small"))
        with st.expander("The figures of the reports"):
            put(movement_section.history_table(history, here.agreement, here.unit))


def _show_risk(quarter: Quarter, unit: Unit) -> None:
    put(html.paragraph(risk_section.standing_of(quarter)))
    if waiting := risk_section.unresolved(quarter):
        st.warning(html.plain(waiting))
    left, right = st.columns((3, 2), gap="large")
    with left:
        put(risk_section.partners_table(quarter, unit))
    with right:
        put(risk_section.met_table(quarter, unit))
        if reserves := risk_section.reserves_table(quarter, unit):
            put(reserves)
    steps = risk_section.explanation(quarter)
    with st.expander(f"Why: the explanation in {len(steps)} steps", expanded=len(steps) <= _LONG_EXPLANATION):
        put(html.steps(steps))


def _show_conditions(quarter: Quarter, unit: Unit) -> None:
    if unknown := quarter.conditions.unknown_said:
        put(html.paragraph(unknown))
    if not quarter.conditions.tests:
        return
    put(conditions_section.tests_table(quarter.conditions, unit))
    with st.expander("Why: what each test counted"):
        put(html.steps(conditions_section.reasons(quarter.conditions)))
    put(conditions_section.conditions_table(quarter.conditions))


page("Quarter", show)
