"""The commands of the official returns: their arguments and help. Runs nothing."""

from pooledfund.cli.arguments import AGREEMENT, Commands, add_command, add_period, add_report, event_number, with_books

RETURN = "which return, such as planning-2025-26; or a file of your own that describes one"
WORKBOOK = "a filled workbook of the return"


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    export = with_books(add_command(commands, "export", "returns:export", "write an official return, or every posting"))
    export.add_argument("return_id", metavar="RETURN", help=f"{RETURN}; or postings")
    export.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")
    export.add_argument(
        "--template", metavar="OFFICIAL", help="the blank official workbook to fill (none: our own layout)"
    )
    export.add_argument(
        "--format", choices=("csv", "parquet", "beancount", "ledger"), default="csv", help="of postings (default: csv)"
    )
    export.add_argument("--as-of", metavar="EVENT", type=event_number, help="the books as they stood at this event")
    export.add_argument("--agreement", metavar="AGREEMENT", help=f"from {AGREEMENT} instead of the books")
    export.add_argument("--previous", metavar="AGREEMENT", help="the agreement of the year before, for its columns")
    export.add_argument("--following", metavar="AGREEMENT", help="the agreement of the year after, for its columns")
    add_period(export)
    check = with_books(
        add_command(commands, "check-return", "returns:check", "look a filled return over before it is sent")
    )
    check.add_argument("return_id", metavar="RETURN", help=RETURN)
    check.add_argument("file", metavar="FILE", help=WORKBOOK)
    check.add_argument("--agreement", metavar="AGREEMENT", help=f"hold it against {AGREEMENT} instead of the books")
    check.add_argument(
        "--previous", metavar="AGREEMENT", help="the agreement of the year before, to find slips of unit"
    )
    check.add_argument("--alone", action="store_true", help="check the workbook by itself, not against the books")
    check.add_argument("--json", action="store_true", help="print one JSON document")
    add_period(check)
    read = add_command(commands, "read-return", "returns:read", "draft an agreement file from a filled planning return")
    read.add_argument("return_id", metavar="RETURN", help=f"{RETURN}; or part1 for the narrative of 2014")
    read.add_argument("file", metavar="FILE", help=WORKBOOK)
    read.add_argument("--area", metavar="NAME", help="the area, for the names in the draft")
    read.add_argument("--year", metavar="YEAR", help="which year of the return (default: its first)")
    read.add_argument("-o", "--output", metavar="FILE", help="the agreement file to write (default: print it)")
    compare = add_report(
        commands, "compare-return", "returns:compare", "hold a filled return against the books, by cell"
    )
    compare.add_argument("return_id", metavar="RETURN", help=RETURN)
    compare.add_argument("file", metavar="FILE", help=WORKBOOK)
    add_period(compare)
    submit = with_books(add_command(commands, "submit-return", "returns:submit", "register a return as sent"))
    submit.add_argument("return_id", metavar="RETURN", help=RETURN)
    submit.add_argument("file", metavar="FILE", help="the workbook that was sent")
    submit.add_argument(
        "--signed", metavar="PARTNER=DATE", action="append", default=[], help="a partner that signed, and when"
    )
    submit.add_argument("--sent", metavar="DATE", help="when it was sent, as 2016-05-25 (default: today)")
    submit.add_argument("--differs", metavar="REASON", help="why the workbook shows other figures than the books")
    add_period(submit)
    approve = with_books(add_command(commands, "approve-return", "returns:approve", "record an approval of a return"))
    approve.add_argument("event", metavar="EVENT", type=event_number, help="the event that registered the return")
    approve.add_argument(
        "--body", metavar="NAME", required=True, help="which body, such as a Health and Wellbeing Board"
    )
    approve.add_argument("--on", metavar="DATE", required=True, help="when, as 2016-05-25")
    approve.add_argument("--minute", metavar="TEXT", required=True, help="the minute or other reference")
    add_report(commands, "returns", "returns:register", "the register of returns: sent, signed, approved, due")
    replay = with_books(
        add_command(commands, "replay-return", "returns:replay_return", "work a sent return out again, then and now")
    )
    replay.add_argument("--json", action="store_true", help="print one JSON document")
    replay.add_argument("event", metavar="EVENT", type=event_number, help="the event that registered the return")
    replay.add_argument("--template", metavar="OFFICIAL", help="fill this blank official workbook again")
    replay.add_argument("--sent", metavar="FILE", help="the workbook that was sent, to name the cells that differ")
    replay.add_argument("-o", "--output", metavar="FILE", help="the workbook to write, as it was sent")
