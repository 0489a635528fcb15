"""YAML 1.2 text to values: yaml-rs for plain documents, the exact reader wherever yaml-rs could be wrong.

The doubts are looked for in C speed on the bytes; being wrong about one costs time only, never the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from driftcheck.openapi.loading.json_text import MAX_DIGITS, refuse_encoding
from driftcheck.openapi.loading.yaml_exact import load_exact

_SHAPES = bytes.maketrans(b"123456789EbBoOX", b"000000000exxxxx")
_MAYBE_ODD = (b"_0", b"0_", b"0x", b"0e000", b"0e+000")
_INDENTING = bytes.maketrans(b"-?:\t", b"    ")
_DEEP = b"\n" + b" " * 120
_MAYBE_ANCHOR = re.compile(rb"&([^\s,\[\]{}]+)")
_MAYBE_ALIAS = re.compile(rb"\*([^\s,\[\]{}]+)")
_ANCHOR = re.compile(rb"(?:^|[\s\[,{])&([^\s,\[\]{}]+)")
_ALIAS = re.compile(rb"(?:^|[\s\[,{:])\*([^\s,\[\]{}]+)")
_NOT_FINITE = re.compile(rb"\.(?:inf|Inf|INF|nan|NaN|NAN)(?![\w.-])")
_MANY = 10_000  # hits from which one search of the whole text costs less
_ODD = re.compile(
    rb"(?:\A|[\s\[,{])(?:"
    rb"[-+]?(?=[0-9.eE+-]*_)(?=[._eE+-]*[0-9])[0-9._]+(?:[eE][-+]?[0-9_]+)?"
    rb"|[-+]0[xo][0-9a-fA-F_]+|[-+]?0[bBXO][0-9a-fA-F_]+|0[xo][0-9a-fA-F]*_[0-9a-fA-F_]*"
    rb"|[-+]?[0-9.]+[eE]\+?[0-9]{3,}"
    rb")(?=[\s,\]}:]|$)"
)
_ODD_KEY = re.compile(rb"\n[ \t]*+(?:[-?] ++)*+[-+]?(?:0[0-9xo]|\+|-0)[^\s:]*+:(?:\s|\Z)")


class _OddKeyError(Exception):
    """A key whose text yaml-rs does not keep (`null:`, `1.10:`)."""


def load_yaml(text: bytes, label: str) -> Any:
    """The value of a YAML text (UTF-8, no BOM); TextError with line and column where it cannot be read."""
    import yaml_rs

    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        refuse_encoding(text, label, error)
    if _doubtful(text):
        return load_exact(text, label)
    try:
        value: Any = yaml_rs.loads(decoded, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):  # TypeError: mappings as keys
        return load_exact(text, label)  # PyYAML forgives some indentation, and names the place otherwise
    if isinstance(value, list) and b"\n---" in text:  # several documents look like a list
        return load_exact(text, label)
    try:
        orjson.dumps(value)
    except TypeError:  # keys that are no text, integers beyond 64 bits
        if _ODD_KEY.search(b"\n" + text):
            return load_exact(text, label)
        try:
            return _with_text_keys(value)
        except (_OddKeyError, RecursionError):
            return load_exact(text, label)
    return value


def _doubtful(text: bytes) -> bool:
    """Whether the text uses, or seems to use, what yaml-rs does not do as driftcheck needs it."""
    if b"<<:" in text or b"<< :" in text or _NOT_FINITE.search(text):
        return True
    return _is_deep(text) or _has_aliases(text) or _has_odd_numbers(text)


def _is_deep(text: bytes) -> bool:
    """Whether blocks may be nested so deeply that yaml-rs, which recurses, could end the process.

    A level takes a column at least (two levels where a list stands as deep as its key), and yaml-rs
    survives some 500 levels on the smallest stacks, of which 255 may be its own limit on flow nesting.
    """
    return _DEEP in text.translate(_INDENTING) or b"\n" + text[:200].translate(_INDENTING)[:120] == _DEEP


def _has_aliases(text: bytes) -> bool:
    names = set(_MAYBE_ALIAS.findall(text))
    if names.isdisjoint(_MAYBE_ANCHOR.findall(text)):
        return False
    return not set(_ALIAS.findall(text)).isdisjoint(_ANCHOR.findall(text))


def _has_odd_numbers(text: bytes) -> bool:
    """`1_000`, `_1` and `0b1` are text in YAML 1.2, and `1e999` is no finite number."""
    shapes = text.translate(_SHAPES)
    if b"0" * MAX_DIGITS in shapes:
        return True
    for count, at in enumerate(_hits(shapes)):
        if count > _MANY:
            return _ODD.search(text) is not None
        if _ODD.search(text, max(0, at - 40), at + 40):
            return True
    return False


def _hits(shapes: bytes) -> Iterator[int]:
    for needle in _MAYBE_ODD:
        at = shapes.find(needle)
        while at >= 0:
            yield at
            at = shapes.find(needle, at + len(needle))


def _with_text_keys(value: Any) -> Any:
    """The same value with whole numbers as keys turned into text (`200:`), in place."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if any(type(key) is not str for key in item):
                _rename_keys(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return value


def _rename_keys(item: dict[Any, Any]) -> None:
    members = list(item.items())
    item.clear()
    for key, member in members:
        if type(key) not in (str, int) or str(key) in item:
            raise _OddKeyError
        item[str(key)] = member
