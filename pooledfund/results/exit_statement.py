"""What a pool comes to when the agreement ends on a day: assets, balances, and what each partner takes or owes.

Budget and spend are those to that day, which may be within a month; who bears the variance is the risk share of that
day. Posts nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.money import apportion_signed, pounds
from pooledfund import chart
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.risk_position import pool_reserves, position_to_day, reserve_movements_to
from pooledfund.results.settlement import Unsettled, disputed, unsettled
from pooledfund.results.to_a_day import actuals_to, budgets_to, is_within_a_month
from s75_rules.agreement import Agreement
from s75_rules.beside import Asset
from s75_rules.clock import day_words
from s75_rules.risk_share import RiskShare


class ExitRefused(InputRefused):
    """A day on which no exit statement can be made."""


@dataclass(frozen=True, slots=True)
class PartnerExit:
    """What one partner takes from the pool (plus) or owes it (minus), gross, in pence."""

    partner: str
    advance_pence: int
    overspend_pence: int
    underspend_pence: int
    carried_forward_pence: int
    to_payer_pence: int
    reserves_pence: int
    owed_by_pool_pence: int
    owes_pool_pence: int

    @property
    def share_pence(self) -> int:
        """Its part of the pool's net assets, before what is still to be paid either way."""
        return (
            self.advance_pence
            - self.overspend_pence
            + self.underspend_pence
            + self.carried_forward_pence
            + self.to_payer_pence
            + self.reserves_pence
        )

    @property
    def receives_pence(self) -> int:
        """What it gets in the end; below nil what it pays."""
        return self.share_pence + self.owed_by_pool_pence - self.owes_pool_pence

    def as_json(self) -> dict[str, str]:
        """The rows of the statement in pounds as text."""
        return {
            "contributions_beyond_budget_to_date": pounds(self.advance_pence),
            "overspend_still_to_bear": pounds(self.overspend_pence),
            "underspend_returned": pounds(self.underspend_pence),
            "unspent_carried_forward": pounds(self.carried_forward_pence),
            "unspent_to_payer_of_grant": pounds(self.to_payer_pence),
            "part_of_reserves": pounds(self.reserves_pence),
            "share_of_net_assets": pounds(self.share_pence),
            "owed_by_the_pool": pounds(self.owed_by_pool_pence),
            "owes_the_pool": pounds(self.owes_pool_pence),
            "receives": pounds(self.receives_pence),
        }


