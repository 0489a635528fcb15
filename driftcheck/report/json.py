"""The JSON report: exactly Report.to_dict(), as UTF-8 text that every JSON parser reads.

Values come from foreign documents: lone surrogates, NaN and integers of any size must not break it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from driftcheck.finding import Report
from driftcheck.report import Layout

_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDEST = 63  # bits
_INDENT = 2  # all that orjson can
_MOST_BITS = 10_000  # Python itself refuses to write integers of more than 4300 digits


def render(report: Report, layout: Layout) -> str:  # noqa: ARG001  the same for every layout
    """The report as indented JSON."""
    return dumps(report.to_dict(), indent=_INDENT) + "\n"


def dumps(value: Any, indent: int | None = None) -> str:
    """`value` as JSON text that can be written as UTF-8; what JSON has no word for becomes a string."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)  # refuses what orjson writes as null
        if indent == _INDENT:
            return _indented(value, text)
        if indent is None:
            return _SURROGATE.sub(_escaped, text)
    except (TypeError, ValueError):
        value = _portable(value)
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _SURROGATE.sub(_escaped, text)


def _indented(value: Any, text: str) -> str:
    """By orjson, which is ten times as fast; integers that it cannot write go as marked texts."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:
        mark = next((mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in text), "")
        if not mark:
            raise
        marked = orjson.dumps(_marked(value, mark), option=orjson.OPT_INDENT_2).decode()
        return re.sub(f'"{mark}([^"]*)"', r"\1", marked)


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, dict):
        return {name: _marked(member, mark) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(element, mark) for element in value]
    return f"{mark}{value}" if type(value) is int and value.bit_length() > _WIDEST else value


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def dumps_lines(values: Sequence[Any]) -> str:
    """An array with an element a line: as good to read in a diff, and written several times as fast."""
    return "[\n" + ",\n".join(map(dumps, values)) + "\n]" if values else "[]"


def _portable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _portable(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_portable(element) for element in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hex(value)
    return value
