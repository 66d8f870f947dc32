"""The commands of the ledger itself: trial balance, statement, balances, verify."""

import argparse
from pathlib import Path
from typing import get_args

from ledgers.balances import Dimension
from ledgers.money import pounds
from ledgers.place import Url
from ledgers.store import Books
from ledgers.verification import ALWAYS, STRICT
from pooledfund.cli.session import (
    CallRefused,
    actor_of,
    books_place,
    open_pool,
    period,
    print_ledger_json,
    print_ledger_text,
)
from pooledfund.cli.tables import money, table
from pooledfund.control.backup import ProvedCopy, back_up
from pooledfund.control.backup import restore as restore_books


def trial_balance(call: argparse.Namespace) -> int:
    """Print the balance of every account of a book; debits and credits are equal."""
    pool = open_pool(call)
    month = period(call.through)
    found = pool.books.trial_balance(call.book, through_month=month, as_of=call.as_of)
    if call.json:
        accounts = {
            row.account: {"debit": pounds(row.debit_pence), "credit": pounds(row.credit_pence)} for row in found.lines
        }
        totals = {"debit": pounds(found.debit_pence), "credit": pounds(found.credit_pence)}
        document = {"book": call.book, "through": f"M{month}", "accounts": accounts, "total": totals}
        print_ledger_json(document, pool)
        return 0
    rows = [[row.account, row.name, money(row.debit_pence), money(row.credit_pence)] for row in found.lines]
    rows.append(["Total", "", money(found.debit_pence), money(found.credit_pence)])
    caption = f"Trial balance of {pool.books.pool_id}, {call.book} book to M{month} of {pool.books.year}, £"
    print_ledger_text(table(caption, "llrr", ["Account", "Name", "Debit", "Credit"], rows, totals=1), pool)
    return 0


def statement(call: argparse.Namespace) -> int:
    """Print every posting of one account with its running balance."""
    pool = open_pool(call)
    if call.account not in pool.books.accounts():
        known = ", ".join(pool.books.accounts())
        raise CallRefused(f"'{call.account}' is not an account of {pool.books.pool_id}: its accounts are {known}")
    month = period(call.through)
    found = pool.books.statement(call.book, call.account, through_month=month, as_of=call.as_of)
    if call.json:
        lines = [
            {
                "entry": line.entry,
                "effective": line.effective_on.isoformat(),
                "document_date": line.document_on.isoformat(),
                "why": line.why,
                "scheme": line.scheme,
                "contribution": line.contribution,
                "partner": line.partner,
                "amount": pounds(line.amount_pence),
                "balance": pounds(line.balance_pence),
            }
            for line in found.lines
        ]
        document = {
            "account": call.account,
            "book": call.book,
            "lines": lines,
            "closing": pounds(found.closing_pence),
        }
        print_ledger_json(document, pool)
        return 0
    rows = [
        [
            str(line.entry),
            line.effective_on.isoformat(),
            line.why,
            line.scheme or "",
            line.contribution or "",
            line.partner or "",
            money(line.amount_pence),
            money(line.balance_pence),
        ]
        for line in found.lines
    ]
    rows.append(["", "", "Closing balance", "", "", "", "", money(found.closing_pence)])
    caption = f"Statement of {call.account}, {call.book} book to M{month} of {pool.books.year}, £, debit plus"
    header = ["Entry", "Effective", "Why", "Line", "Contribution", "Partner", "Amount", "Balance"]
    print_ledger_text(table(caption, "rlllllrr", header, rows, totals=1), pool)
    return 0


