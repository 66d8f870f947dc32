"""A real PostgreSQL server for tests and soaks: made in a folder of its own, reached on this machine only."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from ledgers.place import Url

OWNER = "books_owner"
_PLACES = "/usr/lib/postgresql"
# Tests pull no plugs, so nothing waits for the disk; a deadlock is found at once.
_SETTINGS = {
    "listen_addresses": "127.0.0.1", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "shared_buffers": "32MB", "max_connections": "80", "deadlock_timeout": "50ms", "autovacuum": "off",
}  # fmt: skip


class Server:
    """A running server, and the databases made in it."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.folder = folder
        self._numbers = count(1)

    def url(self, database: str, user: str = OWNER) -> Url:
        """The address of a database, with a password that the server does not ask for."""
        return Url(f"postgresql://{user}:sesame-{user}@127.0.0.1:{self.port}/{database}")

    def database(self, template: str = "template0", tablespace: str = "pg_default") -> Url:
        """A new database, as empty as it gets or a copy of another."""
        name = f"books_{next(self._numbers)}"
        options = f'TEMPLATE "{template}" OWNER {OWNER} TABLESPACE {tablespace}'
        self.psql("postgres", f'CREATE DATABASE "{name}" {options}')
        return self.url(name)

    def crash(self) -> None:
        """Kill every process of the server as the machine's failure would, and start it again over what it left."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        parents = {int(path.parent.name): _parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
        killed = [first, *(child for child, parent in parents.items() if parent == first)]
        for process in killed:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in killed):
            time.sleep(0.01)
        _start(server_user(), self.folder)

    def psql(self, database: str, script: str, user: str = "postgres") -> str:
        """What psql, which knows nothing of our code, prints for a script; raises CalledProcessError."""
        return psql(self.url(database, user), script)


def psql(url: Url, script: str) -> str:
    """What psql prints for a script, a row a line; raises CalledProcessError where a statement is refused."""
    options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\x1f", "--file=-"]
    command = ["psql", *options, "--set=ON_ERROR_STOP=1", url.secret]
    return subprocess.run(command, input=script, capture_output=True, text=True, check=True).stdout


def _parent(stat: Path) -> int:
    """The parent of a process, nought where it has ended meanwhile."""
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextmanager
def running(*, within: Path | None = None, **settings: str) -> Iterator[Server]:
    """A server in a new folder, with settings of its own, stopped and taken away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=within or _quickest_folder()))
    user = server_user()
    shutil.chown(folder, user)
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    lines = "".join(f"{name} = '{value}'\n" for name, value in (_SETTINGS | settings).items())
    try:
        _run(user, "initdb", f"--pgdata={data}", "--auth=trust", "--username=postgres", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        with (data / "postgresql.conf").open("a") as file:
            file.write(f"{lines}port = {port}\nunix_socket_directories = '{folder}'\n")
        _start(user, folder)
        try:
            server = Server(port, folder)
            server.psql("postgres", f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
            yield server
        finally:
            _run(user, "pg_ctl", f"--pgdata={data}", "--mode=immediate", "--wait", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(user: str, folder: Path) -> None:
    _run(user, "pg_ctl", f"--pgdata={folder / 'data'}", f"--log={folder / 'log'}", "--wait", "start")


def program(name: str) -> str:
    """A program of the server: on the search path, or where Debian keeps the newest version."""
    kept = sorted(Path(_PLACES).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(kept[-1]) if kept else shutil.which(name)
    assert found, f"{name} is not here: install PostgreSQL, on Debian with 'apt-get install postgresql'"
    return found


def _quickest_folder() -> str | None:
    """Memory, where there is plenty: each test has a database, of some eight megabytes in hundreds of files."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 6_000_000_000
    return str(memory) if has_room else None


def server_user() -> str:
    """Whom the server runs as: never the administrator, whom it refuses."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str, name: str, *arguments: str) -> None:
    other = {"user": user, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(
        [program(name), *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", **other
    )  # type: ignore[call-overload]  # the two settings are given only to the administrator
