"""Who bears the variance at a month, worked out from the books. Projected until the year has run; posts nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ledgers.journal import RecordedEntry
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.decided import agreed_beforehand_of, contained_of, decisions_of, disputes_of
from pooledfund.results.lines import Line, budgets_to_date, lines_at
from pooledfund.results.to_a_day import actuals_to, budgets_to, entries_to, is_within_a_month
from pooledfund.results.variance_months import variance_by_month
from pooledfund.results.words import FiguresBasis, figures_basis
from s75_rules.agreement import Agreement
from s75_rules.clauses import Decision
from s75_rules.decisions import DecisionDiffers
from s75_rules.risk_share import Breach, Position, RiskShare, share_risk

PositionBasis = Literal["projected", "to date", "outturn"]
"""A forecast of the year, spend and budget up to a month, or the year as it came out."""


@dataclass(frozen=True, slots=True)
class RiskPosition:
    """A risk share, the position it rests on and the month it was worked out at; projected where that is a forecast."""

    month: int
    basis: PositionBasis
    figures: FiguresBasis
    position: Position
    share: RiskShare

    @property
    def projected(self) -> bool:
        """Whether it rests on a forecast, so that nothing of it can be posted."""
        return self.basis == "projected"

    def as_json(self) -> dict[str, object]:
        """The fixed shape of the risk share, with the word that says on what it rests."""
        return {
            "basis": self.basis,
            "month": f"M{self.month}",
            "figures": self.figures,
            **self.share.as_json(),
        }


def risk_position(pool: Pool, month: int, as_of: int | None = None) -> RiskPosition:
    """Share the variance of the forecast outturn at a month, or of the outturn at M12, by the agreement's clauses."""
    return risk_position_of(pool, month, lines_at(pool, month, as_of), as_of)


def risk_position_of(pool: Pool, month: int, lines: Mapping[str, Line], as_of: int | None = None) -> RiskPosition:
    """The same from lines that were already worked out."""
    position = Position(
        budgets=pool.current_budgets(month, as_of),
        contributions=pool.current_contributions(month, as_of),
        outturns={scheme: line.forecast_pence for scheme, line in lines.items()},
        breaches=breaches(pool, month, as_of),
        reserves=reserves_before_settlement(pool, month, as_of),
        decisions=decisions_of(pool, month, as_of),
        disputes=disputes_of(pool, as_of),
        agreed_beforehand=agreed_beforehand_of(pool, as_of),
        contained=contained_of(pool, month, as_of),
    )
    position = replace(position, movements=variance_by_month(pool, pool.agreement, position, month, as_of))
    return RiskPosition(
        month=month,
        basis="projected" if month < 12 else "outturn",
        figures=figures_basis(pool.agreement),
        position=position,
        share=share_what_stands(pool.agreement, position),
    )


def position_to_date(pool: Pool, month: int, as_of: int | None = None) -> RiskPosition:
    """Share the variance of spend to date from budget to date at the end of a month; rests on no forecast.

    At M12 this is the risk share of the outturn.
    """
    if month == 12:
        return risk_position(pool, month, as_of)
    spent = pool.books.balances("actual", ("scheme",), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of)
    position = Position(
        budgets={place: pence for place, pence in budgets_to_date(pool, month, as_of).items() if pence > 0},
        contributions=pool.current_contributions(month, as_of),
        outturns={scheme: spent.get((scheme,), 0) for scheme in pool.agreement.schemes},
        breaches=breaches(pool, month, as_of),
        reserves=reserves_before_settlement(pool, month, as_of),
        decisions=decisions_of(pool, month, as_of),
        disputes=disputes_of(pool, as_of),
        agreed_beforehand=agreed_beforehand_of(pool, as_of),
        # A decision of this month has saved nothing up to its end: it is about what is spent after it.
        contained=contained_of(pool, month - 1, as_of),
    )
    movements = variance_by_month(pool, pool.agreement, position, month, as_of)
    position = replace(position, movements=_moved_to_date(movements, month))
    share = share_what_stands(pool.agreement, position)
    return RiskPosition(month, "to date", figures_basis(pool.agreement), position, share)


