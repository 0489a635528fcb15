"""A schema as it is kept in the cache: one line for each table, so that tables which another schema in
memory has just the same are taken from there and never parsed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from driftcheck.collector import paused
from driftcheck.database.model import Column, Database, Table
from driftcheck.database.sources.snapshot import from_plain, to_plain


class _Writer:
    """Writes tables; a column that many tables share as one value is written once."""

    def __init__(self) -> None:
        self._columns: dict[int, tuple[Column, str]] = {}

    def text(self, table: Table) -> str:
        columns = ",".join(self._column(column) for column in table.columns)
        return f"[{json.dumps(to_plain(replace(table, columns=())))},[{columns}]]"

    def _column(self, column: Column) -> str:
        known = self._columns.get(id(column))
        if known is None:
            known = self._columns[id(column)] = (column, json.dumps(to_plain(column)))
        return known[1]


def lines_of(database: Database) -> list[str]:
    """The schema without its tables, then the name and the content of each table."""
    writer = _Writer()
    found = [json.dumps(to_plain(replace(database, tables=())))]
    for table in database.tables:
        found += [json.dumps(table.name), writer.text(table)]
    return found


def from_lines(lines: Iterable[str], like: Iterable[Database | None] = ()) -> Database:
    """The schema of these lines; equal tables are those of `like`. ValueError, TypeError or KeyError where
    lines are damaged."""
    known: dict[str, list[Table]] = {}
    for database in like:
        for table in database.tables if database is not None else ():
            known.setdefault(json.dumps(table.name), []).append(table)
    rest, writer = iter(lines), _Writer()
    with paused():
        plain = from_plain(Database, json.loads(next(rest, "")))
        tables = tuple(_table(name, next(rest, ""), known, writer) for name in rest)
    found: Database = replace(plain, tables=tables)
    return found


def _table(name: str, text: str, known: dict[str, list[Table]], writer: _Writer) -> Table:
    for table in known.get(name.rstrip("\n"), ()):
        if writer.text(table) == text.rstrip("\n"):
            return table
    value, columns = json.loads(text)
    own: Any = from_plain(Table, {**value, "columns": columns})
    assert isinstance(own, Table)
    return own
