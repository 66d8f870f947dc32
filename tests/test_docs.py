"""The documents do what they say: each ```console block is run and its answer compared. Judges no wording."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pooledfund.cli import build_parser, main
from tools.make_help_docs import page, subcommands

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*/README.md"))
DOCUMENTS = [*sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]), *EXAMPLES]
BLOCK = re.compile(r"(?:^<!-- exit (?P<status>\d) -->\n)?^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)(?P<target>[^)#\s]+)(?:#[^)]*)?\)")


@dataclass
class Command:
    """A command as a document states it, with the status and the lines that it is said to answer."""

    line: str
    status: int = 0
    answer: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """What a command answered: its exit status and all it printed."""

    status: int
    printed: str


def commands_of(text: str) -> Iterator[Command]:
    """Every command of every console block; the exit status in front of a block is that of its last command."""
    for block in BLOCK.finditer(text):
        found: list[Command] = []
        for line in block["body"].splitlines():
            if line.startswith("$ "):
                found.append(Command(line.removeprefix("$ ")))
            elif found and not found[-1].answer and found[-1].line.endswith("\\"):
                found[-1].line = found[-1].line.removesuffix("\\") + line.strip()
            elif found:
                found[-1].answer.append(line)
        if found:
            found[-1].status = int(block["status"] or 0)
        yield from found


def answer(command: str, folder: Path) -> Answered:
    """Run a command in a folder: pooledfund itself in this process, anything else in a shell."""
    words = shlex.split(command)
    if words[0] == "pooledfund" and not {"|", ">", "<", "&&", ";"} & set(words):
        return answer_in_process(words[1:], folder)
    with_the_command = {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    ran = subprocess.run(
        command,
        cwd=folder,
        env=with_the_command,
        shell=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Answered(ran.returncode, ran.stdout)


def answer_in_process(arguments: list[str], folder: Path) -> Answered:
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return Answered(status or 0, said.getvalue())


def stated(lines: list[str]) -> re.Pattern[str]:
    """The stated answer as a pattern: a line of three dots stands for any lines, three dots in a line for any text.

    How far apart the columns of a table stand is not part of what is stated.
    """
    return re.compile("".join(r"(?:[^\n]*\n)*?" if line.strip() == "..." else stated_line(line) for line in lines))


def stated_line(line: str) -> str:
    words = (re.escape(word).replace(r"\.\.\.", r"[^\n]*?") for word in line.split())
    return r" *" + r" +".join(words) + " *\n"


def disagreement(command: Command, answered: Answered) -> str | None:
    """What a document states and the command does not bear out, or nothing."""
    if answered.status != command.status:
        return f"$ {command.line}\nexit {answered.status}, stated {command.status}; it printed:\n{answered.printed}"
    printed = answered.printed if answered.printed.endswith("\n") else answered.printed + "\n"
    if command.answer and not stated(command.answer).fullmatch(printed):
        return f"$ {command.line}\nstated:\n" + "\n".join(command.answer) + f"\nprinted:\n{printed}"
    return None


def name_of(document: Path) -> str:
    return document.parent.name if document in EXAMPLES else document.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_of_a_document_answers_as_stated(document: Path, tmp_path: Path) -> None:
    commands = list(commands_of(document.read_text(encoding="utf-8")))
    folder = tmp_path
    if commands:
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
        if document in EXAMPLES:
            # The page of an example speaks from its own folder.
            folder = tmp_path / document.parent.relative_to(ROOT)
    for command in commands:
        words = shlex.split(command.line)
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        assert (found := disagreement(command, answer(command.line, folder))) is None, found


def test_a_stated_answer_that_is_not_given_is_found() -> None:
    command = next(commands_of("```console\n$ pooledfund anything\ntotal 1.00\n...\nend ... of it\n```"))
    assert disagreement(command, Answered(0, "total 1.00\nx\ny\nend 17 of it\n")) is None
    assert disagreement(command, Answered(0, "total 1.01\nx\ny\nend 17 of it\n")) is not None
    assert disagreement(command, Answered(1, "total 1.00\nx\ny\nend 17 of it\n")) is not None


def test_a_stated_exit_status_is_that_of_the_last_command() -> None:
    commands = list(commands_of("<!-- exit 2 -->\n```console\n$ pooledfund a \\\n    --b\nsaid\n$ pooledfund c\n```"))
    assert [(each.line, each.status) for each in commands] == [("pooledfund a --b", 0), ("pooledfund c", 2)]


def test_the_page_of_the_command_line_is_what_the_commands_say() -> None:
    written = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert written == page(), "docs/command-line.md is out of date: run 'make docs'"


def test_every_command_says_what_it_does() -> None:
    silent = [name for name, line, _ in subcommands(build_parser()) if not line.strip()]
    assert silent == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    targets = [link["target"] for link in LINK.finditer(document.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_rule_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| rule |")]
    named = [re.fullmatch(r".*\| `(test_\w+\.py)::(test_\w+)` \|", row) for row in rows]
    assert len(rows) > 50
    assert None not in named
    missing = [
        each[0]
        for each in named
        if each and f"def {each[2]}(" not in (ROOT / "tests" / each[1]).read_text(encoding="utf-8")
    ]
    assert missing == []
