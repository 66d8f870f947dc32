"""The slow proofs: what the other checks prove, proved again by another way. They change nothing."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from ledgers import reading
from ledgers.database import Connection
from ledgers.journal import check_entry
from ledgers.refusals import EntryRefused
from ledgers.seal import Finding, LogRow, canonical

_Cell = tuple[str, str, str, str, str, int]


def canonical_findings(log: Iterable[LogRow]) -> Iterator[Finding]:
    """Events whose text is not the one frozen form of what it says, so not written by this program."""
    for row in log:
        try:
            same = canonical(json.loads(row.content)) == row.content
        except (ValueError, TypeError):
            same = False
        if not same:
            name = f"event {row.number}"
            yield Finding(
                "event not canonical", name, f"the text of {name} is not in the form that events are sealed in"
            )


def added_findings(connection: Connection, pool_id: str) -> Iterator[Finding]:
    """Kept balances against entries read one by one, judged by the rules of an entry and added up here."""
    added: Counter[_Cell] = Counter()
    for recorded in reading.entries_where(connection, pool_id):
        try:
            check_entry(recorded.entry)
        except EntryRefused as refusal:
            yield Finding("entry not sound", f"entry {recorded.number}", f"entry {recorded.number}: {refusal}")
        for posting in recorded.entry.postings:
            dimensions = (posting.scheme or "", posting.contribution or "", posting.partner or "")
            added[recorded.entry.book, posting.account, *dimensions, recorded.month] += posting.amount_pence
    rows = connection.execute(
        "SELECT book, account, scheme, contribution, partner, month, amount_pence FROM balance WHERE pool_id = ?",
        (pool_id,),
    )
    kept = {tuple(row[:6]): row[6] for row in rows}
    for cell in sorted(added.keys() | kept.keys(), key=str):
        if kept.get(cell) != added.get(cell):
            name = " ".join(str(part) for part in cell if part != "")
            yield Finding("balance not re-added", name, f"the entries of {name}, added one by one, are not its balance")
