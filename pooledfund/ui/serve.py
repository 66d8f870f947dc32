"""Starts the front end on this machine. Shows nothing itself."""

import os
import socket
import sys

from ledgers.place import Place, Url
from pooledfund import settings
from pooledfund.errors import InputRefused

LOCAL = "127.0.0.1"


class AddressInUse(InputRefused):
    """The port asked for is taken by another program."""


def serve(db: Place, port: int | None = None, *, open_browser: bool = True) -> int:
    """Run the pages over these books until stopped; only this machine can reach them unless POOLEDFUND_ADDRESS says so.

    Gives status 0 when it was stopped.

    Raises:
        AddressInUse: another program listens on the port.
        NoPeople: the people's database cannot be made or read.
        SettingRefused: a setting cannot be used.
    """
    address = settings.ADDRESS.value
    chosen = port or (settings.PORT.number if settings.PORT.value else free_port(address))
    _check_free(address, chosen)
    os.environ[settings.DB.name] = (
        db.secret if isinstance(db, Url) else str(db.resolve())
    )  # the pages read their books' place from here
    # Imported here, because the address is known to be free before half a second goes on loading.
    from pooledfund.ui import logs, server

    here = settings.URL.value or f"http://{address}:{chosen}"
    logs.level()
    if (word := server.first_run(here, terminal=sys.stdout.isatty())) is not None:
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()
    server.front_end(here).run(config=server.options(address, chosen, open_browser=open_browser))
    return 0


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
        if probe.connect_ex((LOCAL if address == "0.0.0.0" else address, port)) == 0:
            raise AddressInUse(f"port {port} is in use by another program: give another with --port")
