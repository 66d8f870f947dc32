"""The commands of reconciling: run, show or sign a reconciliation, and say something of one of its items."""

import argparse
from pathlib import Path

from pooledfund.cli.session import CallRefused, months_of, open_pool, period, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.matching.lines import Rules
from pooledfund.control.matching.references import Pattern, PatternRefused
from pooledfund.control.reconciling.position import OUTCOMES, Item, Position, position
from pooledfund.control.reconciling.remarks import dispute, note, undo
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.control.reconciling.signing import sign
from pooledfund.intake.maps import read_map
from pooledfund.pool import Pool

SHOWN = 200
"""Rows of a list that are printed; the JSON has them all."""


def reconcile(call: argparse.Namespace) -> int:
    """Reconcile with a partner's ledger, or show or sign what was reconciled; status 1 where something is open."""
    month = _month(call.month)
    if call.as_of is not None and (call.their or call.sign):
        raise CallRefused("--as-of shows what was reconciled then: leave out --their and --sign")
    pool = open_pool(call)
    if call.sign and not call.their:
        event = sign(pool, call.of, month, call.sign)
        print(f"{call.of} M{month} of {pool.agreement.year} {call.sign} by {pool.actor.name}: event {event}")
        return 0
    if call.sign:
        raise CallRefused("a reconciliation is looked at before it is signed: give --their first, then --sign alone")
    notes = _run(call, pool, month) if call.their else []
    found = position(pool, call.of, month, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "notes": notes, **found.as_json()}
        print_report(document, pool.agreement)
    else:
        print_text("\n".join([pool.agreement.header.title, *notes, position_text(found)]), pool.agreement)
    return 1 if found.open_items else 0


def _month(text: str) -> int:
    if not text.strip().upper().startswith("M"):
        raise CallRefused(f"'{text}' is not a month: write M1 to M12")
    return period(text)


def _run(call: argparse.Namespace, pool: Pool, month: int) -> list[str]:
    try:
        patterns = tuple(map(Pattern.parse, call.pattern))
    except PatternRefused as error:
        raise CallRefused(f"--pattern: {error}") from None
    ledger_map = read_map(Path(call.map), pool.agreement).map if call.map else None
    rules = Rules(call.tolerance_pence, call.tolerance_days, patterns)
    _, notes = run_ledger(pool, call.of, month, Path(call.their), ledger_map, rules, months_of(call.period))
    return notes


def position_text(found: Position) -> str:
    """The reconciliation for a reader: outcomes, ages, lines and months, the statement, and what is said of items."""
    return "\n\n".join(
        each for each in (_outcomes(found), _ages(found), _cells(found), _statement(found), _said(found)) if each
    )


def _outcomes(found: Position) -> str:
    rows = [
        [each, f"{len(items := found.of(each)):,}", money(sum(item.ours_pence for item in items)),
         money(sum(item.theirs_pence for item in items)), money(sum(item.difference_pence for item in items))]
        for each in OUTCOMES
    ]  # fmt: skip
    rows.append(["Total", f"{len(found.items):,}", money(found.ours_pence), money(found.theirs_pence),
                 money(found.ours_pence - found.theirs_pence)])  # fmt: skip
    state = f"{len(found.open_items):,} open" if found.open_items else "agrees"
    caption = f"{found.partner} to M{found.month}, £: {state} (run of event {found.run.event}, {found.run.file})"
    text = table(caption, "lrrrr", ["Outcome", "Items", "Ours", "Theirs", "Difference"], rows, totals=1)
    if found.run.not_searched:
        text += f"\n{found.run.not_searched:,} lines had too many others about them for groups to be searched"
    return text


def _ages(found: Position) -> str:
    if not found.open_items:
        return ""
    rows = [
        [words, f"{len(items):,}", money(sum(each.difference_pence for each in items))]
        for words, items in found.ages().items()
    ]
    total = sum(each.difference_pence for each in found.open_items)
    rows.append(["Total", f"{len(found.open_items):,}", money(total)])
    return table("Open items by age, £", "lrr", ["Age", "Items", "Difference"], rows, totals=1)


def _cells(found: Position) -> str:
    rows = [
        [each.scheme or "suspense", f"M{each.month}", money(each.ours_pence), money(each.theirs_pence),
         money(each.difference_pence)]
        for each in found.cells
    ]  # fmt: skip
    rows.append(["Total", "", money(found.ours_pence), money(found.theirs_pence),
                 money(found.ours_pence - found.theirs_pence)])  # fmt: skip
    return table("By line and month, £", "llrrr", ["Line", "Month", "Ours", "Theirs", "Difference"], rows, totals=1)


def _statement(found: Position) -> str:
    rows = [["Their ledger", "", "", "", "", "", money(found.theirs_pence)]]
    rows += [_step(each) for each in found.steps[:SHOWN]]
    rest = found.steps[SHOWN:]
    if rest:
        rows.append(
            [f"... and {len(rest):,} more", "", "", "", "", "", money(sum(each.difference_pence for each in rest))]
        )
    rows.append(["Our books", "", "", "", "", "", money(found.ours_pence)])
    header = ["Item", "Outcome", "Where", "Reference", "Line", "Age", "Amount"]
    return table("From their figure to ours, £", "lllllrr", header, rows, totals=1)


def _step(item: Item) -> list[str]:
    line = item.first.line
    return [
        item.id, item.outcome, where(item), line.reference, line.scheme or "suspense", str(item.age_days),
        money(item.difference_pence),
    ]  # fmt: skip


def where(item: Item) -> str:
    """Where an item stands: the entries of the books and the rows of their file, the first few of each."""
    said = []
    for word, lines in (("entry", item.ours), ("row", item.theirs)):
        if lines:
            numbers = ", ".join(str(each.place) for each in lines[:4])
            said.append(f"{word} {numbers}{' ...' if len(lines) > 4 else ''}")
    return ", ".join(said)


def _said(found: Position) -> str:
    lines = []
    for each in found.items:
        remark = each.remark
        if remark.disputed:
            lines.append(f"{each.id}: disputed, {remark.disputed}")
        if remark.note:
            shown = f" ({remark.evidence}, SHA-256 {remark.evidence_digest})" if remark.evidence else ""
            lines.append(f"{each.id}: {remark.note}, with {remark.owner}{shown}")
    return "\n".join(lines)


def item(call: argparse.Namespace) -> int:
    """Undo a match, dispute an item, or note what it is."""
    if call.note is None and (call.owner or call.evidence):
        raise CallRefused("--owner and --evidence go with --note")
    pool = open_pool(call)
    if call.undo:
        print(f"{call.item} is undone: event {undo(pool, call.item, call.because)}")
    elif call.dispute is not None:
        print(f"{call.item} is disputed: event {dispute(pool, call.item, call.dispute)}")
    else:
        evidence = Path(call.evidence) if call.evidence else None
        print(f"{call.item} is noted: event {note(pool, call.item, call.note, call.owner, evidence)}")
    return 0
