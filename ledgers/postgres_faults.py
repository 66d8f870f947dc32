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
