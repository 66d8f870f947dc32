"""The command that places and releases commitments."""

import argparse

from pooledfund.cli.arguments import Commands, add_command, with_books


def add(commands: Commands) -> None:
    """The commands of this area."""
    command = with_books(
        add_command(
            commands, "commit", "commands_commitments:commit", "commit a line's money to an order, or release it"
        )
    )
    command.add_argument("--line", required=True, metavar="ID", help="the scheme line")
    command.add_argument("--amount", required=True, metavar="POUNDS", help="what is ordered, or released")
    command.add_argument("--reference", required=True, metavar="TEXT", help="the order's reference")
    command.add_argument("--effective", required=True, metavar="DATE", help="the day, such as 2023-07-01")
    command.add_argument("--release", action="store_true", help="take it back: the invoice has come, or it fell away")


def commit(call: argparse.Namespace) -> int:
    """Place or release one order."""
    from ledgers.money import pounds_for_people
    from pooledfund.cli.session import amount_and_day, open_pool
    from pooledfund.intake.commitments import Commitment, raise_commitment, release_commitment

    order = Commitment(call.line, call.reference, *amount_and_day(call))
    recorded = (release_commitment if call.release else raise_commitment)(open_pool(call), order)
    deed = "released from" if call.release else "committed on"
    there = "" if recorded.outcome == "recorded" else ", already there"
    said = f"{pounds_for_people(order.amount_pence)} {deed} {order.scheme}, {order.reference}"
    print(f"{said}: entry {recorded.number}{there}")
    return 0
