"""The page of the agreement: status and signatures, parties and money, clauses in plain English, versions, text."""

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.results.agreement_texts import AgreementText, agreement_texts
from pooledfund.results.standing import standing_of
from pooledfund.ui import agreement_section as section
from pooledfund.ui import html
from pooledfund.ui.agreement_choice import UPLOADED, chosen_agreement
from pooledfund.ui.frame import Here, heading, nothing, page, put
from s75_rules.clause_words import records_beside
from s75_rules.versions import differences


def show(here: Here) -> None:
    """The agreement in force, and how its versions differ."""
    heading(here, "Agreement")
    agreement = here.agreement
    for line in standing_of(agreement).lines[1:]:
        put(html.paragraph(line, "pf-small"))
    put(section.signatures(agreement))
    st.header("Clauses in plain English", anchor=False, help=help_for("clause", "waterfall", "unresolved"))
    if agreement.risk_share:
        put(section.clauses(agreement))
    else:
        nothing("The agreement has no clause on risk.", "An over- or underspend of its lines is unresolved.")
    if records := tuple(records_beside(agreement)):
        put(html.steps([("", each) for each in records]))
    st.header("Money as agreed", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        put(section.contributions(agreement, here.unit))
    with right:
        put(section.lines(agreement, here.unit))
    texts = here.kept("agreement texts", agreement_texts)
    _versions(texts)
    _text(texts[-1])


def _versions(texts: tuple[AgreementText, ...]) -> None:
    st.header("Versions side by side", anchor=False)
    before, after = st.columns(2)
    names = [each.name for each in texts]
    with before:
        one = st.selectbox("Before", (*names, UPLOADED), key="version before")
        first = chosen_agreement(texts, one, "Agreement file for 'before'")
    with after:
        two = st.selectbox("After", (*names, UPLOADED), index=len(names) - 1, key="version after")
        second = chosen_agreement(texts, two, "Agreement file for 'after'")
    if first is None or second is None:
        nothing("Two texts are needed to compare.", "Choose a file for each side that has none.")
        return
    found = differences(first, second)
    if found:
        put(section.side_by_side(found))
    else:
        nothing("The two texts say the same.")


def _text(newest: AgreementText) -> None:
    st.header("The text in force", anchor=False)
    st.download_button(
        "Agreement file (YAML)", newest.text.encode("utf-8"), file_name=newest.file, mime="text/yaml", on_click="ignore"
    )
    with st.expander(f"{newest.file}, {len(newest.text.splitlines()):,} lines"):
        put(html.code(newest.text))


page("Agreement", show)
