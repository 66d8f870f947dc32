"""Races a page of the journal's search against one bare query of the same rows, on SQLite and on PostgreSQL."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import psycopg

from benchmarks.books import MANAGER, filled_books, open_pool
from benchmarks.racing import AnswersDiffer, Result
from ledgers.place import Place, Url
from ledgers.searching import EntrySearch, PostingSearch
from pooledfund.pool import Pool
from pooledfund.results.journal_search import journal_page
from tools.postgres_server import Server, running

ROUNDS = 20
TAKE = 50
REACH = 1.5
_TABLES = ("event", "entry", "posting")
Rows = list[tuple[object, ...]]
"""An entry with what reverses it, once for each of its postings."""

CASES: dict[str, tuple[EntrySearch, int | None, str]] = {
    "the newest page": (EntrySearch(), None, "SELECT number FROM entry WHERE pool_id = ?"),
    "a page half way down": (EntrySearch(), 200_000, "SELECT number FROM entry WHERE pool_id = ? AND number < 200000"),
    "a reference that one entry has": (
        EntrySearch(text="inv-123456"),
        None,
        "SELECT number FROM entry WHERE pool_id = ? AND lower(why || ' ' || source_reference || ' ' || "
        "idempotency_key) LIKE '%inv-123456%'",
    ),
    "an account and a line": (
        EntrySearch(posting=PostingSearch(account="expenditure", scheme="S3")),
        None,
        "SELECT DISTINCT entry AS number FROM posting WHERE pool_id = ? AND account = 'expenditure' AND scheme = 'S3'",
    ),
    "an amount that few have": (
        EntrySearch(posting=PostingSearch(pence_from=1_234_567, pence_to=1_234_590)),
        None,
        "SELECT DISTINCT entry AS number FROM posting WHERE pool_id = ? AND abs(amount_pence) BETWEEN 1234567 "
        "AND 1234590",
    ),
}
"""What is searched for, before which entry, and the bare query of the numbers."""


def race_journal(folder: Path, count: int) -> list[Result]:
    """Race every case on both databases, which hold the same entries."""
    books = folder / f"journal-{count}"
    path = books / "bench.db"
    if not path.exists():
        filled_books(books, count)

    def lite(query: str, pool_id: str) -> Rows:
        with closing(sqlite3.connect(path)) as raw:
            return raw.execute(query, (pool_id,)).fetchall()

    results = _race("SQLite", path, lite)
    with running(within=folder) as server:
        url = _copied(server, path)
        with psycopg.connect(url.secret, autocommit=True) as raw:
            results += _race("PostgreSQL", url, lambda query, pool_id: raw.execute(query, (pool_id,)).fetchall())
    return results


def _copied(server: Server, path: Path) -> Url:
    """The same books in PostgreSQL, row for row: posting them one by one is another race."""
    url = server.database()
    pool = open_pool(url)
    opened = pool.books.head().number
    pool.books.books.close()
    with (
        closing(sqlite3.connect(path)) as lite,
        psycopg.connect(server.url(url.name, "postgres").secret) as raw,
        raw.cursor() as cursor,
    ):
        raw.execute("SET session_replication_role = replica")
        first = lite.execute("SELECT max(number) FROM entry WHERE event <= ?", (opened,)).fetchone()[0]
        after = {"event": f"number > {opened}", "entry": f"number > {first}", "posting": f"entry > {first}"}
        for table in _TABLES:
            columns = ", ".join(row[1] for row in lite.execute(f"PRAGMA table_info({table})"))
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in lite.execute(f"SELECT {columns} FROM {table} WHERE {after[table]}"):
                    copy.write_row(row)
    server.psql(url.name, "VACUUM ANALYZE")
    return url


def _race(name: str, place: Place, bare: Callable[[str, str], Rows]) -> list[Result]:
    pool = Pool.open(place, None, MANAGER)
    results = []
    for what, (search, before, numbers) in CASES.items():
        query = _bare_query(numbers, "%s" if isinstance(place, Url) else "?")
        ours, theirs = [], []
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            mine = _rows(pool, search, before)
            between = time.perf_counter()
            other = bare(query, pool.books.pool_id)
            theirs.append(time.perf_counter() - between)
            ours.append(between - started)
            if mine != other:
                raise AnswersDiffer(f"{name}, {what}: {mine[:3]} is not {other[:3]}")
        results.append(_result(f"journal, {what}, {name}", ours[1:], theirs[1:]))
    pool.books.books.close()
    return results


def _rows(pool: Pool, search: EntrySearch, before: int | None) -> Rows:
    page = journal_page(pool, search, before=before, take=TAKE)
    found: Rows = []
    for each in page.entries:
        recorded, entry = each.recorded, each.recorded.entry
        once = (
            recorded.number, recorded.month, recorded.recorded_at, recorded.event, entry.book, entry.kind,
            entry.effective_on.isoformat(), entry.document_on.isoformat(), entry.who, entry.why,
            entry.source_reference, entry.idempotency_key, entry.reverses, entry.corrects, int(entry.adjusting),
            each.reversed_by,
        )  # fmt: skip
        found += [
            (*once, leg.account, leg.amount_pence, leg.scheme, leg.contribution, leg.partner) for leg in entry.postings
        ]
    return found


def _bare_query(numbers: str, mark: str) -> str:
    query = f"""SELECT entry.number, entry.month, entry.recorded_at, entry.event, entry.book, entry.kind,
        entry.effective_on, entry.document_on, entry.who, entry.why, entry.source_reference, entry.idempotency_key,
        entry.reverses, entry.corrects, entry.adjusting, reversal.number, posting.account, posting.amount_pence,
        posting.scheme, posting.contribution, posting.partner
        FROM ({numbers} ORDER BY number DESC LIMIT {TAKE}) AS found
        JOIN entry ON entry.pool_id = ? AND entry.number = found.number
        JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
        LEFT JOIN entry AS reversal ON reversal.pool_id = entry.pool_id AND reversal.reverses = entry.number
        ORDER BY entry.number DESC, posting.line"""
    pool = "(SELECT pool_id FROM pool)"
    first, rest = query.split("?", 1)
    return (first + "\x00" + rest.replace("?", pool)).replace("%", "%%" if mark == "%s" else "%").replace("\x00", mark)


def _result(name: str, ours: Sequence[float], theirs: Sequence[float]) -> Result:
    mine, floor = median(ours), median(theirs)
    ratio = mine / floor
    return Result(name, f"{1000 * mine:.1f} ms", f"{1000 * floor:.1f} ms", ratio, f"at most {REACH}", ratio <= REACH)
