"""What the commands of closing, notices and the year's end accept. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund.cli.arguments import PERIOD, Commands, add_command, add_period, add_report, with_books

ITEMS = ("submissions", "reconciled", "suspense", "casting", "conditions", "commentary", "agreement", "review")
"""The items of a close, as an agreement names them."""


def add(commands: Commands) -> None:
    """Add the commands."""
    _narrative(commands)
    _closing(commands)
    _deadlines(commands)
    _districts(commands)
    _cases(commands)
    _year_end(commands)


def telling(commands: Commands, name: str, run: str, help_text: str, columns: str) -> argparse.ArgumentParser:
    """A command that takes a file of rows, or one row as options named like its columns."""
    command = with_books(add_command(commands, name, run, help_text))
    command.add_argument("file", metavar="FILE", nargs="?", help=f"a CSV file: {columns}; or give one row as options")
    for column in columns.replace("[", "").replace("]", "").split(","):
        option = f"--{column.replace('_', '-')}"
        command.add_argument(option, metavar="TEXT", help=PERIOD if column == "period" else f"its {column}")
    return command


def _narrative(commands: Commands) -> None:
    telling(
        commands, "comment", "narrative:comment", "write commentary on a line for a period",
        "period,scheme,commentary[,action,owner,due]",
    )  # fmt: skip
    telling(
        commands, "measure", "narrative:measure", "enter a reading of a measure",
        "period,measure,value[,numerator,denominator,note]",
    )  # fmt: skip
    telling(
        commands, "milestone", "narrative:milestone", "say how a milestone stands",
        "period,milestone,status[,done_on,note]",
    )  # fmt: skip
    telling(
        commands, "review-risk", "risks:review_risk", "review a risk of the plan, or raise a new one",
        "period,risk,likelihood,impact[,description,mitigation,owner,review,clause,status,note]",
    )  # fmt: skip
    add_period(add_report(commands, "risks", "risks:risks", "the risk register, scored and in words"))
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


def _deadlines(commands: Commands) -> None:
    notices = add_report(commands, "notices", "notices:notices", "overspends with their clock, lines fully spent")
    notices.add_argument("--all", action="store_true", help="those that need nothing more as well")
    calendar = add_report(commands, "calendar", "notices:calendar", "every deadline of the year with its time of day")
    calendar.add_argument("--from", dest="start", metavar="DATE", help="those from this day on")
    calendar.add_argument("--ics", metavar="FILE", help="write them as a calendar file for a diary")
    alerts = add_report(commands, "alerts", "notices:alerts", "what of a pool asks for attention, with what to do")
    add_period(alerts)
    for report in (notices, calendar, alerts):
        report.add_argument(
            "--at", metavar="INSTANT", help="as at this day or instant, 2023-07-01T12:00 (default: now)"
        )
    notice = with_books(add_command(commands, "notice", "notices:notice", "record a step of a notice"))
    notice.add_argument("notice", metavar="NOTICE", help="which one, as notices lists it, such as S5/17")
    step = notice.add_mutually_exclusive_group(required=True)
    step.add_argument("--given", metavar="FILE", help="the notice was given: its paper")
    step.add_argument("--plan", metavar="FILE", help="the action plan was handed in: its paper")
    step.add_argument("--meeting", metavar="MINUTE", help="the meeting dealt with it: its minute")
    step.add_argument("--progress", metavar="FILE", help="progress was reported, until the line is cured: its paper")
    notice.add_argument("--on", metavar="DATE", help="the day it was done (default: today)")


def _districts(commands: Commands) -> None:
    telling(
        commands, "district-return", "districts:district_return", "take what districts did with the grant passed on",
        "period,scheme,district,received,committed,spent[,slippage]",
    )  # fmt: skip
    add_period(
        add_report(
            commands, "dfg", "districts:dfg", "grant passed on to districts: received, committed, spent, unspent"
        )
    )


def _cases(commands: Commands) -> None:
    approve = with_books(
        add_command(commands, "approve-case", "cases:approve", "record that the business case of a line was approved")
    )
    approve.add_argument("scheme", metavar="SCHEME", help="the new or varied line")
    approve.add_argument("--reference", metavar="TEXT", required=True, help="the reference of the case")
    approve.add_argument("--approved", metavar="DATE", required=True, help="the day it was approved, as 2023-07-01")
    approve.add_argument("--minute", metavar="TEXT", required=True, help="the minute that approved it")


def _year_end(commands: Commands) -> None:
    add_report(commands, "outturn", "year_end:outturn", "the outturn as stated at each stage, side by side")
    state = with_books(
        add_command(commands, "state-outturn", "year_end:state", "state the outturn at a stage of the year's end")
    )
    state.add_argument("stage", choices=("estimate", "provisional", "accounts", "audited"), help="which stage")
    state.add_argument("file", metavar="FILE", nargs="?", help="of an estimate, a CSV file: scheme,outturn")
    add_report(commands, "budget-cycle", "year_end:cycle", "next year's budget in draft, and its steps")
    telling(
        commands, "pressure", "year_end:pressure", "enter pressures on next year's budget",
        "scheme,pressure,amount[,reason]",
    )  # fmt: skip
    step = with_books(
        add_command(commands, "budget-step", "year_end:budget_step", "record a step of next year's budget")
    )
    step.add_argument("step", choices=("assumptions", "draft", "pressures", "approval"), help="which step")
    step.add_argument("--minute", metavar="TEXT", required=True, help="the minute of it")
    step.add_argument("--paper", metavar="FILE", help="its paper, whose digest is kept")
    roll = with_books(
        add_command(commands, "roll-forward", "year_end:roll", "open next year with this year's closing balances")
    )
    roll.add_argument("agreement", metavar="AGREEMENT", help="the agreement of next year, which follows this one")
    roll.add_argument("--check", action="store_true", help="prove that both years have the same, post nothing")
    roll.add_argument("--json", action="store_true", help="print one JSON document, money as strings of pounds")