@dataclass(frozen=True, slots=True)
class ExitStatement:
    """The pool at its end, in pence: what it has and owes, and whose the net assets are."""

    on: date
    within_a_month: bool
    assets_pence: Mapping[str, int]
    liabilities_pence: Mapping[str, int]
    partners: tuple[PartnerExit, ...]
    reserves_of_no_partner_pence: int
    late_interest_pence: int
    unresolved_pence: int
    unresolved: tuple[Unsettled, ...]
    disputed_pence: int
    disputed: tuple[Unsettled, ...]
    things: tuple[tuple[Asset, Mapping[str, int] | str], ...]

    @property
    def net_assets_pence(self) -> int:
        """Assets less liabilities, by the books."""
        return sum(self.assets_pence.values()) - sum(self.liabilities_pence.values())

    @property
    def difference_pence(self) -> int:
        """Net assets less everything they are put down to; nil where the statement casts to the books."""
        placed = sum(each.share_pence for each in self.partners) + self.reserves_of_no_partner_pence
        placed += self.late_interest_pence
        return self.net_assets_pence - placed - self.unresolved_pence - self.disputed_pence

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of a day within a month."""
        if not self.within_a_month:
            return ()
        return (
            f"The month's budget counts by days, up to {day_words(self.on)}, and of the books the entries whose"
            " effective date has come. Accrue what was spent by then and is not in the ledger yet.",
        )

    def as_json(self) -> dict[str, object]:
        """The statement with money in pounds as text."""
        return {
            "on": self.on.isoformat(),
            "notes": list(self.notes),
            "assets": {name: pounds(pence) for name, pence in self.assets_pence.items()},
            "liabilities": {name: pounds(pence) for name, pence in self.liabilities_pence.items()},
            "net_assets": pounds(self.net_assets_pence),
            "partners": {each.partner: each.as_json() for each in self.partners},
            "reserves_that_no_partner_funded": pounds(self.reserves_of_no_partner_pence),
            "interest_on_late_payment_of_no_partner": pounds(self.late_interest_pence),
            "unresolved": pounds(self.unresolved_pence),
            "unresolved_by_clause": [
                {"clause": each.clause, "side": each.side, "amount": pounds(each.pence)} for each in self.unresolved
            ],
            "disputed": pounds(self.disputed_pence),
            "disputed_by_clause": [
                {"clause": each.clause, "side": each.side, "partner": each.disputed_by, "amount": pounds(each.pence)}
                for each in self.disputed
            ],
            "things": [_thing_json(asset, goes) for asset, goes in self.things],
            "difference": pounds(self.difference_pence),
        }


def exit_statement(pool: Pool, on: date | None = None) -> ExitStatement:
    """The exit statement at a day, else at the day on which the agreement says that it ends.

    Within a month, of that month's budget the part of the days that have run counts, and of the books the entries
    whose effective date has come: what was spent by then and is not in the ledger yet has to be accrued first.

    A contribution beyond the budget to date of its lines and reserves goes back to its partner; one that falls
    short is still due. A reserve goes to who funded it; to whom interest on late payment goes is for the partners.
    Sources: the agreement's clauses; SI 2000/617, reg 7(3).

    Raises:
        ExitRefused: no day is known, or it is outside the year.
    """
    day = _day(pool.agreement, on)
    share = position_to_day(pool, day).share
    books = actuals_to(pool, day, ("account", "contribution", "partner"))
    budgets = budgets_to(pool, day)
    accounts: dict[str, int] = {}
    for (account, _, _), pence in books.items():
        accounts[str(account)] = accounts.get(str(account), 0) + pence
    funders, of_no_partner = _reserves_by_partner(pool, day, share, books)
    return ExitStatement(
        on=day,
        within_a_month=is_within_a_month(pool, day),
        assets_pence={
            "cash of the pool held by the host": accounts.get(chart.CASH, 0),
            "brought forward from last year, held by the host": accounts.get(chart.BROUGHT_FORWARD, 0),
            "transfers from the host's own funds": accounts.get(chart.HOST_TRANSFER, 0),
            "due from partners": accounts.get(chart.DEBTORS, 0),
            "kept by partners for own lines": accounts.get(chart.OWN_LINES, 0),
            "spend in suspense": accounts.get(chart.SUSPENSE, 0),
        },
        liabilities_pence={
            "due to partners that spent for the pool": -accounts.get(chart.CREDITORS, 0),
            "accrued spend": -accounts.get(chart.ACCRUALS, 0),
        },
        partners=tuple(_partner(pool, each, budgets, share, books, funders) for each in pool.agreement.partners),
        reserves_of_no_partner_pence=of_no_partner,
        late_interest_pence=-accounts.get(chart.LATE_INTEREST, 0),
        unresolved_pence=share.unresolved_underspend_pence - share.unresolved_overspend_pence,
        unresolved=unsettled(share),
        disputed_pence=sum(share.disputed_underspend_pence.values()) - sum(share.disputed_overspend_pence.values()),
        disputed=disputed(share),
        things=tuple((asset, _goes_to(asset, pool.agreement)) for asset in pool.agreement.assets.values()),
    )


def _day(agreement: Agreement, on: date | None) -> date:
    day = on or agreement.header.ends
    if day is None:
        raise ExitRefused("the agreement names no day on which it ends: give one with --on")
    if day not in agreement.year:
        raise ExitRefused(f"{day.isoformat()} is not in {agreement.year}: name a day of the pool's year with --on")
    return day


Books = Mapping[tuple[str | int | None, ...], int]
"""Balances of the actual book in pence, debit plus, by account, contribution and partner."""


def _sum(books: Books, partner: str, *accounts: str) -> int:
    return sum(pence for (account, _, of), pence in books.items() if of == partner and account in accounts)


def _partner(
    pool: Pool,
    partner: str,
    budgets: Mapping[tuple[str, str], int],
    share: RiskShare,
    books: Books,
    funders: Mapping[str, int],
) -> PartnerExit:
    own = {each.id for each in pool.agreement.contributions.values() if each.partner == partner}
    due = sum(-pence for (account, of, _), pence in books.items() if account == chart.INCOME and of in own)
    into_reserves = sum(pence for (account, of, _), pence in books.items() if account == chart.TO_RESERVE and of in own)
    budget = sum(pence for (_, of), pence in budgets.items() if of in own and pence > 0)
    borne_before = -_sum(books, partner, chart.RISK_SHARE_INCOME, chart.BREACH_INCOME)
    own_lines = _sum(books, partner, chart.OWN_LINES)
    debtors = _sum(books, partner, chart.DEBTORS)
    return PartnerExit(
        partner=partner,
        advance_pence=due - into_reserves - budget,
        overspend_pence=share.overspend_pence[partner] - borne_before,
        underspend_pence=share.underspend_pence[partner] - _sum(books, partner, chart.RISK_SHARE_RETURNED),
        # What was carried forward already is still held by the pool, and part of what goes out.
        carried_forward_pence=sum(pence for each, pence in share.carried_forward_pence.items() if each in own),
        to_payer_pence=sum(pence for each, pence in share.returned_to_funder_pence.items() if each in own)
        - _sum(books, partner, chart.RETURNED_TO_FUNDER),
        reserves_pence=funders.get(partner, 0),
        owed_by_pool_pence=-_sum(books, partner, chart.CREDITORS, chart.ACCRUALS),
        owes_pool_pence=debtors + own_lines,
    )


def _reserves_by_partner(pool: Pool, on: date, share: RiskShare, books: Books) -> tuple[dict[str, int], int]:
    """What is left of each reserve by the partner that funded it, and what no partner put in.

    Draws and what is kept fall on all of a reserve alike, what was brought forward without a partner included.
    """
    by_partner: dict[str, int] = {}
    of_none = 0
    moved = reserve_movements_to(pool, on)
    for reserve in pool_reserves(pool.agreement):
        account = chart.reserve_account(reserve)
        held: dict[str | int | None, int] = {}
        for (each, _, funder), pence in books.items():
            if each == account:
                held[funder] = held.get(funder, 0) - pence
        held = {funder: pence for funder, pence in held.items() if pence > 0}
        left = -_total(books, account) + moved[reserve] + share.reserves_pence[reserve]
        parts = apportion_signed(left, list(held.values())) if held else []
        for partner, part in zip(held, parts, strict=True):
            if partner is not None:
                by_partner[str(partner)] = by_partner.get(str(partner), 0) + part
        of_none += left - sum(part for partner, part in zip(held, parts, strict=True) if partner is not None)
    return by_partner, of_none


def _total(books: Books, account: str) -> int:
    return sum(pence for (each, _, _), pence in books.items() if each == account)


def _goes_to(asset: Asset, agreement: Agreement) -> Mapping[str, int] | str:
    """An asset's value by who funded it, or the purchaser that takes it whole."""
    value = asset.value.exact_pence
    if asset.reverts == "purchaser" or value is None or not sum(asset.funded_by.values()):
        return asset.purchaser
    parts = apportion_signed(value, list(asset.funded_by.values()))
    shares: dict[str, int] = {}
    for contribution, part in zip(asset.funded_by, parts, strict=True):
        partner = agreement.contributions[contribution].partner
        shares[partner] = shares.get(partner, 0) + part
    return shares


def _thing_json(asset: Asset, goes: Mapping[str, int] | str) -> dict[str, object]:
    shares = goes if isinstance(goes, str) else {partner: pounds(pence) for partner, pence in goes.items()}
    return {"name": asset.name, "value": str(asset.value), "goes_to": shares}
