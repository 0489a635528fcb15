"""What every catalog reader needs: a way to ask, what to read, and what to leave out.

A reader may only send SELECT (SQLite: also reading PRAGMA functions); the safety tests read the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = Sequence[Any]
Ask: TypeAlias = Callable[..., Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read: `schemas` beside the default one (all the user named), `version_table` is left out."""

    schemas: tuple[str, ...] = ()
    version_table: str = "alembic_version"


def grouped(rows: Sequence[Row], key: int = 0) -> dict[Any, list[Row]]:
    """Rows by the value of one field, in order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
