"""Reads the keywords of one schema object into a Shape; composition is left to canonical.py.

Ill-typed keyword values (a string for `maxLength`, null for `properties`) are read as absent: published
specs have them, and the validator reports them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from driftcheck.openapi.node import Node, escape
from driftcheck.openapi.schema.shape import TYPES, Bound, Condition, Contains, Origin, Shape, Tag, Term

NUMBER_FORMATS = frozenset(
    {"int32", "int64", "float", "double", "int8", "int16", "uint8", "uint32", "uint64"}
)
_EVERY = ("", ".*", "^.*$", "^", "$", ".*$", "^.*")
_NO_CONSTRAINT = frozenset(
    {"password", "binary", "byte", "file", "string", "html", "markdown", "textarea", ""}
)
_NUMERIC = "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split()
_TEXTUAL = "minLength maxLength pattern format contentEncoding contentMediaType".split()
_ARRAY = "items prefixItems minItems maxItems uniqueItems contains".split()
_OBJECT = "properties required additionalProperties patternProperties minProperties maxProperties".split()
_MODERN = "propertyNames if dependentRequired dependentSchemas unevaluatedProperties unevaluatedItems".split()
_ANNOTATIONS = (
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
    "xml",
    "x-sunset",
    "x-stability-level",
    "x-extensible-enum",
    "contentSchema",
)


def read_keywords(node: Node, term: Callable[[Node], Term], version: str) -> Shape:
    """The constraints written directly in the schema object `node` (or in a boolean schema)."""
    value = node.value
    if value is False:
        return Shape(types=frozenset(), origin=Origin((node,)))
    if not isinstance(value, dict):
        return Shape()
    legacy = version in ("2.0", "3.0")
    fields: dict[str, Any] = {}
    if not value.keys().isdisjoint(_NUMERIC):
        fields.update(_numeric(value))
    if not value.keys().isdisjoint(_TEXTUAL):
        fields.update(_textual(value, legacy))
    if not value.keys().isdisjoint(_ARRAY):
        fields.update(_array(node, term, legacy))
    if not value.keys().isdisjoint(_OBJECT):
        fields.update(_object(node, term, legacy))
    if not legacy and not value.keys().isdisjoint(_MODERN):
        fields.update(_modern(node, term))
    return Shape(
        types=_types(value, version),
        values=_values(value),
        negated=_negated(node, term),
        notes={name: value[name] for name in _ANNOTATIONS if name in value},
        tag=_own_tag(node) if "discriminator" in value else None,
        origin=Origin((node,)),
        **fields,
    )


def doubly_negated(node: Node) -> Node | None:
    """What stands below `not: {not: …}`, which is the same as without either."""
    inner = node.get("not")
    return (
        inner.get("not")
        if inner is not None and isinstance(inner.value, dict) and inner.value.keys() == {"not"}
        else None
    )


def _negated(node: Node, term: Callable[[Node], Term]) -> tuple[Term, ...]:
    inner = node.get("not")
    return () if inner is None or doubly_negated(node) is not None else (term(inner),)


def _numeric(value: Mapping[str, Any]) -> dict[str, Any]:
    lower, upper = _bounds(value)
    multiple = _number(value, "multipleOf")
    return {
        "lower": lower,
        "upper": upper,
        "multiples": frozenset({multiple}) if multiple is not None and multiple > 0 else frozenset(),
    }


def _textual(value: Mapping[str, Any], legacy: bool) -> dict[str, Any]:
    number_formats, formats = _formats(value)
    return {
        "number_formats": number_formats,
        "min_length": _count(value, "minLength") or 0,
        "max_length": _count(value, "maxLength"),
        "patterns": _patterns(value),
        "formats": formats,
        "content": _content(value, legacy),
    }


def _array(node: Node, term: Callable[[Node], Term], legacy: bool) -> dict[str, Any]:
    value = node.value
    return {
        "prefix": () if legacy else tuple(term(child) for child in _elements(node, "prefixItems")),
        "items": _schema(node, "items", term),
        "min_items": _count(value, "minItems") or 0,
        "max_items": _count(value, "maxItems"),
        "unique": value.get("uniqueItems") is True,
        "contains": () if legacy else _contains(node, term),
    }


def _object(node: Node, term: Callable[[Node], Term], legacy: bool) -> dict[str, Any]:
    value = node.value
    return {
        "properties": _terms(node, "properties", term),
        "required": frozenset(name for name in _list(value, "required") if isinstance(name, str)),
        "min_properties": _count(value, "minProperties") or 0,
        "max_properties": _count(value, "maxProperties"),
        **_undeclared(node, term, legacy=legacy),
    }


def _undeclared(node: Node, term: Callable[[Node], Term], *, legacy: bool) -> dict[str, Any]:
    """patternProperties and additionalProperties; a pattern that matches every name is the latter."""
    by_pattern = {} if legacy else _terms(node, "patternProperties", term)
    additional = _schema(node, "additionalProperties", term)
    every = [pattern for pattern in by_pattern if pattern in _EVERY]
    if every and "properties" not in node.value:
        additional = Term(())
        for pattern in every:
            additional = additional.also(by_pattern.pop(pattern))
    return {"pattern_properties": by_pattern, "additional": additional}


def _modern(node: Node, term: Callable[[Node], Term]) -> dict[str, Any]:
    """Keywords that only JSON Schema 2020-12 has (OpenAPI 3.1 on)."""
    value = node.value
    names = _schema(node, "propertyNames", term)
    test = node.get("if")
    conditions: tuple[Condition, ...] = ()
    if test is not None and ("then" in value or "else" in value):
        then, otherwise = node.get("then"), node.get("else")
        conditions = (
            Condition(
                term(test),
                None if then is None else term(then),
                None if otherwise is None else term(otherwise),
            ),
        )
    required = value.get("dependentRequired")
    return {
        "names": names,
        "dependent_required": {
            name: frozenset(item for item in needed if isinstance(item, str))
            for name, needed in (required.items() if isinstance(required, dict) else ())
            if isinstance(needed, list) and needed
        },
        "dependent_schemas": _terms(node, "dependentSchemas", term),
        "unevaluated_properties": _schema(node, "unevaluatedProperties", term),
        "unevaluated_items": _schema(node, "unevaluatedItems", term),
        "conditions": conditions,
    }


def canonical_text(value: Any) -> str:
    """A JSON value as text, equal for equal values (1 and 1.0 are equal: JSON Schema 2020-12, 4.2.2)."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _types(value: Mapping[str, Any], version: str) -> frozenset[str]:
    written = value.get("type")
    if written is None or written == "file":
        return TYPES
    names = (
        {written}
        if isinstance(written, str)
        else set(filter(_is_text, written))
        if isinstance(written, list)
        else set()
    )
    known = {name for name in names if name in TYPES or name == "integer"}
    if not known:
        return TYPES
    if "number" in known:
        known.discard("integer")
    null = "x-nullable" if version == "2.0" else "nullable"
    if version in ("2.0", "3.0") and value.get(null) is True:
        known.add("null")
    return frozenset(known) if known != TYPES else TYPES


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _values(value: Mapping[str, Any]) -> dict[str, Any] | None:
    members = value.get("enum")
    found = None
    if isinstance(members, list):
        found = {canonical_text(member): member for member in members}
    if "const" in value:
        text = canonical_text(value["const"])
        if found is None or text in found:
            return {text: value["const"]}
        return {}
    return found


