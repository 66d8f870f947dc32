"""For each guard that PostgreSQL keeps: a statement that it refuses, and what it may say. Writes nothing."""

import re

from ledgers.postgres_guards import FUNCTIONS, triggers

_ENTRY = "pool_id, number, book, kind, month, effective_on, document_on, recorded_at, who, why, source_reference"
_NOW = "; SET CONSTRAINTS ALL IMMEDIATE"
STATEMENTS = {
    "event_is_guarded": "INSERT INTO event (pool_id, number) VALUES ('thanet', 99)",
    "month_state_is_guarded": "INSERT INTO month_state (pool_id, month, event, state) VALUES ('thanet', 2, 99, 'open')",
    "batch_is_guarded": "INSERT INTO batch (pool_id, number) VALUES ('thanet', 99)",
    "sign_off_is_guarded": "INSERT INTO sign_off (pool_id, subject, part) VALUES ('thanet', 'close/M1', 'reviewed')",
    "entry_is_guarded": (
        f"INSERT INTO entry SELECT {_ENTRY.replace('number', '99', 1)}, 'another key', NULL, NULL, adjusting, legs,"
        " digest, event FROM entry WHERE number = 2"
    ),
    "posting_is_guarded": "INSERT INTO posting VALUES ('thanet', 1, 3, 'expenditure', 5)",
    "entry_original_is_guarded": "INSERT INTO entry (pool_id, number, reverses) VALUES ('thanet', 99, 98)",
    "event_is_kept": (
        "INSERT INTO event SELECT pool_id, 99, kind, recorded_at, who, 1, 2, content, previous_hash, hash"
        f" FROM event WHERE number = 1{_NOW}"
    ),
    "balance_takes_no_insert": "INSERT INTO balance SELECT * FROM balance LIMIT 1",
}
"""A statement that each guard refuses; the others follow from their names."""


def refused_by() -> dict[str, str]:
    """The statement that each guard refuses."""
    return {name: _statement(name, table) for name, (table, _) in triggers().items()}


def _statement(name: str, table: str) -> str:
    if name in STATEMENTS:
        return STATEMENTS[name]
    deed = name.removeprefix(f"{table}_")
    column = "amount_pence" if table == "balance" else "pool_id"
    return {
        "takes_no_update": f"UPDATE {table} SET {column} = {column}",
        "takes_no_delete": f"DELETE FROM {table}",
        "takes_no_truncate": f"TRUNCATE {table} CASCADE",
        "has_newest_event": f"INSERT INTO {table} (pool_id, event) VALUES ('thanet', 1)",
    }[deed]


def messages(name: str) -> list[str]:
    """What a guard may say when it refuses, without the name of the refusal, its table and deed in their places."""
    table, text = triggers()[name]
    body = FUNCTIONS[f"{text.rpartition(' FUNCTION ')[2]}"][1]
    said = re.findall(r"(?:MESSAGE = (?:format\()?|THEN )'(\w+: [^']*)'(?:\s+'([^']*)')?", body)
    deed = name.rpartition("_")[2]
    sentences = [f"{first}{more}".partition(": ")[2].replace("%s", table, 1) for first, more in dict.fromkeys(said)]
    return [sentence.replace("%s", deed) for sentence in sentences]


def through_psql(statement: str) -> str | None:
    """A statement of the page for SQLite as psql takes it, or None where it is of something that SQLite alone has."""
    if "PRAGMA" in statement or "rowid" in statement:
        return None
    if "OR REPLACE" in statement:
        table = statement.split()[4]
        over = f" ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET pool_id = 'another'"
        return statement.replace("INSERT OR REPLACE", "INSERT", 1) + over
    return statement
