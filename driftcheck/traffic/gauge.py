"""One schema of the description as one direction sees it: compiled once, then asked for every recorded value.

The schema is written by the same exporter that `driftcheck api` proves with, so that nullable, read-only and
write-only members mean the same everywhere. Violations name places of the description and never quote values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from driftcheck.difference import JSON, Flow
from driftcheck.openapi.node import Node
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.definitions import Definitions
from driftcheck.openapi.schema.export import Exporter
from driftcheck.openapi.schema.shape import Shape, Term
from driftcheck.traffic.plan import Plan, plan_of

_UNCHECKABLE = (ValueError, TypeError, OverflowError, RecursionError)
_MOST = 50  # violations of one value; a list of ten thousand wrong elements says no more


class UnjudgeableError(Exception):
    """The value is none that a validator takes."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A value at `path` breaks `keyword`, written at `node`; `names` are members it lacks or may not have."""

    keyword: str
    path: tuple[str | int, ...]
    value: Any
    node: Node | None
    limit: JSON = None
    names: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Gauge:
    """The schema `term`; `failure` says why it cannot be judged, where it cannot."""

    canon: Canon
    term: Term
    flow: Flow
    written: Definitions
    failure: str = ""
    _plan: Plan | None = None
    _validator: Any = None
    _terms: dict[str, Term] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """What the schema declares; it remembers what was seen of it."""
        if self._plan is None:
            self._plan = plan_of(self.canon, (self.term,), ())
        return self._plan

    def judge(self, value: Any) -> list[Violation]:
        """What is wrong with a value, at most fifty things.

        UnjudgeableError for a value that no validator takes (NaN, half a character).
        """
        validator = self._compiled()
        if validator is None:
            return []
        try:
            if validator.is_valid(value):
                return []
            found: list[Violation] = []
            for error in validator.iter_errors(value):
                found += self._violations(error)
                if len(found) >= _MOST:
                    break
            return found
        except _UNCHECKABLE as error:
            raise UnjudgeableError(str(error).partition("\n")[0]) from None

    def accepts(self, value: Any) -> bool:
        """Whether the value is valid (also where that cannot be told)."""
        validator = self._compiled()
        try:
            return validator is None or bool(validator.is_valid(value))
        except _UNCHECKABLE:
            return True

    def _compiled(self) -> Any:
        if self._validator is None and not self.failure:
            import jsonschema_rs

            schema = Exporter(self.canon, self.flow, shared=self.written).document(self.term)
            try:
                self._validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            except _UNCHECKABLE as error:
                self.failure = str(error).splitlines()[0]
        return self._validator

    def _violations(self, error: Any) -> Iterator[Violation]:
        kind, path = error.kind, tuple(error.instance_path)
        branches = getattr(kind, "context", None) if kind.name in ("anyOf", "oneOf") else None
        if branches:
            inner = _meant(branches, len(path))
            if inner is not None:
                for below in inner:
                    yield from self._violations(below)
                return
        tokens = [str(token) for token in error.schema_path]
        keyword = kind.name
        if keyword == "falseSchema" and tokens[-1:] == ["additionalProperties"]:
            keyword = "additionalProperties"
        said = kind.as_dict()
        node = self._place(tokens, keyword)
        yield Violation(keyword, path, error.instance, node, _limit(said), _names(said))

    def _place(self, tokens: list[str], keyword: str) -> Node | None:
        """Where the description says what was violated."""
        term: Term | None = self.term
        if tokens[:1] == ["$defs"] and len(tokens) > 1:
            term, tokens = self.written.terms.get(tokens[1]), tokens[2:]
        shape = None if term is None else self.canon.shape(term)
        while shape is not None and len(tokens) > 1:
            below = _below(shape, tokens)
            if below is None:
                break
            term, used = below
            shape, tokens = self.canon.shape(term), tokens[used:]
        if shape is None:
            return None
        for name in (keyword, *_OTHER_SPELLINGS.get(keyword, ())):
            node = shape.origin.get(name)
            if node is not None:
                return node
        return shape.origin.first


_OTHER_SPELLINGS = {
    "exclusiveMinimum": ("minimum",),
    "exclusiveMaximum": ("maximum",),
    "minimum": ("exclusiveMinimum", "format"),
    "maximum": ("exclusiveMaximum", "format"),
    "enum": ("const",),
    "falseSchema": ("additionalProperties",),
}


def _below(shape: Shape, tokens: list[str]) -> tuple[Term, int] | None:
    """The subschema that the first tokens of a written schema's path lead to, and how many they are."""
    first, second = tokens[0], tokens[1]
    if first == "properties" and second in shape.properties:
        return shape.properties[second], 2
    if first == "items" and shape.items is not None:
        return shape.items, 1
    if first == "prefixItems" and second.isdigit() and int(second) < len(shape.prefix):
        return shape.prefix[int(second)], 2
    if first == "additionalProperties" and shape.additional is not None:
        return shape.additional, 1
    if first == "patternProperties" and second in shape.pattern_properties:
        return shape.pattern_properties[second], 2
    if first in ("anyOf", "oneOf") and second.isdigit() and len(shape.groups) == 1:
        members = shape.groups[0].members
        return (members[int(second)], 2) if int(second) < len(members) else None
    return None


def _meant(branches: list[list[Any]], depth: int) -> list[Any] | None:
    """The errors of the one branch that the value was meant for; None where that cannot be told.

    A branch whose type, tag or constant does not fit at all was not meant; of the others, the nearest miss.
    """
    fitting = [errors for errors in branches if errors and not any(_unlike(e, depth) for e in errors)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return None
    sizes = sorted((len(errors), number) for number, errors in enumerate(fitting))
    return fitting[sizes[0][1]] if sizes[0][0] < sizes[1][0] else None


def _unlike(error: Any, depth: int) -> bool:
    below, keyword = len(error.instance_path) - depth, error.kind.name
    return (below == 0 and keyword == "type") or (below <= 1 and keyword in ("const", "enum"))


def _limit(said: Mapping[str, Any]) -> JSON:
    for name in ("limit", "types", "format", "options", "pattern", "multiple_of", "expected_value"):
        if name in said:
            value = said[name]
            if isinstance(value, list) and len(value) == 1 and name == "types":
                return str(value[0])
            return value if isinstance(value, (str, int, float, list, bool)) else str(value)
    return None


def _names(said: Mapping[str, Any]) -> tuple[str, ...]:
    if "property" in said:
        return (str(said["property"]),)
    return tuple(map(str, said.get("unexpected") or ()))
