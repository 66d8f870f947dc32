"""Races one entry at a time into PostgreSQL, each safe on the disk before the next, against one bare statement."""

import argparse
import json
import time
from pathlib import Path
from random import Random

import psycopg

from benchmarks.books import AT, open_pool, spends
from benchmarks.racing import Lap, Result, lap, module, same_answers, stated
from ledgers.place import Url
from tools.postgres_server import running

ROUNDS = 5


def main() -> None:
    """Post entries one at a time, as the child process of a race, and print seconds and the answer as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_postgres", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("entries", type=int)
    call = parser.parse_args()
    ledger = open_pool(Url(call.url)).books
    opened = ledger.head().number
    entries = list(spends(Random(75), 0, call.entries))
    with ledger.books.kept_open():
        started = time.perf_counter()
        for entry in entries:
            ledger.record(entry, who="bench", at=AT)
        seconds = time.perf_counter() - started
    ledger.books.close()
    with psycopg.connect(call.url, autocommit=True) as raw:
        first = raw.execute("SELECT min(number) FROM entry WHERE event > %s", (opened,)).fetchone()
        answer = raw.execute(
            "SELECT count(*)::int, sum(abs(amount_pence))::bigint FROM posting WHERE entry >= %s", first
        ).fetchone()
        try:
            raw.execute("UPDATE posting SET amount_pence = amount_pence + 1")
            refused = False
        except psycopg.IntegrityError:
            refused = True
    print(json.dumps({"seconds": seconds, "answer": answer, "after": opened, "refused": refused}))


def race_single_postgres(folder: Path, count: int) -> Result:
    """One entry at a time with synchronous commit, the server's data on the same disk as the other books."""
    laps: dict[str, list[Lap]] = {"ours": [], "floor": []}
    with running(within=folder, fsync="on", synchronous_commit="on", full_page_writes="on") as server:
        for _ in range(ROUNDS):
            url = server.database().secret
            ours = lap(module("benchmarks.race_postgres", url, count))
            laps["ours"].append(ours)
            after = json.loads(ours.said)["after"]
            laps["floor"].append(lap(module("benchmarks.floors.single_postgres", url, after)))
    same_answers(laps)
    if not all(json.loads(each.said)["refused"] for each in laps["ours"]):
        raise RuntimeError("a raw UPDATE was taken straight after posting")
    mine, floor = count / stated(laps["ours"]), count / stated(laps["floor"])
    name = "one entry, PostgreSQL, synchronous commit, against one bare statement"
    return Result(
        name,
        f"{mine:,.0f} a second",
        f"{floor:,.0f} a second",
        mine / floor,
        "at least 0.5",
        mine / floor >= 0.5,
    )


if __name__ == "__main__":
    main()
