"""Writes docs/guards.md from the guards themselves, each with a statement that it refuses."""

import re
from pathlib import Path

from ledgers.sqlite_guards import guards
from tools.postgres_guard_statements import messages as of_postgres
from tools.postgres_guard_statements import refused_by

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guards.md"

STATEMENTS = {
    "event_number_is_next": "INSERT INTO event (pool_id, number) VALUES ('thanet', 99)",
    "event_follows_the_last": "INSERT INTO event (pool_id, number, previous_hash) VALUES ('thanet', 99, 'another')",
    "event_says_what_its_text_says": "INSERT INTO event (pool_id, number, content) VALUES ('thanet', 99, 'no text')",
    "event_rowid_used_once": "INSERT OR REPLACE INTO event (rowid, pool_id, number) VALUES (1, 'thanet', 99)",
    "event_announces_next_entries": "INSERT INTO event (pool_id, number, first_entry) VALUES ('thanet', 99, 1)",
    "month_state_changes": "INSERT INTO month_state (pool_id, month, event, state) VALUES ('thanet', 2, 99, 'open')",
    "posting_before_its_entry": "INSERT INTO posting (pool_id, entry, line) VALUES ('thanet', 1, 99)",
    "posting_is_announced": "INSERT INTO posting (pool_id, entry, line) VALUES ('thanet', 99, 1)",
    "entry_number_is_next": "INSERT INTO entry (pool_id, number) VALUES ('thanet', 99)",
    "entry_balances": "INSERT INTO entry (pool_id, number, legs) VALUES ('thanet', 99, 2)",
    "entry_is_dated_in_its_month": (
        "INSERT INTO entry (pool_id, number, effective_on, month) VALUES ('thanet', 99, '2016-05-04', 3)"
    ),
    "entry_is_in_an_open_month": "INSERT INTO entry (pool_id, number, month) VALUES ('thanet', 99, 13)",
    "entry_is_announced": "INSERT INTO entry (pool_id, number, event) VALUES ('thanet', 99, 1)",
    "entry_corrects_an_original": "INSERT INTO entry (pool_id, number, corrects) VALUES ('thanet', 99, 98)",
    "entry_reverses_an_original": "INSERT INTO entry (pool_id, number, reverses) VALUES ('thanet', 99, 98)",
    "entry_idempotency_key_used_once": (
        "INSERT OR REPLACE INTO entry (pool_id, number, idempotency_key) VALUES ('thanet', 99, 'first')"
    ),
    "entry_reverses_used_once": "INSERT OR REPLACE INTO entry (pool_id, number, reverses) VALUES ('thanet', 99, 1)",
    "entry_moves_balances": (
        "INSERT INTO event SELECT pool_id, 99, kind, recorded_at, who, 99, 99, content, previous_hash, hash"
        " FROM event WHERE pool_id = 'thanet' AND number = 1;"
        " INSERT INTO posting VALUES ('thanet', 99, 1, 'unallocated', -999999, NULL, 'nhs-min', NULL);"
        " INSERT INTO entry SELECT pool_id, 99, book, kind, month, effective_on, document_on, recorded_at, who, why,"
        " source_reference, 'another key', NULL, NULL, adjusting, legs, digest, 99"
        " FROM entry WHERE pool_id = 'thanet' AND number = 2"
    ),
    "sign_off_is_as_sealed": (
        "INSERT INTO sign_off (pool_id, subject, body, event, part, who) VALUES ('thanet', 'close/M2', '', 1,"
        " 'prepared', 'someone else')"
    ),
    "sign_off_is_of_a_partner": "INSERT INTO sign_off (pool_id, body) VALUES ('thanet', 'nobody')",
    "sign_off_follows_preparation": (
        "INSERT INTO sign_off (pool_id, subject, part) VALUES ('thanet', 'close/M2', 'reviewed')"
    ),
    "sign_off_by_another_person": (
        "INSERT INTO sign_off (pool_id, subject, part, who) VALUES ('thanet', 'close/M1', 'reviewed',"
        " ' a. ACCOUNTANT ')"
    ),
    "batch_number_is_next": "INSERT INTO batch (pool_id, number) VALUES ('thanet', 99)",
    "batch_digest_used_once": "INSERT OR REPLACE INTO batch SELECT * FROM batch LIMIT 1",
    "balance_starts_with_an_entry": "INSERT OR REPLACE INTO balance SELECT * FROM balance LIMIT 1",
    "balance_moves_with_an_entry": "UPDATE balance SET amount_pence = 1",
}
"""A statement that each guard refuses; the others follow from their names."""

