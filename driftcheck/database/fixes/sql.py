"""Statements inside fix hints: names in quotes where the engine needs them, text without bind parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from driftcheck.database import types
from driftcheck.database.model import Column, Name

_BIND = re.compile(r"(?<![:\w\\]):(?=\w)")  # what sa.text takes for a parameter


def text_of(sql: str) -> str:
    """sa.text(…) of some SQL."""
    return f"sa.text({escaped(sql)!r})"


def execute(sql: str) -> str:
    """op.execute(…) of a statement."""
    return f"op.execute({escaped(sql)!r})"


def escaped(sql: str) -> str:
    """SQL of which sa.text finds no parameters: '10:30' holds none."""
    return _BIND.sub(r"\\:", sql)


def literal(value: str) -> str:
    """Text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(slots=True)
class Quoting:
    """Names in statements of one engine."""

    dialect: str
    _preparer: Any = field(default=None)

    def name(self, name: str) -> str:
        """A name, in quotes where it needs them."""
        if self._preparer is None:
            from sqlalchemy.dialects import mysql, postgresql, sqlite

            known: dict[str, Any] = {"postgresql": postgresql, "mysql": mysql, "mariadb": mysql}
            self._preparer = known.get(self.dialect, sqlite).dialect().identifier_preparer
        return str(self._preparer.quote(name))

    def place(self, name: Name) -> str:
        """A name with its schema."""
        return ".".join(self.name(part) for part in (name.schema, name.name) if part)

    def column(self, column: Column) -> str:
        """The definition of a column that SQLAlchemy has no word for."""
        parts = [self.name(column.name), types.show(column.type)]
        if column.collation:
            parts.append(f"COLLATE {self.name(column.collation)}")
        if column.numbering == "serial":
            parts[1] = {"integer": "serial", "smallint": "smallserial"}.get(column.type.name, "bigserial")
        elif column.expression is not None:
            parts.append(f"GENERATED ALWAYS AS ({column.expression}){' STORED' if column.stored else ''}")
        elif column.default is not None:
            parts.append(f"DEFAULT {column.default}")
        if not column.nullable:
            parts.append("NOT NULL")
        return " ".join(parts)
