"""The files of deploy/: units that systemd takes, copies that prove and restore, nginx with TLS before real pages."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from books_for_pages import run
from ledger_homes import PostgresHome
from pools import TOWN
from tools.page_server import any_port, chromium, served, signed_in
from tools.postgres_server import program
from year_of_exampleshire import EXAMPLE, ROOT

DEPLOY = ROOT / "deploy"
NAME = "pool.example.org"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    books = tmp_path / "books.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    return books


def script(name: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """A script of deploy/ as its unit runs it: our programs on the path, and these settings alone."""
    path = f"{Path(sys.executable).parent}:{Path(program('pg_dump')).parent}:/usr/bin:/bin"
    return subprocess.run(
        [str(DEPLOY / name)], env={"PATH": path, **settings}, cwd=folder, text=True, capture_output=True, check=False
    )


def test_the_units_are_such_as_systemd_takes(tmp_path: Path) -> None:
    for unit in ("pooledfund.service", "pooledfund-backup.service", "pooledfund-backup.timer"):
        text = (DEPLOY / unit).read_text(encoding="utf-8")
        text = text.replace("/opt/pooledfund/.venv/bin/pooledfund", str(Path(sys.executable).with_name("pooledfund")))
        (tmp_path / unit).write_text(text.replace("/opt/pooledfund", str(ROOT)), encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(each) for each in sorted(tmp_path.iterdir()))],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    ours = [line for line in found.stderr.splitlines() if "pooledfund" in line]
    assert not ours


def test_what_the_units_name_is_there() -> None:
    named = re.findall(r"/opt/pooledfund/(\S+)", "".join(each.read_text() for each in DEPLOY.glob("*.service")))
    assert named
    for name in named:
        if not name.startswith(".venv"):
            assert (ROOT / name).exists(), name


def test_copies_are_proved_the_newest_kept_and_one_restores(books: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.db"
    with closing(sqlite3.connect(people)) as database:
        database.execute("CREATE TABLE person (login TEXT)")
    copies = tmp_path / "copies"
    settings = {"POOLEDFUND_DB": str(books), "POOLEDFUND_PEOPLE": str(people), "POOLEDFUND_BACKUPS": str(copies)}
    copies.mkdir()
    for day in ("20240101", "20240102"):
        (copies / f"books-{day}T021500Z.db").write_bytes(b"an older copy")
    made = script("backup.sh", tmp_path, POOLEDFUND_KEEP="2", **settings)
    assert made.returncode == 0, made.stderr
    assert "proved: event" in made.stdout
    names = sorted(each.name for each in copies.iterdir())
    assert names[0] == "books-20240102T021500Z.db"
    assert [name.split("-")[0] for name in names] == ["books", "books", "people"]
    assert all(each.stat().st_mode & 0o077 == 0 for each in copies.glob("*-2*Z.db") if "20240102" not in each.name)
    rehearsed = script("rehearse_restore.sh", tmp_path, **settings)
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "restores and proves" in rehearsed.stdout


def test_a_copy_that_does_not_prove_is_never_kept_nor_rehearsed(books: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    settings = {"POOLEDFUND_DB": str(books), "POOLEDFUND_BACKUPS": str(copies)}
    assert script("backup.sh", tmp_path, **settings).returncode == 0
    kept = next(copies.iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace(b'"kind":"pool opened"', b'"kind":"pool 0pened"'))
    assert kept.read_bytes() != whole
    rehearsed = script("rehearse_restore.sh", tmp_path, **settings)
    assert rehearsed.returncode == 2
    assert "use an earlier copy" in rehearsed.stderr
    (tmp_path / "no.db").write_text("no books", encoding="utf-8")
    refused = script("backup.sh", tmp_path, **{**settings, "POOLEDFUND_DB": str(tmp_path / "no.db")})
    assert refused.returncode == 2
    assert len(list(copies.iterdir())) == 1


@pytest.mark.parametrize("missing", ["POOLEDFUND_DB", "POOLEDFUND_BACKUPS"])
def test_what_is_not_set_is_asked_for(tmp_path: Path, missing: str) -> None:
    settings = {"POOLEDFUND_DB": "books.db", "POOLEDFUND_BACKUPS": str(tmp_path / "copies")}
    del settings[missing]
    refused = script("backup.sh", tmp_path, **settings)
    assert refused.returncode != 0
    assert missing in refused.stderr
    assert not (tmp_path / "copies").exists()


def test_a_postgresql_database_is_copied_and_rehearsed(postgres_home: PostgresHome, tmp_path: Path) -> None:
    place, empty = postgres_home.server.database(), postgres_home.server.database()
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    run(["init", str(tmp_path / "town.yaml"), "--db", place.secret])
    settings = {"POOLEDFUND_DB": place.secret, "POOLEDFUND_BACKUPS": str(tmp_path / "copies")}
    made = script("backup.sh", tmp_path, **settings)
    assert made.returncode == 0, made.stderr
    rehearsed = script("rehearse_restore.sh", tmp_path, POOLEDFUND_REHEARSAL=empty.secret, **settings)
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "entries hold" in rehearsed.stdout


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """Deploy's nginx settings as they are but for names, ports and places, before a running front end."""
    tls, plain = any_port(), any_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    server = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "/etc/ssl/pooledfund": str(folder),
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{tls} ssl;",
        "http://127.0.0.1:8501": upstream,
    }
    for old, new in changes.items():
        assert old in server
        server = server.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "whole.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths} {server} }}\n",
        encoding="utf-8",
    )
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    with subprocess.Popen([found, "-e", f"{folder}/error.log", "-c", str(folder / "whole.conf")]) as running:
        try:
            _wait_until_it_listens(tls, running)
            yield f"https://127.0.0.1:{tls}"
        finally:
            running.terminate()


def _wait_until_it_listens(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert running.poll() is None, "nginx stopped"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise ConnectionError("nginx does not listen")


@pytest.mark.browser
def test_behind_nginx_people_sign_in_over_tls_and_their_cookies_stay_on_it(books: Path, tmp_path: Path) -> None:
    settings = dict(
        re.findall(r"^(POOLEDFUND_URL)=(.+)$", (DEPLOY / "pooledfund.env").read_text("utf-8"), re.MULTILINE)
    )
    with served(books, **settings) as upstream, nginx(tmp_path, upstream) as address, chromium() as browser:
        page = signed_in(browser, address, ignore_https_errors=True)
        answer = page.goto(f"{address}/quarter")
        assert answer is not None
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
        cookies = {each.get("name"): each for each in page.context.cookies()}
        assert cookies["__Host-pooledfund"].get("httpOnly")
        assert [name for name, each in cookies.items() if not each.get("secure")] == []


def test_the_container_file_takes_in_what_the_program_needs() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    taken = {name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()}
    assert {"app.py", "ledgers", "pooledfund", "s75_rules", "requirements.lock", "pyproject.toml"} <= taken
    for name in taken:
        assert (ROOT / name).exists(), name
    assert "--require-hashes" in text
    assert "USER pooledfund" in text
    assert re.search(r"-m compileall .*pooledfund", text), "a start would compile every module, as nothing is kept"
    assert os.access(DEPLOY / "backup.sh", os.X_OK)
