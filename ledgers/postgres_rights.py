"""The rights of the two roles of a PostgreSQL database of books, as text. Makes no role."""

from ledgers.postgres_guards import RECORDED
from ledgers.postgres_rules import ALONE_TYPES

WRITER, READER = "pooledfund_writer", "pooledfund_reader"

_CALLED = (
    "take_pool(text, text[])", "record_entries(text[])", f"record_alone({', '.join(ALONE_TYPES)})",
    "rebuild_balances(text)",
)  # fmt: skip


def grants() -> list[str]:
    """The rights of the two roles, where they are there: the writer adds rows, both read, neither changes anything."""
    writer = [
        f"GRANT USAGE ON SCHEMA public TO {WRITER}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {WRITER}",
        f"GRANT INSERT ON {', '.join(RECORDED)} TO {WRITER}",
        f"GRANT EXECUTE ON FUNCTION {', '.join(_CALLED)} TO {WRITER}",
    ]
    reader = [
        f"GRANT USAGE ON SCHEMA public TO {READER}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}",
    ]
    return [_where_there(WRITER, writer), _where_there(READER, reader)]


def _where_there(role: str, statements: list[str]) -> str:
    body = "; ".join(statements)
    return f"DO $$ BEGIN IF to_regrole('{role}') IS NOT NULL THEN {body}; END IF; END $$"
