"""The front end as a person starts it, on a free port, and a browser to look at it: for tests and pictures."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from playwright.sync_api import Browser, sync_playwright

from pooledfund.ui.serve import LOCAL

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_SECONDS = 60


@contextmanager
def served(books: Path) -> Iterator[str]:
    """The address of the front end over these books, started by the command line and stopped at the end."""
    port = any_port()
    serve = [sys.executable, "-m", "pooledfund", "serve", "--db", str(books), "--port", str(port), "--no-browser"]
    with TemporaryFile() as said, subprocess.Popen(serve, stdout=said, stderr=subprocess.STDOUT) as server:
        try:
            _wait_for(f"http://{LOCAL}:{port}/_stcore/health", server, said)
            yield f"http://{LOCAL}:{port}"
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence is a failure, never a reason to pass over a test."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise FileNotFoundError("Chromium is not installed: run tools/system_parts.sh chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def any_port() -> int:
    """A port that the machine gives: two servers started at once do not come upon the same."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            said.seek(0)
            raise ConnectionError(f"the front end stopped: {said.read().decode()}")
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    raise ConnectionError(f"{address} does not answer")
