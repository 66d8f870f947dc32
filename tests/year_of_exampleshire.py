"""The year of the Exampleshire pool, command by command, as its README tells it."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "exampleshire_2023_24"
EXPECTED = ROOT / "tests" / "cases" / "quarter_story"


def commands_of_the_year() -> list[list[str]]:
    """The commands of the example's README in their order, each as its arguments."""
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line)[1:] for line in lines]
