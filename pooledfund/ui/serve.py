"""Starts the front end on this machine. Shows nothing itself."""

import os
import socket
from pathlib import Path

from streamlit.web import cli as streamlit

from ledgers.place import Place, Url
from pooledfund.errors import InputRefused

APP = Path(__file__).resolve().parents[2] / "app.py"
LOCAL = "127.0.0.1"


class AddressInUse(InputRefused):
    """The port asked for is taken by another program."""


def serve(db: Place, port: int | None = None, *, open_browser: bool = True, address: str = LOCAL) -> int:
    """Run the pages over these books until stopped; only this machine can reach them unless an address is given.

    Gives status 0 when it was stopped.

    Raises:
        AddressInUse: another program listens on the port.
    """
    chosen = port if port is not None else free_port(address)
    _check_free(address, chosen)
    os.environ["POOLEDFUND_DB"] = (
        db.secret if isinstance(db, Url) else str(db.resolve())
    )  # the pages read their books' place from here
    streamlit.main(command(chosen, open_browser=open_browser, address=address), standalone_mode=False)
    return 0


def command(port: int, *, open_browser: bool, address: str = LOCAL) -> list[str]:
    """What Streamlit is told: quiet, no statistics sent, no traceback shown."""
    options = {
        "server.address": address,
        "server.port": str(port),
        "server.headless": str(not open_browser).lower(),
        "server.showEmailPrompt": "false",  # a first start would wait for an answer, and end where none can be given
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "server.fileWatcherType": "none",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return ["run", str(APP), *given]


def free_port(address: str = LOCAL) -> int:
    """8501 where it is free, as Streamlit has it, else one that the machine gives."""
    for port in (8501, 0):
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AddressInUse(f"no port is free on {address}: close a program that listens there")


def _check_free(address: str, port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex((address, port)) == 0:
            raise AddressInUse(f"port {port} is in use by another program: give another with --port")
