"""Names that the engine made up: a constraint that carries one was left unnamed by its author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from driftcheck.database.model import Name

_POSTGRESQL = {
    "primary_key": r"_pkey\d*",
    "unique": r"_key\d*",
    "foreign_key": r"_fkey\d*",
    "check": r"_check\d*",
    "exclusion": r"_excl\d*",
}


def is_generated(dialect: str, kind: str, name: str | None, table: Name, columns: Sequence[str]) -> bool:
    """Whether `name` is what the engine calls an unnamed constraint of that kind."""
    if name is None:
        return True
    if dialect == "postgresql":
        suffix = _POSTGRESQL.get(kind)
        return suffix is not None and bool(re.search(f"{suffix}$", name) and name.startswith(table.name[:20]))
    if dialect in {"mysql", "mariadb"}:
        return _mysql(kind, name, table, columns)
    return False


def _mysql(kind: str, name: str, table: Name, columns: Sequence[str]) -> bool:
    if kind == "primary_key":
        return True
    if kind == "unique":
        return bool(columns) and re.fullmatch(re.escape(columns[0]) + r"(_\d+)?", name) is not None
    if kind == "foreign_key":
        return re.fullmatch(re.escape(table.name) + r"_ibfk_\d+|\d+", name) is not None
    if kind == "check":
        known = re.fullmatch(re.escape(table.name) + r"_chk_\d+|CONSTRAINT_\d+", name) is not None
        return known or name in columns
    return False


def label(dialect: str, kind: str, name: str | None, table: Name, columns: Sequence[str]) -> str:
    """`table.name`, or `table.(a,b)` for what its author left unnamed."""
    if is_generated(dialect, kind, name, table, columns):
        return f"{table}.({','.join(columns)})"
    return f"{table}.{name}"
