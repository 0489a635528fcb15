"""Bytes to a parsed document, whatever its name says: JSON if it starts like JSON, YAML 1.2 otherwise.

The result holds JSON values only: names are text, numbers are finite, and nesting and sharing are bounded.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any

from driftcheck.collector import paused
from driftcheck.openapi.loading.json_text import JsonSyntaxError, load_json_text
from driftcheck.openapi.loading.position import TextError, line_and_column, refuse
from driftcheck.openapi.loading.yaml_text import load_yaml

_GZIP = b"\x1f\x8b"
_FIRST = re.compile(rb"\s*+(.)", re.DOTALL)
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value with the text (UTF-8, without byte order mark) it was read from; `indented` as in Resource."""

    value: Any
    text: bytes
    is_json: bool
    indented: bool = False


def parse(text: bytes, label: str, is_json: bool | None = None) -> Any:
    """The value of a JSON or YAML text; TextError (one sentence with the place) where it cannot be read."""
    return read(text, label, is_json).value


def read(raw: bytes, label: str, is_json: bool | None = None) -> Parsed:
    """Like `parse`, with what else a loader needs. `is_json` is the name's word (None: it has none)."""
    with paused():
        return _read(_utf8(raw, label), label, is_json)


def _read(text: bytes, label: str, is_json: bool | None) -> Parsed:
    if text.startswith(_GZIP):
        refuse(label, None, "the file is compressed with gzip", "unpack it first: gunzip")
    first = _FIRST.match(text)
    if first is None:
        refuse(label, None, "the file is empty", "an OpenAPI document begins with `openapi:` or `swagger:`")
    if (nul := text.find(b"\0")) >= 0:
        hint = "save the file as plain UTF-8 text"
        refuse(label, line_and_column(text, nul), "there is a NUL byte, so this is no text file", hint)
    if first.group(1) == b"<":
        hint = "give the address of the JSON or YAML document, not of the page that shows it"
        refuse(label, None, "this is an HTML or XML page, not an OpenAPI document", hint)
    if first.group(1) in (b"{", b"["):
        try:
            value, indented = load_json_text(text, label)
            return Parsed(value, text, True, indented)
        except JsonSyntaxError as problem:
            if is_json:
                raise
            return _flow_yaml(text, label, None if is_json is False else problem)
    return Parsed(load_yaml(text, label), text, False)


def _flow_yaml(text: bytes, label: str, problem: JsonSyntaxError | None) -> Parsed:
    """`{openapi: 3.1.0}` starts like JSON and is YAML; where it is neither, JSON's error says more."""
    try:
        return Parsed(load_yaml(text, label), text, False)
    except TextError:
        if problem is None:
            raise
        raise problem from None


def _utf8(raw: bytes, label: str) -> bytes:
    if raw.startswith(codecs.BOM_UTF8):
        return raw[len(codecs.BOM_UTF8) :]
    for mark, encoding in _WIDE:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding).encode()
            except UnicodeError:
                refuse(label, None, f"this is not valid {encoding.upper()}", "save the file as UTF-8")
    return raw
