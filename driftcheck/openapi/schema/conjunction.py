"""Combines Shapes: both must hold (`conjoin`), or one of several of different types (`fold`)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from driftcheck.openapi.schema.shape import TYPES, Bound, Origin, Shape, Term, families

_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "number": ("lower", "upper", "multiples", "number_formats"),
    "string": ("min_length", "max_length", "patterns", "formats", "content"),
    "array": ("prefix", "items", "min_items", "max_items", "unique", "contains", "unevaluated_items"),
    "object": (
        "properties",
        "required",
        "pattern_properties",
        "additional",
        "min_properties",
        "max_properties",
        "names",
        "dependent_required",
        "dependent_schemas",
        "unevaluated_properties",
        "tag",
    ),
}


def conjoin(a: Shape, b: Shape) -> Shape:
    """What both allow. Each side's patterns and `additionalProperties` reach the other's names."""
    crossing = (a.pattern_properties and b.additional) or (b.pattern_properties and a.additional)
    return Shape(
        types=_common_types(a.types, b.types),
        values=_common_values(a.values, b.values),
        lower=_tighter(a.lower, b.lower, low=True),
        upper=_tighter(a.upper, b.upper, low=False),
        multiples=a.multiples | b.multiples,
        number_formats=a.number_formats | b.number_formats,
        min_length=max(a.min_length, b.min_length),
        max_length=_least(a.max_length, b.max_length),
        patterns=a.patterns | b.patterns,
        formats=a.formats | b.formats,
        content=a.content or b.content,
        prefix=_prefixes(a, b),
        items=_both(a.items, b.items),
        min_items=max(a.min_items, b.min_items),
        max_items=_least(a.max_items, b.max_items),
        unique=a.unique or b.unique,
        contains=a.contains + b.contains,
        properties=_properties(a, b),
        required=a.required | b.required,
        pattern_properties=_merge(a.pattern_properties, b.pattern_properties, Term.also),
        additional=None if crossing else _both(a.additional, b.additional),
        min_properties=max(a.min_properties, b.min_properties),
        max_properties=_least(a.max_properties, b.max_properties),
        names=_both(a.names, b.names),
        dependent_required=_merge(a.dependent_required, b.dependent_required, lambda x, y: x | y),
        dependent_schemas=_merge(a.dependent_schemas, b.dependent_schemas, Term.also),
        unevaluated_properties=_both(a.unevaluated_properties, b.unevaluated_properties),
        unevaluated_items=_both(a.unevaluated_items, b.unevaluated_items),
        groups=a.groups + b.groups,
        negated=a.negated + b.negated,
        conditions=a.conditions + b.conditions,
        notes={**b.notes, **a.notes},
        tag=a.tag or b.tag,
        origin=a.origin | b.origin,
        inexact=(*a.inexact, *b.inexact, a, b) if crossing else a.inexact + b.inexact,
    )


def _properties(a: Shape, b: Shape) -> Mapping[str, Term]:
    for one, other in ((a, b), (b, a)):
        if not (other.properties or other.pattern_properties or other.additional):
            return one.properties
    return {
        name: _member(a, name).also(_member(b, name))
        for name in dict.fromkeys((*a.properties, *b.properties))
    }


def _member(shape: Shape, name: str) -> Term:
    """What a shape says of the member `name`: an empty conjunction where nothing."""
    if (declared := shape.properties.get(name)) is not None:
        return declared
    term = Term(())
    matched = False
    for pattern, other in shape.pattern_properties.items():
        if matches(pattern, name):
            term, matched = term.also(other), True
    if not matched and shape.additional is not None:
        term = shape.additional
    return term


def member(shape: Shape, name: str) -> Term | None:
    """The term that governs a member; None where anything may come."""
    term = _member(shape, name)
    return term if term.nodes else None


def matches(pattern: str, text: str) -> bool:
    """Whether an ECMA 262 pattern is found in the text; patterns that Python cannot read match nothing."""
    try:
        return re.search(pattern, text, re.ASCII) is not None
    except (re.error, OverflowError):
        return False


def fold(shapes: Sequence[Shape]) -> Shape | None:
    """A union of simple shapes of different types as one shape, or None where types meet."""
    seen: set[str] = set()
    fields: dict[str, Any] = {}
    origin = Origin()
    notes: dict[str, Any] = {}
    for shape in shapes:
        kinds = families(shape.types)
        if not shape.simple or kinds & seen:
            return None
        seen |= kinds
        for family in kinds:
            for name in _BY_TYPE.get(family, ()):
                fields[name] = getattr(shape, name)
        origin = origin | shape.origin
        notes = {**shape.notes, **notes}
    types = frozenset().union(*(shape.types for shape in shapes))
    return Shape(types=types, origin=origin, notes=notes, **fields)


def with_null(shape: Shape) -> Shape:
    """The shape, and null besides; only for shapes without groups, negations and conditions."""
    values = shape.values
    if values is not None:
        values = {**values, "null": None}
    return replace(shape, types=shape.types | {"null"}, values=values)


def narrowed_to_types(shape: Shape) -> Shape:
    """Drops enum members of other types; the types are those of the members left."""
    if shape.values is None:
        return shape
    values = {text: value for text, value in shape.values.items() if admits(shape.types, value)}
    types = frozenset(type_of(value) for value in values.values())
    if "number" in types:
        types -= {"integer"}
    if types == shape.types and len(values) == len(shape.values):
        return shape
    return replace(shape, values=values, types=types)


def type_of(value: Any) -> str:
    """The JSON Schema type of a value; an integral float is an integer (2020-12, 4.2.3)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) or value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def admits(types: frozenset[str], value: Any) -> bool:
    """Whether a value is of one of the types."""
    kind = type_of(value)
    return kind in types or (kind == "integer" and "number" in types)


