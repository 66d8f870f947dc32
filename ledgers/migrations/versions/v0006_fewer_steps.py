"""In PostgreSQL functions that record an entry in fewer steps; nothing in SQLite."""

from ledgers.migrations import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Take away the functions that others have taken the place of."""
    statements.run(revision)
