"""Writes docs/command-line.md from the command line's own help. Holds no help text of its own."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from pooledfund.cli import build_parser

PAGE = Path(__file__).resolve().parent.parent / "docs" / "command-line.md"
HEADING = """# Command line

Written by `make docs` from the help of the commands: to change this page, change the help.
`pooledfund COMMAND --help` shows the same.

Exit status: 0 done; 1 the answer is no (a test is not met, a reconciliation differs, the chain is broken);
2 the input or the call is wrong. What went wrong is told on standard error in plain sentences.
"""


def subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Each command's name, its line in the list of commands, and its own parser, in the order of the help."""
    # argparse offers no public way to ask a parser what it accepts.
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            lines = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                yield name, lines.get(name, ""), command


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a command accepts, what it must have first; help and further commands left out."""
    left_out = (argparse._HelpAction, argparse._SubParsersAction)
    accepted = (each for each in parser._actions if not isinstance(each, left_out) and each.help != argparse.SUPPRESS)
    return sorted(accepted, key=lambda action: (bool(action.option_strings), not action.required))


def value_of(action: argparse.Action) -> str:
    """The word that stands for an argument's value, as the help prints it; empty for a switch."""
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, str):
        word = action.metavar
    elif isinstance(action.metavar, tuple):
        word = " ".join(action.metavar)
    elif action.choices is not None:
        word = "{" + ",".join(str(choice) for choice in action.choices) + "}"
    else:
        word = action.dest.upper() if action.option_strings else action.dest
    return {"*": f"[{word} ...]", "+": f"{word} [{word} ...]"}.get(str(action.nargs), word)


def usage(parser: argparse.ArgumentParser) -> str:
    """One line that shows how a command is called; what may be left out stands in brackets."""
    options: list[str] = []
    places: list[str] = []
    for action in arguments(parser):
        value = value_of(action)
        written = " ".join(part for part in ([*action.option_strings[-1:], value]) if part)
        may_be_left_out = not action.required and not (action.nargs == "*" and not action.option_strings)
        (options if action.option_strings else places).append(f"[{written}]" if may_be_left_out else written)
    return " ".join([parser.prog, *places, *options])


def told(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """An argument's help with its default filled in, fit for a cell of a table."""
    text = (action.help or "") % {**vars(action), "prog": parser.prog}
    return " ".join(text.split()).replace("|", "\\|")


def section(name: str, line: str, parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    """A command's part of the page: what it does, how it is called, what it accepts."""
    yield f"{'#' * level} {name}"
    yield " ".join((parser.description or line).split())
    yield f"```\n{usage(parser)}\n```"
    rows = [
        f"| `{' '.join([', '.join(action.option_strings), value_of(action)]).strip()}` | {told(action, parser)} |"
        for action in arguments(parser)
    ]
    if rows:
        yield "\n".join(["| argument | meaning |", "|---|---|", *rows])
    if parser.epilog:
        yield " ".join(parser.epilog.split())
    for inner, inner_line, command in subcommands(parser):
        yield from section(f"{name} {inner}", inner_line, command, level + 1)


def page() -> str:
    """The whole page as Markdown."""
    commands = list(subcommands(build_parser()))
    listed = [f"| [`{name}`](#{name}) | {' '.join(line.split())} |" for name, line, _ in commands]
    parts = [HEADING.rstrip(), "\n".join(["| command | does |", "|---|---|", *listed])]
    for name, line, command in commands:
        parts.extend(section(name, line, command, 2))
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the page in its place."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"Written: {PAGE.relative_to(PAGE.parent.parent)}")


if __name__ == "__main__":
    main()
