"""The monitoring table of a month or quarter: every line with its budgets, actual, forecast, RAG and who bears it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledgers.calendar import quarter_of
from ledgers.money import percent, pounds
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.escalations import escalations
from pooledfund.results.lines import Line, committed_at, lines_at
from pooledfund.results.risk_position import RiskPosition, risk_position_of
from pooledfund.results.words import FiguresBasis, Rag, figures_basis, rag_of, variance_word
from s75_rules.escalated import Escalated


@dataclass(frozen=True, slots=True)
class MonitoringLine:
    """A row of the monitoring table: the line, its name and lead, its RAG, and what each partner bears of it."""

    line: Line
    name: str
    fund: str
    lead: str
    illustrative: bool
    rag: Rag
    borne_pence: tuple[tuple[str, int], ...]
    committed_pence: int = 0

    def as_json(self) -> dict[str, object]:
        """The row with money in pounds as text; plus is overspend."""
        return {
            **_figures([self.line], self.line.scheme),
            "name": self.name,
            "fund": self.fund,
            "lead": self.lead,
            "basis": "illustrative" if self.illustrative else "as agreed",
            "forecast_basis": self.line.basis,
            "forecast_entered": f"M{self.line.forecast_month}" if self.line.forecast_month else None,
            "committed": pounds(self.committed_pence),
            "rag": self.rag.word,
            "rag_because": self.rag.because,
            "borne_by": {partner: pounds(pence) for partner, pence in self.borne_pence},
        }


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The monitoring table at the end of a month, with the pool's total and what waits in suspense."""

    pool: str
    title: str
    status: str
    year: str
    month: int
    lines: tuple[MonitoringLine, ...]
    suspense_pence: int
    risk: RiskPosition
    pooled_funds: frozenset[str]
    figures: FiguresBasis
    escalates: bool = False
    """Whether the agreement says when a variance is to be escalated."""
    escalations: tuple[Escalated, ...] = ()

    @property
    def illustrative(self) -> bool:
        """Whether some figure behind the table is illustrative."""
        return self.figures == "illustrative in part"

    @property
    def pooled_lines(self) -> tuple[Line, ...]:
        """The lines whose money is pooled: only they enter the pool's total."""
        return tuple(row.line for row in self.lines if row.fund in self.pooled_funds)

    @property
    def other_lines(self) -> tuple[Line, ...]:
        """Aligned and in-view lines, totalled apart."""
        return tuple(row.line for row in self.lines if row.fund not in self.pooled_funds)

    def as_json(self) -> dict[str, object]:
        """One period's object: the lines, the total of the pool, and what stands beside it."""
        return {
            "pool": self.pool,
            "year": self.year,
            "period": period_label(self.month),
            "agreement_status": self.status,
            "unit": "pounds",
            "figures": self.figures,
            "lines": [row.as_json() for row in self.lines],
            "total": total_figures(self.pooled_lines),
            "not_pooled": total_figures(self.other_lines) if self.other_lines else None,
            "suspense_to_date": pounds(self.suspense_pence),
            "risk_share": self.risk.as_json(),
            **({"escalations": [each.as_json() for each in self.escalations]} if self.escalates else {}),
        }


def monitor(pool: Pool, month: int, as_of: int | None = None) -> Monitoring:
    """The monitoring table at the end of a month, now or as the books stood at an event."""
    agreement = pool.agreement
    lines = lines_at(pool, month, as_of)
    risk = risk_position_of(pool, month, lines, as_of)
    suspense = pool.books.balances("actual", (), accounts=(chart.SUSPENSE,), through_month=month, as_of=as_of)
    orders = committed_at(pool, month, as_of)
    rows = tuple(
        MonitoringLine(
            line=line,
            name=agreement.schemes[scheme].name,
            fund=agreement.schemes[scheme].fund,
            lead=agreement.schemes[scheme].lead,
            illustrative=agreement.schemes[scheme].basis == "illustrative",
            rag=rag_of(line.current_pence, line.forecast_variance_pence),
            borne_pence=tuple(
                (partner, pence)
                for (of_scheme, partner), pence in risk.share.borne_by_line.items()
                if of_scheme == scheme and pence
            ),
            committed_pence=orders.get(scheme, 0),
        )
        for scheme, line in lines.items()
    )
    return Monitoring(
        pool=agreement.id,
        title=agreement.header.title,
        status=agreement.header.status,
        year=str(agreement.year),
        month=month,
        lines=rows,
        suspense_pence=sum(suspense.values()),
        risk=risk,
        pooled_funds=frozenset(fund.id for fund in agreement.funds.values() if fund.kind == "pooled"),
        figures=figures_basis(agreement),
        escalates=bool(agreement.escalation),
        escalations=escalations(pool, month, lines, as_of),
    )


def total_figures(lines: Iterable[Line]) -> dict[str, str | None]:
    """The figures of several lines added up, money in pounds as text."""
    return _figures(list(lines), "total")


def period_label(month: int) -> str:
    """A month that ends a quarter is named by both, such as ``Q2 (M6)``."""
    return f"Q{quarter_of(month)} (M{month})" if month % 3 == 0 else f"M{month}"


def _figures(lines: list[Line], name: str) -> dict[str, str | None]:
    current = sum(line.current_pence for line in lines)
    variance = sum(line.forecast_variance_pence for line in lines)
    movements = [line.movement_pence for line in lines if line.movement_pence is not None]
    return {
        "scheme": name,
        "original_budget": pounds(sum(line.original_pence for line in lines)),
        "contribution_changes": pounds(sum(line.changes_pence for line in lines)),
        "virements": pounds(sum(line.virements_pence for line in lines)),
        "current_budget": pounds(current),
        "budget_to_date": pounds(sum(line.to_date_budget_pence for line in lines)),
        "actual_to_date": pounds(sum(line.actual_pence for line in lines)),
        "variance_to_date": pounds(sum(line.variance_to_date_pence for line in lines)),
        "forecast_outturn": pounds(sum(line.forecast_pence for line in lines)),
        "forecast_variance": pounds(variance),
        "forecast_variance_percent": percent(variance, current),
        "forecast_variance_in_words": variance_word(variance),
        "movement_since_last_quarter": pounds(sum(movements)) if movements else None,
    }
