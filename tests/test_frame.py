"""The frame around the rooms: pinned versions, make targets, a quick start, house rules. Not what is worked out."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pools import DB, pool_of

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
ROOMS = ("ledgers", "s75_rules", "pooledfund", "tests", "tools", "benchmarks")
HEAVY = frozenset({"pandas", "numpy", "streamlit", "openpyxl", "xlsxwriter", "pyarrow", "altair"})
MODEL = frozenset({"pydantic", "sqlalchemy", "alembic"})
"""Not yaml: the header of the agreement is read for its status, which every report says."""


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def python_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def pinned(lock: str) -> dict[str, str]:
    """Each requirement of a lock file with the text that pins it, its hashes included."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return {canonical(entry): entry for entry in entries}


def canonical(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def project() -> dict[str, object]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found = tomllib.load(file)["project"]
    assert isinstance(found, dict)
    return found


def named(requirements: object) -> set[str]:
    assert isinstance(requirements, list)
    return {canonical(str(each)) for each in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_is_exact_and_carries_its_hashes(lock: str) -> None:
    for name, entry in pinned(lock).items():
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+ ", entry), f"{lock}: {name} is not pinned to one version"
        assert "--hash=sha256:" in entry, f"{lock}: {name} has no hash"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(--(extra-)?index-url|--find-links|-[if])\b", text, re.MULTILINE)


def test_every_dependency_is_in_the_lock_files() -> None:
    extras = project()["optional-dependencies"]
    assert isinstance(extras, dict)
    needed_to_run = named(project()["dependencies"]) | named(extras["setup"])
    assert needed_to_run <= set(pinned("requirements.lock"))
    assert needed_to_run | named(extras["dev"]) <= set(pinned("requirements-dev.lock"))


def test_both_lock_files_agree_on_every_version() -> None:
    development = pinned("requirements-dev.lock")
    assert {name: development.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")


def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"^ +make ([a-z]+) +\S", listed, re.MULTILINE))
    assert {"demo", "test", "app", "lint", "bench", "soak", "setup", "lock", "clean", "help"} <= targets


def test_a_missing_system_part_is_named_with_what_to_install(tmp_path: Path) -> None:
    script = ROOT / "tools" / "system_parts.sh"
    bare = {**os.environ, "PATH": str(tmp_path)}
    said = subprocess.run(["/bin/bash", script, "chromium"], env=bare, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "chromium" in said.stderr
    assert "Install by hand" in said.stderr


def imported_by(*arguments: str) -> set[str]:
    """What a command of the program imports, started cold."""
    asked = f"import sys; from pooledfund.cli import main; sys.exit(main({list(arguments)}))"
    started = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    imported = set(re.findall(r"^import time:[^|]*\|[^|]*\| +(\S+)$", started.stderr, re.MULTILINE))
    assert started.returncode == 0, started.stderr[-2000:]
    assert started.stdout.strip()
    assert "pooledfund.cli" in imported
    return {name.partition(".")[0] for name in imported}


def test_help_starts_without_the_heavy_libraries() -> None:
    assert not imported_by("--help") & HEAVY


def test_balances_start_without_the_model_of_the_agreement(tmp_path: Path) -> None:
    pool_of(tmp_path)
    assert not imported_by("balances", "--db", str(tmp_path / DB)) & (HEAVY | MODEL)


def test_no_file_names_a_path_of_one_machine() -> None:
    machine = "|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", r"\.\./sha" + "red", r"\.libra" + "ry"))
    pattern = re.compile(f"(?<![A-Za-z0-9])({machine})".encode())
    naming = [path.relative_to(ROOT) for path in tracked_files() if pattern.search(path.read_bytes())]
    assert naming == []


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_tests_use_only_what_is_public() -> None:
    private = re.compile(r"\._(?!_)")
    using = [
        f"{path.name}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for name in imports_of(path)
        if name.split(".")[0] in ROOMS and private.search(name)
    ]
    assert using == []


def test_the_front_end_uses_only_the_application_and_streamlit() -> None:
    rooms = {name.split(".")[0] for name in imports_of(ROOT / "app.py")}
    assert rooms - sys.stdlib_module_names <= {"pooledfund", "streamlit"}


def test_tests_stand_in_for_nothing() -> None:
    pretences = re.compile("|".join(("monkey" + "patch", "unittest" + r"\.mock", r"mark\.(sk" + "ip|xf" + "ail)")))
    using = [path.name for path in python_files() if pretences.search(path.read_text(encoding="utf-8"))]
    assert using == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_no_function_is_longer_than_seventy_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 70
    ]
    assert long == []
