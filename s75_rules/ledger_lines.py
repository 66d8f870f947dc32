"""The named lines of a partner's own ledger, used where it gives no codes of its own. No chart of accounts."""

from collections.abc import Mapping

LEDGER_LINES: Mapping[str, str] = {
    "contribution": "Contribution to the pooled fund",
    "risk_share": "Share of the pooled fund's over- or underspend",
    "payable": "Payable for the pooled fund",
    "receivable": "Receivable for the pooled fund",
    "own_lines": "Contribution kept to pay for own scheme lines",
    "spend_recovered": "Spend for the pooled fund, recovered from the host",
    "held_by_host": "Balance held by the host for this partner",
    "suspense": "Spend for the pooled fund not yet on a scheme line",
    "pool_funding": "Pooled fund: funding",
    "pool_spend": "Pooled fund: spend incurred by a partner",
    "service_budget": "Transfer from the service's budget",
    "general_fund": "General fund, share of the pooled fund's over- or underspend",
    "reserve": "Pooled fund: reserve",
    "carried_forward": "Pooled fund: unspent contribution carried forward",
    "receipt_in_advance": "Grant receipt in advance",
    "grants_unapplied": "Capital grants unapplied",
    "accruals": "Pooled fund: accrued spend",
    "cash": "Pooled fund: cash",
}
"""Each line by the key under which a partner's ``accounting`` gives its own code."""
