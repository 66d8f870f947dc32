"""The page of scheme lines: budgets, virements, one line from nearer, outcomes, milestones, DFG by district."""

import streamlit as st

from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.results.districts import districts_at
from pooledfund.results.narrative import narrative_at
from pooledfund.results.risks import risk_register
from pooledfund.results.schemes import months_of, orders_of, virements_made
from pooledfund.ui import html, outcome_forms, risk_register_section
from pooledfund.ui import schemes_section as section
from pooledfund.ui.books import Quarter, quarter_results
from pooledfund.ui.forms import choose_in_address
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.virement_form import show_virement

_ALL = "all lines"


def show(here: Here) -> None:
    """All lines, the virements between them, then one line or all of them from nearer."""
    quarter = quarter_results(here.place, here.pool.pool_id, here.month, here.pool.head.hash, here.actor)
    heading(here, "Schemes", f"{len(quarter.monitoring.lines)} scheme lines at the end of M{here.month}.")
    put(section.budgets_table(quarter.monitoring, here.agreement, here.unit))
    _virements(here)
    st.header("One line from nearer", anchor=False, help=help_for("profile", "commitment"))
    schemes = here.agreement.schemes
    line = choose_in_address(
        "Line", (_ALL, *schemes), lambda each: f"{each}: {schemes[each].name}" if each in schemes else each, "line"
    )
    if line in schemes:
        _line(here, quarter, line)
    _outcomes(here, line)
    _risks(here, line)
    _districts(here)


def _virements(here: Here) -> None:
    st.header("Virements", anchor=False, help=help_for("virement"))
    if made := here.kept(f"virements M{here.month}", lambda pool: virements_made(pool, here.month)):
        put(section.virements_table(made, here.unit))
    else:
        nothing("No budget has been moved between lines yet.")
    if here.may(Action.VIRE) or here.may(Action.AGREE):
        st.subheader("A new virement", anchor=False)
        show_virement(here)


def _line(here: Here, quarter: Quarter, line: str) -> None:
    put(html.steps(section.about(line, here.agreement, quarter.conditions)))
    months = here.kept(f"months {line} M{here.month}", lambda pool: months_of(pool, line, here.month))
    put(section.months_table(line, months, here.unit))
    left, right = st.columns(2, gap="large")
    with left:
        budgets = here.kept(f"budgets M{here.month}", lambda pool: pool.current_budgets(here.month))
        put(section.funding_table(line, budgets, here.agreement, here.unit))
    with right:
        orders = here.kept(f"orders {line} M{here.month}", lambda pool: orders_of(pool, line, here.month))
        if orders:
            put(section.orders_table(line, orders, here.unit))
        else:
            nothing(f"Nothing is committed on {line}.")


def _outcomes(here: Here, line: str) -> None:
    st.header("Outcomes and milestones", anchor=False, help=help_for("milestone"))
    found = here.kept(f"narrative M{here.month}", lambda pool: narrative_at(pool, here.month))
    scheme = here.agreement.schemes.get(line)
    measures = [each for each in found.measures if scheme is None or each.measure.id in scheme.measures]
    milestones = [each for each in found.milestones if scheme is None or each.milestone.id in scheme.milestones]
    if not measures and not milestones:
        nothing(f"The agreement names no measure and no milestone{_of(line)}.")
        return
    if measures:
        put(section.measures_table(measures))
    if milestones:
        put(section.milestones_table(milestones))
    if here.may(Action.COMMENT):
        left, right = st.columns(2, gap="large")
        if measures:
            with left:
                outcome_forms.measure_form(here, measures)
        if milestones:
            with right:
                outcome_forms.milestone_form(here, milestones)


def _risks(here: Here, line: str) -> None:
    st.header("Risks", anchor=False)
    register = here.kept(f"risks M{here.month}", lambda pool: risk_register(pool, here.month))
    of_line = [each for each in register if line == _ALL or line in each.lines]
    if of_line:
        put(risk_register_section.register_table(of_line, here.agreement))
    else:
        nothing(f"No risk is on the register{_of(line)}.", "The page of risks has the whole register and its reviews.")


def _of(line: str) -> str:
    return "" if line == _ALL else f" for {line}"


def _districts(here: Here) -> None:
    st.header("Grant passed on to districts", anchor=False, help=help_for("DFG"))
    found = here.kept(f"districts M{here.month}", lambda pool: districts_at(pool, here.month))
    if not found.returns:
        nothing("No line passes grant on to districts.")
        return
    put(section.districts_table(found, here.unit))
    if found.missing:
        names = ", ".join(here.agreement.partners[each].name for each in found.missing)
        put(html.paragraph(f"Not returned: {names}. What is not known is not nil.", "pf-small"))


page("Schemes", show)
