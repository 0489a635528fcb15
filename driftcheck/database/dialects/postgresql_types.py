"""Takes apart what PostgreSQL's format_type prints: "timestamp(3) without time zone", "numeric(10,2)[]"."""

from __future__ import annotations

import re
from functools import lru_cache

from driftcheck.database.model import DataType

_ARGUMENTS = re.compile(r"^(?P<head>[^(]+)(?:\((?P<args>[^)]*)\)(?P<tail>[^()]*))?$")
_LENGTHS = {"character varying", "character", "bit", "bit varying"}
_TIMES = {"timestamp", "time"}


@lru_cache(maxsize=4096)
def data_type(spelled: str) -> DataType:
    """The type of one column; a timestamp's precision of 6 is the default and left out."""
    dimensions = 1 if spelled.endswith("[]") else 0
    text = spelled.removesuffix("[]")
    match = _ARGUMENTS.match(text)
    if match is None or text.startswith('"'):
        return DataType(text, dimensions=dimensions)
    head, tail = match["head"].strip(), (match["tail"] or "").strip()
    numbers = _numbers(match["args"])
    if head.split(" ")[0] in _TIMES:
        return _time(head, tail, numbers, dimensions)
    if head.startswith("interval"):
        return _interval(head, tail, numbers, dimensions)
    name = f"{head} {tail}".strip()
    if name in _LENGTHS:
        return DataType(name, length=_first(numbers), dimensions=dimensions)
    if name == "numeric":
        scale = numbers[1] if len(numbers) > 1 else (0 if numbers else None)
        return DataType(name, precision=_first(numbers), scale=scale, dimensions=dimensions)
    if match["args"]:
        name = f"{name}({match['args']})"
    return DataType(name, dimensions=dimensions)


def _numbers(arguments: str | None) -> list[int]:
    parts = (arguments or "").split(",")
    return [int(part) for part in parts if part.strip().lstrip("-").isdigit()]


def _first(numbers: list[int]) -> int | None:
    return numbers[0] if numbers else None


def _precision(numbers: list[int]) -> int | None:
    return numbers[0] if numbers and numbers[0] != 6 else None


def _time(head: str, tail: str, numbers: list[int], dimensions: int) -> DataType:
    zoned = "with time zone" in f"{head} {tail}"
    name = head.split(" ", maxsplit=1)[0]
    return DataType(name, precision=_precision(numbers), timezone=zoned, dimensions=dimensions)


def _interval(head: str, tail: str, numbers: list[int], dimensions: int) -> DataType:
    fields = f"{head.removeprefix('interval')} {tail}".strip() or None
    return DataType("interval", precision=_precision(numbers), fields=fields, dimensions=dimensions)
