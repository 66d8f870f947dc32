"""The commands on what waits in suspense: list it, give an item to someone, clear it to its line."""

import argparse

from pooledfund.cli.session import open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.intake.suspense import Clearing
from pooledfund.intake.suspense import assign as assign_item
from pooledfund.intake.suspense import clear as clear_item
from pooledfund.results.suspense import suspense_report


def suspense(call: argparse.Namespace) -> int:
    """Print what waits in suspense, with owner and age."""
    pool = open_pool(call)
    found = suspense_report(pool, as_of=call.as_of)
    if call.json:
        print_report(found.as_json(), pool.agreement)
        return 0
    rows = [
        [str(each.entry), f"{each.age_days}", each.owner or "nobody", each.partner, f"M{each.month}",
         f"batch {each.batch} row {each.file_row}" if each.batch else "journal", each.reference, each.what,
         money(each.amount_pence)]
        for each in found.items
    ]  # fmt: skip
    if found.by_journals_pence:
        rows.append(["", "", "", "", "", "", "", "Moved by journals", money(found.by_journals_pence)])
    rows.append(["Total", "", "", "", "", "", "", "", money(found.total_pence)])
    header = ["Entry", "Days", "Owner", "Partner", "Month", "From", "Reference", "What", "Amount"]
    listed = table(f"In suspense of {pool.agreement.id}, £", "rrllllllr", header, rows, totals=1)
    notes = [f"{each.entry}: {each.note}" for each in found.items if each.note]
    print_text("\n".join([listed, *notes]), pool.agreement)
    return 0


def assign(call: argparse.Namespace) -> int:
    """Give an item to someone."""
    event = assign_item(open_pool(call), call.entry, call.owner, call.note)
    print(f"Entry {call.entry} is with {call.owner.strip()}, event {event}")
    return 0


def clear(call: argparse.Namespace) -> int:
    """Clear an item to its line."""
    clearing = Clearing(call.entry, call.scheme, call.reason, call.contribution, call.accrual)
    number = clear_item(open_pool(call), clearing)
    print(f"Entry {call.entry} is cleared to {call.scheme} by entry {number}")
    return 0
