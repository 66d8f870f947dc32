"""The three statements between partners, cost share, cash due and balances, and the bridge from each to the next.

Everything is shown gross; what would be paid if balances were set off is shown beside them and never posted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.access import Action, require_partner
from pooledfund.pool import Pool
from pooledfund.results.invoices import Invoices, invoices_at
from pooledfund.results.partner_statement import PartnerNotKnown
from pooledfund.results.recharges import PartnerRecharges, recharges_at

COST_SHARE: Mapping[str, str] = {
    chart.INCOME: "contributions due",
    chart.RISK_SHARE_INCOME: "overspend borne",
    chart.BREACH_INCOME: "spend outside authority borne",
    chart.LATE_INTEREST: "interest on late payment",
    chart.CASH_INTEREST: "interest on the pool's cash",
    chart.RISK_SHARE_RETURNED: "underspend returned",
    chart.RETURNED_TO_FUNDER: "unspent grant returned to its payer",
    chart.TO_RESERVE: "put into reserves",
    chart.RESERVE_APPLIED: "drawn from reserves",
    chart.INCOME_CARRIED_FORWARD: "carried into next year",
    chart.APPLIED_BROUGHT_FORWARD: "carried into this year",
    chart.EXPENDITURE: "spent on the pool's behalf",
    chart.SUSPENSE: "spent and in suspense",
}
"""What a partner bears of the pool, less what it spent for it: the accounts of income and cost."""

SETTLED: Mapping[str, str] = {chart.CASH: "cash", chart.HOST_TRANSFER: "by book, from the host's own funds"}
"""How it was met."""

BALANCES: Mapping[str, str] = {
    chart.DEBTORS: "owed to the pool",
    chart.OWN_LINES: "kept for own lines and not spent",
    chart.CREDITORS: "owed by the pool for spend on its behalf",
    chart.ACCRUALS: "owed by the pool and not yet invoiced",
}
"""What is left between the pool and a partner, each gross."""

Row = tuple[str, int]
Amount = Callable[[str], int]
"""The balance of an account in pence, debit plus."""


@dataclass(frozen=True, slots=True)
class Statements:
    """One partner's three statements in pence; None is what the books hold of no partner, such as opening reserves."""

    partner: str | None
    cost_share: tuple[Row, ...]
    receivable: tuple[Row, ...]
    payable: tuple[Row, ...]
    balances: tuple[Row, ...]
    settled: tuple[Row, ...]
    held_pence: int
    spanning_pence: int

    @property
    def cost_share_pence(self) -> int:
        """What it bears less what it spent for the pool: above nil it owes that, however it was met since."""
        return _sum(self.cost_share)

    @property
    def balances_pence(self) -> int:
        """All balances together: what would be paid to the pool if they were set off, by it below nil."""
        return _sum(self.balances)

    @property
    def bridge(self) -> tuple[Row, ...]:
        """From its cost share to its balances."""
        return (
            ("cost share, less spent on the pool's behalf", self.cost_share_pence),
            *((f"settled: {what}", -pence) for what, pence in self.settled),
            ("held for it in reserves and carried forward", -self.held_pence),
            ("journals that span partners", self.spanning_pence),
        )

    @property
    def differences(self) -> tuple[str, ...]:
        """Where the statements do not come to one another; empty where they reconcile."""
        found = {
            "cost share to balances": _sum(self.bridge) - self.balances_pence,
            "cash due to balances": _sum((*self.receivable, *self.payable)) - self.balances_pence,
        }
        return tuple(f"{what} differs by {pounds(pence)}" for what, pence in found.items() if pence)

    def as_json(self) -> dict[str, object]:
        """The statements with money in pounds as text."""
        parts = {
            "cost_share": self.cost_share,
            "cash_due_to_the_pool": self.receivable,
            "cash_due_from_the_pool": self.payable,
            "balances": self.balances,
            "bridge": self.bridge,
        }
        return {
            "partner": self.partner,
            **{
                name: {**{what: pounds(pence) for what, pence in rows}, "total": pounds(_sum(rows))}
                for name, rows in parts.items()
            },
            "if_set_off": pounds(self.balances_pence),
            "reconciles": not self.differences,
            "differences": list(self.differences),
        }


