"""The part of a pack on the risk register: scores in words, who owns a risk, what is done about it. Scores none."""

from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.results.risks import IMPACTS, LIKELIHOODS, RiskStanding, in_words


def risks_sheet(book: Papers, figures: PackFigures) -> None:
    """The register as last reviewed, the highest score first; nothing where the agreement and the year name no risk."""
    if not figures.risks:
        return
    sheet = book.sheet("Risks", f"Risk register: {figures.period}", [10, 44, 18, 18, 16, 16, 40, 22, 13, 14, 12])
    sheet.prose(
        "A score is likelihood (1 to 5) times impact (1 to 5): low to 3, moderate to 6, high to 12, extreme from 15. "
        "Not scored is not nil."
    )
    columns = text_columns(
        "Risk", "What may happen", "Likelihood", "Impact", "Score and word", "Movement", "Mitigation", "Owner",
        "Review by", "Clause", "Status",
    )  # fmt: skip
    sheet.table(Table("Risks", columns, [_row(figures, each) for each in figures.risks]))


def _row(figures: PackFigures, risk: RiskStanding) -> tuple[Cell, ...]:
    late = " (overdue)" if risk.overdue(figures.pool.agreement.year.month_ends(figures.month)) else ""
    return (
        risk.id,
        risk.description,
        in_words(risk.likelihood, LIKELIHOODS),
        in_words(risk.impact, IMPACTS),
        risk.rating if risk.score is None else f"{risk.score} {risk.rating}",
        risk.movement or "no review before",
        risk.mitigation or "none stated",
        risk.owner or "none named",
        f"{risk.review.isoformat()}{late}" if risk.review else "no day",
        risk.clause or "none",
        "open" if risk.open else "closed",
    )