def balances(call: argparse.Namespace) -> int:
    """Print balances of a book by the dimensions asked for."""
    pool = open_pool(call)
    by: list[Dimension] = []
    for text in call.by.split(","):
        known = next((each for each in get_args(Dimension) if each == text.strip()), None)
        if known is None:
            raise CallRefused(f"'{text}' is not a dimension: use {', '.join(get_args(Dimension))}")
        if known in by:
            raise CallRefused(f"the dimension {known} stands twice: name each once")
        by.append(known)
    month = period(call.through)
    found = pool.books.balances(call.book, tuple(by), through_month=month, as_of=call.as_of)
    rows = sorted((["" if part is None else str(part) for part in key], pence) for key, pence in found.items() if pence)
    total = sum(pence for _, pence in rows)
    if call.json:
        found_rows = [{**dict(zip(by, key, strict=True)), "balance": pounds(pence)} for key, pence in rows]
        document = {"book": call.book, "through": f"M{month}", "balances": found_rows, "total": pounds(total)}
        print_ledger_json(document, pool)
        return 0
    body = [[*key, money(pence)] for key, pence in rows]
    body.append(["Total", *[""] * (len(by) - 1), money(total)])
    caption = f"Balances of {pool.books.pool_id}, {call.book} book to M{month} of {pool.books.year}, £, debit plus"
    header = [*(each.capitalize() for each in by), "Balance"]
    print_ledger_text(table(caption, "l" * len(by) + "r", header, body, totals=1), pool)
    return 0


def rebuild_balances(call: argparse.Namespace) -> int:
    """Work the kept balances out again from the postings and prove them; status 1 where the postings do not hold."""
    pool = open_pool(call)
    pool.rebuild_balances()
    findings = pool.books.verify(checks=["balanced", "kept"])
    for finding in findings:
        print(finding)
    if not findings:
        print(f"{pool.agreement.id}: balances worked out again from {len(pool.books.entries()):,} entries, and proved")
    return 1 if findings else 0


def verify(call: argparse.Namespace) -> int:
    """Prove the books and print their head; status 1 and the first bad row of each kind where they do not hold."""
    pool = open_pool(call)
    checks = tuple(call.only or (*ALWAYS, *(STRICT if call.strict else ())))
    if call.head is not None and "chained" not in checks:
        raise CallRefused("--head is proved by the check 'chained': name it with --only, or leave --only out")
    findings = pool.books.verify(head=call.head, checks=checks)
    head = pool.books.head()
    if call.json:
        document = {
            "head": head.hash,
            "event": head.number,
            "checks": list(checks),
            "findings": [str(each) for each in findings],
        }
        print_ledger_json(document, pool)
    elif findings:
        for finding in findings:
            print(finding)
    else:
        said = [f"{pool.books.pool_id}: {head.number} events and {len(pool.books.entries())} entries hold"]
        if call.only or call.strict:
            said.append(f"Checked: {', '.join(checks)}")
        print_ledger_text("\n".join(said), pool)
        print(f"Event {head.number}, head {head.hash}")
    return 1 if findings else 0


def upgrade(call: argparse.Namespace) -> int:
    """Bring books of an earlier version to this one; in PostgreSQL also make the roles, where asked."""
    place = books_place(call)
    done = Books.upgrade(place)
    print(f"{place}: brought up to date" if done else f"{place}: is up to date")
    if call.roles:
        if not isinstance(place, Url):
            raise CallRefused(f"{place} is a file: its permissions say who may use it; roles are for PostgreSQL")
        from ledgers.postgres_rights import READER, WRITER
        from ledgers.postgres_roles import set_up

        set_up(place)
        print(f"{place}: {WRITER} may add and read, {READER} may read")
    return 0


def backup(call: argparse.Namespace) -> int:
    """Copy the books to a new file and prove the copy."""
    return _say("Copied", back_up(books_place(call), Path(call.file), actor_of(call)))


def restore(call: argparse.Namespace) -> int:
    """Make books from a copy that proves."""
    return _say("Restored", restore_books(Path(call.file), books_place(call), actor_of(call)))


def _say(what: str, copy: ProvedCopy) -> int:
    for pool, head in copy.heads.items():
        print(f"{what} {pool} to {copy.path}, proved: event {head.number}, head {head.hash}")
    return 0
