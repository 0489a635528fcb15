"""The rules of `driftcheck migrations`: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.database.migrations.rules.registry import RULES

__all__ = ["RULES"]
