"""What the commands on cash between partners accept. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_command, add_period, add_report, with_books
from pooledfund.cli.commands_close import telling


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
    _recharges(commands)
    cash = add_report(commands, "cash", "cash:cash", "the pool's cash month by month")
    add_period(cash)
    cash.add_argument("--interest", action="store_true", help="also show interest on it, where the agreement has any")
    cash.add_argument("--post-interest", action="store_true", help="first post what of it is not posted yet")
    statements = add_report(
        commands,
        "statements",
        "cash:statements",
        "cost share, cash due and balances by partner, and their bridge",
    )
    add_period(statements)
    statements.add_argument("--of", metavar="PARTNER", help="one partner (default: all)")


def _recharges(commands: Commands) -> None:
    telling(
        commands, "claim-recharge", "recharges:claim", "claim what a partner spent on the pool's behalf",
        "claimed_for,reference,scheme,amount,claimed_on",
    )  # fmt: skip
    agree = with_books(add_command(commands, "agree-recharge", "recharges:agree", "agree a recharge for payment"))
    pay = with_books(add_command(commands, "pay-recharge", "recharges:pay", "post the payment of an agreed recharge"))
    for command in (agree, pay):
        command.add_argument("claimed_for", metavar="PARTNER", help="the partner that claims it")
        command.add_argument("reference", metavar="REFERENCE", help="its reference")
    pay.add_argument("--paid", metavar="DATE", required=True, help="the day it left the bank, as 2023-07-20")
    pay.add_argument("--payment", metavar="TEXT", required=True, help="the bank's reference")
    add_period(add_report(commands, "recharges", "recharges:recharges", "recharges and what the books owe"))
