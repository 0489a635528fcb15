"""Likely renames of tables and columns: one missing and one extra that are alike in name and in kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from driftcheck.database.model import Check, Column, Database, ForeignKey, Index, Name, Table, Trigger
from driftcheck.difference import Difference
from driftcheck.renaming.pairs import best_renames

T = TypeVar("T")

_MANY = 200  # tables; beyond this, pairing all with all takes too long
_TELLING = 3  # columns that must be exactly equal where the names of two tables say nothing


def case_twins(ours: Iterable[str], theirs: Iterable[str]) -> dict[str, str]:
    """Actual names to the expected ones from which they differ in case only."""
    missing = set(ours) - set(theirs)
    folded = {name.lower(): name for name in missing}
    return {name: folded[name.lower()] for name in theirs if name.lower() in folded and name not in ours}


def column_renames(ours: Sequence[Column], theirs: Sequence[Column]) -> list[tuple[str, str, float]]:
    """(expected, actual, confidence) of columns that were renamed, given those missing and those extra."""
    return best_renames(_by_name(ours), _by_name(theirs), _column)


def _by_name(columns: Sequence[Column]) -> dict[str, Column]:
    return {column.name: column for column in columns}


def _column(one: Column, other: Column) -> float:
    if one.type.name != other.type.name or one.type.dimensions != other.type.dimensions:
        return 0.0
    return 1.0 if replace(one, name="", comment=None) == replace(other, name="", comment=None) else 0.7


def table_renames(ours: Sequence[Table], theirs: Sequence[Table]) -> list[tuple[Table, Table, float]]:
    """Tables that were renamed: mostly the same columns under a related name, or just the same columns."""
    if len(ours) > _MANY or len(theirs) > _MANY:
        return []
    found: list[tuple[Table, Table, float]] = []
    for schema in {table.name.schema for table in ours}:
        here = {table.name.name: table for table in ours if table.name.schema == schema}
        there = {table.name.name: table for table in theirs if table.name.schema == schema}
        for old, new, confidence in best_renames(here, there, _table):
            found.append((here.pop(old), there.pop(new), confidence))
        found += _same_columns(list(here.values()), list(there.values()))
    return found


def _table(one: Table, other: Table) -> float:
    left, right = _shape(one), _shape(other)
    common = len(left & right) / max(1, len(left | right))
    return common if common >= 0.5 and len(left & right) >= 2 else 0.0


def _shape(table: Table) -> set[tuple[str, str]]:
    return {(column.name.lower(), column.type.name) for column in table.columns}


def _same_columns(ours: Sequence[Table], theirs: Sequence[Table]) -> Iterator[tuple[Table, Table, float]]:
    """Pairs of which each is the only one with just these columns, whatever the names say."""
    for one in ours:
        columns = _definitions(one)
        twins = [other for other in theirs if _definitions(other) == columns]
        rivals = [other for other in ours if _definitions(other) == columns]
        if len(twins) == len(rivals) == 1 and len(columns) >= _TELLING:
            yield one, twins[0], 0.6


def _definitions(table: Table) -> list[Column]:
    """The columns without the names of their sequences, which follow the table's."""
    return [replace(column, default=None) if column.numbering else column for column in table.columns]


