"""Fix hints for constraints and indexes: what makes one as expected, and what takes another one away."""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.database.fixes.sql import Quoting, execute, text_of
from driftcheck.database.keys import Item
from driftcheck.database.model import (
    Check,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    Name,
    PrimaryKey,
    Unique,
)
from driftcheck.difference import Difference

_DROPS = {"primary_key": "primary", "foreign_key": "foreignkey", "unique": "unique", "check": "check"}
KINDS = frozenset({*_DROPS, "index", "exclusion"})


def inside(item: Item) -> str | None:
    """A key as part of op.create_table; None for what stands behind it."""
    key, named = item.key, {"name": item.given}
    if isinstance(key, PrimaryKey) and not key.deferrable:
        return f"sa.PrimaryKeyConstraint({_columns(key.columns)}{_options(named)})"
    if isinstance(key, ForeignKey) and key.valid:
        table, columns = _target(key)
        targets = [f"{table}.{column}" for column in columns]
        options = _options({**named, **_actions(key)})
        return f"sa.ForeignKeyConstraint({list(key.columns)!r}, {targets!r}{options})"
    if isinstance(key, Unique):
        return f"sa.UniqueConstraint({_columns(key.columns)}{_options({**named, **_uniqueness(key)})})"
    if isinstance(key, Check) and key.valid and not key.no_inherit:
        return f"sa.CheckConstraint({text_of(key.expression)}{_options(named)})"
    return None


def added(item: Item, table: Name, quoting: Quoting) -> str:
    """The operation that adds a key to a table that is there."""
    key, start, schema = item.key, f"{item.given!r}, {table.name!r}", _schema(table)
    if isinstance(key, Index):
        return _index(key, table, quoting)
    if isinstance(key, ForeignKey) and key.valid:
        target, columns = _target(key)
        there, _, bare = target.rpartition(".")
        schemas = {"source_schema": table.schema, "referent_schema": there or None}
        where = f"{start}, {bare!r}, {list(key.columns)!r}, {columns!r}"
        return f"op.create_foreign_key({where}{_options({**_actions(key), **schemas})})"
    if isinstance(key, PrimaryKey) and not key.deferrable:
        return f"op.create_primary_key({start}, {list(key.columns)!r}{schema})"
    if isinstance(key, Unique) and not key.include:  # of which Alembic would not know the columns
        options = _options(_uniqueness(key))
        return f"op.create_unique_constraint({start}, {list(key.columns)!r}{options}{schema})"
    if isinstance(key, Check) and key.valid and not key.no_inherit:
        return f"op.create_check_constraint({start}, {text_of(key.expression)}{schema})"
    named = f" CONSTRAINT {quoting.name(item.given)}" if item.given else ""
    return execute(f"ALTER TABLE {quoting.place(table)} ADD{named} {_definition(key, quoting)}")


def _definition(key: object, quoting: Quoting) -> str:
    """A constraint as SQL, where Alembic has no word for it."""
    if isinstance(key, PrimaryKey):
        return f"PRIMARY KEY ({', '.join(map(quoting.name, key.columns))}){_later(key.deferrable)}"
    if isinstance(key, Unique):
        ours, others = (", ".join(map(quoting.name, names)) for names in (key.columns, key.include))
        nulls = " NULLS NOT DISTINCT" if key.nulls_not_distinct else ""
        return f"UNIQUE{nulls} ({ours}) INCLUDE ({others}){_later(key.deferrable)}"
    if isinstance(key, Check):
        rest = (" NO INHERIT" if key.no_inherit else "") + ("" if key.valid else " NOT VALID")
        return f"CHECK ({key.expression}){rest}"
    if isinstance(key, ForeignKey):
        target, columns = _target(key)
        there, _, bare = target.rpartition(".")
        place = quoting.place(Name(there or None, bare))
        ours, theirs = (", ".join(map(quoting.name, names)) for names in (key.columns, columns))
        text = f"FOREIGN KEY ({ours}) REFERENCES {place} ({theirs})"
        text += f" MATCH {key.match} ON DELETE {key.ondelete} ON UPDATE {key.onupdate}"
        return f"{text}{_later(key.deferrable)} NOT VALID"
    assert isinstance(key, Exclusion)
    return f"{key.definition}{_later(key.deferrable)}"


def _later(deferrable: str | None) -> str:
    return f" DEFERRABLE INITIALLY {deferrable.upper()}" if deferrable else ""


