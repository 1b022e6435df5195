"""Stores on SQL: SQLite in one file, or a PostgreSQL server.

`cs_bot.stores.sql.opening.open_stores` is the way in.
"""
