"""Proofs that the tables of a month cast: figures added up in two ways, side by side. Mends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.contributions import Contributions
from pooledfund.results.memorandum import MemorandumAccount
from pooledfund.results.met import how_met
from pooledfund.results.monitoring import Monitoring


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that were added up in different ways and must be the same, in pence."""

    what: str
    left: str
    left_pence: int
    right: str
    right_pence: int

    @property
    def agrees(self) -> bool:
        """Whether both come to the same penny."""
        return self.left_pence == self.right_pence

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.left} {pounds_for_people(self.left_pence)}, "
            f"{self.right} {pounds_for_people(self.right_pence)}"
        )


def casts(
    pool: Pool,
    month: int,
    as_of: int | None,
    monitoring: Monitoring,
    contributions: Contributions,
    memorandum: MemorandumAccount,
) -> tuple[Check, ...]:
    """Every figure of a month that can be added up in two ways, with both sums."""
    return tuple(_checks(pool, month, as_of, monitoring, contributions, memorandum))


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
