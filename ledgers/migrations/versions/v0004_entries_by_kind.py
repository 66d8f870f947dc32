"""An index of the entries by book and kind."""

from ledgers.migrations import statements

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the index."""
    statements.run(revision)
