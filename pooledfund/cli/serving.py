"""The command that opens the front end."""

import argparse

from pooledfund.cli.session import CallRefused, books_place


def serve(call: argparse.Namespace) -> int:
    """Open the front end on this machine; each person signs in to it."""
    from pooledfund.ui.serve import serve as serve_books

    if call.port is not None and not 1 <= call.port <= 65535:
        raise CallRefused(f"{call.port} is not a port: give one from 1 to 65535")
    return serve_books(books_place(call), call.port, open_browser=not call.no_browser)
