"""How a parameter's value is written on the wire, so that style and explode matter only where they can.

OpenAPI 3.2, "Style Examples": a single value looks the same in most styles, a list or an object does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from driftcheck.difference import JSON
from driftcheck.openapi.model import Field
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source

SCALAR, ARRAY, OBJECT = "single value", "list", "object"
_ALL = frozenset({SCALAR, ARRAY, OBJECT})
_DEEPEST = 20
_OF_TYPE = {
    "array": ARRAY,
    "object": OBJECT,
    **dict.fromkeys(("string", "number", "integer", "boolean"), SCALAR),
}
_OF_KEYWORD = {
    OBJECT: ("properties", "additionalProperties", "patternProperties"),
    ARRAY: ("items", "prefixItems", "minItems", "maxItems"),
    SCALAR: ("minLength", "maxLength", "pattern", "minimum", "maximum", "format"),
}


def value_kinds(source: Source, schema: Node | None, depth: int = 0) -> frozenset[str]:
    """Which kinds of value the schema allows; all three where it does not say."""
    if schema is None or depth > _DEEPEST:
        return _ALL
    found = source.follow(schema) if isinstance(schema.value, dict) else None
    if found is None:
        return _ALL
    node = found[0]
    kinds = _own_kinds(node)
    for branch in source.array(node, "allOf"):
        kinds &= value_kinds(source, branch, depth + 1)
    for name in ("anyOf", "oneOf"):
        branches = source.array(node, name)
        if branches:
            kinds &= frozenset[str]().union(*(value_kinds(source, item, depth + 1) for item in branches))
    return kinds


def _own_kinds(node: Node) -> frozenset[str]:
    written = node.value.get("type")
    types = written if isinstance(written, list) else [written]
    kinds = frozenset(_OF_TYPE[name] for name in types if isinstance(name, str) and name in _OF_TYPE)
    if kinds:
        return kinds
    if written == "null" or types == ["null"]:
        return frozenset()
    values = node.value.get("enum", [node.value["const"]] if "const" in node.value else None)
    if isinstance(values, list) and values:
        return frozenset(_kind_of_value(value) for value in values)
    hinted = [kind for kind, names in _OF_KEYWORD.items() if any(name in node.value for name in names)]
    return frozenset(hinted) or _ALL


def _kind_of_value(value: object) -> str:
    return OBJECT if isinstance(value, dict) else ARRAY if isinstance(value, list) else SCALAR


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A value of some kind is written in another way: by which attribute, and how it looks."""

    attribute: str
    values: tuple[JSON, JSON]
    facts: Mapping[str, JSON]


def rewritten(old: Field, new: Field, kinds: frozenset[str]) -> Rewritten | None:
    """The first kind of value, of those that both sides allow, that is written otherwise."""
    for kind in (ARRAY, OBJECT, SCALAR):
        before, after = written(old, kind), written(new, kind)
        if kind in kinds and before != after:
            facts = {"kind": kind, "old": before, "new": after}
            if old.style != new.style:
                return Rewritten("style", (old.style, new.style), facts)
            return Rewritten("explode", (old.explode, new.explode), facts)
    return None


def written(field: Field, kind: str) -> str:
    """An example of how a value of that kind is written; equal texts are equal on the wire."""
    if field.place in ("path", "header"):
        return _in_path(field.style, field.explode, kind, field.name)
    return _in_query(field.style, field.explode, kind, field.name)


_PATH_SEPARATORS = {"simple": ("", ",", ","), "label": (".", ".", ","), "matrix": (";", ";", ",")}


def _in_path(style: str, explode: bool, kind: str, name: str) -> str:
    if style in ("spaceDelimited", "pipeDelimited", "tabDelimited"):  # from 2.0
        return "1" if kind == SCALAR else f"1{_DELIMITERS[style]}2"
    if style not in _PATH_SEPARATORS:
        return f"{style} {explode if kind != SCALAR else ''}"
    prefix, exploded, joined = _PATH_SEPARATORS[style]
    named = f"{name}=" if style == "matrix" else ""
    if kind == SCALAR:
        return f"{prefix}{named}1"
    if kind == ARRAY:
        return prefix + named + (f"{exploded}{named}".join("12") if explode else f"1{joined}2")
    return prefix + (f"a=1{exploded}b=2" if explode else f"{named}a,1,b,2")


_DELIMITERS = {
    "form": ",",
    "spaceDelimited": "%20",
    "pipeDelimited": "|",
    "tabDelimited": "%09",
    "cookie": ",",
}


def _in_query(style: str, explode: bool, kind: str, name: str) -> str:
    if kind == SCALAR:
        return f"{name}=1"
    if style == "deepObject":
        return f"{name}[a]=1&{name}[b]=2" if kind == OBJECT else f"{name}[]=1"
    if style not in _DELIMITERS:
        return f"{style} {explode}"
    joint = "; " if style == "cookie" else "&"
    if kind == ARRAY:
        return f"{name}=1{joint}{name}=2" if explode else f"{name}=1{_DELIMITERS[style]}2"
    if explode:
        return f"a=1{joint}b=2"
    return f"{name}=" + _DELIMITERS[style].join(("a", "1", "b", "2"))
