"""The commands of the year's end: the outturn at each of its stages, and the roll-forward into the next year."""

import argparse
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.roll_forward import open_next_year, roll_forward
from pooledfund.results.closing_balances import RollForward, roll_forward_of


def roll(call: argparse.Namespace) -> int:
    """Open next year with this year's closing balances, or prove that it has them; status 1 where they differ."""
    old = open_pool(call)
    file = read_agreement(Path(call.agreement))
    if call.check:
        ids = old.books.books.pool_ids()
        if file.agreement.id not in ids:
            raise CallRefused(f"{file.agreement.id} is not open: roll forward without --check first")
        found, said = roll_forward_of(old, open_next_year(old, file)), "checked, nothing was posted"
    else:
        new = open_next_year(old, file)
        rolled = roll_forward(old, new)
        found = rolled.found
        said = (
            f"{rolled.kind}, {len(rolled.entries)} entries" if rolled.entries else "agrees already, nothing was posted"
        )
    if call.json:
        print_report(found.as_json(), file.agreement)
    else:
        print_text(f"{_text(found)}\n{found.old} to {found.new}: {said}", file.agreement)
    return 0 if found.agrees else 1


def _text(found: RollForward) -> str:
    keys = sorted(dict.fromkeys((*found.closing_pence, *found.opening_pence)), key=lambda key: tuple(map(str, key)))
    rows = [
        [key[0], key[1] or "", key[2] or "",
         money(found.closing_pence.get(key, 0)), money(found.opening_pence.get(key, 0))]
        for key in keys
    ]  # fmt: skip
    totals = [money(sum(found.closing_pence.values())), money(sum(found.opening_pence.values()))]
    rows.append(["Total", "", "", *totals])
    header = ["Account", "Contribution", "Partner", f"Closing of {found.old}", f"Opening of {found.new}"]
    caption = "Balances rolled forward, £; debit plus, credit minus"
    proof = f"SHA-256 of the closing {found.closing_digest}\nSHA-256 of the opening {found.opening_digest}"
    return f"{table(caption, 'lllrr', header, rows, totals=1)}\n{proof}"
