"""What if: other outturns, another agreement, many runs. Asks and shows; nothing of it is ever written."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds
from pooledfund.glossary import help_for
from pooledfund.intake.ranges import read_ranges
from pooledfund.pool import Pool
from pooledfund.results.agreement_texts import agreement_texts
from pooledfund.results.compare import compare_with
from pooledfund.results.risk_position import risk_position
from pooledfund.results.what_if import exposure, ranges_about, with_outturns
from pooledfund.ui import html, risk_section
from pooledfund.ui import what_if_section as section
from pooledfund.ui.agreement_choice import UPLOADED, chosen_agreement
from pooledfund.ui.books import REFUSALS, Quarter
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.uploads import as_file
from s75_rules.draws import DISTRIBUTIONS, Range

_NONE = "none"
_RUNS = (1_000, 10_000, 100_000)


def show_what_if(here: Here, quarter: Quarter) -> None:
    """Who would bear what if some lines came out otherwise."""
    schemes = here.agreement.schemes
    lines = st.multiselect(
        "Lines to try another outturn for; nothing is written",
        list(schemes),
        format_func=lambda each: f"{each}: {schemes[each].name}",
        key="lines tried",
    )
    if not lines:
        nothing("Choose a line to see who would bear what.", "Its outturn can then be changed.")
        return
    outturns = {}
    for line in lines:
        forecast = quarter.monitoring.risk.position.outturn_pence(line)
        typed = st.text_input(f"Outturn of {html.plain(line)}, £", pounds(forecast), key=f"try {line} M{here.month}")
        try:
            outturns[line] = parse_pounds(typed)
        except MoneyNotUnderstood as error:
            put(html.state(f"Outturn of {line}: {error}"))
            return
    try:
        found = here.kept(
            f"what if M{here.month} {sorted(outturns.items())}",
            lambda pool: with_outturns(pool, here.month, outturns),
        )
    except REFUSALS as refusal:
        put(html.state(str(refusal)))
        return
    put(html.paragraph(section.compared_sentence(found)))
    put(section.compared_table(found, "If these lines came out otherwise", "As it stands", "If so", here.unit))
    with st.expander("Why: the explanation of the second"):
        put(html.steps(risk_section.explained(found.second.share)))


def show_comparison(here: Here) -> None:
    """Who would bear what under another version of the agreement, or under a file."""
    texts = here.kept("agreement texts", agreement_texts)
    name = st.selectbox("Agreement", (_NONE, *(each.name for each in texts), UPLOADED), key="another agreement")
    other = None if name == _NONE else chosen_agreement(texts, name, "Agreement file to compare with")
    if other is None:
        nothing("Choose another agreement to see who would bear what under it.")
        return
    try:
        found = compare_with(here.open(), other, here.month)
    except REFUSALS as refusal:
        put(html.state(str(refusal)))
        return
    put(html.paragraph(section.compared_sentence(found)))
    put(section.compared_table(found, "On the books' figures", "In force", other.id, here.unit))


def show_exposure(here: Here) -> None:
    """Each partner's exposure when outturns are uncertain."""
    below, above, shape, together, runs, seed = st.columns(6)
    low = below.number_input("% below the forecast", 0, 100, 5, key="percent below")
    high = above.number_input("% above the forecast", 0, 400, 10, key="percent above")
    kind = shape.selectbox("Distribution", DISTRIBUTIONS, key="distribution")
    correlation = together.number_input("Correlation, 0 to 1", 0.0, 1.0, 0.0, 0.1, key="correlation")
    number = runs.selectbox("Runs", _RUNS, index=1, format_func=lambda each: f"{each:,}", key="runs")
    start = seed.number_input("Seed", 0, 2**31 - 1, 1, key="seed", help="The same seed gives the same figures.")
    file = st.file_uploader(
        "Or a range for each line, CSV: scheme,low,most_likely,high", type=["csv"], help=help_for("outturn")
    )
    if not st.checkbox("Work out the exposure", key="exposure"):
        nothing("Nothing is worked out yet.", "Tick the box: each run draws an outturn for every line and shares it.")
        return

    def ranges(pool: Pool) -> tuple[Range, ...]:
        if isinstance(file, UploadedFile):
            with as_file(file) as path:
                return read_ranges(path, pool.agreement)
        return ranges_about(risk_position(pool, here.month).position, int(low), int(high), kind)

    try:
        found = here.kept(
            f"exposure M{here.month} {low} {high} {kind} {correlation} {number} {start} {file and file.getvalue()!r}",
            lambda pool: exposure(
                pool, here.month, ranges(pool), runs=number, seed=int(start), correlation=float(correlation)
            ),
        )
    except REFUSALS as refusal:
        put(html.state(str(refusal)))
        return
    put(section.exposure_table(found, here.agreement, here.unit))
    if used := section.used_up_table(found, here.agreement):
        put(used)
    put(html.paragraph(section.exposure_sentences(found), "pf-small"))
