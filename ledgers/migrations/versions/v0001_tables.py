"""The tables of the books as they first landed."""

from ledgers.migrations import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and indexes."""
    statements.run(revision)
