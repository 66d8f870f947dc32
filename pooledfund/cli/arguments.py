"""The pieces that every command's arguments are made of. Imports nothing heavy and runs nothing."""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

PERIOD = "a month M1 to M12 or a quarter Q1 to Q4"
AGREEMENT = "the agreement file (YAML)"


def add_command(commands: Commands, name: str, run: str, help_text: str) -> argparse.ArgumentParser:
    """A command with its help; ``run`` names the function that carries it out, as module:function."""
    command = commands.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    command.set_defaults(run=run)
    return command


def with_place(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The command with the option that says where the books are."""
    command.add_argument(
        "--db",
        metavar="PLACE",
        help="the books, a file or postgresql://HOST/DATABASE (default: POOLEDFUND_DB, else pooledfund.db here)",
    )
    return command


def with_books(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The command with the options that say which books, which pool and who is at work."""
    with_place(command)
    command.add_argument("--pool", metavar="ID", help="the pool, where the books hold several")
    command.add_argument(
        "--user", metavar="NAME", help="who is at work (default: POOLEDFUND_USER, else the login name)"
    )
    command.add_argument(
        "--role", metavar="ROLE", help="their role (default: POOLEDFUND_ROLE, else pooled_fund_manager)"
    )
    command.add_argument("--partner", metavar="ID", help="their partner, for the roles that act for one")
    command.add_argument("--lines", metavar="IDS", help="their scheme lines, for a scheme manager: S1,S2")
    return command


def event_number(text: str) -> int:
    """The number of an event, as the books count them."""
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not the number of an event, such as 12")
    return int(text)


_LONGEST_NUMBER = 15
"""Digits; a database holds no longer number."""


def add_report(commands: Commands, name: str, run: str, help_text: str) -> argparse.ArgumentParser:
    """A command that reports from the books, as of any event, in words or as JSON."""
    command = with_books(add_command(commands, name, run, help_text))
    command.add_argument("--as-of", metavar="EVENT", type=event_number, help="the books as they stood at this event")
    command.add_argument("--json", action="store_true", help="print one JSON document, money as strings of pounds")
    return command


def add_period(command: argparse.ArgumentParser) -> None:
    """The options that say which month the command is about."""
    which = command.add_mutually_exclusive_group()
    which.add_argument("--quarter", metavar="Q", help="a quarter Q1 to Q4 (default: Q4)")
    which.add_argument("--month", metavar="M", help="a month M1 to M12")
