"""The rules of `driftcheck migrations`: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.database.migrations.rules import code, data, deploy, history, locks, practice, replay
from driftcheck.database.migrations.rules.registry import RULES

__all__ = ["RULES", "code", "data", "deploy", "history", "locks", "practice", "replay"]
