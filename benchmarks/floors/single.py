"""Floor of posting: each entry's rows into bare tables with a commit of its own. FOLDER BOOKS AFTER_EVENT."""

import json
import sys
import time
from itertools import groupby
from pathlib import Path

from benchmarks.floors.rows import bare, insert, rows_of

folder, books = Path(sys.argv[1]), Path(sys.argv[2])
rows = rows_of(books, int(sys.argv[3]))
balance = insert("balance", rows["balance"]) + (
    " ON CONFLICT DO UPDATE SET amount_pence = amount_pence + excluded.amount_pence,"
    " through_entry = excluded.through_entry"
)
statements = {table: insert(table, rows[table]) for table in ("event", "entry", "posting")}
postings = {number: list(legs) for number, legs in groupby(rows["posting"], key=lambda row: row[1])}
with bare(folder, books) as connection:
    started = time.perf_counter()
    for event, entry in zip(rows["event"], rows["entry"], strict=True):
        legs = postings[entry[1]]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(statements["event"], event)
        connection.executemany(statements["posting"], legs)
        connection.execute(statements["entry"], entry)
        cells = [
            (leg[0], entry[2], leg[3], leg[5] or "", leg[6] or "", leg[7] or "", entry[4], leg[4], entry[1])
            for leg in legs
        ]
        connection.executemany(balance, cells)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    answer = connection.execute("SELECT count(*), sum(abs(amount_pence)) FROM posting").fetchone()
print(json.dumps({"seconds": seconds, "answer": answer}))
