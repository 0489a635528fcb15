"""Values at the edges of two shapes: those on which a wider and a tighter schema are likely to disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from driftcheck.openapi.schema import patterns
from driftcheck.openapi.schema.conjunction import member
from driftcheck.openapi.schema.instances import (
    FORMATS,
    Instances,
    NoValueError,
    edges_of,
    fits,
    numbers,
    slot,
    strings,
)
from driftcheck.openapi.schema.shape import Condition, Shape, Term

_LONGEST = 5000
_LARGEST = 2000
_PLAIN = ("a", "abc", "A b", "1", "-1", "1.5", "true", "null", "ä", "2024-01-31")
_LONG_NAME = "a_member_name_of_exactly_forty_letters_x"


@dataclass(slots=True, eq=False)
class Edges:
    """Candidates that `wide` may accept and `tight` refuse. Unchecked; a validator decides."""

    wide: Instances
    tight: Instances

    def values(self, wide: Shape, tight: Shape, depth: int = 0) -> Iterator[Any]:
        """All candidates for a pair of shapes; plain ones first."""
        yield from self._given(wide, tight)
        for flat in islice(self.wide.branches(wide), 16):
            if "string" in flat.types:
                yield from self._strings(flat, tight)
            if flat.types & {"number", "integer"}:
                yield from _numbers(flat, tight)
            if "array" in flat.types:
                yield from self._arrays(flat, tight, depth)
            if "object" in flat.types:
                yield from self._objects(flat, tight, depth)
            yield from [True] if "boolean" in flat.types else []
        yield from self._aims(wide, tight, depth)

    def _given(self, wide: Shape, tight: Shape) -> Iterator[Any]:
        for shape in (wide, tight):
            yield from (shape.values or {}).values()
        for branch in islice(self.tight.branches(tight), 12):
            yield from (branch.values or {}).values()
        try:
            yield from islice(self.wide.bases(wide), 40)
        except NoValueError:
            return

    def _strings(self, wide: Shape, tight: Shape) -> Iterator[str]:
        yield from islice(strings(wide), 6)
        for length in sorted({0, *_lengths(wide), *_lengths(tight)}):
            if wide.min_length <= length <= _LONGEST:
                yield from self._of_length(wide, length)
        for branch in islice(self.tight.branches(tight), 6):
            if branch.patterns - wide.patterns:
                found = patterns.witness(wide.patterns, branch.patterns, wide.min_length, wide.max_length)
                yield from [found] if found is not None else []
            for pattern in sorted(branch.patterns):
                yield from patterns.examples(pattern)
        for name in sorted(wide.formats):
            yield from [FORMATS[name]] if name in FORMATS else []
        yield from (*_PLAIN, *FORMATS.values(), "ä@example.com", "ä.com", "https://example.com/ä")

    def _of_length(self, wide: Shape, length: int) -> Iterator[str]:
        if not wide.patterns and not wide.formats:
            yield "a" * length
        elif wide.patterns:
            yield from patterns.matching(wide.patterns, length, length, thorough=False)[:1]
        else:
            known = (FORMATS[name] for name in sorted(wide.formats) if name in FORMATS)
            yield from (text + "a" * (length - len(text)) for text in known)

    def _arrays(self, wide: Shape, tight: Shape, depth: int) -> Iterator[list[Any]]:
        sizes = {wide.min_items, tight.min_items - 1, len(wide.prefix), len(tight.prefix), 1, 2}
        sizes |= {n + d for n in (wide.max_items, tight.max_items) if n is not None for d in (0, 1)}
        sizes |= {len(tight.prefix) + 1, len(wide.prefix) + 1}
        for size in sorted(size for size in sizes if 0 <= size <= _LARGEST):
            yield from self._try_array(wide, size)
        for index in range(max(len(wide.prefix), len(tight.prefix)) + 1):
            for value in self._below(slot(wide, index), slot(tight, index), depth):
                yield from self._try_array(wide, index, [value])
                yield from self._try_array(wide, wide.min_items - 1, [value]) if index == 0 else ()
        for ours, theirs in zip(wide.contains, tight.contains, strict=False):
            for value in islice(self._below(ours.term, theirs.term, depth), 30):
                yield [value] * min(max(ours.least, 1), 100)
        for contains in tight.contains:
            for value in islice(self.tight.bases(self.tight.shape(contains.term)), 3):
                for times in {contains.least, contains.least - 1, (contains.most or 0) + 1}:
                    yield [value] * min(max(times, 0), 100)

    def _try_array(self, wide: Shape, size: int, last: list[Any] | None = None) -> Iterator[list[Any]]:
        try:
            start = self.wide.elements(wide, max(size, 0), 0)
        except NoValueError:
            return
        yield start + (last or [])
        if last:
            yield start + last + last

    def _objects(self, wide: Shape, tight: Shape, depth: int) -> Iterator[dict[str, Any]]:
        try:
            base = self.wide.object(wide)
        except NoValueError:
            return
        yield base
        names = [
            n for n in dict.fromkeys((*wide.properties, *tight.properties)) if self.wide.travels(wide, n)
        ]
        for name in names:
            for value in self._below(member(wide, name), member(tight, name), depth):
                yield from self._with(wide, {name: value})
        yield from self._with(wide, self._all(wide, names))
        for name in ("extra", _LONG_NAME, *self._pattern_names(wide, tight)):
            for value in self._below(member(wide, name), member(tight, name), depth):
                yield from self._with(wide, {name: value})
        yield from self._crowds(wide, tight)

    def _all(self, wide: Shape, names: Iterable[str]) -> dict[str, Any]:
        found = {}
        for name in names:
            try:
                found[name] = self.wide.member(wide, name)
            except NoValueError:
                continue
        return found

    def _crowds(self, wide: Shape, tight: Shape) -> Iterator[dict[str, Any]]:
        for most in (tight.max_properties, wide.max_properties):
            if most is not None and most < 1000:
                crowd = {f"extra{i}": "a" for i in range(most + 1)}
                yield from self._with(wide, crowd)
                missing = list(wide.properties)[: most + 1]
                yield from self._with(wide, self._all(wide, missing))

    def _pattern_names(self, wide: Shape, tight: Shape) -> Iterator[str]:
        for pattern in (*wide.pattern_properties, *tight.pattern_properties):
            yield from islice(patterns.examples(pattern), 2)
        for side, shape in ((self.wide, wide), (self.tight, tight)):
            if shape.names is not None:
                yield from islice(strings(side.shape(shape.names)), 3)

    def _with(self, wide: Shape, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        try:
            yield self.wide.object(wide, given)
        except NoValueError:
            return

    def _below(self, wide: Term | None, tight: Term | None, depth: int) -> Iterator[Any]:
        """Values for a member or element: a few plain ones, and its own edges while not too deep."""
        if wide is None:
            yield from ("a", 1)
            if tight is not None:
                yield from islice(self._safe(self.tight.shape(tight)), 2)
            return
        inner = self.wide.shape(wide)
        yield from islice(self._safe(inner), 3)
        if depth < 2 and tight is not None:
            yield from islice(
                self.values(inner, self.tight.shape(tight), depth + 1), 40 if depth == 0 else 12
            )

    def _safe(self, shape: Shape) -> Iterator[Any]:
        try:
            yield from self.wide.bases(shape, 2)
        except NoValueError:
            return

    def _aims(self, wide: Shape, tight: Shape, depth: int) -> Iterator[Any]:
        """Values of what the tight side forbids, tests for, or depends on, and of its branches."""
        if depth > 1:
            return
        aims: list[Term] = list(tight.negated)
        aims += [t for c in tight.conditions for t in (c.test, c.then, c.otherwise) if t is not None]
        aims += [m for group in tight.groups for m in group.members]
        for condition in tight.conditions:
            yield from self._conditional(wide, condition, depth)
        for term in aims:
            for value in islice(self._safe_tight(term), 6):
                yield value
                if isinstance(value, dict):
                    yield from self._with(wide, value)
        for name in (*tight.dependent_required, *tight.dependent_schemas):
            yield from self._with(wide, self._all(wide, [name]))
        for name, term in tight.dependent_schemas.items():
            for value in islice(self.values(wide, self.tight.shape(term), depth + 1), 60):
                if isinstance(value, dict):
                    yield {**self._all(wide, [name]), **value}

    def _conditional(self, wide: Shape, condition: Condition, depth: int) -> Iterator[Any]:
        """Objects that meet the test, with values at the edges of what then follows."""
        for test in islice(self._safe_tight(condition.test), 2):
            for term in (condition.then, condition.otherwise):
                if term is None or not isinstance(test, dict):
                    continue
                for value in islice(self.values(wide, self.tight.shape(term), depth + 1), 60):
                    if isinstance(value, dict):
                        yield {**value, **test} if term is condition.then else value

    def _safe_tight(self, term: Term) -> Iterator[Any]:
        try:
            yield from self.tight.bases(self.tight.shape(term), 2)
        except NoValueError:
            return


def _lengths(shape: Shape) -> Iterator[int]:
    for length in (shape.min_length, shape.max_length):
        if length is not None:
            yield from (max(length - 1, 0), length, length + 1)


def _numbers(wide: Shape, tight: Shape) -> Iterator[int | float]:
    whole = "number" not in wide.types
    yield from islice(numbers(wide, whole=whole), 8)
    near: list[int | float] = [-1, 2, 3, 10**6, -(10**6), 2**31, 2**63, -(2**31) - 1, -(2**63) - 1, 10**39]
    for shape in (tight, wide):
        near = [*edges_of(shape.lower), *edges_of(shape.upper), *shape.multiples, *near]
        near += [2 * m for m in shape.multiples] + [3 * m for m in shape.multiples]
    if not whole:
        near += [n + d for n in near[:12] for d in (0.5, -0.5, 0.1)] + [1.5]
    for value in near:
        if fits(wide, value) and (not whole or float(value).is_integer()):
            yield int(value) if whole else value
