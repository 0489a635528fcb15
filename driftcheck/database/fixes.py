"""The likely fix of a finding, as an Alembic operation to copy. Nothing is ever executed.

Everything is written out from the expected side, so that an operation can be run as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from driftcheck.database import types
from driftcheck.database.fix_types import column_of, type_of
from driftcheck.database.keys import Item, items
from driftcheck.database.model import (
    Check,
    Column,
    Database,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from driftcheck.difference import Change, Difference
from driftcheck.finding import Report

_TYPE_ATTRIBUTES = {"type", "length", "precision", "scale", "timezone", "unsigned", "values"}
_DROPS = {"primary_key": "primary", "foreign_key": "foreignkey", "unique": "unique", "check": "check"}


def fix_lines(report: Report, expected: Database | None) -> Iterator[str]:
    """A comment and an operation for each finding that has one; the expected side is taken to be right."""
    fixes = Fixes(expected)
    seen: set[str] = set()
    for finding in report.findings:
        for operation in fixes.of(finding.difference):
            if operation not in seen:
                seen.add(operation)
                yield f"# {finding.rule}: {finding.difference.object}"
                yield operation


@dataclass(slots=True)
class Fixes:
    """Writes operations; without an expected side only those that need none of its definitions."""

    expected: Database | None
    _tables: dict[str, Table] = field(default_factory=dict)
    _enums: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.expected is not None:
            self._tables = {str(table.name): table for table in self.expected.tables}
            self._enums = {str(enum.name): enum.values for enum in self.expected.enums}

    def of(self, difference: Difference) -> Iterator[str]:
        """The operations that would make the actual side as expected; none where there is no sure one."""
        table, _, name = difference.object.rpartition(".")
        if difference.kind == "table":
            yield from self._table(difference)
        elif difference.kind == "column" and table:
            yield from self._column(difference, table, name)
        elif difference.kind in {*_DROPS, "index", "exclusion"}:
            yield from self._key(difference)
        elif difference.kind == "enum" and difference.attribute == "values":
            yield from _labels(difference)
        elif difference.kind == "extension" and difference.change is Change.MISSING:
            yield f"op.execute('CREATE EXTENSION IF NOT EXISTS \"{difference.object}\"')"
        elif difference.kind == "extension":
            update = f"ALTER EXTENSION \"{difference.object}\" UPDATE TO '{difference.expected}'"
            yield f"op.execute({update!r})"
        elif difference.change is Change.MISSING:
            yield from self._created(difference)

    def _table(self, difference: Difference) -> Iterator[str]:
        name = difference.object
        if difference.rename is not None:
            old, new = _bare(difference.rename.old), _bare(difference.rename.new)
            yield f"op.rename_table({new!r}, {old!r}{_in(name)})"
        elif difference.change is Change.EXTRA:
            yield f"op.drop_table({_name(name)})"
        elif difference.change is Change.MISSING and name in self._tables:
            yield from self._create_table(self._tables[name])

    def _create_table(self, table: Table) -> Iterator[str]:
        assert self.expected is not None
        columns = [column_of(column, self._enums) for column in table.columns]
        if any(column is None for column in columns):
            return
        keys = items(table, self.expected.dialect)
        parts = [*columns, *(text for item in keys if (text := _constraint(item)))]
        schema = f", schema={table.name.schema!r}" if table.name.schema else ""
        inside = "".join(f"\n    {part}," for part in parts)
        yield f"op.create_table(\n    {table.name.name!r},{inside}\n{schema.lstrip(', ')})"
        yield from (_create_index(item, str(table.name)) for item in keys if isinstance(item.key, Index))

    def _column(self, difference: Difference, table: str, name: str) -> Iterator[str]:
        if difference.change is Change.EXTRA:
            yield f"op.drop_column({_name(table, name)})"
        elif difference.rename is not None:
            yield f"op.alter_column({_name(table, difference.rename.new)}, new_column_name={name!r})"
        column = self._expected_column(table, name)
        if column is None:
            return
        if difference.change is Change.MISSING:
            yield self._add_column(table, column)
        elif difference.attribute in _TYPE_ATTRIBUTES:
            yield self._retype(table, column)
        elif difference.attribute == "nullable":
            kind = type_of(column.type, self._enums)
            existing = f", existing_type={kind}" if kind else ""
            yield f"op.alter_column({_name(table, name)}{existing}, nullable={column.nullable})"
        elif difference.attribute == "default" and column.numbering is None:
            value = None if column.default is None else f"sa.text({column.default!r})"
            yield f"op.alter_column({_name(table, name)}, server_default={value})"
        elif difference.attribute == "expression":
            yield f"op.drop_column({_name(table, name)})\n{self._add_column(table, column)}"

    def _expected_column(self, table: str, name: str) -> Column | None:
        found = self._tables.get(table)
        return next((column for column in found.columns if column.name == name), None) if found else None

    def _add_column(self, table: str, column: Column) -> str:
        made = column_of(column, self._enums)
        if made is not None:
            return f"op.add_column({_bare(table)!r}, {made}{_in(table)})"
        rest = " NOT NULL" if not column.nullable else ""
        return _sql(f"ALTER TABLE {table} ADD COLUMN {column.name} {types.show(column.type)}{rest}")

    def _retype(self, table: str, column: Column) -> str:
        kind = type_of(column.type, self._enums)
        if kind is not None:
            return f"op.alter_column({_name(table, column.name)}, type_={kind})"
        return _sql(f"ALTER TABLE {table} ALTER COLUMN {column.name} TYPE {types.show(column.type)}")

    def _key(self, difference: Difference) -> Iterator[str]:
        table, name, item = self._item(difference)
        if difference.rename is not None:
            yield from _rename(difference, table)
            return
        if difference.change is not Change.MISSING:
            dropped = difference.rename.new if difference.rename else name
            if dropped is not None:
                yield _drop(difference.kind, table, dropped)
        if difference.change is not Change.EXTRA and item is not None:
            yield _create_index(item, table) if isinstance(item.key, Index) else _add_constraint(item, table)

    def _item(self, difference: Difference) -> tuple[str, str | None, Item | None]:
        """The table, the name if it has one, and the key of the expected side."""
        place = difference.object
        table = place.partition(".(")[0] if ".(" in place else place.rpartition(".")[0]
        name = None if ".(" in place else place.rpartition(".")[2]
        found = self._tables.get(table)
        keys = items(found, self.expected.dialect) if found and self.expected else []
        return table, name, next((item for item in keys if item.label == place), None)

    def _created(self, difference: Difference) -> Iterator[str]:
        """What the expected side has the statement of."""
        if self.expected is None:
            return
        name, kind = difference.object, difference.kind
        if kind == "schema":
            yield _sql(f'CREATE SCHEMA "{name}"')
        for view in self.expected.views:
            if str(view.name) == name and kind in {"view", "materialized_view"}:
                yield _sql(f"CREATE {kind.replace('_', ' ').upper()} {name} AS {view.definition}")
        for enum in self.expected.enums:
            if str(enum.name) == name and kind == "enum":
                yield _sql(f"CREATE TYPE {name} AS ENUM ({', '.join(map(_quoted, enum.values))})")
        for function in self.expected.functions:
            if kind == "function" and str(function.name) == name and "CREATE" in function.definition[:10]:
                yield _sql(function.definition)
        for trigger in self.expected.triggers:
            if kind == "trigger" and f"{trigger.table}.{trigger.name}" == name:
                yield from [_sql(trigger.definition)] if "CREATE" in trigger.definition[:10].upper() else []


def _sql(text: str) -> str:
    return f"op.execute({text!r})"


def _quoted(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"


def _bare(table: str) -> str:
    return table.rpartition(".")[2]


def _in(table: str) -> str:
    schema = table.rpartition(".")[0]
    return f", schema={schema!r}" if schema else ""


def _name(table: str, column: str | None = None) -> str:
    names = [repr(_bare(table)), *([repr(column)] if column is not None else [])]
    return ", ".join(names) + _in(table)


def _labels(difference: Difference) -> Iterator[str]:
    expected, actual = difference.expected, difference.actual
    if isinstance(expected, tuple | list) and isinstance(actual, tuple | list):
        for label in expected:
            if label not in actual:
                yield _sql(f"ALTER TYPE {difference.object} ADD VALUE {_quoted(str(label))}")


def _rename(difference: Difference, table: str) -> Iterator[str]:
    assert difference.rename is not None
    old, new = difference.rename.old, difference.rename.new
    if difference.kind == "index":
        yield _sql(f'ALTER INDEX "{new}" RENAME TO "{old}"')
    else:
        yield _sql(f'ALTER TABLE {table} RENAME CONSTRAINT "{new}" TO "{old}"')


def _drop(kind: str, table: str, name: str) -> str:
    if kind == "index":
        return f"op.drop_index({name!r}, table_name={_bare(table)!r}{_in(table)})"
    sort = f", type_={_DROPS[kind]!r}" if kind in _DROPS else ""
    return f"op.drop_constraint({name!r}, {_bare(table)!r}{sort}{_in(table)})"


def _options(given: Mapping[str, object]) -> str:
    return "".join(f", {name}={value!r}" for name, value in given.items() if value)


def _target(key: ForeignKey) -> tuple[str, list[str]]:
    table, _, rest = key.target.partition("(")
    return table, rest.removesuffix(")").split(",")


def _actions(key: ForeignKey) -> dict[str, object]:
    plain = {"NO ACTION", "SIMPLE"}
    return {
        "ondelete": key.ondelete if key.ondelete not in plain else None,
        "onupdate": key.onupdate if key.onupdate not in plain else None,
        "deferrable": bool(key.deferrable),
        "initially": "DEFERRED" if key.deferrable == "deferred" else None,
        "match": key.match if key.match not in plain else None,
    }


def _constraint(item: Item) -> str | None:
    """A key inside create_table; indexes stand behind it."""
    key, named = item.key, {"name": item.given}
    if isinstance(key, PrimaryKey):
        return f"sa.PrimaryKeyConstraint({', '.join(map(repr, key.columns))}{_options(named)})"
    if isinstance(key, ForeignKey):
        table, columns = _target(key)
        targets = [f"{table}.{column}" for column in columns]
        options = _options({**named, **_actions(key)})
        return f"sa.ForeignKeyConstraint({list(key.columns)!r}, {targets!r}{options})"
    if isinstance(key, Unique):
        return f"sa.UniqueConstraint({', '.join(map(repr, key.columns))}{_options(named)})"
    if isinstance(key, Check):
        return f"sa.CheckConstraint({key.expression!r}{_options(named)})"
    return None


def _add_constraint(item: Item, table: str) -> str:
    key, start = item.key, f"{item.given!r}, {_bare(table)!r}"
    if isinstance(key, ForeignKey):
        target, columns = _target(key)
        schema = {"source_schema": table.rpartition(".")[0], "referent_schema": target.rpartition(".")[0]}
        where = f"{start}, {_bare(target)!r}, {list(key.columns)!r}, {columns!r}"
        return f"op.create_foreign_key({where}{_options({**_actions(key), **schema})})"
    if isinstance(key, PrimaryKey):
        return f"op.create_primary_key({start}, {list(key.columns)!r}{_in(table)})"
    if isinstance(key, Unique):
        later = _options({"deferrable": bool(key.deferrable)})
        return f"op.create_unique_constraint({start}, {list(key.columns)!r}{later}{_in(table)})"
    if isinstance(key, Check):
        return f"op.create_check_constraint({start}, sa.text({key.expression!r}){_in(table)})"
    assert isinstance(key, Exclusion)
    named = f" CONSTRAINT {item.given}" if item.given else ""
    return _sql(f"ALTER TABLE {table} ADD{named} {key.definition}")


def _create_index(item: Item, table: str) -> str:
    index = item.key
    assert isinstance(index, Index)
    keys = [repr(part.column) if _plain(part) else f"sa.text({_part(part)!r})" for part in index.parts]
    options = {
        "unique": index.unique,
        "postgresql_using": index.method if index.method not in {"btree", "fulltext"} else None,
        "postgresql_include": list(index.include),
    }
    where = f", postgresql_where=sa.text({index.predicate!r})" if index.predicate else ""
    if index.predicate and item.kind == "index":
        where += f", sqlite_where=sa.text({index.predicate!r})"
    made = f"{index.name!r}, {_bare(table)!r}, [{', '.join(keys)}]"
    return f"op.create_index({made}{_options(options)}{where}{_in(table)})"


def _plain(part: object) -> bool:
    return getattr(part, "column", None) is not None and not any(
        getattr(part, name) for name in ("descending", "opclass", "collation", "length")
    )


def _part(part: object) -> str:
    text = str(getattr(part, "column", None) or getattr(part, "expression", ""))
    if length := getattr(part, "length", None):
        text += f"({length})"
    if collation := getattr(part, "collation", None):
        text += f' COLLATE "{collation}"'
    if opclass := getattr(part, "opclass", None):
        text += f" {opclass}"
    return text + (" DESC" if getattr(part, "descending", False) else "")
