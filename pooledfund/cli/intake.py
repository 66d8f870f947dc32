"""The commands that take in files: journals, ledger extracts, receipts, forecasts."""

import argparse
import sys
from pathlib import Path

from pooledfund.cli.session import months_of, open_pool, print_json
from pooledfund.cli.tables import money, table
from pooledfund.intake.actuals import Imported, import_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.journals import post_journals
from pooledfund.intake.maps import read_map
from pooledfund.intake.receipts import receive as receive_file


def post(call: argparse.Namespace) -> int:
    """Post a file of journals."""
    posted = post_journals(open_pool(call), Path(call.file))
    print(
        f"{Path(call.file).name}: {_count(posted.new, 'entry', 'entries')} posted, {posted.already_there} already there"
    )
    for note in posted.notes:
        print(note)
    return 0


def actuals(call: argparse.Namespace) -> int:
    """Import a ledger extract and say what became of it."""
    pool = open_pool(call)
    ledger_map = read_map(Path(call.map), pool.agreement).map if call.map else None
    imported = import_actuals(pool, Path(call.file), ledger_map, progress, months=months_of(call.period))
    if call.json:
        print_json(imported.as_json())
    else:
        print(imported_text(imported))
    return 0


def progress(what: str) -> None:
    """Say on standard error what is being done, where someone is watching."""
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


def imported_text(imported: Imported) -> str:
    """What became of a ledger extract, for a reader."""
    if imported.repeated_batch is not None:
        return f"{imported.file}: is batch {imported.repeated_batch} again, the very same file: nothing was posted"
    lines = [
        f"{imported.file}: batch {imported.batch}, {_count(imported.rows, 'row')} of spend, "
        f"{imported.ignored} ignored by the map",
        f"posted {_count(imported.posted, 'entry', 'entries')} for £{money(imported.total_pence)}, "
        f"{imported.already_there} already there, {_count(imported.reversals, 'accrual')} reversed in the next month",
        *imported.notes,
    ]
    if imported.suspense:
        rows = [
            [str(item.file_row), item.reference, item.code, item.description, money(item.cost_pence)]
            for item in imported.suspense
        ]
        rows.append(["Total", "", "", "", money(imported.suspense_pence)])
        lines.append("")
        caption = "In suspense, £: no line claims these codes"
        lines.append(table(caption, "llllr", ["Row", "Reference", "Code", "Description", "Cost"], rows, totals=1))
    return "\n".join(lines)


def receive(call: argparse.Namespace) -> int:
    """Record a file of receipts."""
    posted = receive_file(open_pool(call), Path(call.file))
    print(
        f"{Path(call.file).name}: {_count(posted.new, 'receipt')} posted for £{money(posted.total_pence)}, "
        f"{posted.already_there} already there"
    )
    for note in posted.notes:
        print(note)
    return 0


def forecast(call: argparse.Namespace) -> int:
    """Enter a file of forecasts."""
    entered = enter_forecasts(open_pool(call), Path(call.file))
    print(f"{Path(call.file).name}: {_count(entered.new, 'forecast')} entered, {entered.already_there} already there")
    return 0


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
