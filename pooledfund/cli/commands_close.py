"""What the commands of closing, notices and the year's end accept. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import PERIOD, Commands, add_command, add_period, add_report, with_books

ITEMS = ("submissions", "reconciled", "suspense", "casting", "conditions", "commentary", "agreement", "review")
"""The items of a close, as an agreement names them."""


def add(commands: Commands) -> None:
    """Add the commands."""
    _narrative(commands)
    _closing(commands)


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


def _closing(commands: Commands) -> None:
    def on_period(name: str, run: str, help_text: str, what: str = PERIOD) -> argparse.ArgumentParser:
        command = with_books(add_command(commands, name, run, help_text))
        command.add_argument("period", metavar="PERIOD", help=what)
        return command

    checklist = add_report(
        commands, "checklist", "closing:show_checklist", "what is done before a period closes, with its evidence"
    )
    checklist.add_argument("period", metavar="PERIOD", help=PERIOD)
    explain = on_period("explain-suspense", "closing:explain", "record why money waits in suspense at a period's end")
    explain.add_argument("--because", metavar="TEXT", required=True, help="why, and when it will be cleared")
    waive = on_period("waive", "closing:waive_item", "let a period close with an item open, with a reason on record")
    waive.add_argument("item", metavar="ITEM", choices=ITEMS, help=f"one of {', '.join(ITEMS)}")
    waive.add_argument("--because", metavar="TEXT", required=True, help="why")
    sign = on_period("sign-off", "closing:sign_off", "put one's name to the figures of a period")
    sign.add_argument(
        "--part", choices=("prepared", "reviewed", "agreed"), required=True,
        help="who prepared does not review; a partner's finance lead agrees",
    )  # fmt: skip
    close = on_period("close", "closing:close", "close a month or quarter and all before it")
    close.add_argument("--adjusting", action="store_true", help="leave it open to year-end adjustments only")
    close.add_argument("--json", action="store_true", help="print one JSON document")
    reopen = on_period("reopen", "closing:reopen", "reopen a closed month, with a reason", "a month M1 to M12")
    reopen.add_argument("--reason", metavar="TEXT", required=True, help="why")