def dropped(kind: str, table: Name, name: str) -> str:
    """The operation that drops a key."""
    if kind == "index":
        return f"op.drop_index({name!r}, table_name={table.name!r}{_schema(table)})"
    sort = f", type_={_DROPS[kind]!r}" if kind in _DROPS else ""
    return f"op.drop_constraint({name!r}, {table.name!r}{sort}{_schema(table)})"


def renamed(difference: Difference, table: Name, quoting: Quoting) -> str:
    """The statement that gives a key its expected name."""
    assert difference.rename is not None
    old, new = quoting.name(difference.rename.old), difference.rename.new
    if difference.kind == "index" and quoting.dialect == "sqlite":
        return dropped("index", table, new)
    if difference.kind == "index":
        return execute(f"ALTER INDEX {quoting.place(Name(table.schema, new))} RENAME TO {old}")
    return execute(f"ALTER TABLE {quoting.place(table)} RENAME CONSTRAINT {quoting.name(new)} TO {old}")


def validated(table: Name, name: str, quoting: Quoting) -> str:
    """The statement that holds a constraint's old rows to it."""
    return execute(f"ALTER TABLE {quoting.place(table)} VALIDATE CONSTRAINT {quoting.name(name)}")


def _index(index: Index, table: Name, quoting: Quoting) -> str:
    keys = [_part(part, quoting) for part in index.parts]
    classes = {part.column: part.opclass for part in index.parts if part.opclass and _bare(part)}
    options = {
        "unique": index.unique,
        "postgresql_using": index.method if index.method not in {"btree", "fulltext"} else None,
        "postgresql_ops": classes,
        "postgresql_include": list(index.include),
        "postgresql_nulls_not_distinct": index.nulls_not_distinct,
        "postgresql_with": dict(option.split("=", 1) for option in index.options if "=" in option),
    }
    prefix = "sqlite" if quoting.dialect == "sqlite" else "postgresql"
    where = f", {prefix}_where={text_of(index.predicate)}" if index.predicate else ""
    made = f"{index.name!r}, {table.name!r}, [{', '.join(keys)}]"
    return f"op.create_index({made}{_options(options)}{where}{_schema(table)})"


def index_inside(index: Index, quoting: Quoting) -> str:
    """An index as part of sa.Table on SQLite."""
    keys = ", ".join(_part(part, quoting) for part in index.parts)
    where = f", sqlite_where={text_of(index.predicate)}" if index.predicate else ""
    return f"sa.Index({index.name!r}, {keys}{_options({'unique': index.unique})}{where})"


def _bare(part: IndexPart) -> bool:
    """Whether a name (and an operator class) says it all."""
    same_order = part.descending == part.nulls_first
    return part.column is not None and not (
        part.descending or part.collation or part.length or not same_order
    )


def _part(part: IndexPart, quoting: Quoting) -> str:
    if _bare(part):
        return repr(part.column)
    text = quoting.name(part.column) if part.column else part.expression or ""
    if part.length:
        text += f"({part.length})"
    if part.collation:
        text += f" COLLATE {quoting.name(part.collation)}"
    if part.opclass:
        text += f" {part.opclass}"
    text += " DESC" if part.descending else ""
    if quoting.dialect == "postgresql" and part.descending != part.nulls_first:
        text += " NULLS FIRST" if part.nulls_first else " NULLS LAST"
    return text_of(text)


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names))


def _schema(table: Name) -> str:
    return f", schema={table.schema!r}" if table.schema else ""


def _options(given: Mapping[str, object]) -> str:
    return "".join(f", {name}={value!r}" for name, value in given.items() if value)


def _target(key: ForeignKey) -> tuple[str, list[str]]:
    table, _, rest = key.target.partition("(")
    return table, rest.removesuffix(")").split(",")


def _uniqueness(key: Unique) -> dict[str, object]:
    return {
        "deferrable": bool(key.deferrable),
        "initially": "DEFERRED" if key.deferrable == "deferred" else None,
        "postgresql_nulls_not_distinct": key.nulls_not_distinct,
        "postgresql_include": list(key.include),
    }


def _actions(key: ForeignKey) -> dict[str, object]:
    plain = {"NO ACTION", "SIMPLE"}
    return {
        "ondelete": key.ondelete if key.ondelete not in plain else None,
        "onupdate": key.onupdate if key.onupdate not in plain else None,
        "deferrable": bool(key.deferrable),
        "initially": "DEFERRED" if key.deferrable == "deferred" else None,
        "match": key.match if key.match not in plain else None,
    }
