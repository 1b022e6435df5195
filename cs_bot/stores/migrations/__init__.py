"""The steps that build the tables, oldest first; run by `cs_bot.stores.sql.schema`."""

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every version the schema has had. Kept here so that start-up need not load Alembic to know."""
