"""The risk register as HTML: a row for each risk, and the grid of likelihood and impact. Scores nothing itself."""

from collections.abc import Sequence

from pooledfund.results.risks import IMPACTS, LIKELIHOODS, RiskStanding, in_words, rating_of
from pooledfund.ui import html
from pooledfund.ui.html import Cell, Content, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.clause_words import sentence_of

_COLOURS = {"low": "Green", "moderate": "Amber", "high": "Red", "extreme": "Red"}


def register_table(register: Sequence[RiskStanding], agreement: Agreement) -> Html:
    """Each risk with its scores and words, what is done, by which post, and the clause that it would set off."""
    clauses = {each.clause: sentence_of(each) for each in agreement.risk_share}
    texts = ("Risk", "Likelihood", "Impact", "Score", "Mitigation", "Owner", "Review", "Clause it would trigger")
    columns = tuple(Heading(each, kind="text") for each in texts)
    rows = [_risk(each, clauses.get(each.clause or "", "")) for each in register]
    return html.table("Risk register", columns, rows)


def _risk(each: RiskStanding, clause: str) -> Row:
    about = ", ".join((each.id, *each.lines))
    reviewed = f"last in M{each.month}" if each.month else "as the agreement has it"
    return Row(
        Cell(each.description, about),
        (
            Cell(in_words(each.likelihood, LIKELIHOODS)),
            Cell(in_words(each.impact, IMPACTS)),
            Cell(_rated(each), each.movement),
            Cell(each.mitigation or "none recorded", each.note),
            Cell(each.owner or "none named"),
            Cell(f"due {each.review:%d/%m/%Y}" if each.review else "none set", reviewed),
            Cell(each.clause or "none", clause),
        ),
    )


def _rated(each: RiskStanding) -> Content:
    word = each.rating if each.score is None else f"{each.score} {each.rating}"
    return html.marked(word if each.open else f"closed, was {word}", _COLOURS.get(each.rating, "") if each.open else "")


def grid(register: Sequence[RiskStanding]) -> Html:
    """Open risks by likelihood and impact, each square with its word."""
    columns = (Heading("Likelihood", kind="text"), *(Heading(in_words(n, IMPACTS), kind="text") for n in range(1, 6)))
    rows = []
    for likelihood in range(5, 0, -1):
        cells = []
        for impact in range(1, 6):
            here = [
                each.id for each in register if each.open and (each.likelihood, each.impact) == (likelihood, impact)
            ]
            cells.append(Cell(", ".join(here) or "none", f"{likelihood * impact} {rating_of(likelihood * impact)}"))
        rows.append(Row(Cell(in_words(likelihood, LIKELIHOODS)), tuple(cells)))
    return html.table("Open risks by likelihood and impact", columns, rows)
