"""Alembic's entry: migrations run on the connection that `portal.db.migrate` hands in."""

from alembic import context

from portal.db.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
