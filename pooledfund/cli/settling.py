"""The commands of what partners owe one another: settlement, partners' journals, the exit statement."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from pooledfund.cli.session import CallRefused, day, month_of, months_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, money_text, table
from pooledfund.control.settlement import months_not_closed
from pooledfund.control.settlement import settle as settle_pool
from pooledfund.pool import Pool
from pooledfund.reports.exit_papers import write_exit
from pooledfund.reports.partner_journals import write_partner_journals
from pooledfund.reports.partner_statements import write_statement
from pooledfund.results.exit_statement import ExitStatement, exit_statement
from pooledfund.results.hosts import passed_by_pair
from pooledfund.results.monitoring import period_label
from pooledfund.results.partner_journal import partner_journals
from pooledfund.results.partner_statement import PartnerStatement, partner_statement
from pooledfund.results.settlement import SettlementDue, disputed, settlement_due, unsettled
from s75_rules.agreement import Agreement
from s75_rules.beside import Asset
from s75_rules.trace import listed


def settle(call: argparse.Namespace) -> int:
    """Post the risk share to date, or show what would be posted."""
    pool, month = open_pool(call), month_of(call)
    if call.dry_run:
        due, entries = settlement_due(pool, month), tuple[int, ...]()
    else:
        settled = settle_pool(pool, month, without_disputed=call.without_disputed)
        due, entries = settled.due, settled.entries
    files = _written(pool, entries, call.journals)
    if call.json:
        document = {**due.as_json(), "entries": list(entries), "journals": [str(each) for each in files]}
        said = {
            "month": f"M{month}",
            "basis": due.position.basis,
            "unresolved": [str(each) for each in unsettled(due.position.share)],
            "disputed": [{"partner": each.disputed_by, "what": str(each)} for each in disputed(due.position.share)],
        }
        print_report({**said, **document}, pool.agreement)
        return 0
    lines = [_settlement_text(due, pool.agreement)]
    if call.dry_run:
        lines.append("Dry run: nothing was posted.")
    elif entries:
        lines.append(f"Posted entries {entries[0]} to {entries[-1]}.")
    else:
        lines.append("The books show all of it already: nothing was posted.")
    if call.dry_run and (waiting := unsettled(due.position.share)):
        lines.append(f"Not resolved yet: {listed(str(each) for each in waiting)}. Record the board's decision first.")
    if contested := disputed(due.position.share):
        amounts = listed(str(each) for each in contested)
        lines.append(f"In dispute and not settled: {amounts}. Settle again when the dispute is over.")
    if still_open := months_not_closed(pool, month):
        months = ", ".join(f"M{each}" for each in still_open)
        lines.append(f"Not closed: {months}. What still arrives for them is trued up when it is settled again.")
    print_text("\n".join([*lines, *(f"Wrote {each}" for each in files)]), pool.agreement)
    return 0


def _written(pool: Pool, entries: tuple[int, ...], folder: str | None) -> list[Path]:
    """The partners' journals of what a settlement posted, where a folder was named for them."""
    if folder is None or not entries:
        return []
    return write_partner_journals(pool, partner_journals(pool, numbers=entries), Path(folder))


def _settlement_text(due: SettlementDue, agreement: Agreement) -> str:
    month = due.position.month
    rows = [
        *([f"borne by {each}", money(pence)] for each, pence in due.borne_pence.items()),
        *([f"returned to {each}", money(pence)] for each, pence in due.returned_pence.items()),
        *([f"drawn from reserve {each}", money(pence)] for each, pence in due.reserves_drawn_pence.items()),
        *([f"carried forward in {each}", money(pence)] for each, pence in due.carried_forward_pence.items()),
        *([f"returned to the payer of {each}", money(pence)] for each, pence in due.returned_to_funder_pence.items()),
        *(
            [f"relief passed by host {giver} to host {receiver}", money(pence)]
            for giver, receiver, pence in passed_by_pair(agreement, due.between_hosts_pence)
        ),
    ]
    if not rows:
        return "Nothing left to settle."
    if month == 12:
        return table("Settlement of the outturn, £", "lr", ["What", "Amount"], rows)
    said = "Spend less budget to then by profile; what is not spent waits for the outturn."
    return f"{table(f'Settlement to {period_label(month)}, £', 'lr', ['What', 'Amount'], rows)}\n{said}"


def journals(call: argparse.Namespace) -> int:
    """Write the journal that each partner makes in its own ledger for a period, or show it as JSON."""
    pool, month = open_pool(call), month_of(call)
    found = partner_journals(pool, from_month=months_of(call.month or call.quarter or "Q4")[0], through_month=month)
    if call.json:
        print_report({each.partner: [row.as_json() for row in each.rows] for each in found}, pool.agreement)
        return 0
    if call.output is None:
        raise CallRefused("the journals need a folder: name one with -o, or ask for --json")
    files = write_partner_journals(pool, found, Path(call.output))
    rows = [[each.partner, str(len(each.rows)), money(each.debits_pence)] for each in found]
    caption = f"Journals of {period_label(month)}, £; cash and each body's own spend are in its ledger already"
    text = table(caption, "lrr", ["Partner", "Legs", "Debits, as credits"], rows)
    print_text("\n".join([text, *(f"Wrote {each}" for each in files)]), pool.agreement)
    return 0


