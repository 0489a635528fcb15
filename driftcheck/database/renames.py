"""Likely renames of tables and columns: one missing and one extra that are alike in name and in kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from driftcheck.database.model import Check, Column, Database, ForeignKey, Index, Name, Table
from driftcheck.database.similarity import similarity

T = TypeVar("T")
_ENOUGH = 0.6


class Pair(NamedTuple):
    """Positions in the two lists, and how sure it is."""

    expected: int
    actual: int
    confidence: float


def _best(ours: Sequence[T], theirs: Sequence[T], score: Callable[[T, T], float]) -> list[Pair]:
    scored = [
        Pair(i, j, value)
        for i, one in enumerate(ours)
        for j, other in enumerate(theirs)
        if (value := score(one, other)) >= _ENOUGH
    ]
    found: list[Pair] = []
    for pair in sorted(scored, key=lambda pair: (-pair.confidence, pair.expected, pair.actual)):
        if all(pair.expected != done.expected and pair.actual != done.actual for done in found):
            found.append(pair)
    return found


def column_renames(ours: Sequence[Column], theirs: Sequence[Column]) -> list[Pair]:
    """Columns that were renamed, given those missing and those extra in one table."""
    only = len(ours) == len(theirs) == 1
    return _best(ours, theirs, lambda one, other: _column(one, other, only))


def _column(one: Column, other: Column, only: bool) -> float:
    if one.type.name != other.type.name or one.type.dimensions != other.type.dimensions:
        return 0.0
    score = similarity(one.name, other.name)
    if score < 0.5:
        return 0.0
    same = replace(one, name="", comment=None) == replace(other, name="", comment=None)
    return min(1.0, score * (0.9 if same else 0.75) + (0.1 if same and only else 0.05 if same else 0.0))


def table_renames(ours: Sequence[Table], theirs: Sequence[Table]) -> list[Pair]:
    """Tables that were renamed: mostly the same columns, and a similar name or very many columns."""
    if len(ours) * len(theirs) > 40_000:
        return []
    return _best(ours, theirs, _table)


def _table(one: Table, other: Table) -> float:
    if one.name.schema != other.name.schema:
        return 0.0
    left = {(column.name, column.type.name) for column in one.columns}
    right = {(column.name, column.type.name) for column in other.columns}
    common = len(left & right) / max(1, len(left | right))
    if common < 0.5 or len(left & right) < 2:
        return 0.0
    name = similarity(one.name.name, other.name.name)
    if name < 0.5 and (common < 1.0 or len(left) < 4):
        return 0.0
    return 0.6 * common + 0.4 * name


def with_columns(table: Table, names: Mapping[str, str]) -> Table:
    """The table with its columns called otherwise, in its keys and expressions too."""
    if not names:
        return table
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")

    def told(text: str) -> str:
        return pattern.sub(lambda found: names[found[1]], text)

    def listed(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(column, column) for column in columns)

    def index(value: Index) -> Index:
        parts = tuple(
            replace(
                part,
                column=names.get(part.column, part.column) if part.column else None,
                expression=told(part.expression) if part.expression else None,
            )
            for part in value.parts
        )
        predicate = told(value.predicate) if value.predicate else None
        return replace(value, parts=parts, predicate=predicate, include=listed(value.include))

    def check(value: Check) -> Check:
        return replace(value, expression=told(value.expression), columns=tuple(sorted(listed(value.columns))))

    key = table.primary_key
    return replace(
        table,
        columns=tuple(replace(column, name=names.get(column.name, column.name)) for column in table.columns),
        primary_key=replace(key, columns=listed(key.columns)) if key else None,
        foreign_keys=tuple(replace(item, columns=listed(item.columns)) for item in table.foreign_keys),
        uniques=tuple(replace(item, columns=listed(item.columns)) for item in table.uniques),
        checks=tuple(check(item) for item in table.checks),
        exclusions=tuple(
            replace(item, definition=told(item.definition), columns=listed(item.columns))
            for item in table.exclusions
        ),
        indexes=tuple(index(item) for item in table.indexes),
    )


def with_targets(table: Table, tables: Mapping[str, str], columns: Mapping[tuple[str, str], str]) -> Table:
    """The table with foreign keys that point at renamed tables and columns by their expected names."""

    def target(key: ForeignKey) -> ForeignKey:
        name, _, rest = key.target.partition("(")
        told = tables.get(name, name)
        parts = (columns.get((told, part), part) for part in rest.removesuffix(")").split(","))
        return replace(key, target=f"{told}({','.join(parts)})")

    if not table.foreign_keys or not (tables or columns):
        return table
    return replace(table, foreign_keys=tuple(target(key) for key in table.foreign_keys))


def with_types(database: Database, names: Mapping[str, str]) -> Database:
    """The schema with its enum types called otherwise."""
    if not names:
        return database

    def column(value: Column) -> Column:
        told = names.get(value.type.name)
        return replace(value, type=replace(value.type, name=told)) if told else value

    return replace(
        database,
        enums=tuple(
            replace(item, name=Name(item.name.schema, names[str(item.name)].rpartition(".")[2]))
            if str(item.name) in names
            else item
            for item in database.enums
        ),
        tables=tuple(
            replace(table, columns=tuple(column(item) for item in table.columns)) for table in database.tables
        ),
    )
