"""The rules of the database half: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.database.rules import columns, history, indexes, keys, objects, tables
from driftcheck.database.rules.registry import RULES

__all__ = ["RULES", "columns", "history", "indexes", "keys", "objects", "tables"]
