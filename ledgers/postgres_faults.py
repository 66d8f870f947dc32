"""What an owner may have done to a PostgreSQL database past the guards: guards off or changed, references broken."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

from ledgers.postgres_guards import FUNCTIONS, RECORDED, SETTING, triggers

_TABLES = [*RECORDED, "balance"]
_TRIGGERS = """SELECT tgname, pg_get_triggerdef(oid, true), tgenabled <> 'D' FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid IN (SELECT to_regclass('public.' || name) FROM unnest(%s::text[]) AS name)"""
_SET_ASIDE = """SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
    WHERE tgisinternal AND tgenabled = 'D'
    AND tgrelid IN (SELECT to_regclass('public.' || name) FROM unnest(%s::text[]) AS name)"""
_FUNCTIONS = """SELECT proname, prosrc, prosecdef AND 'search_path=' || %s = ANY (proconfig) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace"""
_CONSTRAINTS = """SELECT conrelid::regclass::text, string_agg(contype || number, ' ' ORDER BY contype) FROM (
        SELECT conrelid, contype::text, count(*)::text AS number FROM pg_constraint
        WHERE contype IN ('c', 'f', 'p', 'u') AND convalidated
            AND conrelid IN (SELECT to_regclass('public.' || name) FROM unnest(%s::text[]) AS name)
        GROUP BY 1, 2) AS counted GROUP BY 1"""
_WANTED_CONSTRAINTS = {
    "account": "c4 f2 p1", "balance": "c1 f1 p1", "batch": "c2 f2 p1 u1", "contribution": "c1 f1 p1",
    "entry": "c10 f3 p1 u2", "event": "c4 f2 p1", "month_state": "c2 f1 p1", "partner": "c1 f1 p1", "pool": "c2 p1",
    "posting": "c2 f5 p1", "scheme": "c1 f1 p1", "sign_off": "c3 f1 p1", "source_line": "c1 f3 p1",
}  # fmt: skip
"""How many checks, foreign, primary and unique keys each table has."""
_REFERENCES = """SELECT conrelid::regclass::text, confrelid::regclass::text,
        (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
        (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid IN (SELECT to_regclass('public.' || name) FROM unnest(%s::text[]) AS name)
    ORDER BY 1, 2"""


def faults(driver: psycopg.Connection[tuple[object, ...]]) -> Iterator[tuple[str, str]]:
    """Each fault by its check and a sentence."""
    yield from _broken_references(driver)
    wanted: dict[str, object] = {name: (text, True) for name, (_, text) in triggers().items()}
    kept: dict[str, object] = {str(row[0]): row[1:] for row in driver.execute(_TRIGGERS, (_TABLES,))}
    wanted |= {name.partition("(")[0]: (body, True) for name, (_, body) in FUNCTIONS.items()}
    rows = driver.execute(_FUNCTIONS, (SETTING,)).fetchall()
    kept |= {str(row[0]): row[1:] for row in rows if str(row[0]) in wanted}
    for name in sorted(wanted.keys() | kept.keys()):
        if kept.get(name) != wanted.get(name):
            yield "guard changed", f"the guard {name} was taken off, changed or added since the books were made"
    constraints = {str(row[0]): row[1] for row in driver.execute(_CONSTRAINTS, (_TABLES,))}
    for name, counts in _WANTED_CONSTRAINTS.items():
        if constraints.get(name) != counts:
            yield "guard changed", f"the keys and checks of {name} are not those that the books were made with"
    for (table,) in driver.execute(_SET_ASIDE, (_TABLES,)):
        yield "guard changed", f"the references of {table} are not kept: its own triggers were set aside"


def _broken_references(driver: psycopg.Connection[tuple[object, ...]]) -> Iterator[tuple[str, str]]:
    for table, parent, columns, keys in driver.execute(_REFERENCES, (_TABLES,)).fetchall():
        assert isinstance(columns, list)
        assert isinstance(keys, list)
        given = sql.SQL(" AND ").join(sql.SQL("child.{} IS NOT NULL").format(sql.Identifier(name)) for name in columns)
        same = sql.SQL(" AND ").join(
            sql.SQL("parent.{} = child.{}").format(sql.Identifier(key), sql.Identifier(name))
            for key, name in zip(keys, columns, strict=True)
        )
        question = sql.SQL(
            "SELECT 1 FROM {} AS child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {}) LIMIT 1"
        ).format(sql.Identifier(str(table)), given, sql.Identifier(str(parent)), same)
        if driver.execute(question).fetchone():
            yield "reference broken", f"a row of {table} refers to a row of {parent} that is not there"
