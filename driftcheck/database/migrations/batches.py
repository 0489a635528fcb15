"""Where the operations of a batch were called: Alembic sends them when the `with` block ends, and so every
statement would seem to come from the line of the `with`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One operation of a batch: its line, and the names that it gives or is about."""

    line: int
    names: frozenset[str]


class Noted(list[Any]):
    """What Alembic keeps of a batch until it ends, with the `calls`. While they are sent one by one, `at`
    is the one that is; a table that is rebuilt is sent as a whole, after all of them."""

    def __init__(self, table: str, line: Callable[[Any], int | None]) -> None:
        super().__init__()
        self.table, self.line = table, line
        self.calls: list[Call] = []
        self.at: Call | None = None

    def append(self, operation: Any) -> None:
        """Called by Alembic with (name, arguments, options)."""
        super().append(operation)
        _, arguments, options = operation
        values = [each for each in (*arguments, *options.values()) if each != self.table]
        names = frozenset(name for value in values for name in _names(value))
        self.calls.append(Call(self.line(sys._getframe(1)) or 0, names))

    def __iter__(self) -> Iterator[Any]:
        for operation, call in zip(super().__iter__(), self.calls, strict=True):
            self.at = call
            yield operation
        self.at = None


@contextmanager
def noted(line: Callable[[Any], int | None]) -> Iterator[None]:
    """Batches are noted; `line` is asked with the frame of a call for its line in the revision."""
    from alembic.operations.batch import BatchOperationsImpl

    made: Callable[..., None] = BatchOperationsImpl.__init__

    @wraps(made)
    def noting(self: Any, *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        self.batch = Noted(self.table_name, line)

    BatchOperationsImpl.__init__ = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        BatchOperationsImpl.__init__ = made  # type: ignore[method-assign]


def sending(frame: Any) -> Noted | None:
    """The batch that a frame sends, if it does."""
    found = getattr(frame.f_locals.get("self"), "batch", None) if frame.f_code.co_name == "flush" else None
    return found if isinstance(found, Noted) else None


def nearest(calls: Sequence[Call], names: Iterable[str]) -> int | None:
    """The line of the first call that is about one of these names."""
    wanted = set(names)
    return next((call.line for call in calls if call.line and not wanted.isdisjoint(call.names)), None)


def _names(value: Any) -> Iterator[str]:
    """The name of a column, a constraint or an index, and those of its columns."""
    from sqlalchemy import Column, Constraint, Index

    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, Column | Constraint | Index):
        yield str(value.name or "")
        columns = () if isinstance(value, Column) else getattr(value, "columns", ())
        yield from (str(column.name) for column in columns)
