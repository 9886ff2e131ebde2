"""How Alembic runs here: on the connection, and in the transaction, that `Database.migrate` gives it."""

from alembic import context

from videoattention.adapters.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
)
context.run_migrations()
