"""How Alembic runs the migrations: over the connection that ledgers.layout hands in, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
