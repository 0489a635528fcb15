"""How much work a validator has with one value: references from branch to branch can double it each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 20_000
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
_IN_PLACE = frozenset((*_LISTS, *_SINGLE, "$ref", "dependentSchemas"))


def bearable(document: Any) -> bool:
    """Whether none of the definitions of an exported schema is looked at too often for a value."""
    definitions = document.get("$defs", {}) if isinstance(document, dict) else {}
    known: dict[str, int] = {}
    try:
        return _of(document, definitions, known) <= _MOST and all(
            _of_definition(name, definitions, known) <= _MOST for name in definitions
        )
    except RecursionError:
        return False


def _of_definition(name: str, definitions: Mapping[str, Any], known: dict[str, int]) -> int:
    weight = known.get(name)
    if weight is None:
        known[name] = 1  # a definition that leads back to itself: the validator stops there
        weight = known[name] = min(_of(definitions.get(name), definitions, known), _MOST + 1)
    return weight


def _of(schema: Any, definitions: Mapping[str, Any], known: dict[str, int]) -> int:
    if not isinstance(schema, dict) or _IN_PLACE.isdisjoint(schema):
        return 1
    reference = schema.get("$ref")
    weight = 1
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        weight += _of_definition(reference.removeprefix("#/$defs/"), definitions, known)
    return weight + sum(_of(inner, definitions, known) for inner in _inner(schema))


def _inner(schema: Mapping[str, Any]) -> Iterator[Any]:
    for keyword in _LISTS:
        yield from schema.get(keyword, ())
    for keyword in _SINGLE:
        if keyword in schema:
            yield schema[keyword]
    yield from schema.get("dependentSchemas", {}).values()
