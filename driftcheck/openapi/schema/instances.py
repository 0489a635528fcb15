"""Builds small values that satisfy a Shape. Best effort: every value is checked by a validator before use."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema import patterns
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import conjoin, member, tidy
from driftcheck.openapi.schema.export import hidden
from driftcheck.openapi.schema.shape import Bound, Shape, Term, TermKey, is_never

FORMATS: Mapping[str, str] = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "uri-reference": "/a",
    "iri": "https://example.com/a",
    "iri-reference": "/a",
    "uri-template": "/a/{b}",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "json-pointer": "/a",
    "relative-json-pointer": "1/a",
    "regex": "^a$",
}
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")
_DEEPEST = 25
_NONE = object()


class NoValueError(Exception):
    """No value was found (which proves nothing)."""


@dataclass(slots=True, eq=False)
class Instances:
    """Values of one side's schemas, as they travel in one direction."""

    canon: Canon
    flow: Flow
    _known: dict[TermKey, Any] = field(default_factory=dict)

    def shape(self, term: Term) -> Shape:
        """The term's normal form."""
        return self.canon.shape(term)

    def base(self, shape: Shape, depth: int = 0) -> Any:
        """A smallest value; NoValueError where none is found."""
        for value in self.bases(shape, depth):
            return value
        raise NoValueError

    def of(self, term: Term, depth: int = 0) -> Any:
        """A smallest value of a term; one that contains itself has none."""
        key = term.key
        if key not in self._known:
            self._known[key] = _NONE
            with suppress(NoValueError):
                self._known[key] = self.base(self.shape(term), depth)
        value = self._known[key]
        if value is _NONE:
            raise NoValueError
        return value

    def bases(self, shape: Shape, depth: int = 0) -> Iterator[Any]:
        """A small value for each type that the shape allows, for each branch of its unions."""
        if depth > _DEEPEST:
            raise NoValueError
        for flat in islice(self.branches(shape), 12):
            if flat.values is not None:
                yield from flat.values.values()
                continue
            for kind in _ORDER:
                if kind in flat.types:
                    yield from self._of_type(flat, kind, depth)

    def branches(self, shape: Shape) -> Iterator[Shape]:
        """The shape with one branch of each union taken; unions within branches too."""
        if not shape.groups:
            yield shape
            return
        for index in range(len(shape.groups[0].members)):
            yield from self.branches(self._taken(shape, 0, index))

    def taking(self, shape: Shape, branch: Term) -> Iterator[Shape]:
        """The shape with this branch taken, of whichever union it is one of."""
        for position, group in enumerate(shape.groups):
            for index, member_ in enumerate(group.members):
                if member_.key == branch.key:
                    yield self._taken(shape, position, index)

    def _taken(self, shape: Shape, position: int, index: int) -> Shape:
        group = shape.groups[position]
        plain = replace(shape, groups=shape.groups[:position] + shape.groups[position + 1 :])
        taken = self.shape(group.members[index])
        tags = group.tags[index] if index < len(group.tags) else ()
        if group.tag is not None and tags:
            taken = replace(taken, required=taken.required | {group.tag.name})
            taken = replace(taken, notes={**taken.notes, "tag": (group.tag.name, tags[0])})
        return tidy(conjoin(plain, taken))

    def _of_type(self, shape: Shape, kind: str, depth: int) -> Iterator[Any]:
        if kind == "null":
            yield None
        elif kind == "boolean":
            yield False
        elif kind in ("integer", "number"):
            yield from islice(numbers(shape, whole=kind == "integer"), 1)
        elif kind == "string":
            yield from islice(strings(shape), 1)
        else:
            try:
                yield self._array(shape, depth) if kind == "array" else self.object(shape, depth=depth)
            except NoValueError:
                return

    def _array(self, shape: Shape, depth: int) -> list[Any]:
        needed = max(shape.min_items, sum(c.least for c in shape.contains))
        if needed > 2000:
            raise NoValueError
        found = [self.of(c.term, depth + 1) for c in shape.contains for _ in range(c.least)]
        return self.elements(shape, needed, depth, found)

    def elements(self, shape: Shape, count: int, depth: int, found: list[Any] | None = None) -> list[Any]:
        """An array of so many elements (distinct where they must be)."""
        values = list(found or ())
        while len(values) < count:
            term = slot(shape, len(values))
            choices = (
                self._many(term, depth) if shape.unique else iter([self.of(term, depth + 1)] if term else [0])
            )
            values.append(next((v for v in choices if not shape.unique or v not in values), None))
        return values

    def _many(self, term: Term | None, depth: int) -> Iterator[Any]:
        if term is None:
            yield from range(300)
            return
        shape = self.shape(term)
        yield from islice(self.bases(shape, depth + 1), 50)
        if shape.values is None and "string" in shape.types and not shape.patterns | shape.formats:
            yield from (f"{i}".rjust(shape.min_length, "a") for i in range(300))
        yield from islice(numbers(shape, whole=True, many=True), 300)

    def object(self, shape: Shape, given: Mapping[str, Any] | None = None, depth: int = 0) -> dict[str, Any]:
        """An object with the `given` members, all that is required, and as few others as possible."""
        value = dict(given or {})
        tag = shape.notes.get("tag")
        if tag is not None and tag[0] not in value:
            value[tag[0]] = tag[1]
        pending = sorted(shape.required)
        while pending:
            name = pending.pop(0)
            if name not in value and self.travels(shape, name):
                value[name] = self.member(shape, name, depth)
        for name in list(value):
            for needed in sorted(shape.dependent_required.get(name, ())):
                value.setdefault(needed, self.member(shape, needed, depth))
        if len(value) < shape.min_properties:
            self._fill(shape, value, depth)
        return value

    def _fill(self, shape: Shape, value: dict[str, Any], depth: int) -> None:
        names = [n for n in shape.properties if n not in value and self.travels(shape, n)]
        names += [f"extra{i}" for i in range(min(shape.min_properties, 300))]
        for name in names:
            if len(value) >= shape.min_properties:
                return
            if not is_never(member(shape, name)):
                value[name] = self.member(shape, name, depth)

    def member(self, shape: Shape, name: str, depth: int = 0) -> Any:
        """A value for a member of an object of this shape."""
        term = member(shape, name)
        return "a" if term is None else self.of(term, depth + 1)

    def travels(self, shape: Shape, name: str) -> bool:
        """Whether a member goes in this direction at all."""
        term = shape.properties.get(name)
        return term is None or is_never(term) or not hidden(self.canon, term, self.flow)


