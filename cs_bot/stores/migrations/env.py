"""Runs migrations on the connection that `schema.migrate_connection` hands over."""

from alembic import context

from cs_bot.stores.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
