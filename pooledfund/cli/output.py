"""The commands that write the quarterly pack and open the front end."""

import argparse
from pathlib import Path

from pooledfund.cli.session import CallRefused, actor_of, books_place, month_of, open_pool
from pooledfund.reports.pack import write_pack
from pooledfund.results.monitoring import period_label


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