OPENING = """# The guards of the books

Written by `make docs` from the guards themselves; a test runs every statement on this page.

The database keeps these rules whoever writes to it and by whatever program, as triggers. First those of a \
SQLite file, then those of a PostgreSQL database.

## In a SQLite file
Each statement below is refused from a connection that knows nothing of this program, such as the `sqlite3` \
shell, on books that hold a pool `thanet` with entry 1, whose key is `first`, \
its reversal, and the subject `close/M1` prepared by A. Accountant; the guard \
named beside it would refuse it alone. Beside the triggers stand the constraints of the tables: whole pence \
between limits, none nil; texts with a length; books, states and types from a list; and every account, scheme, \
contribution and partner of a posting one of the same pool.

| guard | statement that it refuses | what it says |
|---|---|---|
"""
SERVER = """
## In a PostgreSQL database
The same rules are triggers and functions there, tried through `psql` on the same books: every statement above that \
is not of something SQLite alone has (`OR REPLACE` becomes `ON CONFLICT ... DO UPDATE`), and those below, each refused \
by its guard alone. An entry is weighed at the end of its transaction by `event_is_kept`, with all that its event \
announces, and takes postings only from the transaction that made it. `posting_is_guarded` moves the kept balances too.

| guard | statement that it refuses | what it says |
|---|---|---|
"""
CLOSING = """
## What an owner can still do, and how it is found
| who | can get past the guards by | what of that shows by itself |
|---|---|---|
| whoever may write to a SQLite file | `DROP TRIGGER`, `CREATE TEMP TRIGGER`, `PRAGMA writable_schema`, another file \
in its place, changing its bytes | \
a guard that is not put back to the letter; a table, index or view whose definition is another; damage |
| the owner of a PostgreSQL database | `ALTER TABLE ... DISABLE TRIGGER`, replacing a function, dropping a \
constraint | a guard set aside or changed, a constraint too few or too many; one replaced by another of its kind does \
not, only what is done through it |
| the administrator of the server | `SET session_replication_role = replica`, which leaves every guard in its place | \
nothing: only what is done |
| `pooledfund_writer`, `pooledfund_reader` | nothing: they own nothing | |

What is then done to the rows `pooledfund verify` finds in either database; each check runs alone with `--only`, and \
`--strict` adds two that prove the same by another way.

| what was done | check | what verify says |
|---|---|---|
| a guard taken off, set aside, changed or added | `file` | the guard by name |
| a table, index or view made otherwise (SQLite), a constraint gone or added (PostgreSQL) | `file` | its name |
| damage to the file, a reference that leads nowhere | `file` | the damage, the two tables |
| an event altered, moved, taken out, relabelled | `chained` | the event by number |
| the end of the log cut off, or the whole log written anew | `chained` with `--head` | that the log does not \
hold the head you noted |
| the pool's title or year, an account, scheme, partner or contribution changed | `registers` | the row by id |
| a month closed or opened past the log, an entry put into a closed month | `months` | the month, the entry |
| an entry or a posting changed, added, taken out or numbered anew | `sealed` | the entry by number |
| an entry that does not balance | `balanced` | the entry by number |
| a gap in the numbers, a posting without its entry | `gapless` | where |
| a reversal that is no mirror, a second reversal | `mirrored` | the entry by number |
| a budget below nil | `floors` | the account and contribution |
| a kept balance changed | `kept` | the balance by account and dimensions; `rebuild-balances` works them out again |
| a file, or a row of a file, changed | `files` | the event that carried it |
| a sign-off changed, added or taken out | `signed` | its subject and event |
| an event in another form than this program writes | `canonical`, with `--strict` | the event by number |
| balances that entries added one by one do not come to | `re-added`, with `--strict` | the balance |

Only a head noted elsewhere shows a log that was cut or written anew: every report, pack, export and closing prints it.
"""


def statement(name: str) -> str:
    """A statement that a guard refuses."""
    if name in STATEMENTS:
        return STATEMENTS[name]
    found = re.search(r" ON (\w+)", guards()[name])
    assert found is not None, name
    table = found[1]
    deed = name.removeprefix(f"{table}_")
    if deed.startswith("takes_no"):
        return f"DELETE FROM {table}" if deed.endswith("delete") else f"UPDATE {table} SET pool_id = pool_id"
    if deed == "has_newest_event":
        return f"INSERT INTO {table} (pool_id, event) VALUES ('thanet', 1)"
    off = {
        "wants_foreign_keys": "PRAGMA foreign_keys = OFF; ",
        "wants_checks": "PRAGMA ignore_check_constraints = ON; ",
    }.get(deed, "")
    return f"{off}INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"


def messages(guard: str) -> list[str]:
    """What a guard may say when it refuses, without the name of the refusal."""
    return [said.partition(": ")[2] for said in re.findall(r"RAISE\(ABORT, '([^']*)'\)", guard)]


def page() -> str:
    """The page whole."""
    rows = [f"| `{name}` | `{statement(name)}` | {'; '.join(messages(sql))} |" for name, sql in guards().items()]
    of_server = [
        f"| `{name}` | `{refused}` | {'; '.join(of_postgres(name))} |" for name, refused in refused_by().items()
    ]
    return OPENING + "\n".join(rows) + "\n" + SERVER + "\n".join(of_server) + "\n" + CLOSING


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print("Written: docs/guards.md")
