"""YAML 1.2 text to values: yaml-rs for plain documents, the exact reader wherever yaml-rs could be wrong.

The doubts are looked for in C speed on the bytes; being wrong about one costs time only, never the value.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from driftcheck.openapi.loading.json_text import MAX_DIGITS, refuse_encoding
from driftcheck.openapi.loading.yaml_exact import load_exact

_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_MAYBE_ANCHOR = re.compile(rb"&([^\s,\[\]{}]+)")
_MAYBE_ALIAS = re.compile(rb"\*([^\s,\[\]{}]+)")
_ANCHOR = re.compile(rb"(?:^|[\s\[,{])&([^\s,\[\]{}]+)")
_ALIAS = re.compile(rb"(?:^|[\s\[,{:])\*([^\s,\[\]{}]+)")
_NOT_FINITE = re.compile(rb"\.(?:inf|Inf|INF|nan|NaN|NAN)(?![\w.-])")
_MAYBE_ODD = (b"0_0", b"0b0", b"0e000", b"0e+000")
_ODD = re.compile(
    rb"[\s\[,{:-][-+]?(?:0b[01_]+|[0-9][0-9_.]*_[0-9_.]*|[0-9.]+[eE]\+?[0-9]{3,})(?=[\s,\]}:]|$)"
)
_ODD_KEY = re.compile(rb"\n[ \t]*+(?:[-?] ++)*+[-+]?(?:0[0-9xob_]|[0-9]++_|\+)[^\s:]*+:\s")


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
    except yaml_rs.YAMLDecodeError:
        return load_exact(text, label)  # PyYAML forgives some indentation, and names the place otherwise
    if isinstance(value, list) and b"\n---" in text:  # several documents look like a list
        return load_exact(text, label)
    try:
        orjson.dumps(value)
    except TypeError:  # keys that are no text, integers beyond 64 bits
        if _ODD_KEY.search(text):
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
    return _has_aliases(text) or _has_odd_numbers(text)


def _has_aliases(text: bytes) -> bool:
    names = set(_MAYBE_ALIAS.findall(text))
    if names.isdisjoint(_MAYBE_ANCHOR.findall(text)):
        return False
    return not set(_ALIAS.findall(text)).isdisjoint(_ANCHOR.findall(text))


def _has_odd_numbers(text: bytes) -> bool:
    """`1_000` and `0b1` are text in YAML 1.2, and `1e999` is no finite number."""
    digits = text.translate(_DIGITS)
    if b"0" * MAX_DIGITS in digits:
        return True
    for needle in _MAYBE_ODD:
        found = digits.find(needle)
        while found >= 0:
            if _ODD.search(text, max(0, found - 40), found + 40):
                return True
            found = digits.find(needle, found + len(needle))
    return False


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