def statement(call: argparse.Namespace) -> int:
    """Print what one partner books of the pool, or write it to a workbook or CSV file."""
    pool, month = open_pool(call), month_of(call)
    found = partner_statement(pool, call.of, month, call.as_of)
    written = write_statement(pool, found, Path(call.output), call.as_of) if call.output else None
    if call.json:
        print_report(found.as_json(), pool.agreement)
    elif written is None:
        print_text(_statement_text(found, pool.agreement.partners[call.of].name), pool.agreement)
    else:
        print_text(f"Wrote {written}: statement of {call.of}, {period_label(month)}", pool.agreement)
    return 0


def _statement_text(found: PartnerStatement, name: str) -> str:
    ledger = [
        [
            line.scheme,
            "capital" if line.capital else "revenue",
            (line.model or "not stated").replace("_", " "),
            money(line.expenditure_pence),
            money(line.contribution_pence),
            money(line.income_pence),
            money(line.net_pence),
        ]
        for line in found.ledger
    ]
    ledger.append([found.between_words, "", "", "", "", "", money(found.between_partners_pence)])
    ledger.append(["Net cost", "", "", "", "", "", money(found.cost_pence)])
    header = ["Line", "Kind", "Accounting model", "Expenditure", "Contribution to lead", "Income", "Net"]
    account = [
        [row.section, row.what, row.source or "", "capital" if row.capital else "revenue", money(row.pence)]
        for row in found.account
    ]
    totals = (
        ("Funding", found.funding_pence, found.pool.funding_pence),
        ("Spend incurred", found.total_pence("spend incurred"), found.pool.expenditure_pence),
        ("Spent of its funding by others, less by it of theirs", found.spent_by_others_pence, 0),
        (_first_up(found.between_words), found.between_partners_pence, 0),
        ("Closing balance", found.closing_pence, found.pool.closing_pence),
    )
    owed = [[each.owed_by, each.owed_to, each.what, money(each.pence)] for each in found.balances]
    parts = [
        table(f"{name}: what it books, {period_label(found.month)}, £", "lllrrrr", header, ledger, totals=1),
        table(
            "Its part of the memorandum account, £", "llllr", ["Section", "What", "Source", "Kind", "Amount"], account
        ),
        table(
            "In all, £",
            "lrr",
            ["What", name, "The pool"],
            [
                ["Brought forward", "of no partner", money(found.pool.brought_forward_pence)],
                *([what, money(pence), money(of_pool)] for what, pence, of_pool in totals),
            ],
        ),
    ]
    if owed:
        parts.append(table("Balances, gross, £", "lllr", ["Owed by", "Owed to", "What", "Amount"], owed))
    return "\n\n".join([*parts, "\n".join(f"- {note}" for note in found.notes)])


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def exit_pool(call: argparse.Namespace) -> int:
    """Print the exit statement of the pool at a day; status 1 where it does not cast to the books."""
    pool = open_pool(call)
    found = exit_statement(pool, day(call.on, "--on") if call.on else None)
    written = write_exit(pool, found, Path(call.output)) if call.output else None
    if call.json:
        print_report(found.as_json(), pool.agreement)
    elif written:
        print_text(f"Wrote {written}: exit statement at {found.on.isoformat()}", pool.agreement)
    else:
        print_text(_exit_text(found), pool.agreement)
    return 1 if found.difference_pence else 0


def _exit_text(found: ExitStatement) -> str:
    has = [
        *([name, money(pence)] for name, pence in found.assets_pence.items()),
        *([f"less {name}", money(-pence)] for name, pence in found.liabilities_pence.items()),
        ["Net assets", money(found.net_assets_pence)],
    ]
    documents = {each.partner: each.as_json() for each in found.partners}
    whose = [
        [name.replace("_", " "), *(money_text(each[name]) for each in documents.values())]
        for name in next(iter(documents.values()))
    ]
    apart = [
        ["shares of the partners", money(sum(each.share_pence for each in found.partners))],
        ["reserves that no partner funded", money(found.reserves_of_no_partner_pence)],
        ["interest on late payment, of no partner yet", money(found.late_interest_pence)],
        *([f"unresolved: {each}", ""] for each in found.unresolved),
        ["unresolved, of no partner yet", money(found.unresolved_pence)],
        *([f"in dispute: {each}", ""] for each in found.disputed),
        ["in dispute, of no partner yet", money(found.disputed_pence)],
        ["difference to the books", money(found.difference_pence)],
        ["Net assets", money(found.net_assets_pence)],
    ]
    parts = [
        table(f"Exit statement at {found.on.isoformat()}, £", "lr", ["What the pool has", "Amount"], has, totals=1),
        table("Whose it is, £; below nil is owed", "l" + "r" * len(documents), ["What", *documents], whose),
        table("It casts to the books, £", "lr", ["What", "Amount"], apart, totals=1),
    ]
    parts += found.notes
    if found.things:
        parts.append("\n".join(["Things bought with pooled money", *(_thing(*each) for each in found.things)]))
    return "\n\n".join(parts)


def _thing(asset: Asset, goes: Mapping[str, int] | str) -> str:
    whole = goes if isinstance(goes, str) else listed(f"{each} {money(pence)}" for each, pence in goes.items())
    return f"- {asset.name}, {asset.value}, goes to {whole}"
