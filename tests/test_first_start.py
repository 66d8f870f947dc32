"""The front end as a person first starts it: a new account, a browser to open, and no one to answer a question."""

import ast
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


def test_the_server_answers_before_it_loads_reports_and_results() -> None:
    loaded = _loaded("import pooledfund.cli.serving, pooledfund.ui.server")
    heavy = ("pooledfund.results", "pooledfund.control", "pooledfund.reports", "pandas", "openpyxl", "docx", "typst")
    assert "pooledfund.ui.server" in loaded
    assert loaded.isdisjoint(heavy)


def test_what_the_first_page_is_made_of_is_loaded_while_the_browser_starts() -> None:
    page = ast.parse((ROOT / "pooledfund/ui/pages/pools.py").read_text(encoding="utf-8"))
    needed = {str(node.module) for node in ast.walk(page) if isinstance(node, ast.ImportFrom)}
    assert "pooledfund.ui.frame" in needed
    assert needed <= _loaded("from pooledfund.ui import server; server.load_first_screen()")


def _loaded(program: str) -> set[str]:
    """The modules that a program of its own has loaded at its end."""
    ending = f"{program}; import sys; print(*sys.modules, sep='\\n')"
    said = subprocess.run([sys.executable, "-c", ending], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(said.stdout.split())


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
