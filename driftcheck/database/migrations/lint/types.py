"""Whether one column type holds all that another held: engines print types, here they are ranked."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Fit = Literal["same", "wider", "narrower", "other"]

_INTEGERS = {"tinyint": 1, "smallint": 2, "mediumint": 3, "int": 4, "integer": 4, "bigint": 8}
_FLOATS = {"real": 4, "float": 4, "double": 8, "double precision": 8}
_NUMBERS = {"numeric", "decimal"}
_TEXTS = {
    "character varying", "varchar", "nvarchar", "character", "char", "nchar", "text", "tinytext",
    "mediumtext", "longtext", "citext", "clob", "bpchar",
}  # fmt: skip
_ENDLESS = {"text": 65_535, "tinytext": 255, "mediumtext": 16_777_215, "longtext": 4_294_967_295}
_BYTES = {"binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob", "bytea"}


class Read(NamedTuple):
    """A type as printed: its base name, its numbers, and its labels if it is an enum or a set."""

    base: str
    numbers: tuple[int, ...]
    labels: tuple[str, ...]
    unsigned: bool


def read(text: str) -> Read:
    """The parts of a type's name."""
    lowered = text.lower()
    inside = re.search(r"\((.*)\)", text)
    labels = tuple(re.findall(r"'((?:[^']|'')*)'", inside[1])) if inside else ()
    numbers = tuple(int(each) for each in re.findall(r"\d+", inside[1])) if inside and not labels else ()
    base = re.sub(r"\(.*?\)", "", lowered).replace(" unsigned", "").replace(" zerofill", "")
    return Read(base.partition(" character set")[0].strip(), numbers, labels, "unsigned" in lowered)


def fit(old: str, new: str, enums: frozenset[str] = frozenset()) -> Fit:
    """How the new type holds the values of the old one; `enums` are the names of enum types."""
    if old.lower() == new.lower():
        return "same"
    one, other = read(old), read(new)
    if one.base in enums and other.base in _TEXTS:
        return "wider"
    if one.base in _TEXTS and other.base in enums:
        return "narrower"
    for ranks in (_INTEGERS, _FLOATS):
        if one.base in ranks and other.base in ranks:
            if one.unsigned != other.unsigned:
                return "wider" if one.unsigned and ranks[other.base] > ranks[one.base] else "narrower"
            return _compared(ranks[one.base], ranks[other.base])
    if one.base in _INTEGERS and other.base in _NUMBERS:
        return (
            "wider"
            if not other.numbers or _digits(other.numbers) >= 2.4 * _INTEGERS[one.base]
            else "narrower"
        )
    if one.base in _NUMBERS | set(_FLOATS) and other.base in _INTEGERS:
        return "narrower"
    if one.base in _NUMBERS and other.base in _NUMBERS:
        return _decimals(one.numbers, other.numbers)
    if one.labels and other.labels and one.base == other.base:
        return "narrower" if set(one.labels) - set(other.labels) else "wider"
    if one.base in _TEXTS and other.base in _TEXTS:
        if {one.base, other.base} & (set(_ENDLESS) - {"text"}):  # MariaDB, where text ends as well
            return _compared(_ENDLESS.get(one.base, _length(one)), _ENDLESS.get(other.base, _length(other)))
        return _compared(_length(one), _length(other))
    if one.base in _BYTES and other.base in _BYTES:
        return _compared(_length(one), _length(other))
    return _moments(one, other)


def _moments(one: Read, other: Read) -> Fit:
    if one.base.startswith(("timestamp", "datetime")) and other.base in {"date", "time"}:
        return "narrower"
    if one.base == other.base and one.base.startswith(("time", "datetime")):
        return _compared((one.numbers or (6,))[0], (other.numbers or (6,))[0])
    return "other"


def _compared(one: float, other: float) -> Fit:
    return "same" if one == other else "wider" if other > one else "narrower"


def _length(read: Read) -> float:
    if read.numbers:
        return read.numbers[0]
    if read.base.endswith("blob"):
        return {"tinyblob": 255, "blob": 65_535, "mediumblob": 16_777_215}.get(read.base, 4_294_967_295)
    if read.base in {"char", "character", "binary", "bpchar"}:
        return 1
    return _ENDLESS.get(read.base, float("inf")) if read.base != "text" else float("inf")


def _digits(numbers: tuple[int, ...]) -> int:
    return numbers[0] - (numbers[1] if len(numbers) > 1 else 0)


def _decimals(one: tuple[int, ...], other: tuple[int, ...]) -> Fit:
    if not other:
        return "wider"
    if not one:
        return "narrower"
    scale = [numbers[1] if len(numbers) > 1 else 0 for numbers in (one, other)]
    return "wider" if _digits(other) >= _digits(one) and scale[1] >= scale[0] else "narrower"
