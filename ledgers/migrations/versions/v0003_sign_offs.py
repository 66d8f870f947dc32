"""Sign-offs, commitments in the view of monitoring, and an index of the log by kind."""

from ledgers.migrations import statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table and the index, and the view anew."""
    statements.run(revision)
