"""Views for readers outside: monitoring, contributions, postings, balances."""

from ledgers.migrations import statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the views."""
    statements.run(revision)
