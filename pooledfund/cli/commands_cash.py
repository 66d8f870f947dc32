"""What the commands on cash between partners accept. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_command, add_period, add_report, with_books


def add(commands: Commands) -> None:
    """Declare the commands."""
    invoices = add_report(commands, "invoices", "invoices:invoices", "invoices to partners, paid, open and overdue")
    add_period(invoices)
    invoices.add_argument("--issue", action="store_true", help="first issue those for what fell due and changed")
    invoices.add_argument(
        "--interest", action="store_true", help="also show interest on what is late, by the agreement"
    )
    invoices.add_argument("--post-interest", action="store_true", help="post and invoice what of it is not posted yet")
    invoices.add_argument("--on", metavar="DATE", help="the day that new ones are dated (default: today)")
    remind = with_books(add_command(commands, "remind", "invoices:remind", "remind partners of invoices that are late"))
    add_period(remind)
    remind.add_argument("--on", metavar="DATE", help="the day of the reminder (default: today)")
    remind.add_argument("--json", action="store_true", help="print one JSON document")
