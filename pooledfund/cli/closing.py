"""The commands around the close of a period: its checklist, sign-offs, explanations, waivers, and closing itself."""

import argparse

from pooledfund.cli.session import open_pool, print_json, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.checklist import Checklist, Item, checklist
from pooledfund.control.close import close_period, reopen_month
from pooledfund.control.period import explain_suspense, period_of, sign, waive


def show_checklist(call: argparse.Namespace) -> int:
    """Print the checklist of a period; status 1 where something that the agreement asks for is open."""
    pool = open_pool(call)
    found = checklist(pool, call.period, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), **found.as_json()}
        print_report(document, pool.agreement)
    else:
        print_text(f"{pool.agreement.header.title}\n{checklist_text(found)}", pool.agreement)
    return 1 if found.open_items else 0


def checklist_text(found: Checklist) -> str:
    """The checklist for a reader, each item with its evidence."""
    rows = []
    for item in found.items:
        first, *rest = item.evidence
        rows.append([item.title, "required" if item.required else "not asked for", item.state, _proved(item, first)])
        rows += [["", "", "", each] for each in rest]
    said = "may be closed" if not found.open_items else f"{len(found.open_items)} open"
    caption = f"Close of {found.period.name}: {said}"
    header = ["Item", "By the agreement", "State", "Evidence"]
    return f"{table(caption, 'llll', header, rows)}\nFigures SHA-256 {found.figures}"


def _proved(item: Item, said: str) -> str:
    numbers = ", ".join(map(str, item.events))
    return f"{said} (event{'s' if len(item.events) > 1 else ''} {numbers})" if numbers else said


def sign_off(call: argparse.Namespace) -> int:
    """Put one's name to the figures of a period."""
    pool, period = open_pool(call), period_of(call.period)
    event = sign(pool, period, call.part)
    of = f" for {pool.actor.partner}" if call.part == "agreed" else ""
    print(f"{period.name} of {pool.agreement.year} {call.part} by {pool.actor.name}{of}: event {event}")
    return 0


def explain(call: argparse.Namespace) -> int:
    """Record why money waits in suspense."""
    period = period_of(call.period)
    print(f"Suspense at {period.name} explained: event {explain_suspense(open_pool(call), period, call.because)}")
    return 0


def waive_item(call: argparse.Namespace) -> int:
    """Waive an item of a close."""
    pool, period = open_pool(call), period_of(call.period)
    event = waive(pool, period, call.item, call.because)
    print(f"{call.item} of {period.name} waived by {pool.actor.name}: event {event}")
    return 0


def close(call: argparse.Namespace) -> int:
    """Close a period and print the head that proves what stood then."""
    pool = open_pool(call)
    closed = close_period(pool, call.period.upper(), state="adjusting" if call.adjusting else "closed")
    if call.json:
        print_json(
            {
                "period": closed.period,
                "months": [f"M{month}" for month in closed.months],
                "state": closed.state,
                "checklist": closed.checklist.as_json(),
                "event": closed.head.number,
                "head": closed.head.hash,
            }
        )
        return 0
    months = ", ".join(f"M{month}" for month in closed.months)
    print(f"{closed.period} of {pool.agreement.year}: {months} {closed.state}")
    for item in closed.checklist.items:
        if item.required:
            print(f"{item.title}: {item.state}, {_proved(item, item.evidence[0])}")
    if closed.monitoring.suspense_pence:
        print(f"£{money(closed.monitoring.suspense_pence)} still waits in suspense")
    print("What arrives later for these months goes to the next open month and says so.")
    print(f"Event {closed.head.number}, head {closed.head.hash}")
    return 0


def reopen(call: argparse.Namespace) -> int:
    """Reopen a closed month with a reason."""
    head = reopen_month(open_pool(call), call.period.upper(), call.reason)
    print(f"{call.period.upper()} is open again: {call.reason}\nEvent {head.number}, head {head.hash}")
    return 0
