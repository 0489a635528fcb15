"""JSON text to values: orjson first, and a slower strict reading only where orjson's answer is in doubt.

In doubt are integers beyond 64 bits (orjson rounds them) and repeated names (orjson keeps the last one).
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import orjson

from driftcheck.openapi.loading.position import TextError, line_and_column, quoted, refuse

MAX_DEPTH = 250
"""Deepest nesting that is read, in any format: orjson writes 254 levels, and yaml-rs reads 255."""

MAX_DIGITS = 308
"""Integers with more digits lie beyond what a float can hold, so no comparison with them is safe."""

DEEP_HINT = "no real API description is nested so deeply; check how the file was made"
DUPLICATE_HINT = "keep one of the two"
NUMBER_HINT = "write a finite number, or leave the value out"

_INDENTED = re.compile(rb"[{[]\n  \S")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * 19
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"(\s*+:)?|\Z)|[{}\[\]]', re.DOTALL)
_LONE_SURROGATE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")


class JsonSyntaxError(TextError):
    """Not JSON at all; the text may still be YAML."""


class _NumberError(Exception):
    """NaN, Infinity, or a number that overflows."""


def load_json(text: bytes, label: str) -> Any:
    """The value of a JSON text (UTF-8, no BOM); TextError for everything RFC 8259 leaves undefined."""
    return load_json_text(text, label)[0]


def load_json_text(text: bytes, label: str) -> tuple[Any, bool]:
    """Like `load_json`, and whether the text is indented just as orjson does it."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _strict(text, label), False
    indented = _INDENTED.match(text) is not None
    try:
        written = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else None)
    except TypeError:  # deeper than orjson can write
        return _strict(text, label), False
    if text.startswith(written) and not text[len(written) :].strip():
        return value, indented  # nothing was lost
    # Every string is two quotes, so a name that was lost to a later one leaves fewer of them.
    if _has_long_integer(text) or written.count(b'"') != text.count(b'"'):
        return _strict(text, label), False
    return value, False


def _has_long_integer(text: bytes) -> bool:
    """Whether an integer may lie beyond 64 bits."""
    digits = text.translate(_DIGITS)
    start = digits.find(_LONG)
    while start >= 0:
        end = start + len(_LONG)
        while digits[end : end + 1] == b"0":
            end += 1
        before = text[start - 1 : start]
        inside = before in (b".", b'"') or text[end : end + 1] in (b".", b"e", b"E")
        bound = 2**63 if before == b"-" else 2**64 - 1
        if not inside and (end - start > 20 or int(text[start:end]) > bound):
            return True
        start = digits.find(_LONG, end)
    return False


def _strict(text: bytes, label: str) -> Any:
    """The standard library's reading, with its leniencies taken away."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        refuse_encoding(text, label, error)
    try:
        value = json.loads(decoded, parse_constant=_constant, parse_float=_float, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _syntax_error(label, error) from None
    except _NumberError as error:
        number = str(error)
        refuse(
            label, _find_number(text, number), f"{quoted(number)} is not a finite JSON number", NUMBER_HINT
        )
    except RecursionError:
        _refuse_structure(text, label)
        refuse(label, None, f"the document is nested more than {MAX_DEPTH} levels deep", DEEP_HINT)
    _refuse_structure(text, label)
    _refuse_surrogates(text, value, label)
    return value


def _syntax_error(label: str, error: json.JSONDecodeError) -> JsonSyntaxError:
    reason = error.msg.removesuffix(" at").removesuffix(" starting")
    message = f"this is not valid JSON: {reason[:1].lower()}{reason[1:]}"
    hint = "look for a missing or superfluous comma, quote or bracket just before this place"
    return JsonSyntaxError(f"{label}:{error.lineno}:{error.colno}: {message}", hint)


def _constant(name: str) -> NoReturn:
    raise _NumberError(name)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _NumberError(digits)
    return value


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _NumberError(digits)
    return int(digits)


def _find_number(text: bytes, number: str) -> tuple[int, int] | None:
    match = re.search(rb"(?:^|[\s:,\[])(" + re.escape(number.encode()) + rb")(?=[\s,\]}]|$)", text)
    return line_and_column(text, match.start(1)) if match else None


def _refuse_structure(text: bytes, label: str) -> None:
    """Refuse repeated names and deep nesting, with their place; anything else is the parser's matter."""
    open_names: list[set[str] | None] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in b"{[":
            open_names.append(set() if token == b"{" else None)
            if len(open_names) > MAX_DEPTH:
                place = line_and_column(text, match.start())
                refuse(label, place, f"the document is nested more than {MAX_DEPTH} levels deep", DEEP_HINT)
        elif token in b"}]":
            if open_names:
                open_names.pop()
        elif match.group(1) and open_names and (names := open_names[-1]) is not None:
            name = str(json.loads(token[: token.rindex(b'"') + 1]))
            if name in names:
                place = line_and_column(text, match.start())
                refuse(label, place, f"the name {quoted(name)} appears twice in one object", DUPLICATE_HINT)
            names.add(name)


def _refuse_surrogates(text: bytes, value: Any, label: str) -> None:
    if b"\\ud" not in text and b"\\uD" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        match = _LONE_SURROGATE.search(text)
        place = line_and_column(text, match.start()) if match else None
        refuse(label, place, "a string holds half of a surrogate pair", "write the whole character")


def refuse_encoding(text: bytes, label: str, error: UnicodeDecodeError) -> NoReturn:
    """Say where a text stops being UTF-8."""
    place = line_and_column(text, error.start)
    refuse(label, place, f"the byte 0x{text[error.start]:02x} is not valid UTF-8", "save the file as UTF-8")
