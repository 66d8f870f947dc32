"""Races ``pooledfund balances``, started cold, against other ledgers' balances of the same entries."""

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from benchmarks.books import filled_books
from benchmarks.journals import balances_by, write_beancount, write_journal
from benchmarks.racing import AnswersDiffer, Result, interleaved, peak, whole

ROUNDS = 5
SLOW_UP_TO = 100_000
"""Entries up to which hledger and beancount, which take minutes beyond, are shown beside ledger."""


def ours(folder: Path) -> list[str]:
    """The command that is raced."""
    program = Path(sys.executable).with_name("pooledfund")
    return [str(program), "balances", "--db", str(folder / "bench.db")]


def prepare(folder: Path, count: int) -> dict[str, list[str]]:
    """Books and journals of so many entries, and the command of each contender, once their answers agree."""
    ledger = filled_books(folder, count)
    journal, beancount = folder / "bench.journal", folder / "bench.beancount"
    write_journal(ledger, journal)
    contenders = {"ours": ours(folder), "ledger": ["ledger", "-f", str(journal), "bal", "--flat"]}
    if count <= SLOW_UP_TO and shutil.which("hledger"):
        contenders["hledger"] = ["hledger", "-f", str(journal), "bal", "--flat"]
    said = subprocess.run([*contenders["ours"], "--json"], capture_output=True, text=True, check=True).stdout
    wanted = {each["account"]: Decimal(each["balance"]) for each in json.loads(said)["balances"]}
    for name in ("ledger", "hledger"):
        if name in contenders:
            found = {code: pounds for code, pounds in balances_by(contenders[name]).items() if code in wanted}
            if found != wanted:
                raise AnswersDiffer(f"{name} has {found}, our books {wanted}")
    if count <= SLOW_UP_TO and (bean := shutil.which("bean-check")):
        write_beancount(ledger, beancount)
        contenders["beancount"] = [bean, "--no-cache", str(beancount)]
    return contenders


def race(folder: Path, count: int, ratio: float, peak_mb: float | None) -> list[Result]:
    """Race at one size; the reach is against ledger, the others are shown beside it."""
    contenders = prepare(folder / str(count), count)
    laps = interleaved(ROUNDS, {name: contenders[name] for name in ("ours", "ledger")})
    slow = {name: command for name, command in contenders.items() if name not in laps}
    laps |= interleaved(1, slow)
    mine = whole(laps["ours"])
    results = []
    for name in list(laps)[1:]:
        theirs = whole(laps[name])
        reach = f"at most {ratio}" if name == "ledger" else "-"
        results.append(
            Result(
                f"balances, {count:,} entries, against {name}",
                f"{mine:.3f} s",
                f"{theirs:.3f} s",
                mine / theirs,
                reach,
                mine / theirs <= ratio,
            )
        )
    if peak_mb is not None:
        most, theirs = peak(laps["ours"]), peak(laps["ledger"])
        name = f"balances, {count:,} entries, peak memory"
        results.append(
            Result(name, f"{most:.0f} MB", f"{theirs:.0f} MB", most / theirs, f"under {peak_mb:.0f} MB", most < peak_mb)
        )
    return results


def race_growth(folder: Path, large: int) -> Result:
    """Race the large books against books of 10,000 entries: the time may hardly grow with the entries."""
    small = folder / "10000"
    if not small.exists():
        filled_books(small, 10_000)
    laps = interleaved(ROUNDS, {"large": ours(folder / str(large)), "small": ours(small)})
    mine, base = whole(laps["large"]), whole(laps["small"])
    name = f"balances, {large:,} entries, against 10,000"
    return Result(name, f"{mine:.3f} s", f"{base:.3f} s", mine / base, "at most 1.5", mine / base <= 1.5)
