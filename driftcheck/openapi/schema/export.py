"""Writes Shapes back as JSON Schema 2020-12, as one direction sees them, for provers and validators.

Read-only members do not travel in requests, nor write-only ones in responses. A relying side ("wide") never
sends undeclared names that the other side gives a meaning to: they are no part of its contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema.alignment import aligned_items, each_once, keys, with_branches
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import matches, member
from driftcheck.openapi.schema.definitions import Definitions, Reach, Uses, only
from driftcheck.openapi.schema.export_leaves import also, childless, numbers, scalar, strings
from driftcheck.openapi.schema.shape import TYPES, Group, Shape, Term, TermKey, is_never

_DEEPEST = 25  # levels of references that are written out one within the other


class TooLargeError(Exception):
    """The schema has more nodes than a prover should be asked about."""


def hidden(canon: Canon, term: Term, flow: Flow) -> bool:
    """Whether a member does not travel in that direction (3.0, 4.7.24.1)."""
    return canon.says(term, "readOnly" if flow is Flow.SENT else "writeOnly")


@dataclass(slots=True, eq=False)
class Exporter:
    """One export: `own` side's schema, optionally closed `against` the other side's (then it is "wide").

    `inline` writes references out (what provers like) until a cycle or `budget` nodes; otherwise every
    term becomes a definition, and those that are the `same` on both sides are taken from `shared`.
    """

    own: Canon
    flow: Flow
    other: Canon | None = None
    closed: bool = False
    inline: bool = False
    budget: int = 3000
    shared: Definitions = field(default_factory=Definitions)
    same: Callable[[Term, Term], bool] = lambda *_: False
    reach: Reach = None
    _defs: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[TermKey, tuple[TermKey, ...], bool], str] = field(default_factory=dict)
    _open: set[tuple[TermKey, tuple[TermKey, ...], bool]] = field(default_factory=set)
    complete: bool = True
    _used: set[str] = field(default_factory=set)
    _here: list[str] = field(default_factory=list)  # references for the value itself
    _inside: list[tuple[str | None, str]] = field(default_factory=list)  # for its members and elements
    _wanted: frozenset[str] | None = None  # the members that count in what is being written
    _own_terms: dict[str, tuple[Term, tuple[Term, ...], bool]] = field(default_factory=dict)

    def document(self, term: Term, against: tuple[Term, ...] = ()) -> Any:
        """A self-contained schema document for a term (an object, or a boolean).

        Unless it is inline it is exact for values within `reach`; beyond, anything is allowed, and it is not
        `complete`.
        """
        body = self._term(term, against, close=True)
        if not isinstance(body, dict):
            return body
        if self.inline:
            defs = {name: schema for name, schema in self._defs.items() if name in self._used}
        else:
            defs = self._definitions()
        return {**body, "$defs": defs} if defs else body

    def _definitions(self) -> dict[str, Any]:
        """What the document needs, level by level: lists, not recursion, as references go any way down."""
        found: dict[str, Any] = {}
        beyond: set[str] = set()
        pending = self._here
        for level in count():
            last = self.reach is not None and level >= len(self.reach)
            self._wanted = names = self._names_at(level)
            following: list[tuple[str | None, str]] = []
            for name in pending:  # grows by what concerns the same level
                if name not in found:
                    body, uses = self._definition(name)
                    found[name] = body if names is None else only(body, names)
                    pending += uses.here
                    following += uses.inside
            followed = (
                [] if last else [to for of, to in following if of is None or names is None or of in names]
            )
            beyond.update([to for _, to in following])
            pending = [name for name in followed if name not in found]
            if not pending:
                break
        beyond -= found.keys()
        self.complete = not beyond and self._wanted is None
        return {**found, **dict.fromkeys(beyond, True)}

    def _names_at(self, level: int) -> frozenset[str] | None:
        """The members that count at a level of nesting (None: all)."""
        if not self.reach or level < len(self.reach):
            return self.reach[level] if self.reach else None
        return None if self.reach[-1] is None else frozenset()

    def _definition(self, name: str) -> tuple[Any, Uses]:
        """A definition of this document or a shared one, the latter written when first needed."""
        mine = self._own_terms.get(name)
        if mine is not None:
            self._here, self._inside = [], []
            term, against, close = mine
            body = self._schema(self.own.shape(term), term, against, close=close)
            return body, Uses(tuple(self._here), tuple(self._inside))
        shared = self.shared
        if name not in shared.bodies:
            term = shared.terms[name]
            inner = Exporter(self.own, self.flow, shared=shared)
            shared.bodies[name] = inner._schema(self.own.shape(term), term, (), close=False)
            shared.uses[name] = Uses(tuple(inner._here), tuple(inner._inside))
        return shared.bodies[name], shared.uses[name]

    def _term(self, term: Term, against: tuple[Term, ...], *, close: bool) -> Any:
        """A subschema for the value itself."""
        if is_never(term):
            return False
        if self.inline:
            return self._inlined(term, against, close=close)
        name = self._name(term, against, close=close)
        if isinstance(name, dict):
            return name
        self._here.append(name)
        return {"$ref": f"#/$defs/{name}"}

    def _below(self, term: Term, against: tuple[Term, ...], *, close: bool, of: str | None = None) -> Any:
        """A subschema for elements, or for members (for the one called `of`)."""
        if is_never(term):
            return False
        if self.inline:
            return self._inlined(term, against, close=close)
        name = self._name(term, against, close=close)
        if isinstance(name, dict):
            return name
        self._inside.append((of, name))
        return {"$ref": f"#/$defs/{name}"}

    def _name(self, term: Term, against: tuple[Term, ...], *, close: bool) -> str | dict[str, Any]:
        """The name of the definition for a term, or a schema that is too short for one."""
        if (plain := scalar(term)) is not None:
            return plain
        if not against or self._alike(term, against):
            return self.shared.name(term)
        return self._special(term, against, close=close)

    def _special(self, term: Term, against: tuple[Term, ...], *, close: bool) -> str:
        """The name of a definition that depends on the other side."""
        key = (term.key, keys(against), close)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"w{len(self._names)}"
            self._own_terms[name] = (term, against, close)
        return name

    def _inlined(self, term: Term, against: tuple[Term, ...], *, close: bool) -> Any:
        leaf = self._leaf(term)
        if leaf is not None:
            return leaf
        key = (term.key, keys(against), close)
        name = self._names.setdefault(key, f"d{len(self._names)}")
        if key in self._open:
            self._used.add(name)
            return {"$ref": f"#/$defs/{name}"}
        if len(self._open) > _DEEPEST:
            raise TooLargeError
        self._open.add(key)
        body = self._schema(self.own.shape(term), term, against, close=close)
        self._open.discard(key)
        if name in self._used:
            self._defs[name] = body
            return {"$ref": f"#/$defs/{name}"}
        return body

    def _leaf(self, term: Term) -> Any:
        """A schema without subschemas, which is the same wherever it stands; None for any other. Most are
        leaves, and they come again and again, so they are kept."""
        leaf = self.shared.leaves.get(term.key, _UNKNOWN)
        if leaf is _UNKNOWN:
            leaf = scalar(term)
            if leaf is None and childless(shape := self.own.shape(term)):
                leaf = self._schema(shape, None, (), close=False)
                self.budget += 1  # counted below
            self.shared.leaves[term.key] = leaf
        if leaf is None:
            return None
        self.budget -= 1
        if self.budget < 0 or len(self._open) > _DEEPEST:
            raise TooLargeError
        return leaf

    def _schema(self, shape: Shape, term: Term | None, against: tuple[Term, ...], *, close: bool) -> Any:
        self.budget -= 1
        if self.inline and self.budget < 0:
            raise TooLargeError
        if not shape.types:
            return False
        if self._tight and not self._plain(shape, against):
            against = ()
        out: dict[str, Any] = {}
        if shape.values is not None:
            if not shape.values:
                return False
            out["enum"] = list(shape.values.values())
        elif shape.types != TYPES:
            out["type"] = sorted(shape.types)
        numbers(shape, out)
        strings(shape, out)
        around = with_branches(self.other, against)
        self._arrays(shape, around, out)
        self._objects(shape, term if close else None, against, around, out)
        self._composition(shape, against, out)
        return out

    def _arrays(self, shape: Shape, around: list[Term], out: dict[str, Any]) -> None:
        below = aligned_items(self.other, around) if shape.prefix or shape.items is not None else ()
        if self._tight and (shape.prefix or any(self._other.shape(other).prefix for other in around)):
            below = ()
        if shape.prefix:
            out["prefixItems"] = [self._below(slot, below, close=True) for slot in shape.prefix]
        if shape.items is not None and not (self._tight and self._alike(shape.items, below)):
            out["items"] = self._below(shape.items, below, close=True)
        if shape.min_items:
            out["minItems"] = shape.min_items
        if shape.max_items is not None:
            out["maxItems"] = shape.max_items
        if shape.unique:
            out["uniqueItems"] = True
        for contains in shape.contains:
            rule: dict[str, Any] = {"contains": self._below(contains.term, (), close=False)}
            rule["minContains"] = contains.least
            if contains.most is not None:
                rule["maxContains"] = contains.most
            also(out, rule)
        if shape.unevaluated_items is not None:
            out["unevaluatedItems"] = self._below(shape.unevaluated_items, (), close=False)

    def _objects(
        self,
        shape: Shape,
        term: Term | None,
        against: tuple[Term, ...],
        around: list[Term],
        out: dict[str, Any],
    ) -> None:
        if shape.types.isdisjoint(("object",)):
            return
        required = set(shape.required)
        properties: dict[str, Any] = {}
        plain = self._tight or (self.inline and self._plain(shape, against))
        members = [self._other.shape(other).properties for other in around]
        left_out = self._hidden(shape)
        required -= left_out
        for name, inner in shape.properties.items():
            if name in left_out:
                properties[name] = not self._wide
                continue
            if self._wanted is not None and name not in self._wanted:
                properties[name] = True
                continue
            below = each_once([terms[name] for terms in members if name in terms])
            if plain and self._alike(inner, below):
                told = {"const": f"§{below[0].key if self._wide else inner.key}"}
                properties[name] = told if self.inline else True
            else:
                properties[name] = self._below(inner, below, close=True, of=name)
        if term is not None and self._wide:
            properties.update(dict.fromkeys(self._foreign(shape, term, against), False))
        if properties:
            out["properties"] = properties
        if required:
            out["required"] = sorted(required)
        if shape.pattern_properties:
            out["patternProperties"] = {
                pattern: self._below(inner, (), close=True)
                for pattern, inner in shape.pattern_properties.items()
            }
        if shape.additional is not None:
            others = () if self._tight else against  # what is undeclared here may be declared there
            below = each_once([t for a in others if (t := self._other.shape(a).additional) is not None])
            out["additionalProperties"] = self._below(shape.additional, below, close=True)
        self._object_limits(shape, against, out)

    def _object_limits(self, shape: Shape, against: tuple[Term, ...], out: dict[str, Any]) -> None:
        if shape.min_properties:
            out["minProperties"] = shape.min_properties
        if shape.max_properties is not None:
            out["maxProperties"] = shape.max_properties
        if shape.names is not None:
            out["propertyNames"] = self._below(shape.names, (), close=False)
        if shape.dependent_required:
            out["dependentRequired"] = {k: sorted(v) for k, v in shape.dependent_required.items()}
        if shape.dependent_schemas:
            out["dependentSchemas"] = {
                name: self._term(inner, against, close=False)
                for name, inner in shape.dependent_schemas.items()
            }
        if shape.unevaluated_properties is not None:
            out["unevaluatedProperties"] = self._below(shape.unevaluated_properties, (), close=False)

    def _composition(self, shape: Shape, against: tuple[Term, ...], out: dict[str, Any]) -> None:
        for group in shape.groups:
            keyword = "oneOf" if group.exclusive else "anyOf"
            also(out, {keyword: [self._branch(group, i, against) for i in range(len(group.members))]})
        for negated in shape.negated:
            also(out, {"not": self._term(negated, (), close=False)})
        for condition in shape.conditions:
            rule = {"if": self._term(condition.test, (), close=False)}
            if condition.then is not None:
                rule["then"] = self._term(condition.then, against, close=False)
            if condition.otherwise is not None:
                rule["else"] = self._term(condition.otherwise, against, close=False)
            also(out, rule)
        for part in shape.inexact:
            also(out, self._schema(part, None, against, close=False))

    def _branch(self, group: Group, index: int, against: tuple[Term, ...]) -> Any:
        body = self._term(group.members[index], against, close=False)
        tags = group.tags[index] if index < len(group.tags) else ()
        if group.tag is None or not tags:
            return body
        said = member(self.own.shape(group.members[index]), group.tag.name)
        values = None if said is None else self.own.shape(said).values
        if values is not None and not set(tags) & {v for v in values.values() if isinstance(v, str)}:
            return body
        tagged = {"properties": {group.tag.name: {"enum": list(tags)}}, "required": [group.tag.name]}
        return {"allOf": [body, tagged]}

    def _plain(self, shape: Shape, against: tuple[Term, ...]) -> bool:
        """Whether members can be exchanged on both sides without touching anything else: those that are the
        same on both sides then need not be written out, only to be told apart."""
        if len(against) != 1:
            return False
        return all(one.independent and not one.inexact for one in (shape, self._other.shape(against[0])))

    def _alike(self, term: Term, against: tuple[Term, ...]) -> bool:
        """Whether the other side has this term in its place."""
        return len(against) == 1 and self.same(term, against[0])

    @property
    def _wide(self) -> bool:
        return self.closed

    @property
    def _tight(self) -> bool:
        """Whether this is for a validator that is asked about values which the wide side accepts.

        What both sides say of a member or element then need not be said again, unless it could decide
        between branches.
        """
        return not self.inline and not self.closed

    @property
    def _other(self) -> Canon:
        assert self.other is not None
        return self.other

    def _foreign(self, shape: Shape, term: Term, against: tuple[Term, ...]) -> list[str]:
        """Names that only the other side declares, where this side would let anything through."""
        if shape.additional is not None or shape.unevaluated_properties is not None or not against:
            return []
        theirs = frozenset().union(*(self._other.names(other) for other in against))
        return [
            name
            for name in sorted(theirs - self.own.names(term))
            if not any(matches(p, name) for p in shape.pattern_properties)
        ]

    def _hidden(self, shape: Shape) -> frozenset[str]:
        """The members that do not travel in this direction."""
        kept = self.shared.hidden.get(id(shape))
        if kept is None:
            names = frozenset(
                name
                for name, inner in shape.properties.items()
                if not is_never(inner) and hidden(self.own, inner, self.flow)
            )
            kept = self.shared.hidden[id(shape)] = (
                shape,
                names,
            )  # the shape too, so that its id stays its own
        return kept[1]


_UNKNOWN = object()
