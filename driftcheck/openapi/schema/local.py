"""What two Shapes disagree on at one level: keyword by keyword, before anything is proven.

`narrows` and `widens` are about going from expected to actual; None means that the keywords alone do not
tell. A new keyword gets a line in `differ`, its row in keywords.py, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from driftcheck.difference import JSON, Change, Rename
from driftcheck.openapi.node import Node
from driftcheck.openapi.schema import patterns
from driftcheck.openapi.schema.finite import lists_all, strings_within
from driftcheck.openapi.schema.shape import TYPES, Bound, Shape, Term
from driftcheck.renaming.pairs import best_renames

_WITHIN = {
    ("int8", "int16"), ("int8", "int32"), ("int8", "int64"), ("int16", "int32"), ("int16", "int64"),
    ("int32", "int64"), ("uint8", "uint32"), ("uint8", "uint64"), ("uint8", "int16"), ("uint8", "int32"),
    ("uint8", "int64"), ("uint32", "uint64"), ("uint32", "int64"), ("float", "double"),
}  # fmt: skip
_TEXT_WITHIN = {
    ("email", "idn-email"), ("hostname", "idn-hostname"), ("uri", "iri"), ("uri", "uri-reference"),
    ("url", "uri"), ("uri", "url"), ("uri-reference", "iri-reference"), ("iri", "iri-reference"),
    ("uri", "iri-reference"),
}  # fmt: skip
_DISJOINT_FORMATS = {"date", "date-time", "time", "duration", "email", "ipv4", "ipv6", "uuid", "uri"}


@dataclass(slots=True, kw_only=True)
class Local:
    """One disagreement. `step` leads from here to the place it belongs to ("properties", name);
    `value` is a counterexample that needs no further search; `branch` the branch of a union that came or
    went. `key` tells apart what stands at one place.

    `soft_…` harm is risky rather than breaking. `provable` says that it is about allowed values, so that a
    prover may dismiss it and a counterexample confirm it; `errors` are the validator's words for it.
    """

    attribute: str | None
    expected: JSON = None
    actual: JSON = None
    narrows: bool | None = False
    widens: bool | None = False
    soft_narrows: bool = False
    soft_widens: bool = False
    provable: bool = True
    change: Change = Change.CHANGED
    name: str | None = None
    step: tuple[str, ...] = ()
    key: str = ""
    rename: Rename | None = None
    nodes: tuple[Node | None, Node | None] = (None, None)
    errors: tuple[str, ...] = ()
    note: str = ""
    value: JSON = None
    branch: Term | None = None
    facts: dict[str, JSON] | None = None


def differ(e: Shape, a: Shape, *, types: bool = True) -> Iterator[Local]:
    """Disagreements of the keywords that hold no schemas; `types` says whether types are compared too."""
    for local in _all(e, a, types=types):
        if local.narrows is False and local.widens is False:
            continue  # the same constraint in other words
        if local.nodes == (None, None):
            names = (local.attribute or "", *_RELATED.get(local.attribute or "", ()))
            local.nodes = (_origin(e, names), _origin(a, names))
        if not local.errors:
            local.errors = (local.attribute or "", *_RELATED.get(local.attribute or "", ()))
        yield local


_RELATED = {
    "nullable": ("type", "enum", "const", "anyOf", "oneOf"),
    "type": ("enum", "const", "anyOf", "oneOf", "falseSchema"),
    "enum": ("const", "type"),
    "const": ("enum",),
    "minimum": ("exclusiveMinimum",),
    "maximum": ("exclusiveMaximum",),
    "exclusiveMinimum": ("minimum",),
    "exclusiveMaximum": ("maximum",),
    "format": ("minimum", "maximum"),
}


def _origin(shape: Shape, names: tuple[str, ...]) -> Node | None:
    return next((node for name in names if (node := shape.origin.get(name)) is not None), None)


def _all(e: Shape, a: Shape, *, types: bool) -> Iterator[Local]:
    if types:
        yield from _types(e, a)
    if types or shared(e, a, *e.types):
        yield from _values(e, a)
    if shared(e, a, "number", "integer"):
        yield from _bounds(e, a)
        yield from _multiples(e, a)
    yield from _formats(e, a)
    yield from _counts(e, a)
    if shared(e, a, "string"):
        yield from _strings(e, a)
        yield from _contents(e, a)
    if shared(e, a, "array") and e.unique != a.unique:
        yield Local(
            attribute="uniqueItems", expected=e.unique, actual=a.unique, narrows=a.unique, widens=e.unique
        )


def shared(e: Shape, a: Shape, *kinds: str) -> bool:
    """Whether values of these types are allowed on both sides; else only the type itself is to be told."""
    return not (e.types.isdisjoint(kinds) or a.types.isdisjoint(kinds))


def _types(e: Shape, a: Shape) -> Iterator[Local]:
    narrows = not types_within(e.types, a.types)
    widens = not types_within(a.types, e.types)
    if not narrows and not widens:
        return
    if e.types ^ a.types == {"null"}:
        yield Local(
            attribute="nullable",
            expected="null" in e.types,
            actual="null" in a.types,
            narrows=narrows,
            widens=widens,
        )
    elif _types_by_values(e, a, narrows=narrows) and _types_by_values(a, e, narrows=widens):
        return
    else:
        yield Local(
            attribute="type",
            expected=shown_types(e.types),
            actual=shown_types(a.types),
            narrows=narrows,
            widens=widens,
        )


def _types_by_values(wide: Shape, tight: Shape, *, narrows: bool) -> bool:
    """Whether a lack of types is only the enum's doing, which is reported as such."""
    if not narrows:
        return True
    return tight.values is not None and types_within(tight.types, wide.types)


