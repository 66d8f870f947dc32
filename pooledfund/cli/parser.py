"""What the command line accepts: every command with its arguments and help. Imports nothing heavy and runs nothing."""

import argparse

from pooledfund import __version__
from pooledfund.cli import (
    commands_cash,
    commands_close,
    commands_commitments,
    commands_decisions,
    commands_extracts,
    commands_journal,
    commands_meetings,
    commands_people,
    commands_reconcile,
    commands_returns,
    commands_settlement,
    commands_varying,
    commands_years,
)
from pooledfund.cli.arguments import (
    AGREEMENT,
    PERIOD,
    Commands,
    add_command,
    add_period,
    add_report,
    with_books,
    with_place,
)

CHECKS = (
    "file", "chained", "registers", "months", "sealed", "balanced", "gapless", "mirrored", "floors", "kept", "files",
    "signed", "canonical", "re-added",
)  # fmt: skip
"""The names of the checks of verify; those that only --strict runs come last."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command names in ``run`` the function that carries it out."""
    parser = argparse.ArgumentParser(
        prog="pooledfund",
        description="A double-entry ledger for Section 75 pooled funds.",
        epilog="Exit status: 0 done, 1 the answer is no, 2 the input or the call is wrong.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pooledfund {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    rooms = (
        _files,
        commands_years.add,
        commands_people.add,
        _intake,
        commands_journal.add,
        commands_extracts.add,
        commands_reconcile.add,
        _reports,
        _control,
        commands_cash.add,
        commands_settlement.add,
        commands_varying.add,
        commands_decisions.add,
        commands_meetings.add,
        commands_close.add,
        commands_commitments.add,
        _books,
        commands_returns.add,
        _output,
    )
    for add in rooms:
        add(commands)
    return parser


def _files(commands: Commands) -> None:
    demo = add_command(commands, "demo", "demo:demo", "run a year of the Kent example and say where everything is")
    demo.add_argument("-o", "--output", metavar="FOLDER", default="demo-output", help="where to (default: demo-output)")
    check = add_command(commands, "check", "agreement:check", "validate an agreement file and print what it says")
    check.add_argument("agreement", metavar="AGREEMENT", help=AGREEMENT)
    check.add_argument("--json", action="store_true", help="print one JSON document")
    init = with_books(
        add_command(commands, "init", "agreement:init", "create the books of an agreement, or add a pool")
    )
    init.add_argument("agreement", metavar="AGREEMENT", help=AGREEMENT)


def _intake(commands: Commands) -> None:
    def reading(name: str, run: str, help_text: str, what: str) -> argparse.ArgumentParser:
        command = with_books(add_command(commands, name, run, help_text))
        command.add_argument("file", metavar="FILE", help=what)
        return command

    reading("post", "intake:post", "post journals", "a CSV file of entries, a row each posting")
    commands_extracts.with_handing(
        reading("import-actuals", "intake:actuals", "import a ledger extract", "a CSV, XLSX or XLS extract")
    )
    reading("receive", "intake:receive", "record receipts from partners", "a CSV file of receipts")
    reading("forecast", "intake:forecast", "enter forecast outturns", "a CSV file: quarter,scheme,forecast_outturn")


def _reports(commands: Commands) -> None:
    add_period(add_report(commands, "monitor", "reports:monitor", "the monitoring table of a quarter or month"))
    risk = add_report(commands, "risk-share", "reports:risk_share", "who bears what of the variance, and why")
    tests = add_report(commands, "conditions", "reports:conditions", "national conditions and minimum-spend tests")
    for report in (risk, tests):
        report.add_argument("agreement", metavar="AGREEMENT", nargs="?", help=f"{AGREEMENT}: works without books")
        report.add_argument(
            "--outturn", metavar="FILE", help="a CSV file: scheme,outturn[,breach_partner,breach_amount]"
        )
        add_period(report)
    add_period(add_report(commands, "contributions", "reports:contributions", "due, invoiced, received, overdue"))
    add_period(add_report(commands, "memorandum", "reports:memorandum", "the memorandum account of the pool"))