def _common_types(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    common = a & b
    if ("integer" in a and "number" in b) or ("number" in a and "integer" in b):
        common |= {"integer"}
    return common if common != TYPES else TYPES


def _common_values(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if a is None or b is None:
        return b if a is None else a
    return {text: value for text, value in a.items() if text in b}


def _tighter(a: Bound | None, b: Bound | None, *, low: bool) -> Bound | None:
    if a is None or b is None:
        return b if a is None else a
    if a.value == b.value:
        return a if a.exclusive else b
    return a if (a.value > b.value) is low else b


def _least(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


def _both(a: Term | None, b: Term | None) -> Term | None:
    if a is None or b is None:
        return b if a is None else a
    return a.also(b)


def _prefixes(a: Shape, b: Shape) -> tuple[Term, ...]:
    length = max(len(a.prefix), len(b.prefix))
    return tuple(_slot(a, index).also(_slot(b, index)) for index in range(length))


def _slot(shape: Shape, index: int) -> Term:
    return shape.prefix[index] if index < len(shape.prefix) else shape.items or Term(())


def _merge(a: Mapping[str, Any], b: Mapping[str, Any], both: Callable[[Any, Any], Any]) -> Mapping[str, Any]:
    if not a or not b:
        return a or b
    return {
        name: both(a[name], b[name]) if name in a and name in b else a.get(name, b.get(name))
        for name in dict.fromkeys((*a, *b))
    }


def tidy(shape: Shape) -> Shape:
    """Last steps of normalising: integers by multipleOf, whole bounds, enum members by type."""
    if "number" in shape.types and any(m == int(m) and m for m in shape.multiples if _finite(m)):
        shape = replace(shape, types=shape.types - {"number"} | {"integer"})
    if "integer" in shape.types and "number" not in shape.types:
        multiples = frozenset(m for m in shape.multiples if m != 1)
        lower, upper = _whole(shape.lower, low=True), _whole(shape.upper, low=False)
        if lower or upper or len(multiples) != len(shape.multiples):
            shape = replace(shape, multiples=multiples, lower=lower, upper=upper)
    return narrowed_to_types(shape)


def _finite(value: int | float) -> bool:
    return isinstance(value, int) or math.isfinite(value)


def _whole(bound: Bound | None, *, low: bool) -> Bound | None:
    if bound is None or not _finite(bound.value):
        return bound
    edge = math.ceil(bound.value) if low else math.floor(bound.value)
    if bound.exclusive and edge == bound.value:
        edge += 1 if low else -1
    return Bound(edge)