def types_within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether every value of the inner types is of one of the outer ones."""
    return all(kind in outer or (kind == "integer" and "number" in outer) for kind in inner)


def shown_types(types: frozenset[str]) -> JSON:
    """Types for a report: None for all, a single name, or a sorted list."""
    if types == TYPES:
        return None
    return next(iter(types)) if len(types) == 1 else sorted(types)


def _values(e: Shape, a: Shape) -> Iterator[Local]:
    if e.values is None and a.values is None:
        return
    both_const = all("const" in s.origin and len(s.values or ()) == 1 for s in (e, a))
    name = "const" if both_const else "enum"
    expected = None if e.values is None else list(e.values.values())
    actual = None if a.values is None else list(a.values.values())
    if e.values is None or a.values is None:
        narrows = a.values is not None and not lists_all(a, e)
        widens = e.values is not None and not lists_all(e, a)
        if narrows or widens:
            yield Local(attribute=name, expected=expected, actual=actual, narrows=narrows, widens=widens)
        return
    removed = [value for text, value in e.values.items() if text not in a.values]
    added = [value for text, value in a.values.items() if text not in e.values]
    if removed in ([], [None]) and added in ([], [None]):
        return  # only null came or went: said as "nullable"
    if not types_within(a.types - {"null"}, e.types) and not types_within(e.types - {"null"}, a.types):
        return  # said as "type"
    for old, new, confidence in _renamed_values(removed, added):
        removed.remove(old)
        added.remove(new)
        yield Local(
            attribute=name,
            change=Change.RENAMED,
            expected=old,
            actual=new,
            narrows=True,
            widens=True,
            rename=Rename(old, new, confidence),
            errors=("enum", "const"),
        )
    kept = len(e.values) - len(removed)
    if removed or added:
        yield Local(
            attribute=name,
            expected=expected,
            actual=actual,
            narrows=bool(removed),
            widens=bool(added),
            soft_widens=kept > 0,
            facts={"removed": removed, "added": added},
        )


def _renamed_values(removed: list[Any], added: list[Any]) -> list[tuple[str, str, float]]:
    old = {value: value for value in removed if isinstance(value, str)}
    new = {value: value for value in added if isinstance(value, str)}
    return best_renames(old, new, lambda *_: 1.0) if old and new else []


def _bounds(e: Shape, a: Shape) -> Iterator[Local]:
    for low, old, new in ((True, e.lower, a.lower), (False, e.upper, a.upper)):
        if old == new:
            continue
        side = "Minimum" if low else "Maximum"
        shape = a if new is not None else e
        exclusive = f"exclusive{side}" in shape.origin and side.lower() not in shape.origin
        yield Local(
            attribute=f"exclusive{side}" if exclusive else side.lower(),
            expected=_limit(old),
            actual=_limit(new),
            narrows=not bound_within(old, new, low=low),
            widens=not bound_within(new, old, low=low),
        )


def _limit(bound: Bound | None) -> JSON:
    return None if bound is None else bound.value


def bound_within(inner: Bound | None, outer: Bound | None, *, low: bool) -> bool:
    """Whether all numbers within one limit are within the other."""
    if outer is None:
        return True
    if inner is None:
        return False
    if inner.value == outer.value:
        return inner.exclusive or not outer.exclusive
    return (inner.value > outer.value) is low


def _multiples(e: Shape, a: Shape) -> Iterator[Local]:
    if e.multiples == a.multiples:
        return
    yield Local(
        attribute="multipleOf",
        expected=_single(e.multiples),
        actual=_single(a.multiples),
        narrows=not all(any(_divides(m, own) for own in e.multiples) for m in a.multiples),
        widens=not all(any(_divides(m, own) for own in a.multiples) for m in e.multiples),
    )


def _divides(divisor: int | float, value: int | float) -> bool:
    if isinstance(divisor, int) and isinstance(value, int):
        return value % divisor == 0
    quotient = value / divisor
    return abs(quotient - round(quotient)) < 1e-9


def _single(values: frozenset[Any]) -> JSON:
    found = sorted(values)
    return None if not found else found[0] if len(found) == 1 else found


def _formats(e: Shape, a: Shape) -> Iterator[Local]:
    pairs = (
        (e.formats, a.formats, _TEXT_WITHIN, "string"),
        (e.number_formats, a.number_formats, _WITHIN, "number"),
    )
    for old, new, within, family in pairs:
        kinds = ("number", "integer") if family == "number" else (family,)
        if old == new or not shared(e, a, *kinds):
            continue
        narrows: bool | None = not _formats_within(old, new, within)
        widens: bool | None = not _formats_within(new, old, within)
        soft = not old or not new
        soft = soft or old | new == {"float", "double"}
        told = narrows is not widens or (old <= _DISJOINT_FORMATS and new <= _DISJOINT_FORMATS)
        if not soft and family == "string" and not told:
            narrows, widens = None, None
        yield Local(
            attribute="format",
            expected=_single(old),
            actual=_single(new),
            narrows=narrows,
            widens=widens,
            soft_narrows=soft,
            soft_widens=soft,
        )


def _formats_within(inner: frozenset[str], outer: frozenset[str], within: set[tuple[str, str]]) -> bool:
    return all(any(i == o or (i, o) in within for i in inner) for o in outer)


_COUNTS = (
    ("minLength", "min_length", True, "string"),
    ("maxLength", "max_length", False, "string"),
    ("minItems", "min_items", True, "array"),
    ("maxItems", "max_items", False, "array"),
    ("minProperties", "min_properties", True, "object"),
    ("maxProperties", "max_properties", False, "object"),
)


def _counts(e: Shape, a: Shape) -> Iterator[Local]:
    within = (False, False)
    if (e.min_length, e.max_length) != (a.min_length, a.max_length) and shared(e, a, "string"):
        within = strings_within(e, a), strings_within(a, e)
    for keyword, field, low, kind in _COUNTS:
        old, new = getattr(e, field), getattr(a, field)
        if old == new or not shared(e, a, kind):
            continue
        rises = _infinite(new) > _infinite(old)
        implied = within if kind == "string" else (False, False)
        yield Local(
            attribute=keyword,
            expected=_written(old, low=low),
            actual=_written(new, low=low),
            narrows=rises is low and not implied[0],
            widens=rises is not low and not implied[1],
        )


def _infinite(limit: int | None) -> float:
    return float("inf") if limit is None else limit


def _written(limit: int | None, *, low: bool) -> JSON:
    return None if low and limit == 0 else limit


def _strings(e: Shape, a: Shape) -> Iterator[Local]:
    if e.patterns != a.patterns:
        yes = {"yes": False, "no": True, "unknown": None}
        yield Local(
            attribute="pattern",
            expected=_single(e.patterns),
            actual=_single(a.patterns),
            narrows=False if strings_within(e, a) else yes[patterns.included(e.patterns, a.patterns)],
            widens=False if strings_within(a, e) else yes[patterns.included(a.patterns, e.patterns)],
        )


def _contents(e: Shape, a: Shape) -> Iterator[Local]:
    old, new = dict(e.content), dict(a.content)
    for keyword in ("contentEncoding", "contentMediaType"):
        if old.get(keyword) != new.get(keyword):
            yield Local(
                attribute=keyword,
                expected=old.get(keyword),
                actual=new.get(keyword),
                narrows=keyword in new,
                widens=keyword in old,
                soft_narrows=not (keyword in old and keyword in new),
                soft_widens=not (keyword in old and keyword in new),
                provable=False,
                note="content keywords are annotations, so no JSON value shows the difference",
            )
