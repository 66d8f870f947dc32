"""The commands that write papers and open the front end: returns, the quarterly pack, serve."""

import argparse
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, actor_of, books_place, month_of, open_pool
from pooledfund.reports.pack import write_pack
from pooledfund.reports.postings import export_postings
from pooledfund.results.monitoring import period_label
from pooledfund.results.standing import standing_of
from pooledfund.returns.part2 import export_part2
from pooledfund.returns.registry import variant


def export(call: argparse.Namespace) -> int:
    """Write a return in our own layout, from the books or from an agreement file; or every posting of the books."""
    if call.return_id == "postings":
        return _postings(call)
    layout = variant(call.return_id)
    target = Path(call.output)
    previous = read_agreement(Path(call.previous)).agreement if call.previous else None
    source = read_agreement(Path(call.agreement)) if call.agreement else open_pool(call)
    export_part2(source, target, previous)
    print(f"Wrote {target}\n{layout.title}, in {layout.unit}\n{layout.layout_note}", end=" ")
    print(standing_of(source.agreement).lines[0])
    return 0


def _postings(call: argparse.Namespace) -> int:
    pool, target = open_pool(call), Path(call.output)
    written = export_postings(pool, target, call.format, call.as_of)
    head = pool.books.head(call.as_of)
    print(f"Wrote {target}: {written:,} postings of {pool.agreement.id} as {call.format}")
    print(f"Event {head.number}, head {head.hash} ({standing_of(pool.agreement).in_words})")
    return 0


def pack(call: argparse.Namespace) -> int:
    """Write the quarterly pack of a period."""
    pool = open_pool(call)
    month = month_of(call)
    target = Path(
        call.output or f"pack-{pool.agreement.id}-{'Q' + str(month // 3) if month % 3 == 0 else f'M{month}'}.xlsx"
    )
    write_pack(pool, month, target)
    head = pool.books.head()
    print(f"Wrote {target}: quarterly pack, {period_label(month)} of {pool.agreement.year}")
    print(f"Event {head.number}, head {head.hash}")
    return 0


def serve(call: argparse.Namespace) -> int:
    """Open the front end on this machine, to read the books."""
    from pooledfund.ui.serve import serve as serve_books

    if call.port is not None and not 1 <= call.port <= 65535:
        raise CallRefused(f"{call.port} is not a port: give one from 1 to 65535")
    actor_of(call)
    return serve_books(books_place(call), call.port, open_browser=not call.no_browser)