def position_to_day(pool: Pool, on: date) -> RiskPosition:
    """The same up to a day: within a month its budget counts by days, and spend by the effective date of entries."""
    month = pool.agreement.year.month_of(on)
    whole = position_to_date(pool, month)
    if not is_within_a_month(pool, on):
        return whole
    spent = actuals_to(pool, on, ("scheme",), (chart.EXPENDITURE,))
    held = actuals_to(pool, on, ("account",))
    moved = reserve_movements_to(pool, on)
    position = replace(
        whole.position,
        budgets={place: pence for place, pence in budgets_to(pool, on).items() if pence > 0},
        outturns={scheme: spent.get((scheme,), 0) for scheme in pool.agreement.schemes},
        breaches=_breaches_in(entries_to(pool, on, "breach")),
        reserves={each: moved[each] - held.get((chart.reserve_account(each),), 0) for each in moved},
    )
    movements = variance_by_month(pool, pool.agreement, position, month)
    position = replace(position, movements=_moved_to_date(movements, month))
    return replace(whole, basis="to date", position=position, share=share_what_stands(pool.agreement, position))


def _moved_to_date(movements: Mapping[str, tuple[int, ...]], month: int) -> dict[str, tuple[int, ...]]:
    """The same months, with what a penny of rounding put behind the month drawn into it: to date nothing is to come."""
    return {
        scheme: (*months[: month - 1], sum(months[month - 1 :]), *[0] * (len(months) - month))
        for scheme, months in movements.items()
    }


def share_what_stands(agreement: Agreement, position: Position) -> RiskShare:
    """The risk share with the decisions that settle just what is open at this month; the rest stays unresolved.

    A board decides on one amount: at another month its clause leaves another, which no one has decided on.
    """
    try:
        return share_risk(agreement, position)
    except DecisionDiffers:
        kept = tuple(each for each in position.decisions if _settles(agreement, position, each))
        return share_risk(agreement, replace(position, decisions=kept))


def _settles(agreement: Agreement, position: Position, decision: Decision) -> bool:
    try:
        share_risk(agreement, replace(position, decisions=(decision,)))
    except DecisionDiffers:
        return False
    return True


def breaches(pool: Pool, month: int, as_of: int | None = None) -> tuple[Breach, ...]:
    """The breaches recorded up to a month, each with its minute."""
    return _breaches_in(pool.books.entries(book="actual", kind="breach", through_month=month, as_of=as_of))


def _breaches_in(entries: Iterable[RecordedEntry]) -> tuple[Breach, ...]:
    found = []
    for recorded in entries:
        for posting in recorded.entry.postings:
            if posting.account == chart.BREACH_INCOME and posting.scheme and posting.partner:
                found.append(
                    Breach(posting.scheme, posting.partner, -posting.amount_pence, recorded.entry.source_reference)
                )
    return tuple(found)


def reserves_before_settlement(pool: Pool, month: int, as_of: int | None = None) -> dict[str, int]:
    """What each reserve of the pool held before any settlement drew or fed it, in pence."""
    balances = pool.books.balances("actual", ("account",), through_month=month, as_of=as_of)
    moved = reserve_movements(pool, month, as_of)
    return {
        reserve: moved.get(reserve, 0) - balances.get((chart.reserve_account(reserve),), 0)
        for reserve in pool_reserves(pool.agreement)
    }


def reserve_movements(pool: Pool, month: int, as_of: int | None = None) -> dict[str, int]:
    """What settlements up to a month drew from each reserve (above nil) or put into it (below nil), in pence."""
    entries = pool.books.entries(book="actual", kind="reserve draw", through_month=month, as_of=as_of)
    return _moved_by(pool.agreement, entries)


def reserve_movements_to(pool: Pool, on: date) -> dict[str, int]:
    """The same by the settlements whose effective date is no later than a day."""
    return _moved_by(pool.agreement, entries_to(pool, on, "reserve draw"))


def _moved_by(agreement: Agreement, entries: Iterable[RecordedEntry]) -> dict[str, int]:
    accounts = {chart.reserve_account(reserve): reserve for reserve in pool_reserves(agreement)}
    moved = dict.fromkeys(accounts.values(), 0)
    for recorded in entries:
        for posting in recorded.entry.postings:
            if posting.account in accounts:
                moved[accounts[posting.account]] += posting.amount_pence
    return moved


def pool_reserves(agreement: Agreement) -> list[str]:
    """The reserves held in the pool, in file order."""
    return [reserve.id for reserve in agreement.reserves.values() if reserve.held == "in_pool"]
