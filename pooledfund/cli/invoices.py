"""The commands on invoices to partners and reminders."""

import argparse

from pooledfund.access import Action
from pooledfund.cli.session import CallRefused, day, month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.invoicing import issue_invoices
from pooledfund.control.invoicing import remind as remind_partners
from pooledfund.control.late_interest import post_late_interest
from pooledfund.intake.invoices import Document
from pooledfund.results.invoices import InvoicePosition, Invoices, invoices_at
from pooledfund.results.late_interest import LateInterest, late_interest
from pooledfund.results.monitoring import period_label
from s75_rules.agreement import Agreement
from s75_rules.late_payment import statutory_rates


def invoices(call: argparse.Namespace) -> int:
    """Print invoices with what pays them, and issue new ones first where asked."""
    pool, month = open_pool(call), month_of(call)
    if ((call.issue or call.post_interest) and call.as_of is not None) or (call.on and not call.issue):
        raise CallRefused("new invoices are issued now: leave out --as-of, and give --on with --issue only")
    made: tuple[Document, ...] = ()
    if call.issue or call.post_interest:
        with pool.writing_as_one(Action.INVOICE):
            if call.issue:
                made += issue_invoices(pool, month, day(call.on, "--on") if call.on else None)
            if call.post_interest:
                made += post_late_interest(pool, month)
    found = invoices_at(pool, month, call.as_of)
    shown = call.interest or call.post_interest
    interest = late_interest(pool, found, call.as_of) if shown else ()
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "issued": [i.number for i in made]}
        more = {"interest": [each.as_json() for each in interest]} if shown else {}
        print_report({**document, **found.as_json(), **more}, pool.agreement)
    else:
        new = [f"Issued {len(made)}: {made[0].number} to {made[-1].number}"] if made else []
        new += ["Issued none: all that fell due is invoiced"] if call.issue and not made else []
        title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
        parts = [_text(found), *([_interest_text(pool.agreement, interest)] if shown else [])]
        print_text("\n".join([title, *new, "", "\n\n".join(parts)]), pool.agreement)
    return 0


def _interest_text(agreement: Agreement, interest: tuple[LateInterest, ...]) -> str:
    if agreement.late_payment.interest.kind == "none":
        return "The agreement has no interest on late payment."
    if not interest:
        return "No invoice was or is paid late."
    rows = [
        [
            each.position.document.number, each.position.document.due_on.isoformat(), each.rate,
            money(each.interest_pence), money(each.posted_pence), money(each.to_post_pence),
        ]
        for each in interest
    ]  # fmt: skip
    known = [each.interest_pence for each in interest if each.interest_pence is not None]
    posted = sum(each.posted_pence for each in interest)
    whole = sum(known) if len(known) == len(interest) else None
    left = None if whole is None else whole - posted
    rows.append(["Total", "", "", money(whole), money(posted), money(left)])
    text = table(
        "Interest on late payment to the month's end, £",
        "lllrrr",
        ["Invoice", "Pay by", "Rate a year", "Interest", "Posted", "To post"],
        rows,
        totals=1,
    )
    if agreement.late_payment.interest.kind != "statutory":
        return text
    rates = statutory_rates()
    return f"{text}\nStatutory: {rates.reference}; base rates {rates.certainty}."


def _text(found: Invoices) -> str:
    parts = []
    if found.positions:
        rows = [_row(each) for each in found.positions]
        sums = [sum(column) for column in zip(*(_figures(each) for each in found.positions), strict=True)]
        rows.append(["Total", "", "", "", "", *map(money, sums), "", ""])
        header = [
            "Number",
            "Kind",
            "For",
            "Instalment",
            "Pay by",
            "Amount",
            "Credited",
            "Paid",
            "Open",
            "State",
            "Sent",
        ]
        caption = f"Invoices at {found.at.isoformat()}, £; Sent is how many reminders"
        parts.append(table(caption, "lllllrrrrlr", header, rows, totals=1))
    else:
        parts.append("No invoice is issued for this period: issue them with --issue.")
    if found.unallocated:
        left = [[e.receipt.reference, e.receipt.contribution, money(e.pence)] for e in found.unallocated]
        parts.append(table("Received and on no invoice, £", "llr", ["Receipt", "For", "Amount"], left))
    bridge = [[what, money(pence)] for what, pence in found.bridge]
    total = ["debtor account of contributions", money(found.debtors_pence)]
    parts.append(table("From invoices to the books, £", "lr", ["Step", "Amount"], [*bridge, total], totals=1))
    return "\n\n".join(parts)


def _figures(each: InvoicePosition) -> tuple[int, int, int, int]:
    return each.document.amount_pence, each.credited_pence, each.paid_pence, each.open_pence


def _row(each: InvoicePosition) -> list[str]:
    of = each.document
    days = [of.instalment_on.isoformat(), of.due_on.isoformat()]
    return [of.number, of.kind, of.contribution, *days, *map(money, _figures(each)), each.state, str(each.reminders)]


def remind(call: argparse.Namespace) -> int:
    """Record reminders of late invoices and list them with their age."""
    pool, month = open_pool(call), month_of(call)
    made = remind_partners(pool, month, day(call.on, "--on") if call.on else None)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "month": f"M{month}"}
        print_report({**document, "reminders": [each.as_json() for each in made]}, pool.agreement)
        return 0
    if not made:
        print_text(f"No invoice is late at the end of {period_label(month)}.", pool.agreement)
        return 0
    rows = [
        [
            each.number, each.partner, each.contribution, each.due_on.isoformat(), str(each.age_days),
            money(each.open_pence), f"reminder {each.count}" + ("" if each.new else ", sent before"),
        ]
        for each in made
    ]  # fmt: skip
    rows.append(["Total", "", "", "", "", money(sum(each.open_pence for each in made)), ""])
    header = ["Invoice", "Partner", "For", "Pay by", "Days late", "Open", "Recorded"]
    caption = f"Late at the end of {period_label(month)} of {pool.agreement.year}, £"
    print_text(table(caption, "llllrrl", header, rows, totals=1), pool.agreement)
    return 0