def statements(pool: Pool, month: int, of: str | None = None, as_of: int | None = None) -> tuple[Statements, ...]:
    """The three statements of every partner, or of one, at a month's end; all of them together are the actual book.

    Nearly every entry sums to nil within one partner, so that what a partner bears, less what was settled and what
    is held for it, is its balance; the rest is a row of the bridge.

    Raises:
        PartnerNotKnown: the agreement has no such partner.
        NotAllowed: partner finance asks for another partner's.
    """
    agreement = pool.agreement
    if of is not None and of not in agreement.partners:
        raise PartnerNotKnown(f"'{of}' is not a partner of {agreement.id}: name one of {', '.join(agreement.partners)}")
    shown = list(agreement.partners) if of is None else [of]
    for each in shown:
        require_partner(pool.actor, Action.READ, each)
    balances = pool.books.balances("actual", ("account", "partner"), through_month=month, as_of=as_of)
    shares = pool.books.balances(
        "actual", ("partner", "contribution"), accounts=(chart.DEBTORS,), through_month=month, as_of=as_of
    )
    invoices = invoices_at(pool, month, as_of)
    claims = {each.partner: each for each in recharges_at(pool, month, as_of).partners}
    found = []
    for partner in (*shown, *([None] if of is None else [])):
        amounts = {str(account): pence for (account, by), pence in balances.items() if by == partner}
        receivable = _receivable(pool, invoices, partner, shares.get((partner, None), 0))
        found.append(_of_partner(partner, amounts, receivable, claims.get(partner or "")))
    return tuple(found)


def _of_partner(
    partner: str | None, amounts: Mapping[str, int], receivable: tuple[Row, ...], claims: PartnerRecharges | None
) -> Statements:
    def of(account: str) -> int:
        return amounts.get(account, 0)

    own_lines = (("kept for own lines and not spent", of(chart.OWN_LINES)),)
    owed = _claimed(claims) if claims else (("owed and not claimed", of(chart.CREDITORS)),)
    held = {account: pence for account, pence in amounts.items() if account not in (*COST_SHARE, *SETTLED, *BALANCES)}
    return Statements(
        partner=partner,
        cost_share=_rows(COST_SHARE, of, -1),
        receivable=_moved((*receivable, *own_lines)),
        payable=_moved((*owed, ("accrued and not yet invoiced", of(chart.ACCRUALS)))),
        balances=_rows(BALANCES, of, 1),
        settled=_rows(SETTLED, of, 1),
        held_pence=sum(held.values()),
        spanning_pence=sum(amounts.values()),
    )


def _receivable(pool: Pool, invoices: Invoices, partner: str | None, shares_pence: int) -> tuple[Row, ...]:
    """What is due from a partner in cash: invoices less receipts, what is not invoiced, and shares of the risk."""
    own = {each.id for each in pool.agreement.contributions.values() if each.partner == partner}
    mine = [each for each in invoices.positions if each.document.contribution in own]
    received = sum(each.paid_pence for each in mine) + sum(
        each.pence for each in invoices.unallocated if each.receipt.contribution in own
    )
    waiting = sum(pence for (each, _), pence in invoices.not_invoiced_pence.items() if each in own)
    return (
        ("invoices and credit notes", sum(each.document.amount_pence for each in mine)),
        ("due and not yet invoiced", waiting),
        ("moved by journals or brought forward", sum(invoices.other_pence.get(each, 0) for each in own)),
        ("received", -received),
        ("shares of the risk and breaches, less received", shares_pence),
    )


def _claimed(claims: PartnerRecharges) -> tuple[Row, ...]:
    return (
        ("recharges claimed", -claims.claimed_pence),
        ("recharges agreed and not paid", -claims.agreed_pence),
        ("owed and not claimed", -claims.not_claimed_pence),
    )


def _rows(names: Mapping[str, str], of: Amount, sign: int) -> tuple[Row, ...]:
    return _moved(tuple((name, sign * of(account)) for account, name in names.items()))


def _moved(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple((what, pence) for what, pence in rows if pence)


def _sum(rows: tuple[Row, ...]) -> int:
    return sum(pence for _, pence in rows)
