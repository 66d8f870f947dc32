"""The commands on recharges: claim, agree, pay, and how they stand."""

import argparse

from pooledfund.cli.narrative import take
from pooledfund.cli.session import day, month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.recharges import agree_recharge, pay_recharge
from pooledfund.intake.recharges import CLAIMS
from pooledfund.results.monitoring import period_label
from pooledfund.results.recharges import Recharges, recharges_at


def claim(call: argparse.Namespace) -> int:
    """Claim recharges for what a partner spent on the pool's behalf."""
    return take(call, CLAIMS)


def agree(call: argparse.Namespace) -> int:
    """Agree a recharge for payment."""
    agreed = agree_recharge(open_pool(call), call.claimed_for, call.reference)
    print(f"{agreed.reference} of {agreed.partner} agreed, £{money(agreed.amount_pence)}: event {agreed.events[-1]}")
    return 0


def pay(call: argparse.Namespace) -> int:
    """Post the payment of an agreed recharge."""
    note = pay_recharge(open_pool(call), call.claimed_for, call.reference, day(call.paid, "--paid"), call.payment)
    print(f"{call.reference} of {call.claimed_for} paid" + (f"; {note}" if note else ""))
    return 0


def recharges(call: argparse.Namespace) -> int:
    """Print the recharges with their state, and how they come to what the books owe."""
    pool, month = open_pool(call), month_of(call)
    found = recharges_at(pool, month, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year)}
        print_report({**document, **found.as_json()}, pool.agreement)
    else:
        title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
        print_text(f"{title}\n\n{_text(found)}", pool.agreement)
    return 0


def _text(found: Recharges) -> str:
    parts = []
    if found.claims:
        rows = [
            [
                each.reference, each.partner, each.scheme, each.claimed_on.isoformat(), money(each.amount_pence),
                each.state, each.paid_on.isoformat() if each.paid_on else "",
            ]
            for each in found.claims
        ]  # fmt: skip
        rows.append(["Total", "", "", "", money(sum(each.amount_pence for each in found.claims)), "", ""])
        header = ["Reference", "Partner", "Line", "Claimed on", "Amount", "State", "Paid on"]
        parts.append(table("Recharges, £", "llllrll", header, rows, totals=1))
    else:
        parts.append("No recharge is claimed.")
    figures = [
        (each.partner, (each.claimed_pence, each.agreed_pence, each.not_claimed_pence, each.owed_pence))
        for each in found.partners
    ]
    rows = [[partner, *map(money, amounts)] for partner, amounts in figures]
    rows.append(["Total", *(money(sum(column)) for column in zip(*(each for _, each in figures), strict=True))])
    header = ["Partner", "Claimed", "Agreed", "Not claimed", "Creditor account"]
    parts.append(table("What the pool owes for spend on its behalf, £", "lrrrr", header, rows, totals=1))
    return "\n\n".join(parts)