def slot(shape: Shape, index: int) -> Term | None:
    """The term for the element at `index`."""
    return shape.prefix[index] if index < len(shape.prefix) else shape.items


def numbers(shape: Shape, *, whole: bool, many: bool = False) -> Iterator[int | float]:
    """Numbers within the shape's bounds and multiples, plain ones first."""
    starts: list[int | float] = [0, 1, *edges_of(shape.lower), *edges_of(shape.upper)]
    if not whole:
        starts += [0.5, *(b.value + d for b in (shape.lower, shape.upper) if b for d in (0.5, -0.5))]
        if shape.lower and shape.upper:
            starts.append((shape.lower.value + shape.upper.value) / 2)
    for multiple in shape.multiples:
        low = shape.lower.value if shape.lower else 0
        first = math.floor(low / multiple) * multiple if math.isfinite(low / multiple) else 0
        starts += [first + multiple * step for step in (0, 1, 2)]
    starts += range(2, 302) if many else ()
    seen: set[int | float] = set()
    for start in starts:
        value = int(start) if float(start).is_integer() else start
        if value in seen or not fits(shape, value) or (whole and not isinstance(value, int)):
            continue
        seen.add(value)
        yield value


def edges_of(bound: Bound | None) -> list[int | float]:
    """A bound and its neighbours."""
    if bound is None or not math.isfinite(bound.value):
        return []
    return [bound.value, bound.value + 1, bound.value - 1, math.floor(bound.value), math.ceil(bound.value)]


def fits(shape: Shape, value: int | float) -> bool:
    """Whether a number is within bounds and a multiple of what it must be."""
    low, high = shape.lower, shape.upper
    if low is not None and (value < low.value or (low.exclusive and value == low.value)):
        return False
    if high is not None and (value > high.value or (high.exclusive and value == high.value)):
        return False
    return all(_multiple(value, divisor) for divisor in shape.multiples)


def _multiple(value: int | float, divisor: int | float) -> bool:
    if isinstance(value, int) and isinstance(divisor, int):
        return value % divisor == 0
    quotient = value / divisor
    return math.isfinite(quotient) and abs(quotient - round(quotient)) < 1e-9


def strings(shape: Shape) -> Iterator[str]:
    """Strings of the shape: by format, by pattern, or of the least length."""
    if shape.formats:
        yield from (FORMATS[name] for name in sorted(shape.formats) if name in FORMATS)
    if shape.patterns:
        yield from patterns.matching(shape.patterns, shape.min_length, shape.max_length)
    least = min(shape.min_length, 100_000)
    yield "a" * max(least, 1 if shape.max_length != 0 else 0)
    if least == 0:
        yield ""
