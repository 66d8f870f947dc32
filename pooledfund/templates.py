"""The posting template of every kind of event: accounts, sides and dimensions. Decides no amount and posts nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from ledgers.journal import Book, Entry, Posting
from pooledfund import chart


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every entry carries: its days, who made it, why, its source, and the key by which a repeat is known."""

    on: date
    who: str
    why: str
    reference: str
    key: str
    document_on: date | None = None


def _entry(stamp: Stamp, book: Book, kind: str, *postings: Posting) -> Entry:
    return Entry(
        book=book,
        kind=kind,
        effective_on=stamp.on,
        document_on=stamp.document_on or stamp.on,
        who=stamp.who,
        why=stamp.why,
        source_reference=stamp.reference,
        idempotency_key=stamp.key,
        postings=tuple(posting for posting in postings if posting.amount_pence),
    )


def agreed_contribution(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """The year's agreed contribution enters the budget book, not yet on any line."""
    return _entry(
        stamp,
        "budget",
        "contribution agreed",
        Posting(chart.UNALLOCATED, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.CONTRIBUTION_PLAN, -amount_pence, contribution=contribution, partner=partner),
    )


def opening_budget(stamp: Stamp, scheme: str, contribution: str, partner: str, amount_pence: int) -> Entry:
    """A line's original budget is taken from a contribution."""
    return _entry(
        stamp,
        "budget",
        "opening budget",
        Posting(chart.ORIGINAL, amount_pence, scheme=scheme, contribution=contribution),
        Posting(chart.UNALLOCATED, -amount_pence, contribution=contribution, partner=partner),
    )


def reserve_budget(stamp: Stamp, reserve: str, contribution: str, partner: str, amount_pence: int) -> Entry:
    """A contribution sets money aside in a reserve of the pool."""
    return _entry(
        stamp,
        "budget",
        "reserve budget",
        Posting(chart.reserve_budget_account(reserve), amount_pence, contribution=contribution),
        Posting(chart.UNALLOCATED, -amount_pence, contribution=contribution, partner=partner),
    )


def contribution_change(
    stamp: Stamp, contribution: str, partner: str, amount_pence: int, lines: Mapping[str, int]
) -> Entry:
    """A contribution rises or falls in year, and with it the lines it pays for; amounts in pence keep their sign."""
    return _entry(
        stamp,
        "budget",
        "contribution change",
        Posting(chart.UNALLOCATED, amount_pence - sum(lines.values()), contribution=contribution, partner=partner),
        *(Posting(chart.CHANGE, pence, scheme=scheme, contribution=contribution) for scheme, pence in lines.items()),
        Posting(chart.CONTRIBUTION_PLAN, -amount_pence, contribution=contribution, partner=partner),
    )


def virement(stamp: Stamp, from_scheme: str, to_scheme: str, contribution: str, amount_pence: int) -> Entry:
    """Budget moves from one line to another within one contribution."""
    return _entry(
        stamp,
        "budget",
        "virement",
        Posting(chart.VIREMENT, amount_pence, scheme=to_scheme, contribution=contribution),
        Posting(chart.VIREMENT, -amount_pence, scheme=from_scheme, contribution=contribution),
    )


def contribution_due(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """An instalment falls due from a partner."""
    return _entry(
        stamp,
        "actual",
        "contribution due",
        Posting(chart.DEBTORS, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.INCOME, -amount_pence, contribution=contribution, partner=partner),
    )


def paid_by_book(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """The host's own instalment is met by transfer from its funds when it falls due."""
    return _entry(
        stamp,
        "actual",
        "contribution by book",
        Posting(chart.HOST_TRANSFER, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.DEBTORS, -amount_pence, contribution=contribution, partner=partner),
    )


def kept_for_own_lines(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """The part of an instalment that a partner keeps to pay for its own lines counts as met when it falls due."""
    return _entry(
        stamp,
        "actual",
        "contribution net of own lines",
        Posting(chart.OWN_LINES, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.DEBTORS, -amount_pence, contribution=contribution, partner=partner),
    )


def receipt(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """Cash arrives from a partner against what it owes."""
    return _entry(
        stamp,
        "actual",
        "receipt",
        Posting(chart.CASH, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.DEBTORS, -amount_pence, contribution=contribution, partner=partner),
    )


def reserve_funded(stamp: Stamp, reserve: str, contribution: str, partner: str, amount_pence: int) -> Entry:
    """A contribution puts its part into a reserve of the pool."""
    return _entry(
        stamp,
        "actual",
        "reserve funded",
        Posting(chart.TO_RESERVE, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.reserve_account(reserve), -amount_pence, contribution=contribution, partner=partner),
    )


def opening_reserve(stamp: Stamp, reserve: str, amount_pence: int) -> Entry:
    """A reserve is brought forward from last year."""
    return _entry(
        stamp,
        "actual",
        "opening balance",
        Posting(chart.BROUGHT_FORWARD, amount_pence),
        Posting(chart.reserve_account(reserve), -amount_pence),
    )


SpendKind = Literal[
    "spend", "recharge", "accrual", "accrual reversal", "prepayment", "prepayment reversal", "credit note", "estimate"
]
SPEND_KINDS: frozenset[str] = frozenset(get_args(SpendKind))
_NOT_INVOICED = SPEND_KINDS - {"spend", "recharge", "credit note"}
"""What a partner has not invoiced in the month that it counts in: it stands as accrued, a prepayment with a minus."""


@dataclass(frozen=True, slots=True)
class Spend:
    """Cost of a line by contribution, in pence, as a partner spent it; below nil for a credit."""

    scheme: str
    partner: str
    by_contribution: Mapping[str | None, int]
    own_lines: frozenset[str] = frozenset()


def spend(stamp: Stamp, kind: SpendKind, spent: Spend) -> Entry:
    """A partner spends on a line: the pool owes it the cost, or the partner nets it off its contribution."""
    other = chart.ACCRUALS if kind in _NOT_INVOICED else chart.CREDITORS
    costs = tuple(
        Posting(chart.EXPENDITURE, pence, spent.scheme, contribution, spent.partner)
        for contribution, pence in spent.by_contribution.items()
    )
    if other == chart.ACCRUALS:
        owed: tuple[Posting, ...] = tuple(
            Posting(other, -pence, spent.scheme, contribution, spent.partner)
            for contribution, pence in spent.by_contribution.items()
        )
    else:
        own = {each: pence for each, pence in spent.by_contribution.items() if each in spent.own_lines}
        rest = sum(spent.by_contribution.values()) - sum(own.values())
        owed = (
            *(Posting(chart.OWN_LINES, -pence, spent.scheme, each, spent.partner) for each, pence in own.items()),
            Posting(other, -rest, spent.scheme, partner=spent.partner),
        )
    return _entry(stamp, "actual", kind, *costs, *owed)


def suspense(stamp: Stamp, partner: str, amount_pence: int) -> Entry:
    """Spend whose code no line claims waits, in sight, on the suspense line."""
    return _entry(
        stamp,
        "actual",
        "suspense",
        Posting(chart.SUSPENSE, amount_pence, partner=partner),
        Posting(chart.CREDITORS, -amount_pence, partner=partner),
    )


def recharge_paid(stamp: Stamp, partner: str, amount_pence: int, scheme: str | None = None) -> Entry:
    """The host pays a partner what it spent for the pool."""
    return _entry(
        stamp,
        "actual",
        "recharge paid",
        Posting(chart.CREDITORS, amount_pence, scheme=scheme, partner=partner),
        Posting(chart.CASH, -amount_pence, partner=partner),
    )


def breach(stamp: Stamp, scheme: str, partner: str, amount_pence: int) -> Entry:
    """Spend outside authority is charged to the partner in breach; the minute is the entry's reference."""
    return _entry(
        stamp,
        "actual",
        "breach",
        Posting(chart.DEBTORS, amount_pence, scheme=scheme, partner=partner),
        Posting(chart.BREACH_INCOME, -amount_pence, scheme=scheme, partner=partner),
    )


def late_interest(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """A partner owes interest on an invoice paid late, by the agreement's terms; its number is the reference."""
    return _entry(
        stamp,
        "actual",
        "late interest",
        Posting(chart.DEBTORS, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.LATE_INTEREST, -amount_pence, contribution=contribution, partner=partner),
    )


def cash_interest(stamp: Stamp, host: str, reserve: str, amount_pence: int) -> Entry:
    """The host pays interest on the cash that it holds for the pool, and it goes into a reserve of the pool."""
    return _entry(
        stamp,
        "actual",
        "cash interest",
        Posting(chart.CASH, amount_pence, partner=host),
        Posting(chart.CASH_INTEREST, -amount_pence, partner=host),
        Posting(chart.TO_RESERVE, amount_pence),
        Posting(chart.reserve_account(reserve), -amount_pence),
    )


Share = tuple[str, str | None]
"""A partner, and the line whose variance it shares where the amount is told by line."""


def settlement(stamp: Stamp, host: str, borne: Mapping[Share, int], returned: Mapping[Share, int]) -> Entry:
    """Partners bear the overspend and get back the underspend, shown gross: the host through its own funds."""
    postings: list[Posting] = []
    for (partner, line), pence in borne.items():
        account = chart.HOST_TRANSFER if partner == host else chart.DEBTORS
        postings += [
            Posting(account, pence, line, partner=partner),
            Posting(chart.RISK_SHARE_INCOME, -pence, line, partner=partner),
        ]
    for (partner, line), pence in returned.items():
        account = chart.HOST_TRANSFER if partner == host else chart.CREDITORS
        postings += [
            Posting(chart.RISK_SHARE_RETURNED, pence, line, partner=partner),
            Posting(account, -pence, line, partner=partner),
        ]
    return _entry(stamp, "actual", "settlement", *postings)


Part = tuple[str | None, str | None, int]
"""A contribution and its partner, where known, and their part of an amount in pence."""


def reserve_moved(stamp: Stamp, reserve: str, parts: Sequence[Part]) -> Entry:
    """A reserve is drawn (above nil) or fed (below nil), by who funded it."""
    postings: list[Posting] = []
    for contribution, partner, pence in parts:
        postings += [
            Posting(chart.reserve_account(reserve), pence, contribution=contribution, partner=partner),
            Posting(chart.RESERVE_APPLIED, -pence, contribution=contribution, partner=partner),
        ]
    return _entry(stamp, "actual", "reserve draw", *postings)


def between_hosts(stamp: Stamp, passed: Mapping[str, int]) -> Entry:
    """One host passes to another what its lines gave (above nil) and the other's were relieved of (below nil)."""
    postings = [Posting(chart.RESERVE_APPLIED, pence, scheme=line) for line, pence in passed.items()]
    return _entry(stamp, "actual", "between hosts", *postings)


def carry_forward(stamp: Stamp, scheme: str | None, contribution: str, partner: str, amount_pence: int) -> Entry:
    """An unspent contribution is held for next year with its partner and source."""
    return _entry(
        stamp,
        "actual",
        "carry-forward",
        Posting(chart.INCOME_CARRIED_FORWARD, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.CARRIED_FORWARD, -amount_pence, scheme=scheme, contribution=contribution, partner=partner),
    )


def return_to_funder(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """Unspent grant goes back to the body that paid it, through the partner that received it."""
    return _entry(
        stamp,
        "actual",
        "return to funder",
        Posting(chart.RETURNED_TO_FUNDER, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.CREDITORS, -amount_pence, contribution=contribution, partner=partner),
    )


def forecast(stamp: Stamp, scheme: str, movement_pence: int) -> Entry:
    """A forecast outturn is entered: the books take its movement from the forecast before."""
    return _entry(
        stamp,
        "forecast",
        "forecast",
        Posting(chart.FORECAST, movement_pence, scheme=scheme),
        Posting(chart.FORECAST_CONTROL, -movement_pence, scheme=scheme),
    )


def commitment(stamp: Stamp, scheme: str, amount_pence: int) -> Entry:
    """An order is placed on a line (above nil) or released when it is spent or falls away: a memorandum, no cost."""
    return _entry(
        stamp,
        "forecast",
        "commitment",
        Posting(chart.COMMITMENTS, amount_pence, scheme=scheme),
        Posting(chart.COMMITMENTS_CONTROL, -amount_pence, scheme=scheme),
    )


BroughtForwardKind = Literal["brought forward", "prior-year adjustment"]
Balance = tuple[str, str | None, str | None, int]
"""An account of a pool's balance sheet with its contribution and partner, where they apply, in pence, debit plus."""


def brought_forward(stamp: Stamp, kind: BroughtForwardKind, balances: Sequence[Balance]) -> Entry:
    """Last year's closing balances open this year, or what has changed of them since: funds and balances apart."""
    postings: list[Posting] = []
    for account, contribution, partner, pence in balances:
        is_fund = account == chart.CARRIED_FORWARD or account.startswith(chart.reserve_account(""))
        other = chart.BROUGHT_FORWARD if is_fund else chart.BALANCES_BROUGHT_FORWARD
        postings += [
            Posting(account, pence, contribution=contribution, partner=partner),
            Posting(other, -pence, contribution=contribution, partner=partner),
        ]
    return _entry(stamp, "actual", kind, *postings)


def carried_into_year(stamp: Stamp, contribution: str, partner: str, amount_pence: int) -> Entry:
    """A contribution carried from last year is there to be spent in this one."""
    return _entry(
        stamp,
        "actual",
        "carried into year",
        Posting(chart.CARRIED_FORWARD, amount_pence, contribution=contribution, partner=partner),
        Posting(chart.APPLIED_BROUGHT_FORWARD, -amount_pence, contribution=contribution, partner=partner),
    )


def budget_carried_into_year(
    stamp: Stamp, scheme: str | None, contribution: str, partner: str, amount_pence: int
) -> Entry:
    """With a carried contribution goes its budget: onto the one line it pays for, else not yet on any line."""
    place = (
        Posting(chart.LINE_BROUGHT_FORWARD, amount_pence, scheme=scheme, contribution=contribution)
        if scheme
        else Posting(chart.UNALLOCATED, amount_pence, contribution=contribution, partner=partner)
    )
    return _entry(
        stamp,
        "budget",
        "budget carried into year",
        place,
        Posting(chart.BUDGET_BROUGHT_FORWARD, -amount_pence, contribution=contribution, partner=partner),
    )
