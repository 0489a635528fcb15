"""What a live type does to values of the expected type: nothing, narrower, wider, or unclear."""

from __future__ import annotations

from driftcheck.database.difference import NEITHER, RECEIVED_WIDENED, SENT_NARROWED, UNCLEAR, Meaning
from driftcheck.database.model import DataType

_INTEGERS = {"tinyint": 1, "smallint": 2, "mediumint": 3, "integer": 4, "int": 4, "bigint": 5}
_FLOATS = {"float": 1, "real": 1, "double": 2, "double precision": 2}
_TEXTS = {
    "tinytext": 1,
    "varchar": 2,
    "character varying": 2,
    "char": 2,
    "character": 2,
    "text": 3,
    "mediumtext": 4,
    "longtext": 5,
}
_BLOBS = {"tinyblob": 1, "blob": 2, "mediumblob": 3, "longblob": 4}
_UNLIMITED = {"text", "character varying"}  # PostgreSQL: the same without a length
_FAMILIES = {
    **dict.fromkeys(_INTEGERS, "integer"),
    **dict.fromkeys(_FLOATS, "float"),
    **dict.fromkeys(_TEXTS, "text"),
    "citext": "text",
    "numeric": "decimal",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamp",
    "time": "time",
    "interval": "interval",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
    "bytea": "bytes",
    "blob": "bytes",
    "longblob": "bytes",
    "mediumblob": "bytes",
    "tinyblob": "bytes",
    "binary": "bytes",
    "varbinary": "bytes",
    "enum": "enum",
    "set": "set",
}


def show(kind: DataType) -> str:
    """The type in words, as the engine would be told it."""
    text = f"{kind.name} {kind.fields}" if kind.fields else kind.name
    if kind.length is not None:
        text += f"({kind.length})"
    elif kind.precision is not None:
        text += f"({kind.precision}{f',{kind.scale}' if kind.scale is not None else ''})"
    if kind.values:
        text += "(" + ",".join(f"'{value}'" for value in kind.values) + ")"
    if kind.timezone is not None:
        text += " with time zone" if kind.timezone else " without time zone"
    return text + (" unsigned" if kind.unsigned else "") + "[]" * kind.dimensions


def is_numeric(kind: DataType) -> bool:
    """Whether '0' and 0 are the same default."""
    return family(kind) in {"integer", "float", "decimal"} and not kind.dimensions


def family(kind: DataType) -> str:
    """Kinds of values; a type of its own for what is not known (enums, domains, extensions)."""
    return _FAMILIES.get(kind.name.lower(), kind.name)


def meaning(expected: DataType, actual: DataType, dialect: str) -> Meaning:
    """Of another base type. SQLite stores anything anywhere, so nothing there is certain to fail."""
    if dialect == "sqlite":
        return UNCLEAR
    if expected.dimensions != actual.dimensions:
        return SENT_NARROWED
    ours, theirs = family(expected), family(actual)
    if ours != theirs:
        return _between(ours, theirs)
    if ours == "text" and {expected.name, actual.name} <= _UNLIMITED and expected.length == actual.length:
        return NEITHER
    for order in (_INTEGERS, _FLOATS, _TEXTS, _BLOBS):
        small, large = order.get(expected.name.lower()), order.get(actual.name.lower())
        if small and large and small != large:
            return SENT_NARROWED if large < small else RECEIVED_WIDENED
    return UNCLEAR


def _between(ours: str, theirs: str) -> Meaning:
    harmless = {
        ("integer", "decimal"),
        ("float", "decimal"),
        ("integer", "float"),
        ("date", "timestamp"),
        ("enum", "text"),
        ("boolean", "integer"),
        ("json", "text"),
    }
    known = set(_FAMILIES.values())
    if (ours, theirs) in harmless or (ours not in known and theirs == "text"):
        return UNCLEAR
    return SENT_NARROWED


def size(expected: int | None, actual: int | None) -> Meaning:
    """Of a length or a precision, where None is without limit."""
    if actual is None:
        return RECEIVED_WIDENED
    if expected is None or actual < expected:
        return SENT_NARROWED
    return RECEIVED_WIDENED
