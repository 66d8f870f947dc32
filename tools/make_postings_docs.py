"""Writes docs/postings.md from the worked entries and the chart of accounts. Holds no figure of its own."""

import inspect
from pathlib import Path

from ledgers.money import pounds_for_people
from pooledfund.agreement_file import read_agreement
from pooledfund.chart import chart_of
from tools.worked_entries import Worked, worked_entries

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "postings.md"
EXAMPLE = ROOT / "examples" / "exampleshire_2023_24" / "agreement.yaml"
HEADING = """# Postings

Every kind of event has one posting template. This page shows each with a worked entry on the Exampleshire pool;
it is written by `make docs` from the same entries that a test posts to real books.

A debit is plus and a credit is minus, in pounds. Every entry sums to nil. Corrections are reversals, the exact
mirror of one entry, and a new entry.
"""


def page() -> str:
    """The whole page."""
    sections = (_section(number, worked) for number, worked in enumerate(worked_entries(), start=1))
    return "\n".join([HEADING, _accounts(), *sections])


def _accounts() -> str:
    rows = ["## Accounts", "", "| account | what it holds | kind | normal side |", "|---|---|---|---|"]
    for account in chart_of(read_agreement(EXAMPLE).agreement):
        rows.append(f"| `{account.code}` | {account.name} | {account.type} | {account.normal_side} |")
    return "\n".join([*rows, "", "A reserve has an account and a budget account of its own, named after it.", ""])


def _section(number: int, worked: Worked) -> str:
    entry = worked.entry
    meaning = inspect.getdoc(worked.template) or ""
    lines = [
        f"## {number}. {entry.kind.capitalize()}: {entry.why}",
        "",
        f"{worked.happens} Template `{getattr(worked.template, '__name__', '')}`: {meaning}",
        "",
        f"Book: {entry.book}. Effective {entry.effective_on.isoformat()}. Reference: {entry.source_reference}.",
        "",
        "| account | scheme | contribution | partner | debit £ | credit £ |",
        "|---|---|---|---|---:|---:|",
    ]
    for posting in entry.postings:
        amount = pounds_for_people(abs(posting.amount_pence)).removeprefix("£")
        debit, credit = (amount, "") if posting.amount_pence > 0 else ("", amount)
        dims = " | ".join(part or "" for part in (posting.scheme, posting.contribution, posting.partner))
        lines.append(f"| `{posting.account}` | {dims} | {debit} | {credit} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
