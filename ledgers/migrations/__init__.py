"""The migrations that books are laid out by, the oldest first; Alembic reads this folder. A migration never changes."""
