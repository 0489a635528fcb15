"""Proves a pair of schemas harmless, or finds a value that one accepts and the other refuses.

Every value that leaves this module was checked by a validator on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema import containment
from driftcheck.openapi.schema.containment import Verdict
from driftcheck.openapi.schema.edges import Edges
from driftcheck.openapi.schema.export import Exporter, TooLargeError
from driftcheck.openapi.schema.instances import Instances
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.members import Sides
from driftcheck.openapi.schema.shape import Term

_MOST_CANDIDATES = 700
_ENOUGH_REFUSED = 60
_MOST_CASES = 20
_SMALL = 300


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a validator refused a value: by which keywords, the members it names, where, and in words."""

    keywords: frozenset[str]
    names: tuple[str, ...]
    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A value that the wide side accepts and the tight side refuses."""

    value: Any
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A pair of terms in a direction; `wide` is the side whose values must all be accepted by `tight`."""

    sides: Sides
    expected: Term
    actual: Term
    text: bool

    @property
    def wide(self) -> tuple[Any, Term]:
        """Canon and term of the side that produces the values."""
        if self.sides.flow is Flow.SENT:
            return self.sides.expected, self.expected
        return self.sides.actual, self.actual

    @property
    def tight(self) -> tuple[Any, Term]:
        """Canon and term of the side that takes the values."""
        if self.sides.flow is Flow.SENT:
            return self.sides.actual, self.actual
        return self.sides.expected, self.expected


def verdict(question: Question, budget: int = 3000) -> Verdict:
    """Whether the tight side accepts everything that the wide side produces."""
    try:
        wide, tight = _exports(question, inline=True, budget=budget)
    except TooLargeError:
        return "unknown"
    answer = containment.covers(tight, wide)
    if answer == "unknown" and _by_cases(question, wide, tight):
        return "yes"
    return answer


def _by_cases(question: Question, wide: Any, tight: Any) -> bool:
    """Proof by the values of a required member that the branches of the tight side tell apart."""
    (wide_canon, wide_term), (tight_canon, tight_term) = question.wide, question.tight
    shape, union = wide_canon.shape(wide_term), tight_canon.shape(tight_term)
    if not union.groups or not isinstance(wide, dict):
        return False
    for name in sorted(shape.required & shape.properties.keys()):
        values = wide_canon.shape(shape.properties[name]).values
        if values is not None and 1 < len(values) <= _MOST_CASES:
            cases = [
                {**wide, "properties": {**wide.get("properties", {}), name: {"const": value}}}
                for value in values.values()
            ]
            if all(containment.covers(tight, case) == "yes" for case in cases):
                return True
    return False


def _exports(question: Question, *, inline: bool, budget: int = 3000) -> tuple[Any, Any]:
    (wide_canon, wide), (tight_canon, tight) = question.wide, question.tight
    flow, text = question.sides.flow, question.text
    maker = Exporter(wide_canon, flow, text, other=tight_canon, inline=inline, budget=budget)
    closed = maker.document(wide, (tight,))
    return closed, Exporter(tight_canon, flow, text, inline=inline, budget=budget).document(tight)


@dataclass(slots=True, eq=False)
class Judges:
    """The two validators of a question; None where a side's schema cannot be compiled."""

    wide: Any
    tight: Any

    def disagree(self, value: Any) -> bool:
        """Whether the wide side accepts the value and the tight side refuses it."""
        try:
            return bool(self.wide.is_valid(value)) and not self.tight.is_valid(value)
        except _UNCHECKABLE:
            return False

    def agree(self, value: Any) -> bool:
        """Whether both sides accept the value."""
        try:
            return bool(self.wide.is_valid(value)) and bool(self.tight.is_valid(value))
        except _UNCHECKABLE:
            return False

    def complaints(self, value: Any) -> tuple[Complaint, ...]:
        """What the tight side says against the value."""
        return tuple(islice(map(_complaint, self.tight.iter_errors(value)), 20))


_UNCHECKABLE = (ValueError, TypeError, OverflowError, RecursionError)


def judges(question: Question) -> Judges | None:
    """Compiled validators for both sides."""
    import jsonschema_rs

    wide, tight = _exports(question, inline=False)
    try:
        return Judges(
            jsonschema_rs.Draft202012Validator(wide, validate_formats=True),
            jsonschema_rs.Draft202012Validator(tight, validate_formats=True),
        )
    except _UNCHECKABLE:
        return None


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


def witnesses(question: Question, found: Judges, hints: Iterable[Any] = ()) -> list[Witness]:
    """Values on which the sides disagree, smallest first; bounded in number, not in time."""
    (wide_canon, wide), (tight_canon, tight) = question.wide, question.tight
    makers = (
        Instances(wide_canon, question.sides.flow, question.text),
        Instances(tight_canon, question.sides.flow, question.text),
    )
    values = Edges(*makers).values(makers[0].shape(wide), makers[1].shape(tight))
    refused: dict[str, Witness] = {}
    for value in islice(_chain(hints, values), _MOST_CANDIDATES):
        if found.disagree(value):
            text = size_key(value)[1]
            if text not in refused:
                refused[text] = Witness(value, found.complaints(value))
            if len(refused) >= _ENOUGH_REFUSED:
                break
    return sorted(refused.values(), key=lambda witness: size_key(witness.value))


def _chain(hints: Iterable[Any], values: Iterator[Any]) -> Iterator[Any]:
    yield from hints
    yield from values


def size_key(value: Any) -> tuple[int, str]:
    """Sorts values by the length of their JSON, then by the JSON itself."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return len(text), text


def fitting(local: Local, found: list[Witness]) -> Witness | None:
    """The smallest witness that is refused for this disagreement's own reason, and best for it alone."""
    fits = [witness for witness in found if any(_concerns(local, c) for c in witness.complaints)]
    alone = [witness for witness in fits if all(_concerns(local, c) for c in witness.complaints)]
    return (alone or fits or [None])[0]  # type: ignore[list-item]


def _concerns(local: Local, complaint: Complaint) -> bool:
    if complaint.keywords.isdisjoint(local.errors):
        return False
    if local.name is None or not complaint.names:
        return True
    named = {local.name, local.rename.new if local.rename else local.name}
    return bool(named & set(complaint.names)) or bool(named & {str(step) for step in complaint.path})


@dataclass(slots=True)
class Evidence:
    """What is known of one pair, worked out when first asked for."""

    question: Question
    _verdict: Verdict | None = None
    _witnesses: list[Witness] | None = None
    _judges: Judges | None = None
    _asked: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The prover's answer."""
        if self._verdict is None:
            self._verdict = verdict(self.question)
        return self._verdict

    @property
    def overlooked(self) -> Witness | None:
        """A value that shows harm which no keyword has told of; only looked for in small schemas."""
        try:
            _exports(self.question, inline=True, budget=_SMALL)
        except TooLargeError:
            return None
        return None if self.verdict == "yes" else next(iter(self.witnesses), None)

    @property
    def judges(self) -> Judges | None:
        """The validators."""
        if not self._asked:
            self._asked = True
            self._judges = judges(self.question)
        return self._judges

    @property
    def witnesses(self) -> list[Witness]:
        """All the values found on which the sides disagree."""
        if self._witnesses is None:
            found = self.judges
            self._witnesses = [] if found is None else witnesses(self.question, found)
        return self._witnesses
