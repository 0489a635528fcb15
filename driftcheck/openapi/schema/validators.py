"""The two validators of a question: they say of a value which side accepts it, and why not.

They are compiled as deep as the values that are asked about: what is further down cannot concern these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from driftcheck.openapi.schema.definitions import ANY_DEPTH
from driftcheck.openapi.schema.question import Question, exports

_NEAR = 2  # levels of members and elements that are compiled first: most values are no deeper
_CONTAINERS = frozenset((dict, list))
_UNCHECKABLE = (ValueError, TypeError, OverflowError, RecursionError)

_Both: TypeAlias = "tuple[Any, Any] | None"


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a validator refused a value: by which keywords, the members it names, where, and in words."""

    keywords: frozenset[str]
    names: tuple[str, ...]
    path: tuple[str | int, ...]
    message: str


@dataclass(slots=True, eq=False)
class Judges:
    """Both sides' validators. Where a schema cannot be compiled, they neither agree nor disagree."""

    question: Question
    _compiled: list[tuple[int, _Both]] = field(default_factory=list)  # with the depth that each is exact for
    _deepest: int = -1

    def disagree(self, value: Any) -> bool:
        """Whether the wide side accepts the value and the tight side refuses it."""
        try:
            both = self._both(value)
            return both is not None and bool(both[0].is_valid(value)) and not both[1].is_valid(value)
        except _UNCHECKABLE:
            return False

    def agree(self, value: Any) -> bool:
        """Whether both sides accept the value."""
        try:
            both = self._both(value)
            return both is not None and bool(both[0].is_valid(value)) and bool(both[1].is_valid(value))
        except _UNCHECKABLE:
            return False

    def complaints(self, value: Any) -> tuple[Complaint, ...]:
        """What the tight side says against the value."""
        both = self._both(value)
        return () if both is None else tuple(islice(map(_complaint, both[1].iter_errors(value)), 20))

    def _both(self, value: Any) -> _Both:
        """The validators that are exact for the value."""
        if self._deepest == ANY_DEPTH:
            return self._compiled[-1][1]
        depth = nesting(value)
        for known, both in self._compiled:
            if known >= depth:
                return both
        depth = max(depth + depth % 2, _NEAR)  # fewer steps, should values get deeper and deeper
        self._deepest, both = _compile(self.question, depth)
        self._compiled.append((self._deepest, both))
        return both


def nesting(value: Any) -> int:
    """How deep a value is nested: 0 for one without members and elements."""
    depth = 0
    level = [value] if type(value) in _CONTAINERS and value else []
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) in _CONTAINERS and inner
        ]
    return depth


def _compile(question: Question, depth: int) -> tuple[int, _Both]:
    import jsonschema_rs

    wide, tight, complete = exports(question, inline=False, depth=depth)
    try:
        return ANY_DEPTH if complete else depth, (
            jsonschema_rs.Draft202012Validator(wide, validate_formats=True),
            jsonschema_rs.Draft202012Validator(tight, validate_formats=True),
        )
    except _UNCHECKABLE:
        return depth, None


# Keywords whose complaints come from the schema below them.
_APPLICATORS = frozenset(
    "if then else not contains dependentSchemas dependentRequired propertyNames patternProperties".split()
)
# Messages that would quote whole schemas, or the value over again.
_WORDS = {
    "not": "it is what `not` rules out",
    "anyOf": "none of the alternatives (anyOf) accepts it",
    "oneOf": "not exactly one of the alternatives (oneOf) accepts it",
    "contains": "too few or too many elements are what `contains` asks for",
    "falseSchema": "nothing is allowed here",
}


def _complaint(error: Any) -> Complaint:
    kind = error.kind
    names: tuple[str, ...] = ()
    if kind.name == "required":
        names = (kind.property,)
    elif kind.name in ("additionalProperties", "unevaluatedProperties"):
        names = tuple(kind.unexpected)
    message = _WORDS.get(kind.name) or str(error.message)
    if len(message) > 200:
        message = message[:197] + "..."
    path = [str(step) for step in error.evaluation_path]
    keywords = frozenset((kind.name, *path[-1:], *_APPLICATORS.intersection(path)))
    return Complaint(keywords, names, tuple(error.instance_path), message)
