"""The figures of a quarterly pack, each worked out once, and the proofs that they agree. Lays out nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.reports.cells import CastingFailed, Money, basis_word
from pooledfund.results.conditions import ConditionsReport, conditions_report
from pooledfund.results.contributions import Contributions, contribution_position
from pooledfund.results.lines import Line
from pooledfund.results.memorandum import MemorandumAccount, memorandum_account
from pooledfund.results.met import how_met
from pooledfund.results.monitoring import Monitoring, monitor, period_label
from pooledfund.results.narrative import Narrative, narrative_at


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that were added up in different ways and must be the same, in pence."""

    what: str
    left: str
    left_pence: int
    right: str
    right_pence: int


@dataclass(frozen=True, slots=True)
class PackFigures:
    """What a pack shows of a pool at the end of a month."""

    pool: Pool
    month: int
    as_of: int | None
    monitoring: Monitoring
    contributions: Contributions
    conditions: ConditionsReport
    memorandum: MemorandumAccount
    narrative: Narrative
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
    """Work out everything a pack shows.

    Raises:
        CastingFailed: two ways of adding up a figure do not agree.
    """
    monitoring = monitor(pool, month, as_of)
    contributions = contribution_position(pool, month, as_of)
    memorandum = memorandum_account(pool, month, as_of)
    checks = tuple(_checks(pool, month, as_of, monitoring, contributions, memorandum))
    for check in checks:
        if check.left_pence != check.right_pence:
            raise CastingFailed(
                f"{check.what}: {check.left} {pounds_for_people(check.left_pence)}, "
                f"{check.right} {pounds_for_people(check.right_pence)}; run 'pooledfund verify' and report this"
            )
    conditions, narrative = conditions_report(pool, month, as_of), narrative_at(pool, month, as_of)
    return PackFigures(pool, month, as_of, monitoring, contributions, conditions, memorandum, narrative, checks)


def _checks(
    pool: Pool,
    month: int,
    as_of: int | None,
    monitoring: Monitoring,
    contributions: Contributions,
    memorandum: MemorandumAccount,
) -> Iterator[Check]:
    lines = [row.line for row in monitoring.lines]
    budget = pool.books.balances("budget", ("account",), through_month=month, as_of=as_of)
    actual = pool.books.balances("actual", ("account",), through_month=month, as_of=as_of)
    on_lines = sum(budget.get((account,), 0) for account in chart.LINE_BUDGETS)
    agreed = -budget.get((chart.CONTRIBUTION_PLAN,), 0)
    rest = sum(
        pence for (account,), pence in budget.items() if account not in (chart.CONTRIBUTION_PLAN, *chart.LINE_BUDGETS)
    )
    yield Check(
        "Current budgets",
        "lines of the monitoring table",
        sum(line.current_pence for line in lines),
        "line budget accounts of the books",
        on_lines,
    )
    yield Check(
        "Where contributions are planned to go",
        "current contributions",
        agreed,
        "line budgets, reserves and what is not allocated",
        on_lines + rest,
    )
    spent = actual.get((chart.EXPENDITURE,), 0)
    yield Check(
        "Actual to date",
        "lines of the monitoring table",
        sum(line.actual_pence for line in lines),
        "expenditure account of the books",
        spent,
    )
    yield Check(
        "Expenditure",
        "memorandum account by line",
        memorandum.expenditure_pence,
        "memorandum account by the body that spent it",
        sum(memorandum.spend_by_partner_pence.values()),
    )
    yield Check(
        "Contributions due",
        "contributions table",
        sum(each.due_pence for each in contributions.positions),
        "contribution income account of the books",
        -actual.get((chart.INCOME,), 0),
    )
    share = monitoring.risk.share
    yield Check(
        "Variance",
        "what is borne, drawn, returned, carried and unresolved",
        sum(row.pence for row in how_met(share)),
        "forecast outturn less current budget of the lines",
        sum(line.forecast_variance_pence for line in lines),
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
