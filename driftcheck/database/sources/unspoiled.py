"""Models stay what they are while revisions are loaded and run: a revision that names a column of a model,
as in `sa.CheckConstraint(Run.status.in_(…))`, would add its constraint to the model's own table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def unspoiled() -> Iterator[None]:
    """Take what a revision adds to a table that it did not define from there at once; the constraint or
    index itself still knows its table."""
    from sqlalchemy import Constraint, Index, Table, event

    own: dict[int, Table] = {}  # tables that revisions define; held, so that an id stays theirs

    def made(table: Table, _metadata: Any) -> None:
        if _by_a_revision():
            own[id(table)] = table

    def hearing() -> Any:
        def added(item: Any, table: Any) -> None:
            if isinstance(table, Table) and id(table) not in own and _by_a_revision():
                (table.indexes if isinstance(item, Index) else table.constraints).discard(item)

        return added

    heard: list[tuple[Any, str, Any]] = [
        (Table, "before_parent_attach", made),
        (Constraint, "after_parent_attach", hearing()),  # SQLAlchemy 2.0.0 cannot take one away twice
        (Index, "after_parent_attach", hearing()),
    ]
    for each in heard:
        event.listen(*each)
    try:
        yield
    finally:
        for each in heard:
            event.remove(*each)


def _by_a_revision() -> bool:
    """Whether the nearest code outside SQLAlchemy is a revision's."""
    frame = sys._getframe(2)
    while frame.f_back is not None and _is_sqlalchemy(frame.f_globals):
        frame = frame.f_back
    return "down_revision" in frame.f_globals


def _is_sqlalchemy(names: dict[str, Any]) -> bool:
    return str(names.get("__name__", "")).partition(".")[0] == "sqlalchemy"
