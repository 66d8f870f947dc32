"""Contributions at a month: due, invoiced, received and overdue, by contribution. Raises no invoice."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledgers.money import pounds, pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from s75_rules.clock import at_time
from s75_rules.contributions import Instalment, instalments
from s75_rules.deadlines import Deadline
from s75_rules.terms import END_OF_DAY


@dataclass(frozen=True, slots=True)
class ContributionPosition:
    """One contribution up to the end of a month, in pence."""

    contribution: str
    partner: str
    source: str
    settled: str
    illustrative: bool
    agreed: str
    agreed_pence: int
    due_pence: int
    by_book_pence: int
    own_lines_pence: int
    cash_pence: int
    due_before_last_day_pence: int

    @property
    def invoiced_pence(self) -> int:
        """What was asked for in cash: due, less what goes by book and what is kept for own lines."""
        return self.due_pence - self.by_book_pence - self.own_lines_pence

    @property
    def received_pence(self) -> int:
        """What met the dues: cash, transfer by book, and what was kept for own lines."""
        return self.cash_pence + self.by_book_pence + self.own_lines_pence

    @property
    def overdue_pence(self) -> int:
        """What was to be paid before the last day of the period and was not received by it."""
        return max(0, self.due_before_last_day_pence - self.received_pence)

    def as_json(self) -> dict[str, object]:
        """The position with money in pounds as text."""
        return {
            "partner": self.partner,
            "source": self.source,
            "settled": self.settled,
            "basis": "illustrative" if self.illustrative else "as agreed",
            "agreed": self.agreed,
            **position_figures([self]),
        }


@dataclass(frozen=True, slots=True)
class Contributions:
    """All contributions of a pool at the end of a month."""

    month: int
    positions: tuple[ContributionPosition, ...]

    def as_json(self) -> dict[str, object]:
        """Each contribution by its id, and the total."""
        return {
            **{position.contribution: position.as_json() for position in self.positions},
            "total": position_figures(self.positions),
        }


def contribution_position(pool: Pool, month: int, as_of: int | None = None) -> Contributions:
    """What of each contribution is due, invoiced, received and overdue at the end of a month."""
    agreement = pool.agreement
    met = _met(pool, month, as_of)
    early = _due_before_last_day(pool, month, as_of)
    changed = pool.current_contributions(month, as_of)
    positions = []
    for contribution in agreement.contributions.values():
        positions.append(
            ContributionPosition(
                contribution=contribution.id,
                partner=contribution.partner,
                source=contribution.source,
                settled=agreement.settled_as(contribution),
                illustrative=contribution.basis == "illustrative",
                agreed=str(contribution.amount),
                agreed_pence=changed.get(contribution.id, 0),
                due_pence=-met.get((chart.INCOME, contribution.id), 0),
                by_book_pence=met.get((chart.HOST_TRANSFER, contribution.id), 0),
                own_lines_pence=met.get((chart.OWN_LINES, contribution.id), 0),
                cash_pence=met.get((chart.CASH, contribution.id), 0),
                due_before_last_day_pence=early.get(contribution.id, 0),
            )
        )
    return Contributions(month, tuple(positions))


def schedule(pool: Pool) -> dict[str, tuple[Instalment, ...]]:
    """The agreed instalments of every contribution with an exact amount."""
    return {
        contribution.id: instalments(pool.agreement, contribution.id)
        for contribution in pool.agreement.contributions.values()
        if contribution.amount.exact_pence is not None
    }


def instalment_dates(pool: Pool) -> tuple[Deadline, ...]:
    """Each agreed instalment as something due by the end of its day, earliest first, for a diary."""
    agreement = pool.agreement
    found = [
        Deadline(
            "contribution",
            f"{agreement.partners[agreement.contributions[name].partner].name}: {pounds_for_people(each.due_pence)} of "
            f"{agreement.contributions[name].name or name} falls due",
            at_time(each.due_on, END_OF_DAY),
        )
        for name, instalments_of in schedule(pool).items()
        for each in instalments_of
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.what)))


def position_figures(positions: Iterable[ContributionPosition]) -> dict[str, object]:
    """The figures of several contributions added up, money in pounds as text."""
    several = list(positions)
    return {
        "due_to_date": pounds(sum(each.due_pence for each in several)),
        "invoiced_to_date": pounds(sum(each.invoiced_pence for each in several)),
        "received_to_date": pounds(sum(each.received_pence for each in several)),
        "of_which_cash": pounds(sum(each.cash_pence for each in several)),
        "of_which_by_book": pounds(sum(each.by_book_pence for each in several)),
        "of_which_own_lines": pounds(sum(each.own_lines_pence for each in several)),
        "overdue": pounds(sum(each.overdue_pence for each in several)),
    }


def _met(pool: Pool, month: int, as_of: int | None) -> dict[tuple[str, str], int]:
    """Balances by account and contribution of what is due and of what met it; own lines before their spend."""
    balances = pool.books.balances(
        "actual",
        ("account", "contribution", "scheme"),
        accounts=(chart.INCOME, chart.HOST_TRANSFER, chart.OWN_LINES, chart.CASH),
        through_month=month,
        as_of=as_of,
    )
    met: dict[tuple[str, str], int] = {}
    for (account, contribution, scheme), pence in balances.items():
        if contribution is not None and scheme is None:
            met[str(account), str(contribution)] = pence
    return met


def _due_before_last_day(pool: Pool, month: int, as_of: int | None) -> dict[str, int]:
    last_day = pool.agreement.year.month_ends(month)
    due: dict[str, int] = {}
    entries = pool.books.entries(book="actual", account=chart.INCOME, through_month=month, as_of=as_of)
    for recorded in entries:
        if pool.agreement.payment.due_on(recorded.entry.effective_on) < last_day:
            for posting in recorded.entry.postings:
                if posting.account == chart.INCOME and posting.contribution:
                    due[posting.contribution] = due.get(posting.contribution, 0) - posting.amount_pence
    return due
