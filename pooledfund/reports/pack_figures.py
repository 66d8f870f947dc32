"""The figures of a quarterly pack, each worked out once, and the proofs that they agree. Lays out nothing."""

from dataclasses import dataclass

from pooledfund.control.checklist import Checklist, checklist
from pooledfund.pool import Pool
from pooledfund.reports.cells import CastingFailed, Money, basis_word
from pooledfund.results.bridge import Bridge, bridge_to
from pooledfund.results.casting import Check, casts
from pooledfund.results.conditions import ConditionsReport, conditions_report
from pooledfund.results.contributions import Contributions, contribution_position
from pooledfund.results.course import CourseMonth, course_of_year
from pooledfund.results.lines import Line
from pooledfund.results.memorandum import MemorandumAccount, memorandum_account
from pooledfund.results.minutes import SinceLastMeeting, since_last_meeting
from pooledfund.results.monitoring import Monitoring, monitor, period_label
from pooledfund.results.narrative import Narrative, narrative_at
from pooledfund.results.risks import RiskStanding, risk_register


@dataclass(frozen=True, slots=True)
class PackFigures:
    """What a pack shows of a pool at the end of a month."""

    pool: Pool
    month: int
    as_of: int
    monitoring: Monitoring
    contributions: Contributions
    conditions: ConditionsReport
    memorandum: MemorandumAccount
    narrative: Narrative
    checklist: Checklist
    course: tuple[CourseMonth, ...]
    bridge: Bridge | None
    risks: tuple[RiskStanding, ...]
    board: SinceLastMeeting
    checks: tuple[Check, ...]

    @property
    def period(self) -> str:
        """The period by quarter and month."""
        return period_label(self.month)

    @property
    def projected(self) -> bool:
        """Whether the risk position rests on a forecast."""
        return self.monitoring.risk.projected

    @property
    def basis(self) -> str:
        """How sure a figure over several lines or partners is."""
        return "illustrative in part" if self.monitoring.illustrative else "as agreed"

    def line_basis(self, line: str) -> str:
        """How sure a line's figures are."""
        return basis_word(self.pool.agreement.schemes[line].basis)

    def contribution_basis(self, contribution: str) -> str:
        """How sure a contribution's figures are."""
        return basis_word(self.pool.agreement.contributions[contribution].basis)

    def partner(self, partner: str) -> str:
        """A partner by name."""
        return self.pool.agreement.partners[partner].name

    def line_names(self) -> dict[str, str]:
        """Each line's name by its id."""
        return {scheme.id: scheme.name for scheme in self.pool.agreement.schemes.values()}


def figures_of(pool: Pool, month: int, as_of: int | None = None) -> PackFigures:
    """Work out everything a pack shows, at the newest event or at one before it.

    Raises:
        CastingFailed: two ways of adding up a figure do not agree.
    """
    as_of = pool.books.head(as_of).number
    pool = pool.at(as_of)
    monitoring = monitor(pool, month, as_of)
    contributions = contribution_position(pool, month, as_of)
    memorandum = memorandum_account(pool, month, as_of)
    checks = casts(pool, month, as_of, monitoring, contributions, memorandum)
    for check in checks:
        if not check.agrees:
            raise CastingFailed(f"{check}; run 'pooledfund verify' and report this")
    conditions, narrative = conditions_report(pool, month, as_of), narrative_at(pool, month, as_of)
    closing = checklist(pool, f"Q{month // 3}" if month % 3 == 0 else f"M{month}", as_of)
    forecast = sum(line.forecast_pence for line in monitoring.pooled_lines)
    course, bridge = course_of_year(pool, month, forecast, as_of), bridge_to(pool, month, as_of)
    return PackFigures(
        pool=pool,
        month=month,
        as_of=as_of,
        monitoring=monitoring,
        contributions=contributions,
        conditions=conditions,
        memorandum=memorandum,
        narrative=narrative,
        checklist=closing,
        course=course,
        bridge=bridge,
        risks=risk_register(pool, month, as_of),
        board=since_last_meeting(pool, as_of),
        checks=checks,
    )


def by_columns(line: Line) -> tuple[Money, ...]:
    """The figures of a line that are added up, in the order of the monitoring table."""
    return tuple(
        map(
            Money,
            (
                line.original_pence,
                line.changes_pence,
                line.virements_pence,
                line.current_pence,
                line.to_date_budget_pence,
                line.actual_pence,
                line.variance_to_date_pence,
                line.forecast_pence,
                line.forecast_variance_pence,
            ),
        )
    )
