"""A schema for people to read: one line a column, key or object."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.attributes import summary
from driftcheck.database.keys import items
from driftcheck.database.model import Column, Database, Table
from driftcheck.database.types import show


def show_database(database: Database) -> Iterator[str]:
    """Lines without colors; everything of the database's own is still to be escaped."""
    yield f"{database.dialect} {'.'.join(map(str, database.version))}"
    for table in database.tables:
        yield ""
        yield from _table(table, database.dialect)
    for kind in ("enums", "domains", "sequences", "views", "functions", "triggers"):
        found = getattr(database, kind)
        if found:
            yield ""
            yield kind
            for item in found:
                yield f"  {item.name}" + (f" {', '.join(item.values)}" if kind == "enums" else "")
    if database.extensions:
        yield ""
        yield f"extensions {', '.join(database.extensions)}"


def _table(table: Table, dialect: str) -> Iterator[str]:
    yield f"table {table.name}" + (f" partition by {table.partition}" if table.partition else "")
    for column in table.columns:
        yield f"  {column.name} {_column(column)}"
    for item in items(table, dialect):
        yield f"  {item.kind.replace('_', ' ')} {item.given or ''} {summary(item.key)}".replace("  ", " ", 1)


def _column(column: Column) -> str:
    words = [show(column.type)]
    if not column.nullable:
        words.append("not null")
    if column.numbering:
        words.append(column.numbering)
    elif column.expression is not None:
        words.append(f"generated as ({column.expression})")
    elif column.default is not None:
        words.append(f"default {column.default}")
    return " ".join(words)
