"""Values of a column's type as SQL literals: plain ones, extreme ones, and those that a CHECK may want.

The same column and number always give the same literal, so that two runs say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from driftcheck.database.model import Check, Column, DataType

_LONG, _LONGEST = 300, 10_000
_LIMITS = {
    "tinyint": 127, "smallint": 32767, "mediumint": 8388607, "integer": 2147483647, "int": 2147483647,
    "bigint": 9223372036854775807,
}  # fmt: skip
_LITERAL = re.compile(r"'((?:[^']|'')*)'|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])")


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(column: Column, number: int, extreme: bool, dialect: str, labels: Sequence[str] = ()) -> str:
    """The value of that number; equal numbers are equal values. `labels` are those of an enum type."""
    kind = column.type
    values = labels or kind.values
    if values:
        return quoted(values[number % len(values)])
    if kind.dimensions:
        return "'{}'"
    name = kind.name.lower()
    if name == "tinyint" and not extreme:  # a boolean, mostly
        return str(number % 2)
    if name in _LIMITS:
        return str(_LIMITS[name] - number if extreme else number + 1)
    for words, made in _MAKERS.items():
        if name.startswith(words):
            return made(kind, number, extreme)
    if dialect == "postgresql" and name.endswith("multirange"):
        return "'{}'"
    if dialect == "postgresql" and name.endswith("range"):
        return "'empty'"
    return _text(kind, number, extreme)


def wanted_by(checks: Sequence[Check], column: str) -> list[str]:
    """Literals in the CHECKs of a column, and the numbers beside them: one of them may be what is wanted."""
    found: list[str] = []
    for check in checks:
        if column not in check.columns and column not in re.findall(r"\w+", check.expression):
            continue
        for text, number in _LITERAL.findall(check.expression):
            if number:
                whole = float(number)
                found += [f"{value:g}" for value in (whole, whole + 1, whole - 1)]
            else:
                found.append(quoted(text.replace("''", "'")))
    return list(dict.fromkeys(found))


def _text(kind: DataType, number: int, extreme: bool) -> str:
    short = f"v{number}"
    if kind.length is not None and kind.length < len(short):
        return quoted("abcdefghijklmnopqrstuvwxyz"[number % 26] * kind.length)
    length = min(kind.length or _LONG, _LONGEST) if extreme else len(short)
    return quoted(short.ljust(length, "x"))


def _fixed(kind: DataType, number: int, extreme: bool) -> str:
    """char(n): 32 and 36 are the lengths of a UUID, which models read back as one."""
    if kind.length == 32:
        return quoted(f"{number:032x}")
    if kind.length == 36:
        return _uuid(kind, number, extreme)
    return _text(kind, number, extreme)


def _uuid(_kind: DataType, number: int, _extreme: bool) -> str:
    return quoted(f"00000000-0000-4000-8000-{number:012x}")


def _decimal(kind: DataType, number: int, extreme: bool) -> str:
    if not extreme:
        return str(number % 10)
    if kind.precision is None:
        return f"{123456789 + number}.123456"
    scale = kind.scale or 0
    whole = kind.precision - scale
    digits = str(10**whole - 1 - number % 9) if whole > 0 else "0"
    return f"{digits}.{'9' * scale}" if scale else digits


def _bits(kind: DataType, number: int, _extreme: bool) -> str:
    return f"B'{number % 2:0{kind.length or 1}b}'"


def _vector(kind: DataType, _number: int, _extreme: bool) -> str:
    return quoted("[" + ",".join(["1"] * (kind.length or kind.precision or 3)) + "]")


def _always(pattern: str) -> Callable[[DataType, int, bool], str]:
    def made(_kind: DataType, number: int, _extreme: bool) -> str:
        return pattern.format(number % 250 + 1, number % 27 + 1, number % 2)

    return made


# The first words of a type that fit decide, so longer ones stand before shorter ones.
_MAKERS: Mapping[str, Callable[[DataType, int, bool], str]] = {
    "character varying": _text, "varchar": _text, "text": _text, "character": _fixed, "char": _fixed,
    "bool": _always("'{2}'"),
    "datetime": _always("'2020-01-{1:02d} 10:00:00'"), "timestamp": _always("'2020-01-{1:02d} 10:00:00'"),
    "date": _always("'2020-01-{1:02d}'"), "time": _always("'10:00:{1:02d}'"),
    "interval": _always("'{0} days'"), "year": _always("20{1:02d}"), "uuid": _uuid,
    "json": _always("'{{\"a\": {0}}}'"), "bytea": _always("'a{0}'"), "blob": _always("'a{0}'"),
    "numeric": _decimal, "decimal": _decimal, "double": _always("{0}.5"), "real": _always("{0}.5"),
    "float": _always("{0}.5"), "money": _always("'{0}'"), "inet": _always("'10.0.0.{0}'"),
    "cidr": _always("'10.0.{0}.0/24'"), "macaddr": _always("'08:00:2b:01:02:{1:02d}'"),
    "tsvector": _always("'a{0}'"), "hstore": _always("'a=>{0}'"), "xml": _always("'<a/>'"),
    "bit": _bits, "vector": _vector, "point": _always("'({0},1)'"), "oid": _always("{0}"),
    "geometry": _always("'POINT({0} 1)'"), "geography": _always("'POINT({1} 1)'"),
}  # fmt: skip
