"""The two validators of a question: they say of a value which side accepts it, and why not.

They are compiled for the values that are asked about: what concerns other members, or is further down, can
make no difference to these.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, TypeAlias

from driftcheck.openapi.schema.definitions import Reach
from driftcheck.openapi.schema.question import Question, exports
from driftcheck.openapi.schema.weight import bearable

_NEAR: tuple[None, ...] = (None, None)  # most values are no deeper
_MUCH = 10  # a deep value is like those before where this part of its members, or less, was not met before
_CONTAINERS = frozenset((dict, list))
_UNCHECKABLE = (ValueError, TypeError, OverflowError, RecursionError)

_Both: TypeAlias = "tuple[Any, Any] | None"
_Compiled: TypeAlias = "tuple[Reach, _Both]"


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
    _near: _Compiled | None = None  # for all values that are not nested deeply
    _far: _Compiled | None = None  # for deeper values with the members that were met so far

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
        """The validators that are exact for the value: those that are there already, if they are."""
        near, far = self._near, self._far
        if near is not None and within(value, near[0]):
            return near[1]
        # What cannot be compiled in depth may be compiled for what is near.
        if far is not None and within(value, far[0]) and (far[1] is not None or not within(value, _NEAR)):
            return far[1]
        if within(value, _NEAR):
            self._near = _compile(self.question, _NEAR)
            return self._near[1]
        self._far = _compile(self.question, _reach(outline(value), far))
        return self._far[1]


def within(value: Any, reach: Reach) -> bool:
    """Whether the value is nested no deeper, and has no other members, than is within reach."""
    level = _containers([value])
    for names in reach or ():
        if names is not None and any(type(outer) is dict and not outer.keys() <= names for outer in level):
            return False
        level = _inside(level)
    return reach is None or not level


def outline(value: Any) -> tuple[frozenset[str], ...]:
    """The names of members at each level of nesting, the outermost first; as long as the value is deep."""
    found: list[frozenset[str]] = []
    level = _containers([value])
    while level:
        found.append(frozenset().union(*[outer for outer in level if type(outer) is dict]))
        level = _inside(level)
    return tuple(found)


def _inside(level: list[Any]) -> list[Any]:
    """All containers in containers, one level down."""
    return _containers(
        [inner for outer in level for inner in (outer.values() if type(outer) is dict else outer)]
    )


def _containers(values: list[Any]) -> list[Any]:
    """The objects and arrays that are not empty."""
    return [value for value in values if type(value) in _CONTAINERS and value]


def _reach(members: tuple[frozenset[str], ...], before: _Compiled | None) -> Reach:
    """A reach for these members. If most were met before, more of the kind will come: then it is one for
    those that were met before, too, and for any outermost ones: at one more level each time."""
    known = before[0] if before is not None and before[0] is not None else ()
    pairs = list(zip_longest(members, known, fillvalue=frozenset[str]()))
    fresh = sum(len(names - others) for names, others in pairs if names and others is not None)
    if fresh * _MUCH > sum(map(len, members)):
        return members
    inner = [names | (others or frozenset()) for names, others in pairs if names is not None]
    free = max(len(_NEAR), sum(names is None for names in known) + 1)
    return (*[None] * free, *inner[free:])


def _compile(question: Question, reach: Reach) -> _Compiled:
    import jsonschema_rs

    wide, tight, complete = exports(question, inline=False, reach=reach)
    if not (bearable(wide) and bearable(tight)):
        return None if complete else reach, None
    try:
        return None if complete else reach, (
            jsonschema_rs.Draft202012Validator(wide, validate_formats=True),
            jsonschema_rs.Draft202012Validator(tight, validate_formats=True),
        )
    except _UNCHECKABLE:
        return reach, None


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
