"""The normal form of a schema: every way to write the same constraint becomes the same field.

A Shape is one level deep; below it stand Terms (conjunctions of places) that are opened when needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from driftcheck.openapi.node import Node

TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})
SCALARS = frozenset({"boolean", "number", "integer", "string"})
_NOTHING: Mapping[str, Any] = MappingProxyType({})

TermKey: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class Term:
    """All of these places must hold. `entered` names the component that a `$ref` led to, if one did.

    Never changed; not frozen for the same reason as Node.
    """

    nodes: tuple[Node, ...]
    entered: str | None = None
    key: TermKey = field(init=False)  # identity: terms of equal keys mean the same

    def __post_init__(self) -> None:
        nodes = self.nodes
        if len(nodes) == 1:
            self.key = ((nodes[0].resource.identity, nodes[0].pointer),)
        else:
            self.key = tuple([node.key for node in nodes])

    def also(self, other: Term) -> Term:
        """The conjunction, without naming a place twice."""
        if not self.nodes:
            return other
        if not other.nodes:
            return self
        added = tuple(node for node in other.nodes if node.key not in self.key)
        if not added:
            return self
        return Term(self.nodes + added, self.entered or other.entered)


@dataclass(slots=True, eq=False)
class Origin:
    """The schema objects that a shape was read from; asked for a keyword only when something is found.

    Never changed, like Term.
    """

    parts: tuple[Node, ...] = ()

    def get(self, keyword: str) -> Node | None:
        """Where the keyword is written, or None."""
        for part in self.parts:
            if isinstance(part.value, dict) and keyword in part.value:
                return part.child(keyword)
        return None

    def __contains__(self, keyword: str) -> bool:
        return any(isinstance(part.value, dict) and keyword in part.value for part in self.parts)

    def __or__(self, other: Origin) -> Origin:
        return Origin(self.parts + other.parts)

    @property
    def first(self) -> Node | None:
        """The schema itself."""
        return self.parts[0] if self.parts else None


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of a number; `exclusive` leaves out the limit itself."""

    value: int | float
    exclusive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Contains:
    """At least `least` and at most `most` elements satisfy `term`."""

    term: Term
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A discriminator: the property that names the branch, the explicit values by target, and where objects
    without the property belong (3.2)."""

    name: str
    mapping: Mapping[str, str]
    node: Node
    default: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One anyOf (or oneOf, if `exclusive`) with at least two branches; `tags` go with `members`.

    `default` is the branch of objects without the discriminator's property.
    """

    members: tuple[Term, ...]
    exclusive: bool
    node: Node
    tag: Tag | None = None
    tags: tuple[tuple[str, ...], ...] = ()
    default: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """if / then / else."""

    test: Term
    then: Term | None
    otherwise: Term | None


@dataclass(slots=True, eq=False)
class Shape:
    """What one level of a schema allows. Defaults mean "no constraint". Never changed, like Term.

    `types` has "integer" only where "number" is absent. `values` maps canonical JSON text to the value.
    `additional` is None where any undeclared member may come. `inexact` holds parts whose conjunction
    cannot be written in these fields alone. `origin` tells where each keyword was written.
    """

    types: frozenset[str] = TYPES
    values: Mapping[str, Any] | None = None
    lower: Bound | None = None
    upper: Bound | None = None
    multiples: frozenset[int | float] = frozenset()
    number_formats: frozenset[str] = frozenset()
    min_length: int = 0
    max_length: int | None = None
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    content: tuple[tuple[str, str], ...] = ()
    prefix: tuple[Term, ...] = ()
    items: Term | None = None
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False
    contains: tuple[Contains, ...] = ()
    properties: Mapping[str, Term] = field(default_factory=lambda: _NOTHING)
    required: frozenset[str] = frozenset()
    pattern_properties: Mapping[str, Term] = field(default_factory=lambda: _NOTHING)
    additional: Term | None = None
    min_properties: int = 0
    max_properties: int | None = None
    names: Term | None = None
    dependent_required: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOTHING)
    dependent_schemas: Mapping[str, Term] = field(default_factory=lambda: _NOTHING)
    unevaluated_properties: Term | None = None
    unevaluated_items: Term | None = None
    groups: tuple[Group, ...] = ()
    negated: tuple[Term, ...] = ()
    conditions: tuple[Condition, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    tag: Tag | None = None
    origin: Origin = NOWHERE
    inexact: tuple[Shape, ...] = ()

    @property
    def simple(self) -> bool:
        """Whether each constraint concerns one type only, so that branches of other types can be added."""
        return not (self.groups or self.negated or self.conditions or self.inexact or self.values is not None)

    @property
    def independent(self) -> bool:
        """Whether no two constraints act on the same values, so that each can be judged alone."""
        return self.simple and not (
            self.pattern_properties
            or self.names
            or self.contains
            or self.dependent_required
            or self.dependent_schemas
            or self.unevaluated_properties
            or self.unevaluated_items
            or self.patterns
            or self.formats
            or self.multiples
            or (self.unique and self.items)
        )

    @property
    def tangled(self) -> bool:
        """Whether subschemas at this very level act on each other."""
        return bool(
            self.groups
            or self.negated
            or self.conditions
            or self.inexact
            or self.dependent_schemas
            or self.unevaluated_properties
        )


def families(types: frozenset[str]) -> set[str]:
    """The types with integers counted as numbers."""
    return {"number" if kind == "integer" else kind for kind in types}


def is_never(term: Term | None) -> bool:
    """Whether the term is (or contains) the schema `false`."""
    if term is None:
        return False
    nodes = term.nodes
    return nodes[0].value is False if len(nodes) == 1 else any(node.value is False for node in nodes)
