"""Starts the front end on this machine. Shows nothing itself."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from pooledfund.errors import InputRefused

APP = Path(__file__).resolve().parents[2] / "app.py"
LOCAL = "127.0.0.1"


class AddressInUse(InputRefused):
    """The port asked for is taken by another program."""


def serve(db: Path, port: int | None = None, *, open_browser: bool = True, address: str = LOCAL) -> int:
    """Run the pages over these books until stopped; only this machine can reach them unless an address is given.

    Gives the status that the server ended with.

    Raises:
        AddressInUse: another program listens on the port.
    """
    chosen = port if port is not None else free_port(address)
    _check_free(address, chosen)
    try:
        return subprocess.call(command(chosen, open_browser=open_browser, address=address), env=environment(db))
    except KeyboardInterrupt:
        return 0


def command(port: int, *, open_browser: bool, address: str = LOCAL) -> list[str]:
    """The server's command line: quiet, no statistics sent, no traceback shown."""
    options = {
        "server.address": address,
        "server.port": str(port),
        "server.headless": str(not open_browser).lower(),
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "server.fileWatcherType": "none",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *given]


def environment(db: Path) -> dict[str, str]:
    """This environment with the books named in it."""
    return {**os.environ, "POOLEDFUND_DB": str(db.resolve())}


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
