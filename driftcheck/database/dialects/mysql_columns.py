"""Columns of MariaDB and MySQL: what information_schema.COLUMNS says of one, taken apart.

MariaDB gives a default as an expression, MySQL a literal without its quotes, and expressions with theirs
escaped; both come out as SQL.
"""

from __future__ import annotations

import re
from functools import lru_cache

from driftcheck.database.dialects.catalog import Row
from driftcheck.database.model import Column, DataType

_TYPE = re.compile(r"^(?P<name>\w+)(?:\((?P<args>.*)\))?(?P<rest>.*)$", re.DOTALL)
_LENGTHS = {"varchar", "char", "binary", "varbinary", "bit", "vector"}
_SCALED = {"decimal", "float", "double"}
_TIMES = {"datetime", "timestamp", "time"}
_NUMBERS = {*_SCALED, "tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit"}
_ON_UPDATE = re.compile(r"on update (\S+)", re.IGNORECASE)
_ZEROFILL = re.compile(r"\((\d+)[\d,]*\)[^(]*\bzerofill", re.IGNORECASE)
_EXTRAS = ("invisible", "without system versioning")
_INTRODUCER = re.compile(r"\b_(?:utf8(?:mb[34])?|latin1|ascii)(?=')")


def column(row: Row, table_charset: str | None, table_collation: str | None, *, mariadb: bool) -> Column:
    """A row of the query COLUMNS; character sets are told where they are not those of the table."""
    _, _, name, spelled, _, nullable, default, extra, charset, collation, comment, expression = row
    extra = (extra or "").lower()
    on_update = _ON_UPDATE.search(extra)
    if expression and not mariadb:
        expression = unescaped(expression)
    return Column(
        name=name,
        type=data_type(spelled),
        nullable=nullable == "YES",
        default=_default(default, extra, spelled, mariadb=mariadb),
        numbering="auto_increment" if "auto_increment" in extra else None,
        expression=expression or None,
        stored=("stored" in extra or "persistent" in extra) if expression else None,
        collation=collation if collation != table_collation else None,
        charset=charset if charset != table_charset else None,
        onupdate=on_update[1] if on_update else None,
        options=_options(extra, spelled),
        comment=comment or None,
    )


def _options(extra: str, spelled: str) -> tuple[str, ...]:
    """What changes how a column is stored or shown, and nothing about statements that name it."""
    found = [word for word in _EXTRAS if word in extra]
    width = _ZEROFILL.search(spelled)
    if width:
        found.append(f"zerofill({width[1]})")
    if "compressed" in spelled.rpartition("/*")[2].lower():
        found.append("compressed")
    return tuple(found)


def _default(default: str | None, extra: str, spelled: str, *, mariadb: bool) -> str | None:
    """The default as SQL, a bit string as a number."""
    bits = re.fullmatch(r"b'([01]+)'", default or "") if spelled.startswith("bit") else None
    if bits:
        return str(int(bits[1], 2))
    if default is None or "generated" in extra.replace("default_generated", ""):
        return None
    if mariadb:
        return None if default.upper() == "NULL" else default
    if "default_generated" in extra:
        return unescaped(default)
    kind = data_type(spelled).name
    if kind in _NUMBERS or (kind in _TIMES and default.upper().startswith("CURRENT_TIMESTAMP")):
        return default  # before MySQL 8 the clock was no expression
    return "'" + default.replace("\\", "\\\\").replace("'", "''") + "'"


def unescaped(expression: str) -> str:
    r"""An expression as MySQL 8 shows it, `_utf8mb4\'a\'`, as it may be written: 'a'. The character set is
    that of the connection that made the column, and changes no text."""
    return _INTRODUCER.sub("", re.sub(r"\\(.)", r"\1", expression, flags=re.DOTALL))


@lru_cache(maxsize=4096)
def data_type(spelled: str) -> DataType:
    """A COLUMN_TYPE taken apart; the display width of integers means nothing and is dropped."""
    match = _TYPE.match(spelled)
    if match is None:
        return DataType(spelled)
    name, rest = match["name"].lower(), match["rest"].lower()
    arguments = match["args"] or ""
    unsigned = "unsigned" in rest
    if name in {"enum", "set"}:
        return DataType(name, values=tuple(_labels(arguments)))
    numbers = [int(part) for part in arguments.split(",") if part.strip().isdigit()]
    first = numbers[0] if numbers else None
    if name in _LENGTHS:
        return DataType(name, length=first)
    if name in _SCALED:
        second = numbers[1] if len(numbers) > 1 else None
        return DataType(name, precision=first, scale=second, unsigned=unsigned)
    if name in _TIMES:
        return DataType(name, precision=first or None)
    return DataType(name, unsigned=unsigned)


def _labels(arguments: str) -> list[str]:
    return [part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", arguments)]
