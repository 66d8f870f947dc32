"""Other orders of keys, and in PostgreSQL the functions by which an entry is recorded in one call."""

from ledgers.migrations import statements

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the keys anew and take away the functions that others have taken the place of."""
    statements.run(revision)
