"""What the commands of the journal accept: search it, post one, reverse one. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import Commands, add_command, add_report, event_number, with_books

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
    _posting(commands)
    _reversing(commands)


def _posting(commands: Commands) -> None:
    post = with_books(add_command(commands, "post-journal", "journal_entering:post_one", "post one journal given here"))
    post.add_argument("number", metavar="NUMBER", help="its own number, by which it is known again, such as JNL-014")
    post.add_argument("--book", choices=("budget", "actual", "forecast"), default="actual", help="which book")
    post.add_argument("--effective", metavar="DATE", required=True, help="from when, as 2023-07-01")
    post.add_argument("--why", metavar="TEXT", required=True, help="why it is posted")
    for side in ("--debit", "--credit"):
        post.add_argument(
            side,
            metavar="LINE=POUNDS",
            action="append",
            default=[],
            help="ACCOUNT/SCHEME/CONTRIBUTION/PARTNER=POUNDS; later parts may be left out or empty; may be given again",
        )
    post.add_argument("--reference", metavar="TEXT", help="the document behind it (none: its number)")
    post.add_argument("--document-date", metavar="DATE", help="the day of that document (none: the effective day)")
    _checked(post)


def _reversing(commands: Commands) -> None:
    reverse = with_books(
        add_command(commands, "reverse", "journal_entering:reverse", "reverse a journal, once, with its reason")
    )
    reverse.add_argument(
        "entry", metavar="ENTRY", type=event_number, help="the number of its entry, as journals lists it"
    )
    reverse.add_argument("--why", metavar="TEXT", required=True, help="what was wrong")
    reverse.add_argument(
        "--effective", metavar="DATE", help="from when (none: the journal's own day, or the first open day after it)"
    )
    _checked(reverse)


def _checked(command: argparse.ArgumentParser) -> None:
    command.add_argument("--adjusting", action="store_true", help="a year-end adjustment, for a month that takes those")
    command.add_argument("--dry-run", action="store_true", help="show what it would do, post nothing")
    command.add_argument("--json", action="store_true", help="print one JSON document")


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a number from 1 to {MOST}")
    return int(text)
