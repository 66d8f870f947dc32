"""The memorandum account of a pool: funding by partner and source, spend by the body that incurred it, balance.

Cost share, cash and balances between partners are three statements; balances are shown gross.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgers.balances import Key
from ledgers.money import pounds
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.hosts import passed_by_pair, settling_host, told_host
from pooledfund.results.words import FiguresBasis, figures_basis


@dataclass(frozen=True, slots=True)
class Section:
    """Revenue or capital money of the pool, in pence."""

    funding_pence: int
    expenditure_pence: int

    @property
    def balance_pence(self) -> int:
        """What is left of the funding."""
        return self.funding_pence - self.expenditure_pence

    def as_json(self) -> dict[str, str]:
        """Funding, expenditure and balance in pounds as text."""
        return {
            "funding": pounds(self.funding_pence),
            "expenditure": pounds(self.expenditure_pence),
            "balance": pounds(self.balance_pence),
        }


@dataclass(frozen=True, slots=True)
class Balance:
    """What one partner owes another for the pool, gross, in pence."""

    owed_by: str
    owed_to: str
    what: str
    pence: int


@dataclass(frozen=True, slots=True)
class MemorandumAccount:
    """The pool's account up to the end of a month, in pence."""

    month: int
    figures: FiguresBasis
    brought_forward_pence: int
    contributions_pence: Mapping[str, int]
    risk_share_pence: Mapping[str, int]
    returned_pence: Mapping[str, int]
    late_interest_pence: Mapping[str, int]
    cash_interest_pence: Mapping[str, int]
    funding_by_partner_pence: Mapping[str, int]
    spend_by_line_pence: Mapping[str, int]
    spend_by_partner_pence: Mapping[str, int]
    reserves_pence: Mapping[str, int]
    carried_forward_pence: Mapping[str, int]
    unallocated_pence: int
    cost_by_partner_pence: Mapping[str, int]
    revenue: Section
    capital: Section
    suspense_pence: int
    balances: tuple[Balance, ...]
    net_cash_pence: Mapping[str, int]

    @property
    def funding_pence(self) -> int:
        """Contributions due, shares of overspend and interest on late payment and on cash, less what was returned."""
        return sum(self.funding_by_partner_pence.values())

    @property
    def expenditure_pence(self) -> int:
        """Spend of the scheme lines, whoever incurred it."""
        return sum(self.spend_by_line_pence.values())

    @property
    def closing_pence(self) -> int:
        """Brought forward and funding less expenditure."""
        return self.brought_forward_pence + self.funding_pence - self.expenditure_pence

    @property
    def not_yet_settled_pence(self) -> int:
        """What of the closing balance is not held in any of these ways: it goes when the year is settled."""
        held = sum(self.reserves_pence.values()) + sum(self.carried_forward_pence.values()) + self.unallocated_pence
        return self.closing_pence - held

    def as_json(self) -> dict[str, object]:
        """The account with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "figures": self.figures,
            "brought_forward": pounds(self.brought_forward_pence),
            "funding": {
                "contributions": _in_pounds(self.contributions_pence),
                "risk_share": _in_pounds(self.risk_share_pence),
                "returned": _in_pounds(self.returned_pence),
                "late_interest": _in_pounds(self.late_interest_pence),
                "cash_interest": _in_pounds(self.cash_interest_pence),
                "by_partner": _in_pounds(self.funding_by_partner_pence),
                "total": pounds(self.funding_pence),
            },
            "expenditure": {
                "by_line": _in_pounds(self.spend_by_line_pence),
                "by_spending_partner": _in_pounds(self.spend_by_partner_pence),
                "total": pounds(self.expenditure_pence),
            },
            "closing_balance": {
                "reserves": _in_pounds(self.reserves_pence),
                "carried_forward": _in_pounds(self.carried_forward_pence),
                "unallocated": pounds(self.unallocated_pence),
                "not_yet_settled": pounds(self.not_yet_settled_pence),
                "total": pounds(self.closing_pence),
            },
            "revenue": self.revenue.as_json(),
            "capital": self.capital.as_json(),
            "cost_by_partner": {
                **_in_pounds(self.cost_by_partner_pence),
                "total": pounds(sum(self.cost_by_partner_pence.values())),
            },
            "suspense": pounds(self.suspense_pence),
            "balances_between_partners": [
                {"owed_by": each.owed_by, "owed_to": each.owed_to, "what": each.what, "amount": pounds(each.pence)}
                for each in self.balances
            ],
            "if_settled_net": _in_pounds(self.net_cash_pence),
        }


def _in_pounds(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: pounds(pence) for name, pence in amounts.items()}


def memorandum_account(pool: Pool, month: int, as_of: int | None = None) -> MemorandumAccount:
    """The memorandum account of the pool at the end of a month, from the postings of the actual book."""
    books = _Balances(pool, month, as_of)
    partners = list(pool.agreement.partners)
    risk_share = _nonzero(
        {each: -books.of_partner(each, chart.RISK_SHARE_INCOME, chart.BREACH_INCOME) for each in partners}
    )
    returned = _nonzero(
        {each: -books.of_partner(each, chart.RISK_SHARE_RETURNED, chart.RETURNED_TO_FUNDER) for each in partners}
    )
    late, on_cash = (
        _nonzero({each: -books.of_partner(each, account) for each in partners})
        for account in (chart.LATE_INTEREST, chart.CASH_INTEREST)
    )
    contributed = {each: -books.of_contribution(each, chart.INCOME) for each in pool.agreement.contributions}
    by_partner = {
        each: -books.of_partner(each, chart.INCOME)
        + risk_share.get(each, 0)
        + returned.get(each, 0)
        + late.get(each, 0)
        + on_cash.get(each, 0)
        for each in partners
    }
    carried = _nonzero(
        {each: -books.of_contribution(each, chart.CARRIED_FORWARD) for each in pool.agreement.contributions}
    )
    unallocated = _unallocated(pool, month, as_of)
    spend_by_partner = _nonzero({each: books.of_partner(each, chart.EXPENDITURE) for each in partners})
    reserve_accounts = {
        each.id: chart.reserve_account(each.id) for each in pool.agreement.reserves.values() if each.held == "in_pool"
    }
    return MemorandumAccount(
        month=month,
        figures=figures_basis(pool.agreement),
        brought_forward_pence=books.whole(chart.BROUGHT_FORWARD),
        contributions_pence=contributed,
        risk_share_pence=risk_share,
        returned_pence=returned,
        late_interest_pence=late,
        cash_interest_pence=on_cash,
        funding_by_partner_pence=_nonzero(by_partner),
        spend_by_line_pence={each: books.of_scheme(each, chart.EXPENDITURE) for each in pool.agreement.schemes},
        spend_by_partner_pence=spend_by_partner,
        reserves_pence={reserve: -books.whole(account) for reserve, account in reserve_accounts.items()},
        carried_forward_pence=carried,
        unallocated_pence=sum(unallocated.values()),
        cost_by_partner_pence=_nonzero(
            {
                each: by_partner[each]
                - unallocated.get(each, 0)
                # What was brought forward is no contribution of this year.
                + books.of_partner(each, chart.CARRIED_FORWARD, chart.BROUGHT_FORWARD, *reserve_accounts.values())
                for each in partners
            }
        ),
        **_sections(pool, books, by_partner),
        suspense_pence=books.whole(chart.SUSPENSE),
        balances=tuple(_balances_between(pool, books)),
        net_cash_pence={
            each: by_partner[each] - spend_by_partner.get(each, 0) for each in _not_hosts(pool) if by_partner[each]
        },
    )


def _sections(pool: Pool, books: "_Balances", by_partner: Mapping[str, int]) -> dict[str, Section]:
    """Capital money is what capital grants give and what is spent of them; the rest is revenue."""
    capital = [each.id for each in pool.agreement.contributions.values() if each.is_capital]
    capital_funding = sum(
        -books.of_contribution(each, chart.INCOME) - books.of_contribution(each, chart.RETURNED_TO_FUNDER)
        for each in capital
    )
    capital_spend = sum(books.of_contribution(each, chart.EXPENDITURE) for each in capital)
    capital_brought_forward = -sum(books.of_contribution(each, chart.APPLIED_BROUGHT_FORWARD) for each in capital)
    funding = sum(by_partner.values())
    spend = books.whole(chart.EXPENDITURE)
    return {
        "capital": Section(capital_funding + capital_brought_forward, capital_spend),
        "revenue": Section(funding - capital_funding, spend - capital_spend),
    }


def _unallocated(pool: Pool, month: int, as_of: int | None) -> dict[str, int]:
    """What of each partner's contributions was never put on a line or into a reserve; told at the year's end."""
    if month != 12:
        return {}
    left = pool.books.balances("budget", ("partner",), accounts=(chart.UNALLOCATED,), as_of=as_of)
    return _nonzero({str(partner): pence for (partner,), pence in left.items()})


def _balances_between(pool: Pool, books: "_Balances") -> Iterable[Balance]:
    """Gross balances of each partner with each host but itself: what it owes, and what it is owed."""
    hosts = dict.fromkeys((settling_host(pool.agreement), *(fund.host for fund in pool.agreement.funds.values())))
    for partner in pool.agreement.partners:
        for host in hosts:
            if host == partner:
                continue
            due = books.between(host, partner, chart.DEBTORS)
            own = books.between(host, partner, chart.OWN_LINES)
            owed = -books.between(host, partner, chart.CREDITORS, chart.ACCRUALS)
            for pence, what in ((due, "contributions and shares due"), (own, "kept for own lines and not spent")):
                if pence > 0:
                    yield Balance(partner, host, what, pence)
            for pence, what in (
                (-due, "paid beyond what was due"),
                (-own, "own lines beyond what was kept"),
                (owed, "spent for the pool and not yet paid"),
            ):
                if pence > 0:
                    yield Balance(host, partner, what, pence)
    for giver, receiver, pence in passed_by_pair(pool.agreement, books.passed()):
        yield Balance(giver, receiver, "relief passed between the hosts' funds", pence)


def _not_hosts(pool: Pool) -> list[str]:
    hosts = {fund.host for fund in pool.agreement.funds.values()}
    return [partner for partner in pool.agreement.partners if partner not in hosts]


def _nonzero(amounts: Mapping[str, int]) -> dict[str, int]:
    return {name: pence for name, pence in amounts.items() if pence}


class _Balances:
    """The actual book's balances to a month, asked for once and added up as needed."""

    def __init__(self, pool: Pool, month: int, as_of: int | None) -> None:
        self._agreement = pool.agreement
        self._rows = pool.books.balances(
            "actual", ("account", "scheme", "contribution", "partner"), through_month=month, as_of=as_of
        )

    def whole(self, *accounts: str) -> int:
        return sum(pence for (account, *_), pence in self._rows.items() if account in accounts)

    def of_scheme(self, scheme: str, *accounts: str) -> int:
        return sum(pence for (account, of, _, _), pence in self._rows.items() if account in accounts and of == scheme)

    def of_contribution(self, contribution: str, *accounts: str) -> int:
        return sum(
            pence for (account, _, of, _), pence in self._rows.items() if account in accounts and of == contribution
        )

    def of_partner(self, partner: str, *accounts: str) -> int:
        return sum(pence for (account, _, _, of), pence in self._rows.items() if account in accounts and of == partner)

    def passed(self) -> dict[str, int]:
        """What settlements passed between the funds of several hosts, by line; reserves themselves move on no line."""
        found: dict[str, int] = {}
        for (account, scheme, _, _), pence in self._rows.items():
            if account == chart.RESERVE_APPLIED and scheme is not None:
                found[str(scheme)] = found.get(str(scheme), 0) + pence
        return found

    def between(self, host: str, partner: str, *accounts: str) -> int:
        """What stands on these accounts for a partner in the account that a host keeps."""
        agreement = self._agreement
        rows = ((key, pence) for key, pence in self._rows.items() if key[0] in accounts and key[3] == partner)

        def kept_by(key: Key) -> str:
            account, scheme, contribution = (None if each is None else str(each) for each in key[:3])
            return told_host(agreement, str(account), scheme, contribution) or settling_host(agreement)

        return sum(pence for key, pence in rows if kept_by(key) == host)
