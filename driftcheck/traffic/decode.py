"""Values of parameters from the way they are written: style, explode and the types that the schema allows.

Sources: OpenAPI 3.x Parameter Object (style values), 2.0 collectionFormat (already read as styles), RFC 6570.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

from driftcheck.openapi.model import Field
from driftcheck.traffic.plan import Plan

MISSING: Final = object()
Pairs = Sequence[tuple[str, str]]  # names decoded, values as written

_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SEPARATORS = {
    "spaceDelimited": re.compile(r"%20|\+| "),
    "pipeDelimited": re.compile(r"%7[cC]|\|"),
    "tabDelimited": re.compile(r"%09|\t"),
}
_COMMA = re.compile(",")
_ENCODED_COMMA = re.compile("%2[cC]")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_LONGEST_NUMBER = 400


def query_pairs(query: str) -> list[tuple[str, str]]:
    """The parts of a query, in order; values are left as they were written."""
    if not query:
        return []
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote_plus(name), value) for name, _, value in parts]


def cookie_pairs(written: str) -> list[tuple[str, str]]:
    """The cookies of a Cookie header."""
    parts = (part.partition("=") for part in written.split(";"))
    return [(name.strip(), value.strip()) for name, _, value in parts]


def from_query(field: Field, plan: Plan | None, pairs: Pairs) -> tuple[Any, set[str]]:
    """The value of a query (or form) parameter, or MISSING, and the names that it used up."""
    given = [value for name, value in pairs if name == field.name]
    if plan is None or field.media is not None:
        return (unquote_plus(given[-1]) if given else MISSING), {field.name} if given else set()
    kinds = plan.kinds
    if "object" in kinds and field.style == "deepObject":
        return _deep_object(field.name, plan, pairs)
    if "object" in kinds and "string" not in kinds and field.style == "form" and field.explode:
        return _spread_object(plan, pairs)
    if not given:
        return MISSING, set()
    return _joined(field, plan, kinds, given), {field.name}


def _joined(field: Field, plan: Plan, kinds: frozenset[str], given: list[str]) -> Any:
    if "array" in kinds and (len(given) > 1 or not kinds & {"string"}):
        if field.explode and field.style not in _SEPARATORS:
            return [_element(plan, unquote_plus(text)) for text in given]
        return [_element(plan, text) for text in _split(field, given[-1])]
    if "object" in kinds and "string" not in kinds:
        return _from_flat(plan, _split(field, given[-1]))
    return coerce(unquote_plus(given[-1]), kinds)


def _split(field: Field, written: str) -> list[str]:
    """The elements of a list in one value. Many clients encode its commas as well: then there is no other."""
    if not written:
        return []
    separator = _SEPARATORS.get(field.style, _COMMA)
    if separator is _COMMA and "," not in written:
        separator = _ENCODED_COMMA
    return [unquote_plus(text) for text in separator.split(written)]


def _deep_object(name: str, plan: Plan, pairs: Pairs) -> tuple[Any, set[str]]:
    result: dict[str, Any] = {}
    used: set[str] = set()
    for key, written in pairs:
        if not key.startswith(f"{name}["):
            continue
        tokens = _BRACKETS.findall(key[len(name) :])
        if tokens:
            used.add(key)
            _put(result, plan, tokens, unquote_plus(written))
    return (result if used else MISSING), used


def _put(target: dict[str, Any], plan: Plan | None, tokens: list[str], text: str) -> None:
    """One `name[a][b]=text`; `[]` and repeated names make arrays."""
    first, *rest = tokens
    below = None if plan is None else plan.child(first)
    kinds = _kinds(below)
    if rest and rest != [""]:
        inner = target.setdefault(first, {})
        if isinstance(inner, dict):
            _put(inner, below, rest, text)
    elif rest or "array" in kinds:
        known = target.setdefault(first, [])
        if isinstance(known, list):
            known.append(_element(below, text) if below is not None else text)
    else:
        target[first] = coerce(text, kinds)


def _spread_object(plan: Plan, pairs: Pairs) -> tuple[Any, set[str]]:
    """A form object that explodes is written as its members, without its own name."""
    names = plan.names
    used = {name for name, _ in pairs if name in names}
    found = {name: _member(plan, name, unquote_plus(text)) for name, text in pairs if name in used}
    return (found if used else MISSING), used


def from_header(field: Field, plan: Plan | None, text: str) -> Any:
    """The value of a header, or of a path parameter in style simple, from its decoded text."""
    if plan is None or field.media is not None:
        return text
    return _simple(plan, text.strip(), explode=field.explode)


def _simple(plan: Plan, text: str, *, explode: bool) -> Any:
    kinds = plan.kinds
    if "array" in kinds and "string" not in kinds:
        return [_element(plan, part.strip()) for part in text.split(",")] if text else []
    if "object" in kinds and "string" not in kinds:
        parts = [part.strip() for part in text.split(",")]
        return _from_equals(plan, parts) if explode else _from_flat(plan, parts)
    return coerce(text, kinds)


def from_path(field: Field, plan: Plan | None, written: str) -> Any:
    """The value of a path parameter in style simple, label or matrix, from the segment as written."""
    if plan is None or field.media is not None:
        return unquote(written)
    if field.style == "label":
        text = unquote(written.removeprefix("."))
        separator = "." if field.explode else ","
        joined = text if _scalar(plan.kinds) else text.replace(separator, ",")
        return _simple(plan, joined, explode=field.explode)
    if field.style == "matrix":
        return _matrix(field, plan, written)
    return _simple(plan, unquote(written), explode=field.explode)


def _matrix(field: Field, plan: Plan, written: str) -> Any:
    kinds = plan.kinds
    parts = [part.partition("=") for part in written.removeprefix(";").split(";")]
    if field.explode and "object" in kinds and "string" not in kinds:
        return {unquote(name): _member(plan, unquote(name), unquote(text)) for name, _, text in parts}
    given = [unquote(text) for name, _, text in parts if unquote(name) == field.name]
    if field.explode and "array" in kinds and "string" not in kinds:
        return [_element(plan, text) for text in given]
    return _simple(plan, ",".join(given), explode=False)


def _from_flat(plan: Plan, parts: list[str]) -> dict[str, Any]:
    """`a,1,b,2`"""
    return {name: _member(plan, name, text) for name, text in zip(parts[::2], parts[1::2], strict=False)}


def _from_equals(plan: Plan, parts: list[str]) -> dict[str, Any]:
    """`a=1,b=2`"""
    pairs = [part.partition("=") for part in parts]
    return {name: _member(plan, name, text) for name, _, text in pairs}


def _member(plan: Plan, name: str, text: str) -> Any:
    return coerce(text, _kinds(plan.child(name)))


def _element(plan: Plan | None, text: str) -> Any:
    return coerce(text, _kinds(None if plan is None else plan.items()))


def _kinds(plan: Plan | None) -> frozenset[str]:
    return _TEXT if plan is None else plan.kinds


_TEXT = frozenset({"string"})


def _scalar(kinds: frozenset[str]) -> bool:
    return "string" in kinds or not kinds & {"array", "object"}


def coerce(text: str, kinds: frozenset[str]) -> Any:
    """A text as the first of number, boolean and null that is allowed and that it can be, else as text."""
    if len(text) < _LONGEST_NUMBER:
        if kinds & {"integer", "number"} and _INTEGER.fullmatch(text):
            return int(text)
        if "number" in kinds and _NUMBER.fullmatch(text):
            return float(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    if "null" in kinds and text in ("null", "") and "string" not in kinds:
        return None
    return text


def from_content(text: str) -> Any:
    """The value of a parameter that is described by a JSON media type; MISSING where it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return MISSING
