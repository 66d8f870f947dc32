"""The commands that post one journal and reverse one. Weighs and posts nothing itself."""

import argparse

from ledgers.journal import Recorded
from ledgers.money import pounds_for_people
from pooledfund.cli.session import CallRefused, day, open_pool, print_json
from pooledfund.cli.tables import money, table
from pooledfund.control.journal_effect import JournalEffect, journal_effect, reversal_effect
from pooledfund.intake.journal_form import post_journal
from pooledfund.intake.journal_reversals import reverse_journal
from pooledfund.results.journal_search import debits_pence

_PARTS = ("account", "scheme", "contribution", "partner")


def post_one(call: argparse.Namespace) -> int:
    """Post one journal given on the command line, or show what it would do."""
    pool = open_pool(call)
    head = {
        "entry": call.number,
        "book": call.book,
        "effective": call.effective,
        "why": call.why,
        "reference": call.reference or "",
        "document_date": call.document_date or "",
        "adjusting": "true" if call.adjusting else "",
    }
    lines = [_line(text, side) for side in ("debit", "credit") for text in getattr(call, side)]
    if call.dry_run:
        return _show(call, journal_effect(pool, head, lines))
    posted = post_journal(pool, head, lines)
    return _said(call, f"journal {call.number}", posted.recorded, posted.notes)


def reverse(call: argparse.Namespace) -> int:
    """Reverse a journal, or show what that would do."""
    pool = open_pool(call)
    effective = None if call.effective is None else day(call.effective, "--effective")
    if call.dry_run:
        return _show(call, reversal_effect(pool, call.entry, call.why, effective, adjusting=call.adjusting))
    recorded = reverse_journal(pool, call.entry, call.why, effective, adjusting=call.adjusting)
    return _said(call, f"reversal of entry {call.entry}", recorded, ())


def _line(text: str, side: str) -> dict[str, str]:
    """One line of a journal as it stands on the command line."""
    place, sign, amount = text.rpartition("=")
    parts = place.split("/")
    if not sign or len(parts) > len(_PARTS):
        raise CallRefused(
            f"--{side}: '{text}' is no line: write ACCOUNT/SCHEME/CONTRIBUTION/PARTNER=POUNDS, such as "
            "expenditure/S3/nhs-min/council=250.00"
        )
    return {**dict(zip(_PARTS, parts, strict=False)), side: amount}


def _said(call: argparse.Namespace, what: str, recorded: Recorded, notes: tuple[str, ...]) -> int:
    if call.json:
        print_json({"entry": recorded.number, "outcome": recorded.outcome, "notes": list(notes)})
        return 0
    verb = "posted" if recorded.outcome == "recorded" else "already there"
    print("\n".join([f"{what}: {verb}, entry {recorded.number}", *notes]))
    return 0


def _show(call: argparse.Namespace, effect: JournalEffect) -> int:
    if call.json:
        print_json(effect.as_json())
    else:
        print(_text(effect))
    return 1 if effect.breaks else 0


def _text(effect: JournalEffect) -> str:
    entry = effect.entry
    if effect.already_there is not None:
        return f"entry {effect.already_there} stands under this number already: nothing would be posted"
    lines = [
        f"a dry run, nothing was posted: {pounds_for_people(debits_pence(entry))} on each side, "
        f"effective {entry.effective_on.isoformat()} in M{effect.month}"
    ]
    rows = [
        [each.account, each.scheme, money(each.before_pence), money(each.change_pence), money(each.after_pence)]
        for each in effect.movements
    ]
    caption = f"What it would do in the {entry.book} book, £, debit plus"
    lines += ["", table(caption, "llrrr", ["Account", "Line", "Now", "Change", "After"], rows)]
    lines += [f"Note: {each}" for each in effect.warnings]
    lines += [f"Refused: {each}" for each in effect.breaks]
    return "\n".join(lines)
