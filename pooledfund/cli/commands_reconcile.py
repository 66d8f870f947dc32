"""What the commands of reconciling accept. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import PERIOD, Commands, add_command, add_report, with_books
from pooledfund.cli.commands_extracts import MONTH


def add(commands: Commands) -> None:
    """Add the commands."""
    run = add_report(
        commands,
        "reconcile",
        "reconciling:reconcile",
        "hold the books against a partner's ledger, contributions or balances",
    )
    run.add_argument("of", metavar="PARTNER", nargs="?", help="the partner (with --contributions: none)")
    run.add_argument("--month", metavar="M", required=True, help=f"up to the end of {MONTH}")
    run.add_argument("--their", metavar="FILE", help="its ledger, CSV, XLSX or XLS (none: show what was reconciled)")
    run.add_argument("--map", metavar="MAP", help="the mapping file of this ledger (none: the plain layout)")
    run.add_argument(
        "--period", metavar="PERIOD", help=f"the file holds only {PERIOD} (else: the year up to the month)"
    )
    run.add_argument("--tolerance-pence", metavar="N", type=_count, default=0, help="pence two lines may differ by")
    run.add_argument(
        "--tolerance-days", metavar="N", type=_count, default=7, help="days they may lie apart (default: 7)"
    )
    run.add_argument(
        "--pattern", metavar="TEXT", action="append", default=[],
        help="what of a reference names the item, as in 'PO * INV {ref}'; may be given again",
    )  # fmt: skip
    which = run.add_mutually_exclusive_group()
    which.add_argument("--contributions", action="store_true", help="hold contributions due against received instead")
    which.add_argument("--balances", action="store_true", help="agree balances with the partner instead")
    run.add_argument(
        "--theirs", metavar="FIGURES",
        help="with --balances: receivable=..,payable=..,income=..,expenditure=.., or a CSV file: heading,item,amount",
    )  # fmt: skip
    run.add_argument("-o", "--output", metavar="FILE", help="also write it as a workbook (.xlsx)")
    run.add_argument("--sign", choices=("prepared", "reviewed"), help="put your name to it; two people do")
    match = with_books(
        add_command(commands, "reconcile-match", "reconciling:match", "match open items of a reconciliation by hand")
    )
    match.add_argument("of", metavar="PARTNER", help="the partner whose ledger it is")
    match.add_argument("--month", metavar="M", required=True, help="the month that was reconciled, M1 to M12")
    match.add_argument("--items", metavar="IDS", required=True, help="the items, as reconcile names them: e-...,t-...")
    match.add_argument("--because", metavar="TEXT", required=True, help="why they are one item")
    item = with_books(
        add_command(commands, "reconcile-item", "reconciling:item", "undo a match, dispute an item, or note what it is")
    )
    item.add_argument("item", metavar="ITEM", help="the item, as reconcile names it: m-..., e-... or t-...")
    what = item.add_mutually_exclusive_group(required=True)
    what.add_argument("--undo", action="store_true", help="undo the match: its lines are open again")
    what.add_argument("--dispute", metavar="TEXT", help="say why the item is disputed")
    what.add_argument("--note", metavar="TEXT", help="say what the item is and what is being done")
    item.add_argument("--because", metavar="TEXT", default="", help="with --undo: why it was no match")
    item.add_argument("--owner", metavar="ROLE", default="", help="with --note: the role that looks after it")
    item.add_argument("--evidence", metavar="FILE", help="with --note: a file that shows it; its digest is kept")


_MOST_DIGITS = 9


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a whole number from 0, such as 7")
    return int(text)
