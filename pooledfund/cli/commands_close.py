"""What the commands of closing, notices and the year's end accept. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import PERIOD, Commands, add_command, add_period, add_report, with_books


def add(commands: Commands) -> None:
    """Add the commands."""
    _narrative(commands)


def _telling(commands: Commands, name: str, run: str, help_text: str, columns: str) -> argparse.ArgumentParser:
    """A command that takes a file of rows, or one row as options named like its columns."""
    command = with_books(add_command(commands, name, run, help_text))
    command.add_argument("file", metavar="FILE", nargs="?", help=f"a CSV file: {columns}; or give one row as options")
    for column in columns.replace("[", "").replace("]", "").split(","):
        option = f"--{column.replace('_', '-')}"
        command.add_argument(option, metavar="TEXT", help=PERIOD if column == "period" else f"its {column}")
    return command


def _narrative(commands: Commands) -> None:
    _telling(
        commands, "comment", "narrative:comment", "write commentary on a line for a period",
        "period,scheme,commentary[,action,owner,due]",
    )  # fmt: skip
    _telling(
        commands, "measure", "narrative:measure", "enter a reading of a measure",
        "period,measure,value[,numerator,denominator,note]",
    )  # fmt: skip
    _telling(
        commands, "milestone", "narrative:milestone", "say how a milestone stands",
        "period,milestone,status[,done_on,note]",
    )  # fmt: skip
    add_period(add_report(commands, "narrative", "narrative:narrative", "commentary, measures and milestones"))
