"""Contributions due against received: what is late, what is timing, and a statement that casts."""

from collections import defaultdict
from dataclasses import dataclass

from ledgers.money import pounds, pounds_for_people
from pooledfund import chart
from pooledfund.control.reconciling.position import DoesNotCast
from pooledfund.intake.invoices import debtor_account
from pooledfund.pool import Pool
from pooledfund.results.contributions import ContributionPosition, contribution_position
from pooledfund.results.invoices import invoices_at


@dataclass(frozen=True, slots=True)
class Due:
    """One contribution to the end of a month, in pence: due, invoiced, received, and what lies between."""

    position: ContributionPosition
    invoiced_pence: int
    interest_pence: int

    @property
    def due_pence(self) -> int:
        """Instalments that fell due, and interest on what was paid late."""
        return self.position.due_pence + self.interest_pence

    @property
    def open_pence(self) -> int:
        """Due and not received; below nil where money came early."""
        return self.due_pence - self.position.received_pence

    @property
    def late_pence(self) -> int:
        """What fell due before the last day of the month, with interest on late payment, and was not received by it."""
        return max(0, self.position.due_before_last_day_pence + self.interest_pence - self.position.received_pence)

    @property
    def timing_pence(self) -> int:
        """What fell due on the last day and is not late yet; below nil what was received before it was due."""
        return self.open_pence - self.late_pence

    def as_json(self) -> dict[str, str]:
        """The contribution with money in pounds as text."""
        return {
            "contribution": self.position.contribution,
            "partner": self.position.partner,
            "due": pounds(self.due_pence),
            "of_which_interest": pounds(self.interest_pence),
            "invoiced": pounds(self.invoiced_pence),
            "received": pounds(self.position.received_pence),
            "late": pounds(self.late_pence),
            "timing": pounds(self.timing_pence),
        }


@dataclass(frozen=True, slots=True)
class DueAgainstReceived:
    """Every contribution to the end of a month, and the two figures that the statement leads between."""

    month: int
    rows: tuple[Due, ...]
    due_pence: int
    received_pence: int

    @property
    def steps(self) -> tuple[tuple[str, str, int], ...]:
        """From what is due to what was received: contribution, why, pence."""
        found = []
        for each in self.rows:
            name, timing = each.position.contribution, each.timing_pence
            words = "not late yet" if timing > 0 else "received before it was due"
            found += [(name, "late", -each.late_pence), (name, words, -timing)]
        return tuple(step for step in found if step[2])

    @property
    def late_pence(self) -> int:
        """What is late of all contributions."""
        return sum(each.late_pence for each in self.rows)

    def as_json(self) -> dict[str, object]:
        """The reconciliation with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "agrees": not self.late_pence,
            "contributions": [each.as_json() for each in self.rows],
            "statement": {
                "due": pounds(self.due_pence),
                "steps": [
                    {"contribution": name, "why": why, "amount": pounds(pence)} for name, why, pence in self.steps
                ],
                "received": pounds(self.received_pence),
            },
        }


def due_against_received(pool: Pool, month: int, as_of: int | None = None) -> DueAgainstReceived:
    """Hold what the agreement makes due against what was received, contribution by contribution.

    What was received counts cash, transfer by book and what a partner keeps for its own lines.

    Raises:
        DoesNotCast: what is due, asked for and received is not what the debtor account holds of a contribution.
    """
    invoiced: dict[str, int] = defaultdict(int)
    for each in invoices_at(pool, month, as_of).positions:
        invoiced[each.document.contribution] += each.document.amount_pence
    interest = _by_contribution(pool, chart.LATE_INTEREST, month, as_of)
    positions = contribution_position(pool, month, as_of).positions
    rows = tuple(Due(each, invoiced[each.contribution], -interest[each.contribution]) for each in positions)
    left = _left_on_debtors(pool, month, as_of)
    for row in rows:
        name = row.position.contribution
        if row.open_pence != left[name]:
            raise DoesNotCast(
                f"{name} M{month}: due less received is {pounds_for_people(row.open_pence)} and the debtor account "
                f"holds {pounds_for_people(left[name])}: run verify"
            )
    due = sum(row.due_pence for row in rows)
    return DueAgainstReceived(month, rows, due, due - sum(left.values()))


def _left_on_debtors(pool: Pool, month: int, as_of: int | None) -> defaultdict[str, int]:
    """What the debtor account holds of each contribution by its balances, less what journals moved."""
    found = _by_contribution(pool, chart.DEBTORS, month, as_of)
    for contribution, pence in debtor_account(pool, month, as_of).other_pence.items():
        found[contribution] -= pence
    return found


def _by_contribution(pool: Pool, account: str, month: int, as_of: int | None) -> defaultdict[str, int]:
    """The balance of an account by contribution in pence, debit plus; what names no contribution is left out."""
    balances = pool.books.balances("actual", ("contribution",), accounts=(account,), through_month=month, as_of=as_of)
    return defaultdict(int, {str(of): pence for (of,), pence in balances.items() if of is not None})
