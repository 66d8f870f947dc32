"""The command line: reads the call, runs one command, and turns every refusal into plain sentences and a status."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from pooledfund.cli.parser import build_parser

__all__ = ["build_parser", "main"]

DONE, ANSWER_IS_NO, REFUSED, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status: 0 done, 1 the answer is no, 2 the input or the call is wrong."""
    _write_utf8()
    call = build_parser().parse_args(argv)
    # Each command's module is imported only when it is run, so that help costs no library.
    module, _, function = str(call.run).partition(":")
    from ledgers.database import giving_way
    from ledgers.refusals import LedgerRefusal
    from pooledfund.errors import InputRefused
    from s75_rules.errors import RuleBroken

    try:
        command = getattr(import_module(f"pooledfund.cli.{module}"), function)
        return int(giving_way(lambda: command(call)))
    except (InputRefused, LedgerRefusal, RuleBroken) as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Stopped: what was not finished changed nothing.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`: there is no one left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _write_utf8() -> None:
    """Write pound signs on a Windows console whatever its code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
