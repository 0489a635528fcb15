"""Types of PostgreSQL that models name in full but leave to migrations (create_type=False)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData


def left_types(metadatas: Sequence[MetaData]) -> list[Any]:
    """Enums and domains of columns that create_all does not make, each once."""
    found: dict[tuple[str | None, str], Any] = {}
    made: set[tuple[str | None, str]] = set()
    for metadata in metadatas:
        for table in metadata.tables.values():
            for column in table.columns:
                kind: Any = getattr(column.type, "item_type", column.type)
                name = getattr(kind, "name", None)
                if not isinstance(name, str) or not hasattr(kind, "create") or not hasattr(kind, "schema"):
                    continue
                if getattr(kind, "create_type", True):
                    made.add((kind.schema, name))
                else:
                    found.setdefault((kind.schema, name), kind)
    return [kind for key, kind in found.items() if key not in made]


def told(metadatas: Sequence[MetaData]) -> tuple[str, ...]:
    """What these types are, for the key of a schema that was built with them: no statement of create_all
    names their labels."""
    return tuple(
        f"{kind.schema}.{kind.name} {getattr(kind, 'enums', None) or vars(kind)!r}"
        for kind in left_types(metadatas)
    )


def make_types(connection: Connection, metadatas: Sequence[MetaData]) -> None:
    """Make them before the tables that need them: models rely on the labels that they name."""
    from sqlalchemy.exc import SQLAlchemyError

    if connection.dialect.name != "postgresql":
        return
    for kind in left_types(metadatas):
        with suppress(SQLAlchemyError):  # a table that needs it will say so
            kind.create(connection, checkfirst=True)
