"""The front end as a person first starts it: a new account, a browser to open, and no one to answer a question."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.pool import Pool
from pooledfund.ui.serve import free_port
from year_of_exampleshire import EXAMPLE, ROOT


def test_the_first_start_asks_nothing_and_answers(tmp_path: Path) -> None:
    books = tmp_path / "books.db"
    Pool.create(books, read_agreement(EXAMPLE / "agreement.yaml"), Actor("manager", Role.POOLED_FUND_MANAGER))
    port = str(free_port())
    surroundings = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "BROWSER": "true"}
    surroundings.pop("DISPLAY", None)
    call = [sys.executable, "-m", "pooledfund", "serve", "--db", str(books), "--port", port]
    with (tmp_path / "said.txt").open("w+", encoding="utf-8") as said:
        server = subprocess.Popen(
            call, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            answered = _answers(server, f"http://127.0.0.1:{port}/_stcore/health")
        finally:
            server.kill()
            server.wait()
        said.seek(0)
        assert answered, said.read()
        said.seek(0)
        assert "Email" not in said.read()


def _answers(server: subprocess.Popen[bytes], address: str) -> bool:
    """Whether the server is up before it ends or patience does."""
    for _ in range(300):
        if server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
