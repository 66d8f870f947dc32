"""Floor of posting in PostgreSQL: each entry's rows into bare tables by one statement, committed. URL AFTER_EVENT."""

import json
import sys
import time
from collections import Counter
from itertools import groupby

import psycopg

TABLES = ("event", "entry", "posting", "balance")
Row = tuple[object, ...]


def marks(rows: list[Row]) -> str:
    """A place for each value of some rows."""
    return ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)


def statement(event: Row, entry: Row, legs: list[Row]) -> tuple[str, list[object]]:
    """The one statement that writes an event, its entry, the postings and the balances that they move."""
    moved: Counter[Row] = Counter()
    for leg in legs:
        moved[entry[0], entry[2], leg[3], leg[5] or "", leg[6] or "", leg[7] or "", entry[4]] += int(str(leg[4]))
    cells: list[Row] = [(*cell, pence, entry[1]) for cell, pence in moved.items()]
    text = f"""WITH said AS (INSERT INTO bare.event VALUES {marks([event])}),
        entered AS (INSERT INTO bare.entry VALUES {marks([entry])}),
        posted AS (INSERT INTO bare.posting VALUES {marks(legs)})
    INSERT INTO bare.balance AS kept VALUES {marks(cells)}
    ON CONFLICT (pool_id, book, account, scheme, contribution, partner, month) DO UPDATE
        SET amount_pence = kept.amount_pence + EXCLUDED.amount_pence, through_entry = EXCLUDED.through_entry"""
    return text, [value for row in (event, entry, *legs, *cells) for value in row]


with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    after = (int(sys.argv[2]),)
    connection.execute("DROP SCHEMA IF EXISTS bare CASCADE")
    connection.execute("CREATE SCHEMA bare")
    for table in TABLES:
        connection.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING INDEXES)")
    events = connection.execute("SELECT * FROM event WHERE number > %s ORDER BY number", after).fetchall()
    entries = connection.execute("SELECT * FROM entry WHERE event > %s ORDER BY number", after).fetchall()
    first = (entries[0][1],)
    rows = connection.execute("SELECT * FROM posting WHERE entry >= %s ORDER BY entry, line", first).fetchall()
    postings = [list(legs) for _, legs in groupby(rows, key=lambda row: row[1])]
    statements = [statement(*each) for each in zip(events, entries, postings, strict=True)]
    started = time.perf_counter()
    for text, values in statements:
        connection.execute(text, values)
    seconds = time.perf_counter() - started
    row = connection.execute("SELECT count(*)::int, sum(abs(amount_pence))::bigint FROM bare.posting").fetchone()
print(json.dumps({"seconds": seconds, "answer": row}))
