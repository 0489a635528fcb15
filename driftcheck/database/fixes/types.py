"""Columns and types as the Python of a migration: `sa.Column('a', sa.String(length=50), nullable=False)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from driftcheck.database.fixes.sql import text_of
from driftcheck.database.model import Column, DataType, Identity

_PLAIN = {
    "integer": "sa.Integer()",
    "int": "sa.Integer()",
    "bigint": "sa.BigInteger()",
    "smallint": "sa.SmallInteger()",
    "text": "sa.Text()",
    "boolean": "sa.Boolean()",
    "real": "sa.REAL()",
    "float": "sa.Float()",
    "double": "sa.Double()",
    "double precision": "sa.Double()",
    "date": "sa.Date()",
    "uuid": "sa.Uuid()",
    "json": "sa.JSON()",
    "bytea": "sa.LargeBinary()",
    "blob": "sa.LargeBinary()",
    "jsonb": "postgresql.JSONB()",
    "inet": "postgresql.INET()",
    "cidr": "postgresql.CIDR()",
    "tsvector": "postgresql.TSVECTOR()",
    "citext": "postgresql.CITEXT()",
    "hstore": "postgresql.HSTORE()",
    "macaddr": "postgresql.MACADDR()",
    "macaddr8": "postgresql.MACADDR8()",
    "money": "postgresql.MONEY()",
    "oid": "postgresql.OID()",
    "regclass": "postgresql.REGCLASS()",
    "tsquery": "postgresql.TSQUERY()",
    "int4range": "postgresql.INT4RANGE()",
    "int8range": "postgresql.INT8RANGE()",
    "numrange": "postgresql.NUMRANGE()",
    "daterange": "postgresql.DATERANGE()",
    "tsrange": "postgresql.TSRANGE()",
    "tstzrange": "postgresql.TSTZRANGE()",
    "tinyint": "mysql.TINYINT()",
    "mediumint": "mysql.MEDIUMINT()",
    "mediumtext": "mysql.MEDIUMTEXT()",
    "longtext": "mysql.LONGTEXT()",
    "tinytext": "mysql.TINYTEXT()",
    "longblob": "mysql.LONGBLOB()",
    "mediumblob": "mysql.MEDIUMBLOB()",
    "year": "mysql.YEAR()",
}
_SIZED = {
    "character varying": "sa.String",
    "varchar": "sa.String",
    "character": "sa.CHAR",
    "char": "sa.CHAR",
    "binary": "sa.BINARY",
    "varbinary": "sa.VARBINARY",
    "bit": "postgresql.BIT",
}
_UNSIGNED = {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"}


def type_of(kind: DataType, enums: Mapping[str, tuple[str, ...]], collation: str | None = None) -> str | None:
    """The type; None where SQLAlchemy has no word for it."""
    if kind.dimensions:
        inner = type_of(replace(kind, dimensions=0), enums)
        return f"postgresql.ARRAY({inner})" if inner else None
    if kind.values:
        name = "sa.Enum" if kind.name == "enum" else "mysql.SET"
        return f"{name}({', '.join(map(repr, kind.values))})"
    bare = kind.name.replace('"', "")
    if bare in enums:
        schema, _, own = bare.rpartition(".")
        named = _arguments(name=own, schema=schema or None, create_type=False)
        return f"postgresql.ENUM({', '.join(map(repr, enums[bare]))}, {named})"
    name = kind.name.lower()
    if kind.unsigned and name in _UNSIGNED:
        name = {"int": "integer"}.get(name, name)
        return (
            f"mysql.{name.upper()}({_arguments(precision=kind.precision, scale=kind.scale, unsigned=True)})"
        )
    if name == "text" and collation:
        return f"sa.Text({_arguments(collation=collation)})"
    if name == "bit varying":
        return f"postgresql.BIT({_arguments(length=kind.length, varying=True)})"
    if name in _SIZED:
        return f"{_SIZED[name]}({_arguments(length=kind.length, collation=collation)})"
    if name in {"numeric", "decimal"}:
        return f"sa.Numeric({_arguments(precision=kind.precision, scale=kind.scale)})"
    if name in {"timestamp", "datetime", "time"}:
        return _clock(name, kind)
    if name == "interval":
        return f"postgresql.INTERVAL({_arguments(fields=kind.fields, precision=kind.precision)})"
    return _PLAIN.get(name) if kind.length is None else None


def _clock(name: str, kind: DataType) -> str:
    if kind.precision is not None and kind.timezone is None:
        return f"mysql.{name.upper()}(fsp={kind.precision})"
    if kind.precision is not None:
        zoned = _arguments(timezone=kind.timezone or None, precision=kind.precision)
        return f"postgresql.{name.upper()}({zoned})"
    base = {"timestamp": "sa.DateTime" if kind.timezone is not None else "sa.TIMESTAMP", "time": "sa.Time"}
    return f"{base.get(name, 'sa.DateTime')}({_arguments(timezone=kind.timezone or None)})"


def column_of(
    column: Column, enums: Mapping[str, tuple[str, ...]], *, unnumbered: bool = False
) -> str | None:
    """The whole column; None where its type has no word. One that is `unnumbered` must be said to be so."""
    own = column.collation if column.charset is None else None  # MySQL names one for every text
    kind = type_of(column.type, enums, own)
    if kind is None:
        return None
    parts = [repr(column.name), kind]
    if column.expression is not None:
        parts.append(f"sa.Computed({text_of(column.expression)}, {_arguments(persisted=column.stored)})")
    elif column.numbering == "identity":
        parts.append(_identity(column.identity or Identity()))
    parts.append(_arguments(nullable=column.nullable))
    if column.default is not None and column.numbering is None and column.expression is None:
        parts.append(f"server_default={text_of(column.default)}")
    if column.numbering in {"serial", "auto_increment"}:
        parts.append("autoincrement=True")
    elif unnumbered:
        parts.append("autoincrement=False")
    if column.comment is not None:
        parts.append(f"comment={column.comment!r}")
    return f"sa.Column({', '.join(parts)})"


def _identity(value: Identity) -> str:
    """Only what is not said anyway."""
    plain = Identity()
    told = {
        "always": value.always,
        "start": value.start,
        "increment": value.increment,
        "minvalue": value.minimum,
        "maxvalue": value.maximum,
        "cache": value.cache,
        "cycle": value.cycle,
    }
    usual = (plain.always, plain.start, plain.increment, plain.minimum, None, plain.cache, plain.cycle)
    unusual = {name: said for (name, said), same in zip(told.items(), usual, strict=True) if said != same}
    return f"sa.Identity({_arguments(**unusual)})"


def _arguments(**given: object) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
