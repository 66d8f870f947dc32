"""What the commands of the journal accept: search it. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import Commands, add_report, event_number

SEARCH = (
    ("--text", "TEXT", "text", "text in the reason, the reference or the key"),
    ("--book", "BOOK", "book", "budget, actual or forecast"),
    ("--kind", "KIND", "kind", "the kind of entry, such as journal or spend"),
    ("--who", "NAME", "who", "who made it"),
    ("--account", "ACCOUNT", "account", "an account of a posting"),
    ("--scheme", "SCHEME", "scheme", "a scheme line of a posting"),
    ("--contribution", "ID", "contribution", "a contribution of a posting"),
    ("--of", "PARTNER", "partner", "a partner of a posting"),
    ("--effective-from", "DATE", "effective from", "effective on this day or later"),
    ("--effective-to", "DATE", "effective to", "effective on this day or earlier"),
    ("--recorded-from", "DATE", "recorded from", "recorded on this day or later, UTC"),
    ("--recorded-to", "DATE", "recorded to", "recorded on this day or earlier, UTC"),
    ("--amount-from", "POUNDS", "amount from", "a posting of at least so much, debit or credit"),
    ("--amount-to", "POUNDS", "amount to", "a posting of at most so much, debit or credit"),
    ("--event", "EVENT", "event", "carried by this event"),
)
"""Option, what it takes, the question of ``results.journal_search`` that it answers, and its help."""

MOST = 500
"""Entries of one page that may be asked for."""


def add(commands: Commands) -> None:
    """Add the commands."""
    journals = add_report(commands, "journals", "journal:journals", "search the journal, newest entries first")
    for option, metavar, _, help_text in SEARCH:
        journals.add_argument(option, metavar=metavar, help=help_text)
    journals.add_argument("--before", metavar="ENTRY", type=event_number, help="entries recorded before this one")
    journals.add_argument("--take", metavar="N", type=_page, default=50, help=f"how many, to {MOST} (default: 50)")
    journals.add_argument("--csv", metavar="FILE", help="write all that are found, a row each posting, to a CSV file")


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a number from 1 to {MOST}")
    return int(text)
