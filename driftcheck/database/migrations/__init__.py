"""Alembic migrations as a side: the history, its replay in a scratch database, and the fence around it."""
