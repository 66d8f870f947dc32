"""What the command line accepts for settlement, partners' journals and exit. Imports nothing heavy, runs nothing."""

from pooledfund.cli.arguments import Commands, add_command, add_period, add_report, with_books


def add(commands: Commands) -> None:
    """Declare the commands."""
    settle = with_books(add_command(commands, "settle", "settling:settle", "post the risk share to date"))
    add_period(settle)
    settle.add_argument("--journals", metavar="FOLDER", help="also write each partner's own journal of it there")
    settle.add_argument(
        "--without-disputed", action="store_true", help="settle all but what is in dispute, which is refused otherwise"
    )
    settle.add_argument("--dry-run", action="store_true", help="show what would be posted, post nothing")
    settle.add_argument("--json", action="store_true", help="print one JSON document")
    journal = with_books(
        add_command(commands, "partner-journal", "settling:journals", "what each partner posts in its own ledger")
    )
    add_period(journal)
    journal.add_argument("-o", "--output", metavar="FOLDER", help="the folder for a CSV file for each partner")
    journal.add_argument("--json", action="store_true", help="print one JSON document")
    statement = add_report(
        commands, "partner-statement", "settling:statement", "what one partner books of the pool, and its account"
    )
    statement.add_argument("of", metavar="PARTNER", help="the partner")
    add_period(statement)
    statement.add_argument("-o", "--output", metavar="FILE", help="write a workbook (.xlsx), PDF or CSV file instead")
    leave = with_books(add_command(commands, "exit", "settling:exit_pool", "what the pool comes to when it ends"))
    leave.add_argument("--on", metavar="DATE", help="the last day of a month (default: the day the agreement ends)")
    leave.add_argument("-o", "--output", metavar="FILE", help="write a workbook (.xlsx) or a PDF instead")
    leave.add_argument("--json", action="store_true", help="print one JSON document")
