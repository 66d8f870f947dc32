"""The commands of the journal: search it. Finds nothing itself."""

import argparse
from pathlib import Path

from ledgers.money import pounds
from ledgers.searching import FoundEntry, FoundPage
from pooledfund.cli.commands_journal import SEARCH
from pooledfund.cli.session import open_pool, print_ledger_json, print_ledger_text
from pooledfund.cli.tables import money, table
from pooledfund.reports.postings import export_found
from pooledfund.results.journal_search import debits_pence, journal_page, search_of


def journals(call: argparse.Namespace) -> int:
    """Print a page of the entries that meet a search, or write all of them to a file."""
    pool = open_pool(call)
    asked = {question: _given(call, option) for option, _, question, _ in SEARCH}
    search = search_of(pool, asked)
    if call.csv is not None:
        rows = export_found(pool, search, Path(call.csv), call.as_of)
        print(f"{call.csv}: {rows:,} posting{'' if rows == 1 else 's'} written")
        return 0
    found = journal_page(pool, search, as_of=call.as_of, before=call.before, take=call.take)
    if call.json:
        older = found.entries[-1].recorded.number if found.has_older else None
        print_ledger_json({"entries": [_as_json(each) for each in found.entries], "older_before": older}, pool)
    else:
        print_ledger_text(_text(found, pool.books.pool_id), pool)
    return 0


def _given(call: argparse.Namespace, option: str) -> str:
    return str(getattr(call, option.removeprefix("--").replace("-", "_")) or "")


def _text(found: FoundPage, pool_id: str) -> str:
    if not found.entries:
        return f"{pool_id}: no entry meets the search: ask for less"
    rows = [
        [
            str(each.recorded.number),
            each.recorded.entry.effective_on.isoformat(),
            each.recorded.entry.book,
            each.recorded.entry.kind,
            each.recorded.entry.why,
            each.recorded.entry.source_reference,
            each.recorded.entry.who,
            str(each.recorded.event),
            _standing(each),
            money(debits_pence(each.recorded.entry)),
        ]
        for each in found.entries
    ]
    header = ["Entry", "Effective", "Book", "Kind", "Why", "Reference", "Who", "Event", "Reversal", "Debits"]
    lines = [table(f"Entries of {pool_id} that meet the search, newest first, £", "rllllllrlr", header, rows)]
    if found.has_older:
        lines.append(f"There are older ones: add --before {found.entries[-1].recorded.number}, or --csv FILE for all.")
    return "\n".join(lines)


def _standing(found: FoundEntry) -> str:
    if found.reversed_by is not None:
        return f"reversed by {found.reversed_by}"
    reverses = found.recorded.entry.reverses
    return f"reverses {reverses}" if reverses is not None else ""


def _as_json(found: FoundEntry) -> dict[str, object]:
    recorded, entry = found.recorded, found.recorded.entry
    return {
        "entry": recorded.number,
        "book": entry.book,
        "kind": entry.kind,
        "effective": entry.effective_on.isoformat(),
        "document_date": entry.document_on.isoformat(),
        "month": recorded.month,
        "recorded_at": recorded.recorded_at,
        "event": recorded.event,
        "who": entry.who,
        "why": entry.why,
        "reference": entry.source_reference,
        "key": entry.idempotency_key,
        "reverses": entry.reverses,
        "reversed_by": found.reversed_by,
        "corrects": entry.corrects,
        "debits": pounds(debits_pence(entry)),
        "postings": [
            {
                "account": each.account,
                "scheme": each.scheme,
                "contribution": each.contribution,
                "partner": each.partner,
                "amount": pounds(each.amount_pence),
            }
            for each in entry.postings
        ],
    }
