"""Floor of the import: the same rows into bare tables by executemany, in one transaction. FOLDER BOOKS AFTER_EVENT."""

import json
import sys
import time
from pathlib import Path

from benchmarks.floors.rows import TABLES, bare, insert, rows_of

folder, books = Path(sys.argv[1]), Path(sys.argv[2])
rows = rows_of(books, int(sys.argv[3]))
with bare(folder, books) as connection:
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        connection.executemany(insert(table, rows[table]), rows[table])
    connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    answer = connection.execute("SELECT count(*), sum(abs(amount_pence)) FROM posting").fetchone()
print(json.dumps({"seconds": seconds, "answer": answer}))
