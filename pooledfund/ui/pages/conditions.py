"""The page of national conditions: minimum tests on each basis, the area's statements, the rules of the year."""

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.results.conditions import ConditionsReport, conditions_report
from pooledfund.results.explaining import condition_explained, conditions_explained
from pooledfund.ui import conditions_section, html
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.why_section import show_why
from s75_rules.area_rules import rules_for
from s75_rules.year_rules import YearRules


def show(here: Here) -> None:
    """The tests with their headroom, why, the conditions, and where the year's rules come from."""
    report = here.kept(f"conditions M{here.month}", lambda pool: conditions_report(pool, here.month))
    heading(here, "Conditions", _lead(report))
    if report.unknown_said:
        nothing(f"{report.year} is not known here.", report.unknown_said)
    for warning in report.warnings:
        st.warning(html.plain(warning), icon=":material/warning:")
    st.header("Minimum spend", anchor=False, help=help_for("minimum test", "NHS minimum"))
    put(conditions_section.tests_table(report, here.unit) if report.tests else html.state("No minimum is tested."))
    if report.after_risk_share:
        put(conditions_section.after_table(report, here.unit))
    if report.tests:
        with st.expander("Why: what each test counted"):
            put(html.steps(conditions_section.reasons(report)))
    _earmarks(here, report)
    st.header("National conditions", anchor=False, help=help_for("national condition"))
    put(conditions_section.conditions_table(report) if report.conditions else html.state("None is named."))
    _why(here)
    rules = rules_for(here.agreement)
    if rules.conditions or rules.tests:
        st.header("Where the rules come from", anchor=False)
        put(_rules(rules))


def _earmarks(here: Here, report: ConditionsReport) -> None:
    """What the agreement sets apart for some lines, where it does."""
    if report.earmarks:
        st.header("Earmarks", anchor=False, help=help_for("earmark"))
        put(conditions_section.earmarks_table(report, here.unit))
        with st.expander("Why: what each earmark counted"):
            put(html.steps(conditions_section.earmark_reasons(report)))


def _why(here: Here) -> None:
    """The tree behind a condition, a minimum or an earmark, where there is one."""
    if names := here.kept("conditions explained", conditions_explained):
        st.header("Why this result", anchor=False)
        show_why(here, "Condition, minimum or earmark", names, condition_explained)


def _lead(report: ConditionsReport) -> str:
    kept = len(report.earmarks_failed)
    earmarks = f" {kept} earmark{' is' if kept == 1 else 's are'} not kept." if kept else ""
    if not report.tests:
        return earmarks.strip()
    return _tests_said(report) + earmarks


def _tests_said(report: ConditionsReport) -> str:
    failed = len(report.failed)
    if failed:
        return f"{failed} minimum test{' is' if failed == 1 else 's are'} not met."
    open_tests = sum(test.result != "met" for tests in report.tests.values() for test in tests)
    if open_tests:
        return f"No minimum test fails; {open_tests} cannot be told yet."
    met = "Every minimum test is met on every basis the books can give"
    after = sum(test.result == "not met" for test in report.after_risk_share)
    return f"{met}, but {after} no longer {'is' if after == 1 else 'are'} after the risk share." if after else f"{met}."


def _rules(rules: YearRules) -> html.Html:
    columns = (
        Heading("Rule", kind="text"),
        Heading("What it says", kind="text"),
        Heading("How sure", kind="text"),
        Heading("Reference", kind="text"),
    )
    said = [
        (f"Condition {each.number or each.id}", each.title, each.certainty, each.reference) for each in rules.conditions
    ]
    said += [
        (f"Minimum: {each.id.replace('_', ' ')}", each.rule, each.certainty, each.reference) for each in rules.tests
    ]
    rows = [Row(Cell(rule), tuple(Cell(each) for each in rest)) for rule, *rest in said]
    return html.table(f"Rules of {rules.year}", columns, rows)


page("Conditions", show)
