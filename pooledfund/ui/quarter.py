"""The page of a quarter: choose a pool and a quarter, read what the board reads. Works out no figure."""

from pathlib import Path
from typing import Literal

import streamlit as st

from ledgers.calendar import QUARTERS, FinancialYear
from ledgers.place import Place
from pooledfund.access import Actor
from pooledfund.ui import charts, conditions_section, contributions_section, html, monitoring_section, risk_section
from pooledfund.ui.books import (
    REFUSALS,
    Quarter,
    Standing,
    books_place,
    latest_quarter,
    quarter_results,
    reader,
    standings,
)
from pooledfund.ui.figures import ROUNDING, UNITS, Unit, quarter_name
from pooledfund.ui.html import Html
from pooledfund.ui.papers import show_papers

_AGAIN = "then load this page again"
_IN_ADDRESS: Literal["query-params"] = "query-params"
_LONG_EXPLANATION = 15
_STYLE = Path(__file__).with_name("style.css")


def show() -> None:
    """The page, or a sentence on why there is none."""
    st.html(_STYLE)
    books = books_place()
    if isinstance(books, Path) and not books.exists():
        _state(
            f"There are no books at {books.name} yet.",
            f"Run 'pooledfund demo' for a worked example, or 'pooledfund init' with an agreement file, {_AGAIN}. "
            "To open other books, start with 'pooledfund serve --db FILE'.",
        )
        return
    try:
        actor = reader()
        pools = standings(books, actor)
        if pools:
            _show_pool(books, pools, actor)
        else:
            _state("These books hold no pool yet.", f"Add one with 'pooledfund init' and an agreement file, {_AGAIN}.")
    except REFUSALS as refusal:
        _state("The quarter cannot be shown.", str(refusal))


def _show_pool(books: Place, pools: tuple[Standing, ...], actor: Actor) -> None:
    choice, period, unit_choice = st.columns((5, 4, 1.6), vertical_alignment="bottom")
    by_id = {pool.pool_id: pool for pool in pools}
    with choice:
        pool = by_id[
            st.selectbox(
                "Pool",
                list(by_id),
                format_func=lambda each: f"{by_id[each].title} ({each})",
                key="pool",
                bind=_IN_ADDRESS,
            )
        ]
    year = FinancialYear.parse(pool.year)
    latest = latest_quarter(books, pool.pool_id, pool.head.hash, actor)
    with period:
        quarter = st.selectbox(
            "Quarter",
            QUARTERS,
            index=latest - 1,
            format_func=lambda each: quarter_name(year, each),
            key="quarter",
            bind=_IN_ADDRESS,
        )
    with unit_choice:
        unit: Unit = st.selectbox("Figures in tables", UNITS, key="unit")
    _show_quarter(books, quarter_results(books, pool.pool_id, quarter * 3, pool.head.hash, actor), actor, unit)


def _show_quarter(books: Place, quarter: Quarter, actor: Actor, unit: Unit) -> None:
    _heading(quarter)
    _html(monitoring_section.key_figures(quarter))
    st.header("Monitoring", anchor=False)
    _html(monitoring_section.monitoring_table(quarter, unit))
    _html(html.paragraph(monitoring_section.notes(quarter), "pf-small"))
    st.header("The year so far", anchor=False)
    _show_charts(quarter, unit)
    st.header("Who bears what", anchor=False)
    _show_risk(quarter, unit)
    st.header("Conditions", anchor=False)
    _show_conditions(quarter, unit)
    st.header("Contributions", anchor=False)
    _html(contributions_section.contributions_table(quarter, unit))
    st.header("Papers to take away", anchor=False)
    show_papers(books, quarter, actor)
    _html(html.paragraph(ROUNDING, "pf-small"))


def _heading(quarter: Quarter) -> None:
    header = quarter.agreement.header
    period = quarter_name(quarter.agreement.year, quarter.month // 3)
    _html(html.paragraph("Section 75 pooled fund: quarterly monitoring", "pf-kicker"))
    st.title(f"{header.title}, Q{quarter.month // 3}", anchor=False)
    _html(
        html.paragraph(
            f"{period}. Agreement: {header.status}, version {header.version}. Books at event {quarter.head.number:,}, "
            f"hash {quarter.head.hash[:12]}.",
            "pf-standing",
        )
    )
    _html(html.paragraph(monitoring_section.headline(quarter), "pf-lead"))


def _show_charts(quarter: Quarter, unit: Unit) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.altair_chart(charts.course_chart(quarter), theme=None)
        _html(html.paragraph(charts.course_sentence(quarter), "pf-small"))
        with st.expander("The figures of this chart"):
            _html(charts.course_table(quarter, unit))
    with right:
        st.altair_chart(charts.variance_chart(quarter), theme=None)
        sentence = f"{charts.variance_sentence(quarter)} Its figures are in the monitoring table."
        _html(html.paragraph(sentence, "pf-small"))


def _show_risk(quarter: Quarter, unit: Unit) -> None:
    _html(html.paragraph(risk_section.standing_of(quarter)))
    if waiting := risk_section.unresolved(quarter):
        st.warning(waiting)
    left, right = st.columns((3, 2), gap="large")
    with left:
        _html(risk_section.partners_table(quarter, unit))
    with right:
        _html(risk_section.met_table(quarter, unit))
        if reserves := risk_section.reserves_table(quarter, unit):
            _html(reserves)
    steps = risk_section.explanation(quarter)
    with st.expander(f"Why: the explanation in {len(steps)} steps", expanded=len(steps) <= _LONG_EXPLANATION):
        _html(html.steps(steps))


def _show_conditions(quarter: Quarter, unit: Unit) -> None:
    if not quarter.conditions.known:
        _html(html.paragraph(f"The national conditions of {quarter.conditions.year} are not known here."))
        return
    _html(conditions_section.tests_table(quarter, unit))
    with st.expander("Why: what each test counted"):
        _html(html.steps(conditions_section.reasons(quarter)))
    _html(conditions_section.conditions_table(quarter))


def _html(part: Html) -> None:
    st.html(part.markup)


def _state(what: str, remedy: str) -> None:
    st.title("Pooled fund", anchor=False)
    st.html(f'<div class="pf-state" role="status">{html.paragraph(what).markup}{html.paragraph(remedy).markup}</div>')


if __name__ == "__main__":
    show()
