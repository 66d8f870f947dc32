"""The commands of reconciling: run, show or sign a reconciliation, and say something of one of its items."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from ledgers.money import pounds_for_people
from pooledfund.cli.reconciling_texts import balances_text, due_text, position_text
from pooledfund.cli.session import CallRefused, months_of, open_pool, period, print_report, print_text
from pooledfund.control.matching.lines import Rules
from pooledfund.control.matching.references import Pattern, PatternRefused
from pooledfund.control.reconciling.balances import agree_balances, balances_agreement, stated_figures
from pooledfund.control.reconciling.contributions import due_against_received
from pooledfund.control.reconciling.matching_by_hand import match_by_hand
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.remarks import dispute, note, undo
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.control.reconciling.signing import Figures, balances_subject, contributions_subject, sign, subject_of
from pooledfund.intake.maps import read_map
from pooledfund.pool import Pool
from pooledfund.reports.reconciliations import write_balances, write_due_against_received, write_reconciliation


def reconcile(call: argparse.Namespace) -> int:
    """Reconcile, or show or sign what was reconciled; status 1 where something is open."""
    month = _month(call.month)
    _check(call)
    pool = open_pool(call)
    if call.contributions:
        if call.sign:
            return _sign(call, pool, contributions_subject(month), lambda: due_against_received(pool, month).as_json())
        due = due_against_received(pool, month, call.as_of)
        written = write_due_against_received(pool, due, Path(call.output), call.as_of) if call.output else None
        return _print(call, pool, due.as_json(), _with(written, due_text(due)), agrees=not due.late_pence)
    if call.balances:
        if call.theirs:
            agree_balances(pool, call.of, month, stated_figures(call.theirs))
        if call.sign:
            subject = balances_subject(call.of, month)
            return _sign(call, pool, subject, lambda: balances_agreement(pool, call.of, month).as_json())
        agreed = balances_agreement(pool, call.of, month, call.as_of)
        written = write_balances(pool, agreed, Path(call.output), call.as_of) if call.output else None
        return _print(call, pool, agreed.as_json(), _with(written, balances_text(agreed)), agrees=agreed.agrees)
    if call.sign:
        return _sign(call, pool, subject_of(call.of, month), lambda: position(pool, call.of, month).as_json())
    notes = _run(call, pool, month) if call.their else []
    found = position(pool, call.of, month, call.as_of)
    if call.output:
        notes.append(f"Wrote {write_reconciliation(pool, found, Path(call.output), call.as_of)}")
    text = "\n".join([*notes, position_text(found)])
    return _print(call, pool, {"notes": notes, **found.as_json()}, text, agrees=not found.open_items)


def _check(call: argparse.Namespace) -> None:
    """The options that go together; raises CallRefused."""
    if call.contributions and (call.of or call.their or call.theirs):
        raise CallRefused("--contributions is about every partner: give no PARTNER and no figures of one with it")
    if not call.contributions and not call.of:
        raise CallRefused("say with which PARTNER, or --contributions for what all of them pay in")
    if call.balances and call.their:
        raise CallRefused("--balances takes figures with --theirs: leave out --their")
    if call.theirs and not call.balances:
        raise CallRefused("--theirs goes with --balances: a ledger is given with --their FILE")
    if call.as_of is not None and (call.their or call.theirs or call.sign):
        raise CallRefused("--as-of shows what was reconciled then: leave out --their, --theirs and --sign")
    if call.output and call.sign:
        raise CallRefused("-o writes what was reconciled: leave it out with --sign")
    if call.sign and (call.their or call.theirs):
        raise CallRefused("a reconciliation is looked at before it is signed: reconcile first, then --sign alone")


def _with(written: Path | None, text: str) -> str:
    return f"Wrote {written}\n{text}" if written else text


def _print(call: argparse.Namespace, pool: Pool, document: Mapping[str, object], text: str, *, agrees: bool) -> int:
    if call.json:
        print_report({"pool": pool.agreement.id, "year": str(pool.agreement.year), **document}, pool.agreement)
    else:
        print_text(f"{pool.agreement.header.title}\n{text}", pool.agreement)
    return 0 if agrees else 1


def _sign(call: argparse.Namespace, pool: Pool, subject: str, figures: Figures) -> int:
    event = sign(pool, subject, call.of, call.sign, figures)
    print(f"{subject} of {pool.agreement.year} {call.sign} by {pool.actor.name}: event {event}")
    return 0


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


def match(call: argparse.Namespace) -> int:
    """Match open items by hand; status 1 where their amounts differ."""
    month, pool = _month(call.month), open_pool(call)
    made = match_by_hand(pool, call.of, month, [each.strip() for each in call.items.split(",")], call.because)
    found = next(each for each in position(pool, call.of, month).items if each.id == made)
    print(f"{made}: {found.outcome}, {found.by}, difference {pounds_for_people(found.difference_pence)}")
    return 1 if found.is_open else 0


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
