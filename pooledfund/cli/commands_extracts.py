"""What the commands around a partner's figures accept. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import PERIOD, Commands, add_command, add_report, with_books

PARTNER = "the partner whose figures they are"
MONTH = "a month M1 to M12"


def with_handing(actuals: argparse.ArgumentParser) -> None:
    """The options that say how an extract is to be taken."""
    actuals.add_argument("--map", metavar="MAP", help="the mapping file of this ledger (none: the plain layout)")
    actuals.add_argument("--period", metavar="PERIOD", help=f"whose figures it is: {PERIOD} (else: its rows' months)")
    actuals.add_argument("--control-total", metavar="POUNDS", help="the partner's own total, which must agree")
    actuals.add_argument("--control-rows", metavar="N", type=int, help="the partner's own count of rows, likewise")
    actuals.add_argument("--dry-run", action="store_true", help="show what would be posted, post nothing")
    actuals.add_argument("--accept-changes", action="store_true", help="reverse and post anew the lines that changed")
    actuals.add_argument("--reverse-missing", action="store_true", help="reverse the lines that are gone")
    actuals.add_argument(
        "--accept-amounts", action="store_true", help="the amounts are right though a hundred times the budget or more"
    )
    actuals.add_argument("--json", action="store_true", help="print one JSON document")


def add(commands: Commands) -> None:
    """Add the commands."""
    submissions = add_report(commands, "submissions", "submissions:submissions", "whose figures of a month are in")
    submissions.add_argument("--month", metavar="M", required=True, help=MONTH)
    estimate = with_books(
        add_command(commands, "estimate", "submissions:estimate", "post an estimate for figures that are not in yet")
    )
    options = (
        ("--of", "PARTNER", PARTNER),
        ("--month", "M", MONTH),
        ("--scheme", "SCHEME", "the line"),
        ("--amount", "POUNDS", "what was spent on it in the month"),
        ("--reason", "TEXT", "why it is an estimate, and what it rests on"),
    )
    for option, metavar, help_text in options:
        estimate.add_argument(option, metavar=metavar, required=True, help=help_text)
    agree = with_books(
        add_command(commands, "agree", "submissions:agree", "agree a partner's figures of a month, as its finance lead")
    )
    agree.add_argument("--of", metavar="PARTNER", required=True, help=PARTNER)
    agree.add_argument("--month", metavar="M", required=True, help=MONTH)
    agree.add_argument("--nil", action="store_true", help="the partner spent nothing in the month and sends no file")
    add_report(commands, "batches", "batches:batches", "the files that came in, with who, for which months and totals")
    add_report(commands, "suspense", "suspense:suspense", "what waits in suspense, with owner and age")
    assign = with_books(add_command(commands, "suspense-assign", "suspense:assign", "say who looks after an item"))
    clear = with_books(
        add_command(commands, "suspense-clear", "suspense:clear", "reverse an item in suspense and post it to its line")
    )
    for command in (assign, clear):
        command.add_argument("entry", metavar="ENTRY", type=int, help="the number of its entry, as suspense lists it")
    assign.add_argument("--owner", metavar="NAME", required=True, help="a role or a team")
    assign.add_argument("--note", metavar="TEXT", default="", help="what is being done")
    clear.add_argument("--scheme", metavar="SCHEME", required=True, help="the line")
    clear.add_argument("--contribution", metavar="ID", help="the contribution that pays (none: by current budget)")
    clear.add_argument("--reason", metavar="TEXT", required=True, help="how its line is known")
    clear.add_argument("--accrual", action="store_true", help="it is an accrual, which reverses in the next month")
    learn = with_books(
        add_command(commands, "learn-map", "learn_map:learn_map", "guess how an extract reads, and write its map")
    )
    learn.add_argument("file", metavar="FILE", help="a CSV, XLSX or XLS extract")
    learn.add_argument("--of", metavar="PARTNER", help="the partner whose ledger it is (needed without --map)")
    learn.add_argument("--map", metavar="MAP", help="a map to hold against the file and add to")
    learn.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (none: the first)")
    learn.add_argument(
        "--assign",
        metavar="CODE=SCHEME",
        action="append",
        default=[],
        help="the line of a code, or of a pattern CC41*",
    )
    learn.add_argument("-o", "--output", metavar="MAP", help="the mapping file to write (none: show it)")
    learn.add_argument("--json", action="store_true", help="print one JSON document")
