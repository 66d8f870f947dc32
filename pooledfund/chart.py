"""The chart of accounts of a pool's three books. The pool's books are its memorandum account, not the host's ledger."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ledgers.accounts import Account

if TYPE_CHECKING:
    from s75_rules.agreement import Agreement

CONTRIBUTION_PLAN = "contribution_plan"
UNALLOCATED = "unallocated"
ORIGINAL = "line_budget:original"
CHANGE = "line_budget:contribution_change"
VIREMENT = "line_budget:virement"
LINE_BROUGHT_FORWARD = "line_budget:brought_forward"
LINE_BUDGETS = (ORIGINAL, CHANGE, VIREMENT, LINE_BROUGHT_FORWARD)

CASH = "pool_cash"
DEBTORS = "debtors"
OWN_LINES = "own_lines"
HOST_TRANSFER = "host_transfer"
CREDITORS = "creditors"
ACCRUALS = "accruals"
SUSPENSE = "suspense"
INCOME = "contribution_income"
TO_RESERVE = "contribution_to_reserve"
INCOME_CARRIED_FORWARD = "contribution_carried_forward"
EXPENDITURE = "expenditure"
BREACH_INCOME = "breach_income"
LATE_INTEREST = "late_interest"
CASH_INTEREST = "cash_interest"
RISK_SHARE_INCOME = "risk_share_income"
RISK_SHARE_RETURNED = "risk_share_returned"
RETURNED_TO_FUNDER = "returned_to_funder"
RESERVE_APPLIED = "reserve_applied"
CARRIED_FORWARD = "carried_forward"
BROUGHT_FORWARD = "brought_forward"

FORECAST = "forecast_outturn"
FORECAST_CONTROL = "forecast_control"
COMMITMENTS = "commitments"
COMMITMENTS_CONTROL = "commitments_control"


def reserve_account(reserve: str) -> str:
    """The account that holds a reserve of the pool."""
    return f"reserve:{reserve}"


def reserve_budget_account(reserve: str) -> str:
    """The budget account of what contributions put into a reserve."""
    return f"reserve_budget:{reserve}"


COMMITMENT_ACCOUNTS = (
    Account(COMMITMENTS, "Ordered and not yet spent", "budget", "debit"),
    Account(COMMITMENTS_CONTROL, "Other side of commitments", "control", "credit"),
)
LATE_INTEREST_ACCOUNT = Account(LATE_INTEREST, "Interest on contributions paid late", "income", "credit")
CASH_INTEREST_ACCOUNT = Account(CASH_INTEREST, "Interest that the host pays on the pool's cash", "income", "credit")
BALANCES_BROUGHT_FORWARD = "balances_brought_forward"
APPLIED_BROUGHT_FORWARD = "brought_forward_applied"
BUDGET_BROUGHT_FORWARD = "budget_brought_forward"
ROLL_FORWARD_ACCOUNTS = (
    Account(BALANCES_BROUGHT_FORWARD, "Cash and balances with partners brought forward", "control", "debit"),
    Account(APPLIED_BROUGHT_FORWARD, "Contributions carried into this year", "income", "credit"),
    Account(LINE_BROUGHT_FORWARD, "Budget brought forward", "budget", "debit", parent="line_budget"),
    Account(BUDGET_BROUGHT_FORWARD, "Budget carried into this year with its contribution", "control", "credit"),
)
_FIXED = (
    Account(CONTRIBUTION_PLAN, "Agreed contributions", "control", "credit"),
    Account(UNALLOCATED, "Contribution not yet on a line", "budget", "debit", floor="not_negative_by_contribution"),
    Account("line_budget", "Budget of scheme lines", "budget", "debit"),
    Account(ORIGINAL, "Original budget", "budget", "debit", parent="line_budget"),
    Account(CHANGE, "Contribution changes", "budget", "debit", parent="line_budget"),
    Account(VIREMENT, "Virements", "budget", "debit", parent="line_budget"),
    Account(CASH, "Cash of the pool held by the host", "asset", "debit"),
    Account(DEBTORS, "Contributions and shares due from partners", "asset", "debit"),
    Account(OWN_LINES, "Contributions that a partner pays out itself on its own lines", "asset", "debit"),
    Account(HOST_TRANSFER, "Transfers from the host's own funds", "asset", "debit"),
    Account(CREDITORS, "Due to the partners that spend for the pool", "liability", "credit"),
    Account(ACCRUALS, "Accrued spend not yet invoiced", "liability", "credit"),
    Account(SUSPENSE, "Spend with a code that no line claims yet", "asset", "debit"),
    Account(INCOME, "Contributions due to the pool", "income", "credit"),
    Account(TO_RESERVE, "Contributions put into reserves", "income", "debit"),
    Account(INCOME_CARRIED_FORWARD, "Contributions carried into next year", "income", "debit"),
    Account(EXPENDITURE, "Spend of scheme lines", "expense", "debit"),
    Account(BREACH_INCOME, "Spend outside authority borne by the partner in breach", "income", "credit"),
    Account(RISK_SHARE_INCOME, "Overspend borne by partners", "income", "credit"),
    Account(RISK_SHARE_RETURNED, "Underspend returned to partners", "expense", "debit"),
    Account(RETURNED_TO_FUNDER, "Unspent grant returned to its payer", "expense", "debit"),
    Account(RESERVE_APPLIED, "Reserves drawn and fed", "income", "credit"),
    Account(CARRIED_FORWARD, "Unspent contributions held for next year", "liability", "credit"),
    Account(BROUGHT_FORWARD, "Balances brought forward", "control", "debit"),
    Account(FORECAST, "Forecast outturn as entered", "budget", "debit"),
    Account(FORECAST_CONTROL, "Other side of the forecast", "control", "credit"),
    *COMMITMENT_ACCOUNTS,
    LATE_INTEREST_ACCOUNT,
    CASH_INTEREST_ACCOUNT,
    *ROLL_FORWARD_ACCOUNTS,
)


def chart_of(agreement: "Agreement") -> tuple[Account, ...]:
    """The accounts of a pool: the fixed ones and two for each reserve held in the pool."""
    return _FIXED + tuple(_reserve_accounts(agreement))


def _reserve_accounts(agreement: "Agreement") -> Iterable[Account]:
    for reserve in agreement.reserves.values():
        if reserve.held == "in_pool":
            name = reserve.name or reserve.id
            yield Account(reserve_account(reserve.id), f"Reserve: {name}", "liability", "credit")
            yield Account(reserve_budget_account(reserve.id), f"Budget of reserve: {name}", "budget", "debit")
