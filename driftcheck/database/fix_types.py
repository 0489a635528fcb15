"""Columns and types as the Python of a migration: `sa.Column('a', sa.String(length=50), nullable=False)`."""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.database.model import Column, DataType

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
}
_UNSIGNED = {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"}


def type_of(kind: DataType, enums: Mapping[str, tuple[str, ...]]) -> str | None:
    """The type; None where SQLAlchemy has no word for it."""
    if kind.dimensions:
        inner = type_of(DataType(kind.name, kind.length, kind.precision, kind.scale, kind.timezone), enums)
        return f"postgresql.ARRAY({inner})" if inner else None
    if kind.values:
        name = "sa.Enum" if kind.name == "enum" else "mysql.SET"
        return f"{name}({', '.join(map(repr, kind.values))})"
    if kind.name in enums:
        labels = ", ".join(map(repr, enums[kind.name]))
        return f"postgresql.ENUM({labels}, name={kind.name!r}, create_type=False)"
    name = kind.name.lower()
    if kind.unsigned and name in _UNSIGNED:
        name = {"int": "integer"}.get(name, name)
        return (
            f"mysql.{name.upper()}({_arguments(precision=kind.precision, scale=kind.scale, unsigned=True)})"
        )
    if name in _SIZED:
        return f"{_SIZED[name]}({_arguments(length=kind.length)})"
    if name in {"numeric", "decimal"}:
        return f"sa.Numeric({_arguments(precision=kind.precision, scale=kind.scale)})"
    if name in {"timestamp", "datetime", "time"}:
        return _clock(name, kind)
    if name == "interval" and kind.fields is None:
        return f"postgresql.INTERVAL({_arguments(precision=kind.precision)})"
    return _PLAIN.get(name) if kind.length is None else None


def _clock(name: str, kind: DataType) -> str:
    if kind.precision is not None and kind.timezone is None:
        return f"mysql.{name.upper()}(fsp={kind.precision})"
    if kind.precision is not None:
        zoned = _arguments(timezone=kind.timezone or None, precision=kind.precision)
        return f"postgresql.{name.upper()}({zoned})"
    base = {"timestamp": "sa.DateTime" if kind.timezone is not None else "sa.TIMESTAMP", "time": "sa.Time"}
    return f"{base.get(name, 'sa.DateTime')}({_arguments(timezone=kind.timezone or None)})"


def column_of(column: Column, enums: Mapping[str, tuple[str, ...]]) -> str | None:
    """The whole column; None where its type has no word."""
    kind = type_of(column.type, enums)
    if kind is None:
        return None
    parts = [repr(column.name), kind]
    if column.expression is not None:
        parts.append(f"sa.Computed({column.expression!r}, {_arguments(persisted=column.stored)})")
    elif column.numbering == "identity":
        always = column.identity is not None and column.identity.always
        parts.append(f"sa.Identity({_arguments(always=always or None)})")
    parts.append(_arguments(nullable=column.nullable))
    if column.default is not None and column.numbering is None and column.expression is None:
        parts.append(f"server_default=sa.text({column.default!r})")
    if column.numbering in {"serial", "auto_increment"}:
        parts.append("autoincrement=True")
    if column.comment is not None:
        parts.append(f"comment={column.comment!r}")
    return f"sa.Column({', '.join(parts)})"


def _arguments(**given: object) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
