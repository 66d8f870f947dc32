"""The same entries as text for other ledgers, with no more in it than their balances need. Reads no file."""

import subprocess
from decimal import Decimal
from pathlib import Path

from ledgers.money import pounds
from ledgers.store import Ledger


def write_journal(ledger: Ledger, path: Path) -> None:
    """The actual book in the form that ledger and hledger read."""
    with path.open("w", encoding="utf-8") as file:
        for recorded in ledger.entries(book="actual"):
            file.write(f"{recorded.entry.effective_on:%Y/%m/%d} * {recorded.entry.idempotency_key}\n")
            for posting in recorded.entry.postings:
                file.write(f"    {posting.account}  GBP {pounds(posting.amount_pence)}\n")
            file.write("\n")


def write_beancount(ledger: Ledger, path: Path) -> None:
    """The actual book in the form that beancount reads."""
    entries = ledger.entries(book="actual")
    with path.open("w", encoding="utf-8") as file:
        for code in sorted({posting.account for each in entries for posting in each.entry.postings}):
            file.write(f"{ledger.year.first_day.isoformat()} open {_beancount(code)} GBP\n")
        for recorded in entries:
            file.write(f'{recorded.entry.effective_on.isoformat()} * "{recorded.entry.idempotency_key}"\n')
            for posting in recorded.entry.postings:
                file.write(f"  {_beancount(posting.account)}  {pounds(posting.amount_pence)} GBP\n")
            file.write("\n")


def _beancount(code: str) -> str:
    return "Assets:" + ":".join(part.capitalize().replace("_", "-") for part in code.split(":"))


def balances_by(command: list[str]) -> dict[str, Decimal]:
    """What a rival says every account comes to: lines of an amount in GBP and the account."""
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {}
    for line in printed.splitlines():
        words = line.replace("GBP", " ").replace(",", "").split()
        if len(words) == 2 and not words[0].startswith("-----"):
            found[words[1]] = Decimal(words[0])
    return found