def _control(commands: Commands) -> None:
    virement = with_books(add_command(commands, "virement", "control:virement", "move budget between two lines"))
    options: list[tuple[str, str, str]] = [
        ("--from", "SCHEME", "the line that gives"),
        ("--to", "SCHEME", "the line that gets"),
        ("--contribution", "ID", "the contribution whose budget moves"),
        ("--amount", "POUNDS", "how much"),
        ("--effective", "DATE", "from when, as 2023-07-01"),
        ("--minute", "TEXT", "the minute that approved it"),
    ]
    for option, metavar, help_text in options:
        virement.add_argument(option, metavar=metavar, required=True, help=help_text)
    virement.add_argument(
        "--agree", action="store_true", help="agree to it for a partner, where it is over the limit of who makes it"
    )
    virement.add_argument("--dry-run", action="store_true", help="show its effect and its tests, post nothing")
    virement.add_argument("--json", action="store_true", help="print one JSON document")


def _books(commands: Commands) -> None:
    def in_book(name: str, run: str, help_text: str) -> argparse.ArgumentParser:
        command = add_report(commands, name, run, help_text)
        command.add_argument("--book", choices=("budget", "actual", "forecast"), default="actual", help="which book")
        command.add_argument("--through", metavar="PERIOD", default="M12", help=f"up to {PERIOD} (default: M12)")
        return command

    in_book("trial-balance", "books:trial_balance", "the balances of every account of a book")
    statement = in_book("statement", "books:statement", "every posting of one account")
    statement.add_argument("account", metavar="ACCOUNT", help="an account of the chart, such as expenditure")
    balances = in_book("balances", "books:balances", "balances by account and other dimensions")
    balances.add_argument(
        "--by", metavar="DIMENSIONS", default="account", help="account, scheme, contribution, partner, month"
    )
    verify = with_books(add_command(commands, "verify", "books:verify", "prove the books: chain, balances, casting"))
    verify.add_argument("--head", metavar="HASH", help="a head printed earlier, against which a cut log is found")
    which = verify.add_mutually_exclusive_group()
    which.add_argument(
        "--only",
        metavar="NAME",
        choices=CHECKS,
        action="append",
        help=f"run this check alone; may be given again; one of {', '.join(CHECKS)}",
    )
    which.add_argument("--strict", action="store_true", help="run the slow checks too: canonical, re-added")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
    with_books(
        add_command(
            commands, "rebuild-balances", "books:rebuild_balances", "work the kept balances out again and prove them"
        )
    )
    upgrade = with_books(
        add_command(commands, "upgrade", "books:upgrade", "bring books of an earlier version up to date")
    )
    upgrade.add_argument(
        "--roles", action="store_true", help="PostgreSQL: also make the roles pooledfund_writer and pooledfund_reader"
    )
    backup = with_books(
        add_command(commands, "backup", "books:backup", "copy the books, also in use, and prove the copy")
    )
    backup.add_argument("file", metavar="FILE", help="the new file")
    restore = with_books(add_command(commands, "restore", "books:restore", "make books from a copy that proves"))
    restore.add_argument("file", metavar="FILE", help="the copy")


def _output(commands: Commands) -> None:
    pack = add_report(commands, "pack", "output:pack", "write the quarterly pack or a partner's edition")
    pack.add_argument(
        "-o", "--output", metavar="FILE", help="a workbook (.xlsx) or a PDF (.pdf) (default: pack-POOL-Qn.xlsx)"
    )
    pack.add_argument("--edition", metavar="PARTNER", help="only what this partner needs of it")
    add_period(pack)
    year_end = with_books(
        add_command(
            commands, "year-end-papers", "output:year_end_papers", "write outturn, accounts, statements and exit"
        )
    )
    year_end.add_argument(
        "-o", "--output", metavar="FILE", help="a PDF (.pdf) or a workbook (.xlsx) (default: year-end-POOL.pdf)"
    )
    year_end.add_argument("--json", action="store_true", help="print one JSON document")
    serve = with_place(add_command(commands, "serve", "serving:serve", "open the front end in a browser"))
    serve.add_argument("--port", type=int, metavar="PORT", help="the port to listen on (default: 8501)")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
