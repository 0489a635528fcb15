"""What every catalog reader needs: a way to ask, what to read, and what to leave out.

A reader may only send SELECT (SQLite: also reading PRAGMA functions; MySQL: SHOW GRANTS); the safety
tests read the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import CursorResult

Row: TypeAlias = Sequence[Any]
Ask: TypeAlias = Callable[..., Sequence[Row]]

T = TypeVar("T")

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read: `schemas` beside the default one (all the user named), `version_table` is left out."""

    schemas: tuple[str, ...] = ()
    version_table: str = "alembic_version"


class Rows:
    """Takes rows from a driver. Names and types come back thousands of times: equal ones are kept once, and
    arrays as tuples."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def of(self, result: CursorResult[Any]) -> Sequence[Row]:
        """All rows of a result, none for a statement that gives none."""
        if not result.returns_rows:
            return []
        source, found = result.cursor or result, list[Row]()
        while batch := source.fetchmany(_BATCH):
            found += zip(*map(self._once, zip(*batch, strict=True)), strict=True)
        result.close()
        return found

    def _once(self, column: Row) -> Row:
        """The values of one column: of a driver they are of one type, or NULL."""
        kinds = set(map(type, column))
        if list in kinds:
            column = [tuple(value) if isinstance(value, list) else value for value in column]
        elif str not in kinds:
            return column
        known = self._known
        return [known.setdefault(value, value) for value in column]


class Shared:
    """Keeps equal values once: thousands of tables have few different columns."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: T) -> T:
        """The value, or the equal one that came first."""
        known: T = self._known.setdefault(value, value)
        return known


def grouped(rows: Sequence[Row], key: int = 0) -> dict[Any, list[Row]]:
    """Rows by the value of one field, in order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
