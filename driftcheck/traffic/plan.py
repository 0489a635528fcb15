"""What a schema declares, as a tree that recorded values are walked along; unions are taken together.

A tree belongs to one place of one operation and grows only where values go, so that it also remembers which
members were ever seen. Whether a value is valid is the gauge's matter, not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from driftcheck.difference import Flow
from driftcheck.openapi.node import escape
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import matches
from driftcheck.openapi.schema.shape import TYPES, Shape, Term, TermKey, is_never

Openness: TypeAlias = Literal["closed", "unspoken", "open", "map", "free"]
"""closed: no others. unspoken: nothing is said. open: on purpose. map: others have a schema. free: none."""

Key: TypeAlias = tuple[str, str]
"""A schema's place in the description: file and pointer."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An object at `path` that has members which its plan does not declare."""

    plan: Plan
    path: tuple[str | int, ...]
    names: frozenset[str]
    value: dict[str, Any]


@dataclass(slots=True, eq=False)
class Plan:
    """All that is declared at one level of a value; `keys` are its places in the description."""

    canon: Canon
    terms: tuple[Term, ...]
    keys: frozenset[Key]
    shapes: tuple[Shape, ...]
    names: dict[str, tuple[Term, ...]]
    openness: Openness
    seen: set[str] = field(default_factory=set)
    objects: int = 0
    _children: dict[str, Plan | None] = field(default_factory=dict)
    _items: Plan | None = None
    _others: Plan | None = None
    _kinds: frozenset[str] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The JSON types that values may have."""
        if self._kinds is None:
            self._kinds = frozenset().union(*(_kinds_of(self.canon, term) for term in self.terms))
        return self._kinds

    def walk(self, value: Any, path: tuple[str | int, ...], found: list[Unknown]) -> None:
        """Remember which members of `value` occur, and collect the objects with undeclared ones."""
        if isinstance(value, dict):
            self._walk_members(value, path, found)
        elif isinstance(value, list):
            items = self.items()
            if items is not None:
                for index, element in enumerate(value):
                    if isinstance(element, (dict, list)):
                        items.walk(element, (*path, index), found)

    def _walk_members(self, value: dict[str, Any], path: tuple[str | int, ...], found: list[Unknown]) -> None:
        self.objects += 1
        names = self.names
        self.seen.update(value)
        if not value.keys() <= names.keys() and self.openness not in ("map", "free"):
            unknown = frozenset(name for name in value if name not in names and not self._by_pattern(name))
            if unknown:
                found.append(Unknown(self, path, unknown, value))
        for name, inner in value.items():
            if isinstance(inner, (dict, list)):
                child = self.child(name)
                if child is not None:
                    child.walk(inner, (*path, name), found)

    def child(self, name: str) -> Plan | None:
        """The plan of a member; None where nothing is said of it."""
        if name not in self._children:
            terms = self.names.get(name, ())
            if not terms:
                return self._other()
            places = [
                (part.resource.uri, f"{part.pointer}/properties/{escape(name)}")
                for shape in self.shapes
                if name in shape.properties
                for part in shape.origin.parts
            ]
            self._children[name] = plan_of(self.canon, terms, places)
        return self._children[name]

    def items(self) -> Plan | None:
        """The plan of the elements; None where nothing is said of them."""
        if self._items is None:
            terms = [term for shape in self.shapes for term in (*shape.prefix, *_given(shape.items))]
            places = [
                (part.resource.uri, f"{part.pointer}/items")
                for shape in self.shapes
                if shape.items is not None
                for part in shape.origin.parts
            ]
            self._items = plan_of(self.canon, tuple(terms), places) if terms else None
        return self._items

    def _other(self) -> Plan | None:
        if self._others is None:
            terms = [
                term
                for shape in self.shapes
                for term in (*shape.pattern_properties.values(), *_given(shape.additional))
                if not is_never(term)
            ]
            self._others = plan_of(self.canon, tuple(terms), ()) if terms else None
        return self._others

    def _by_pattern(self, name: str) -> bool:
        return any(matches(pattern, name) for shape in self.shapes for pattern in shape.pattern_properties)

    def place(self, path: Sequence[str | int]) -> tuple[str, str]:
        """Where a value at `path` is described: the pointer below the schema, and words ("items[].email").

        Names that nobody wrote in the description are data, and become "*".
        """
        plan: Plan | None = self
        pointer, words = "", ""
        for token in path:
            if isinstance(token, int):
                pointer, words = f"{pointer}/items", f"{words}[]"
                plan = None if plan is None else plan.items()
            elif plan is not None and (token in plan.names or plan.openness not in ("map", "free")):
                pointer, words = f"{pointer}/properties/{escape(token)}", _dotted(words, token)
                plan = plan.child(token)
            else:
                pointer, words = f"{pointer}/additionalProperties", _dotted(words, "*")
                plan = None if plan is None else plan.child(token)
        return pointer, words

    def at(self, path: Sequence[str | int]) -> Plan | None:
        """The plan of the value at `path`, as far as anything is declared."""
        plan: Plan | None = self
        for token in path:
            if plan is None:
                return None
            plan = plan.items() if isinstance(token, int) else plan.child(token)
        return plan

    def unseen(self, flow: Flow, words: str = "") -> Iterator[str]:
        """The declared members that no walked value had, where there were objects at all.

        Not those that never go this way: what is read-only is not sent, what is write-only not received.
        """
        if not self.objects and self._items is None:
            return
        if self.objects:
            yield from (
                _dotted(words, name)
                for name, terms in self.names.items()
                if name not in self.seen and not self._goes_otherwise(terms, flow)
            )
        if self._items is not None:
            yield from self._items.unseen(flow, f"{words}[]")
        for name, child in self._children.items():
            if child is not None:
                yield from child.unseen(flow, _dotted(words, name))

    def _goes_otherwise(self, terms: tuple[Term, ...], flow: Flow) -> bool:
        keyword = "readOnly" if flow is Flow.SENT else "writeOnly"
        return any(self.canon.says(term, keyword) for term in terms)


def plan_of(canon: Canon, terms: tuple[Term, ...], places: Sequence[Key]) -> Plan:
    """The plan of values that satisfy (one of) the terms, declared at `places`."""
    levels = _levels(canon, terms)
    shapes = tuple(canon.shape(term) for term in levels)
    names: dict[str, tuple[Term, ...]] = {}
    for shape in shapes:
        for name, term in shape.properties.items():
            names[name] = (*names.get(name, ()), term)
        for name in shape.required:
            names.setdefault(name, ())
    parts = (part for shape in shapes for part in shape.origin.parts)  # also what allOf has merged
    keys = frozenset(key for term in levels for key in term.key) | frozenset(places)
    keys |= frozenset((part.resource.uri, part.pointer) for part in parts)
    return Plan(canon, terms, keys, shapes, names, _openness(shapes, len(terms), names))


def _levels(canon: Canon, terms: Sequence[Term]) -> list[Term]:
    """The terms and all branches, conditions and dependent schemas at the same level, each once."""
    found: dict[TermKey, Term] = {}
    pending = list(reversed(terms))
    while pending:
        term = pending.pop()
        if term.key in found:
            continue
        found[term.key] = term
        shape = canon.shape(term)
        pending += [member for group in shape.groups for member in group.members]
        pending += [t for c in shape.conditions for t in (c.then, c.otherwise) if t is not None]
        pending += shape.dependent_schemas.values()
    return list(found.values())


def _openness(shapes: Sequence[Shape], roots: int, names: dict[str, tuple[Term, ...]]) -> Openness:
    """How an object of this level takes members that nobody declared."""
    if any(_closed(shape) for shape in shapes[:roots]) or (
        shapes[roots:] and all(_closed(shape) for shape in shapes[roots:] if _objects(shape))
    ):
        return "closed"
    if any(shape.additional is not None and not is_never(shape.additional) for shape in shapes):
        return "map"
    if any(part for shape in shapes for part in shape.inexact):
        return "free"
    if not names:
        return "free"
    explicit = any(
        isinstance(part.value, dict) and part.value.get("additionalProperties") in (True, {})
        for shape in shapes
        for part in shape.origin.parts
    )
    return "open" if explicit else "unspoken"


def _objects(shape: Shape) -> bool:
    return "object" in shape.types and shape.types != TYPES


def _closed(shape: Shape) -> bool:
    return is_never(shape.additional) or is_never(shape.unevaluated_properties)


def _given(term: Term | None) -> tuple[Term, ...]:
    return () if term is None else (term,)


def _dotted(words: str, name: str) -> str:
    return f"{words}.{name}" if words else name


def _kinds_of(canon: Canon, term: Term) -> frozenset[str]:
    """The JSON types that values of the term may have, those of its branches included."""
    shape = canon.shape(term)
    kinds = shape.types
    if shape.values is not None:
        kinds = frozenset(_kind(value) for value in shape.values.values())
    for group in shape.groups:
        allowed = frozenset().union(*(_kinds_of(canon, member) for member in group.members))
        kinds = frozenset(k for k in kinds if k in allowed or (k == "number" and "integer" in allowed))
        if "number" in kinds and "number" not in allowed:
            kinds = kinds - {"number"} | {"integer"}
        if "integer" in allowed and not kinds & {"integer", "number"} and shape.types == TYPES:
            kinds |= {"integer"}
    return kinds


def _kind(value: Any) -> str:
    names: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object"}
    return "null" if value is None else names.get(type(value), "array")