def called_otherwise(
    ours: Mapping[str, T], theirs: Mapping[str, T], anonymous: Callable[[T], T]
) -> list[tuple[str, str]]:
    """(expected, actual) names of things that are on one side each and the same but for the name, where only
    one is."""
    absent = [(name, anonymous(item)) for name, item in ours.items() if name not in theirs]
    surplus = [(name, anonymous(item)) for name, item in theirs.items() if name not in ours]
    found = []
    for old, one in absent:
        twins = [new for new, other in surplus if other == one]
        if len(twins) == 1 and sum(other == one for _, other in absent) == 1:
            found.append((old, twins[0]))
    return found


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

    def column(value: Column) -> Column:
        name, expression = names.get(value.name, value.name), told(value.expression or "") or None
        return replace(value, name=name, expression=expression)

    key = table.primary_key
    return replace(
        table,
        columns=tuple(map(column, table.columns)),
        primary_key=replace(key, columns=listed(key.columns)) if key else None,
        foreign_keys=tuple(
            replace(item, columns=listed(item.columns), ondelete=told(item.ondelete))
            for item in table.foreign_keys
        ),
        uniques=tuple(replace(item, columns=listed(item.columns)) for item in table.uniques),
        checks=tuple(check(item) for item in table.checks),
        exclusions=tuple(
            replace(item, definition=told(item.definition), columns=listed(item.columns))
            for item in table.exclusions
        ),
        indexes=tuple(index(item) for item in table.indexes),
        policies=tuple(
            replace(item, using=told(item.using or "") or None, check=told(item.check or "") or None)
            for item in table.policies
        ),
    )


def with_targets(table: Table, tables: Mapping[str, str], columns: Mapping[tuple[str, str], str]) -> Table:
    """The table with foreign keys that point at renamed tables and columns by their expected names."""

    def target(key: ForeignKey) -> ForeignKey:
        name, _, rest = key.target.partition("(")
        told = tables.get(name, name)
        parts = (columns.get((told, part), part) for part in rest.removesuffix(")").split(","))
        return replace(key, target=f"{told}({','.join(parts)})")

    if not (table.foreign_keys or table.inherits) or not (tables or columns):
        return table
    return replace(
        table,
        foreign_keys=tuple(target(key) for key in table.foreign_keys),
        inherits=tuple(tables.get(parent, parent) for parent in table.inherits),
    )


def with_relations(database: Database, expected: Database, found: Sequence[Difference]) -> Database:
    """The schema with its tables, triggers and views told in the expected names of the tables and columns
    that `found` calls renamed; but a view that shows other columns than expected is left as it is."""
    tables = {str(item.actual): item.object for item in found if item.kind == "table" and item.rename}
    names = {_last(old): _last(new) for old, new in tables.items()}
    names |= {str(item.actual): str(item.expected) for item in found if item.kind == "column" and item.rename}
    if not names:
        return database
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    shown = {view.name: view.columns for view in expected.views}

    def told(text: str) -> str:
        text = pattern.sub(lambda match: names[match[1]], text)
        return re.sub(r"(?<![:\w])(\w+) AS \1\b", r"\1", text)  # ALTER TABLE … RENAME keeps a view's columns

    def named(value: Name) -> Name:
        schema, _, name = tables.get(str(value), "").rpartition(".")
        return Name(schema or None, name) if name else value

    def trigger(value: Trigger) -> Trigger:
        return replace(value, table=named(value.table), definition=told(value.definition))

    return replace(
        database,
        tables=tuple(replace(table, name=named(table.name)) for table in database.tables),
        triggers=tuple(map(trigger, database.triggers)),
        views=tuple(
            replace(view, definition=told(view.definition)) if shown.get(view.name) == view.columns else view
            for view in database.views
        ),
    )


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def with_types(database: Database, expected: Database, names: Mapping[str, str]) -> Database:
    """The schema with its enum types called as expected; columns quote these names where that is needed."""
    if not names:
        return database
    types = {str(item.name): item.name for item in expected.enums}
    spelled = {
        column.type.name.replace('"', ""): column.type.name
        for table in expected.tables
        for column in table.columns
    }

    def column(value: Column) -> Column:
        told = names.get(value.type.name.replace('"', ""))
        return replace(value, type=replace(value.type, name=spelled.get(told, told))) if told else value

    return replace(
        database,
        enums=tuple(
            replace(item, name=types[names[str(item.name)]]) if str(item.name) in names else item
            for item in database.enums
        ),
        tables=tuple(
            replace(table, columns=tuple(column(item) for item in table.columns)) for table in database.tables
        ),
    )
