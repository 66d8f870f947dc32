"""The commands that take in files: journals, ledger extracts, receipts, forecasts."""

import argparse
import sys
from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.cli.session import CallRefused, months_of, open_pool, print_json
from pooledfund.cli.tables import money, table
from pooledfund.intake.actuals import Handing, Imported, import_actuals, preview_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.history import Change
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
    handing = _handing(call)
    if call.dry_run:
        imported = preview_actuals(pool, Path(call.file), ledger_map, handing)
    else:
        imported = import_actuals(pool, Path(call.file), ledger_map, progress, handing)
    if call.json:
        print_json(imported.as_json())
    else:
        print(imported_text(imported))
    waits = imported.changes and not call.accept_changes
    return 1 if call.dry_run and (waits or (imported.unit_slips.too_large and not call.accept_amounts)) else 0


def _handing(call: argparse.Namespace) -> Handing:
    try:
        total = parse_pounds(call.control_total) if call.control_total is not None else None
    except MoneyNotUnderstood as error:
        raise CallRefused(f"--control-total: {error}") from None
    months = months_of(call.period)
    accepted = (call.accept_changes, call.reverse_missing, call.accept_amounts)
    return Handing(months, total, call.control_rows, *accepted)


def progress(what: str) -> None:
    """Say on standard error what is being done, where someone is watching."""
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


def imported_text(imported: Imported) -> str:
    """What became of a ledger extract, for a reader."""
    if imported.repeated_batch is not None:
        return f"{imported.file}: is batch {imported.repeated_batch} again, the very same file: nothing was posted"
    is_done = imported.batch is not None
    opening = f"batch {imported.batch}" if is_done else "a dry run, nothing was posted"
    verb = "posted" if is_done else "would post"
    lines = [
        f"{imported.file}: {opening}, {_count(imported.rows, 'row')} of spend, {imported.ignored} ignored by the map",
        f"{verb} {_count(imported.posted, 'entry', 'entries')} for {pounds_for_people(imported.total_pence)}, "
        f"{imported.already_there} already there, {_count(imported.reversals, 'accrual')} reversed in the next month",
        *imported.notes,
        *(f"Check the unit: {each}" for each in (*imported.unit_slips.too_large, *imported.unit_slips.too_small)),
    ]
    if not is_done and imported.lines:
        by_line = [[each.scheme or "suspense", f"{each.rows:,}", money(each.cost_pence)] for each in imported.lines]
        by_line.append(["Total", f"{imported.posted:,}", money(imported.total_pence)])
        lines += ["", table("What it would post, £", "lrr", ["Line", "Rows", "Cost"], by_line, totals=1)]
    lines += _suspense_text(imported)
    changed = "Lines that changed, each reversed and posted anew, £" if is_done else "Lines that have changed since, £"
    lines += _changes_text(changed, imported.changes)
    lines += _changes_text("Lines of before that are not in this file, £", imported.missing)
    return "\n".join(lines)


def _suspense_text(imported: Imported) -> list[str]:
    if not imported.suspense:
        return []
    rows = [
        [str(item.file_row), item.reference, item.code, item.description, money(item.cost_pence)]
        for item in imported.suspense[:SHOWN]
    ]
    rows += _more(len(imported.suspense), 5)
    rows.append(["Total", "", "", "", money(imported.suspense_pence)])
    caption = "In suspense, £: no line claims these codes"
    return ["", table(caption, "llllr", ["Row", "Reference", "Code", "Description", "Cost"], rows, totals=1)]


def _changes_text(caption: str, changes: tuple[Change, ...]) -> list[str]:
    if not changes:
        return []
    rows = [
        [str(each.file_row or ""), each.reference, str(each.entry.number), money(each.was_pence), money(each.now_pence),
         ", ".join(f"{of.field}: {of.was} to {of.now}" for of in each.differences) or "not in this file"]
        for each in changes[:SHOWN]
    ]  # fmt: skip
    rows += _more(len(changes), 6)
    totals = [money(sum(each.was_pence for each in changes)), money(sum(each.now_pence for each in changes))]
    rows.append(["Total", "", "", *totals, ""])
    return ["", table(caption, "llrrrl", ["Row", "Reference", "Entry", "Was", "Is", "What"], rows, totals=1)]


def _more(count: int, columns: int) -> list[list[str]]:
    return [["...", f"and {count - SHOWN:,} more", *[""] * (columns - 2)]] if count > SHOWN else []


SHOWN = 200
"""Rows of a list that are printed; the JSON has them all."""


def receive(call: argparse.Namespace) -> int:
    """Record a file of receipts."""
    posted = receive_file(open_pool(call), Path(call.file))
    print(
        f"{Path(call.file).name}: {_count(posted.new, 'receipt')} posted for {pounds_for_people(posted.total_pence)}, "
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