def _number(value: Mapping[str, Any], name: str) -> int | float | None:
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or math.isnan(found):
        return None
    return found


def _count(value: Mapping[str, Any], name: str) -> int | None:
    found = _number(value, name)
    return int(found) if found is not None and 0 <= found < float("inf") and found == int(found) else None


def _bounds(value: Mapping[str, Any]) -> tuple[Bound | None, Bound | None]:
    """Exclusive bounds are booleans in 2.0 and 3.0, numbers from 3.1 on; both are read everywhere."""
    return (
        _bound(value, "minimum", "exclusiveMinimum", low=True),
        _bound(value, "maximum", "exclusiveMaximum", low=False),
    )


def _bound(value: Mapping[str, Any], plain: str, exclusive: str, *, low: bool) -> Bound | None:
    limit = _number(value, plain)
    edge = _number(value, exclusive)
    if edge is not None and (limit is None or edge == limit or (edge > limit) is low):
        return Bound(edge, True)
    if limit is None:
        return None
    return Bound(limit, value.get(exclusive) is True)


def _formats(value: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    name = value.get("format")
    if not isinstance(name, str) or name in _NO_CONSTRAINT:
        return frozenset(), frozenset()
    if name in NUMBER_FORMATS:
        return frozenset({name}), frozenset()
    return frozenset(), frozenset({name})


def _patterns(value: Mapping[str, Any]) -> frozenset[str]:
    pattern = value.get("pattern")
    return frozenset({pattern}) if isinstance(pattern, str) and pattern not in _EVERY else frozenset()


def _content(value: Mapping[str, Any], legacy: bool) -> tuple[tuple[str, str], ...]:
    """contentEncoding and contentMediaType; `format: byte` is base64 (3.1, 4.4.1.1), `binary` is bytes."""
    found: list[tuple[str, str]] = []
    if value.get("format") == "byte":
        found.append(("contentEncoding", "base64"))
    for name in () if legacy else ("contentEncoding", "contentMediaType"):
        written = value.get(name)
        if isinstance(written, str) and written.lower() != "application/octet-stream":
            found.append((name, written.lower()))
    return tuple(dict.fromkeys(found))


def _schema(node: Node, name: str, term: Callable[[Node], Term]) -> Term | None:
    """A subschema that says something: absent, `true` and `{}` are None."""
    value = node.value.get(name)
    if value is None or value is True or not isinstance(value, dict | bool) or value == {}:
        return None
    return term(node.child(name))


def _terms(node: Node, name: str, term: Callable[[Node], Term]) -> dict[str, Term]:
    """The subschemas under a keyword; written for speed: most places of a document are made here."""
    members = node.value.get(name)
    if not isinstance(members, dict):
        return {}
    below, resource = f"{node.pointer}/{name}/", node.resource
    return {
        key: term(Node(value, resource, below + escape(str(key))))
        for key, value in members.items()
        if isinstance(value, (dict, bool))
    }


def _elements(node: Node, name: str) -> Iterator[Node]:
    child = node.get(name)
    if child is not None:
        yield from child.elements()


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _contains(node: Node, term: Callable[[Node], Term]) -> tuple[Contains, ...]:
    child = node.get("contains")
    if child is None:
        return ()
    least = _count(node.value, "minContains")
    return (Contains(term(child), 1 if least is None else least, _count(node.value, "maxContains")),)


def _own_tag(node: Node) -> Tag | None:
    """A discriminator beside no anyOf/oneOf: inheritance by allOf (3.0, 4.7.25)."""
    return None if "anyOf" in node.value or "oneOf" in node.value else read_tag(node)


def read_tag(part: Node) -> Tag | None:
    """The discriminator of a schema object (2.0: a name, from 3.0 on an object)."""
    node = part.get("discriminator")
    if node is None:
        return None
    value = node.value
    if isinstance(value, str):
        return Tag(value, {}, node)
    if not isinstance(value, dict) or not isinstance(value.get("propertyName"), str):
        return None
    mapping = value.get("mapping")
    pairs = mapping.items() if isinstance(mapping, dict) else ()
    targets = {key: target for key, target in pairs if isinstance(target, str)}
    default = value.get("defaultMapping")
    return Tag(value["propertyName"], targets, node, default if isinstance(default, str) else None)
