"""Writes Shapes back as JSON Schema 2020-12, as one direction sees them, for provers and validators.

Read-only members do not travel in requests, nor write-only ones in responses. A relying side ("wide") never
sends undeclared names that the other side gives a meaning to: they are no part of its contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import matches, member
from driftcheck.openapi.schema.shape import SCALARS, TYPES, Group, Shape, Term, TermKey, is_never

_RANGES: dict[str, tuple[float | int, float | int]] = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "float": (-3.4028234663852886e38, 3.4028234663852886e38),
}


class TooLargeError(Exception):
    """The schema has more nodes than a prover should be asked about."""


def hidden(canon: Canon, term: Term, flow: Flow) -> bool:
    """Whether a member does not travel in that direction (3.0, 4.7.24.1)."""
    return canon.says(term, "readOnly" if flow is Flow.SENT else "writeOnly")


@dataclass(slots=True, eq=False)
class Definitions:
    """Everything of one side that was written out so far, shared by all documents that need it."""

    bodies: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, frozenset[str]] = field(default_factory=dict)
    names: dict[TermKey, str] = field(default_factory=dict)


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
    _defs: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[TermKey, tuple[TermKey, ...], bool], str] = field(default_factory=dict)
    _open: set[tuple[TermKey, tuple[TermKey, ...], bool]] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def document(self, term: Term, against: tuple[Term, ...] = ()) -> Any:
        """A self-contained schema document for a term (an object, or a boolean)."""
        body = self._term(term, against, close=True)
        if not isinstance(body, dict):
            return body
        if self.inline:
            defs = {name: schema for name, schema in self._defs.items() if name in self._used}
        else:
            defs = {**self._closure(), **self._defs}
        return {**body, "$defs": defs} if defs else body

    def _closure(self) -> dict[str, Any]:
        """The shared definitions that this document needs."""
        found: dict[str, Any] = {}
        pending = [name for name in self._used if name in self.shared.bodies]
        while pending:
            name = pending.pop()
            if name not in found:
                found[name] = self.shared.bodies[name]
                pending.extend(self.shared.uses[name])
        return found

    def _term(self, term: Term, against: tuple[Term, ...], *, close: bool) -> Any:
        if is_never(term):
            return False
        if self.inline:
            return self._inlined(term, against, close=close)
        if not self._wide or not against or (len(against) == 1 and self.same(term, against[0])):
            return self._common(term)
        key = (term.key, tuple(sorted(other.key for other in against)), close)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"w{len(self._names)}"
            self._defs[name] = True
            self._defs[name] = self._schema(self.own.shape(term), term, against, close=close)
        return {"$ref": f"#/$defs/{name}"}

    def _common(self, term: Term) -> Any:
        """A definition that any document may use: nothing in it depends on the other side."""
        if (plain := _scalar(term)) is not None:
            return plain
        name = self.shared.names.get(term.key)
        if name is None:
            name = self.shared.names[term.key] = f"d{len(self.shared.names)}"
            self.shared.bodies[name] = True
            inner = Exporter(self.own, self.flow, shared=self.shared)
            self.shared.bodies[name] = inner._schema(self.own.shape(term), term, (), close=False)
            self.shared.uses[name] = frozenset(inner._used)
        self._used.add(name)
        return {"$ref": f"#/$defs/{name}"}

    def _inlined(self, term: Term, against: tuple[Term, ...], *, close: bool) -> Any:
        key = (term.key, tuple(sorted(other.key for other in against)), close)
        name = self._names.setdefault(key, f"d{len(self._names)}")
        if key in self._open:
            self._used.add(name)
            return {"$ref": f"#/$defs/{name}"}
        self._open.add(key)
        body = self._schema(self.own.shape(term), term, against, close=close)
        self._open.discard(key)
        if name in self._used:
            self._defs[name] = body
            return {"$ref": f"#/$defs/{name}"}
        return body

    def _schema(self, shape: Shape, term: Term | None, against: tuple[Term, ...], *, close: bool) -> Any:
        self.budget -= 1
        if self.inline and self.budget < 0:
            raise TooLargeError
        if not shape.types:
            return False
        out: dict[str, Any] = {}
        if shape.values is not None:
            if not shape.values:
                return False
            out["enum"] = list(shape.values.values())
        elif shape.types != TYPES:
            out["type"] = sorted(shape.types)
        _numbers(shape, out)
        _strings(shape, out)
        levels = _levels(self.other, against)
        self._arrays(shape, levels, out)
        self._objects(shape, term if close else None, against, levels, out)
        self._composition(shape, against, out)
        return out

    def _arrays(self, shape: Shape, levels: list[Term], out: dict[str, Any]) -> None:
        below = tuple(self._aligned_items(levels)) if shape.prefix or shape.items is not None else ()
        if shape.prefix:
            out["prefixItems"] = [self._term(slot, below, close=True) for slot in shape.prefix]
        if shape.items is not None:
            out["items"] = self._term(shape.items, below, close=True)
        if shape.min_items:
            out["minItems"] = shape.min_items
        if shape.max_items is not None:
            out["maxItems"] = shape.max_items
        if shape.unique:
            out["uniqueItems"] = True
        for contains in shape.contains:
            rule: dict[str, Any] = {"contains": self._term(contains.term, (), close=False)}
            rule["minContains"] = contains.least
            if contains.most is not None:
                rule["maxContains"] = contains.most
            _also(out, rule)
        if shape.unevaluated_items is not None:
            out["unevaluatedItems"] = self._term(shape.unevaluated_items, (), close=False)

    def _objects(
        self,
        shape: Shape,
        term: Term | None,
        against: tuple[Term, ...],
        levels: list[Term],
        out: dict[str, Any],
    ) -> None:
        if shape.types.isdisjoint(("object",)):
            return
        required = set(shape.required)
        properties: dict[str, Any] = {}
        plain = self.inline and self._plain(shape, against)
        for name, inner in shape.properties.items():
            if not is_never(inner) and hidden(self.own, inner, self.flow):
                required.discard(name)
                properties[name] = not self._wide
                continue
            below = tuple(self._aligned(levels, name))
            if plain and len(below) == 1 and self.same(inner, below[0]):
                properties[name] = {"const": f"§{below[0].key if self._wide else inner.key}"}
            else:
                properties[name] = self._term(inner, below, close=True)
        if term is not None and self._wide:
            properties.update(dict.fromkeys(self._foreign(shape, term, against), False))
        if properties:
            out["properties"] = properties
        if required:
            out["required"] = sorted(required)
        if shape.pattern_properties:
            out["patternProperties"] = {
                pattern: self._term(inner, (), close=True)
                for pattern, inner in shape.pattern_properties.items()
            }
        if shape.additional is not None:
            below = tuple(t for a in against if (t := self._other.shape(a).additional) is not None)
            out["additionalProperties"] = self._term(shape.additional, below, close=True)
        self._object_limits(shape, against, out)

    def _object_limits(self, shape: Shape, against: tuple[Term, ...], out: dict[str, Any]) -> None:
        if shape.min_properties:
            out["minProperties"] = shape.min_properties
        if shape.max_properties is not None:
            out["maxProperties"] = shape.max_properties
        if shape.names is not None:
            out["propertyNames"] = self._term(shape.names, (), close=False)
        if shape.dependent_required:
            out["dependentRequired"] = {k: sorted(v) for k, v in shape.dependent_required.items()}
        if shape.dependent_schemas:
            out["dependentSchemas"] = {
                name: self._term(inner, against, close=False)
                for name, inner in shape.dependent_schemas.items()
            }
        if shape.unevaluated_properties is not None:
            out["unevaluatedProperties"] = self._term(shape.unevaluated_properties, (), close=False)

    def _composition(self, shape: Shape, against: tuple[Term, ...], out: dict[str, Any]) -> None:
        for group in shape.groups:
            keyword = "oneOf" if group.exclusive else "anyOf"
            _also(out, {keyword: [self._branch(group, i, against) for i in range(len(group.members))]})
        for negated in shape.negated:
            _also(out, {"not": self._term(negated, (), close=False)})
        for condition in shape.conditions:
            rule = {"if": self._term(condition.test, (), close=False)}
            if condition.then is not None:
                rule["then"] = self._term(condition.then, against, close=False)
            if condition.otherwise is not None:
                rule["else"] = self._term(condition.otherwise, against, close=False)
            _also(out, rule)
        for part in shape.inexact:
            _also(out, self._schema(part, None, against, close=False))

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

    @property
    def _wide(self) -> bool:
        return self.closed

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

    def _aligned(self, levels: list[Term], name: str) -> Iterable[Term]:
        """The other side's terms for a member, in all branches."""
        for other in levels:
            if (inner := self._other.shape(other).properties.get(name)) is not None:
                yield inner

    def _aligned_items(self, levels: list[Term]) -> Iterable[Term]:
        for other in levels:
            shape = self._other.shape(other)
            yield from shape.prefix
            if shape.items is not None:
                yield shape.items


_ANNOTATED = frozenset(
    "type title description example examples default deprecated readOnly writeOnly".split()
)


def _scalar(term: Term) -> dict[str, Any] | None:
    """A schema that says nothing but one scalar type, written without normalising it: most of them are."""
    if len(term.nodes) != 1:
        return None
    value = term.nodes[0].value
    if isinstance(value, dict) and value.keys() <= _ANNOTATED and str(value.get("type")) in SCALARS:
        return {"type": value["type"]}
    return None


def _levels(canon: Canon | None, terms: tuple[Term, ...]) -> list[Term]:
    """The terms and all the branches of their unions, at the same level, each once."""
    if canon is None:
        return []
    if not any(canon.shape(term).groups for term in terms):
        return list(terms)
    found: dict[TermKey, Term] = {}
    pending = list(terms)
    while pending:
        term = pending.pop()
        if term.key not in found:
            found[term.key] = term
            pending.extend(inner for group in canon.shape(term).groups for inner in group.members)
    return list(found.values())


def _numbers(shape: Shape, out: dict[str, Any]) -> None:
    if shape.lower is not None:
        out["exclusiveMinimum" if shape.lower.exclusive else "minimum"] = shape.lower.value
    if shape.upper is not None:
        out["exclusiveMaximum" if shape.upper.exclusive else "maximum"] = shape.upper.value
    for multiple in sorted(shape.multiples):
        _also(out, {"multipleOf": multiple})
    for name in sorted(shape.number_formats & _RANGES.keys()):
        least, most = _RANGES[name]
        _also(out, {"minimum": least, "maximum": most})


def _strings(shape: Shape, out: dict[str, Any]) -> None:
    if shape.min_length:
        out["minLength"] = shape.min_length
    if shape.max_length is not None:
        out["maxLength"] = shape.max_length
    for pattern in sorted(shape.patterns):
        _also(out, {"pattern": pattern})
    for name in sorted(shape.formats):
        _also(out, {"format": name})


def _also(out: dict[str, Any], rule: Any) -> None:
    """Adds a rule, in an allOf where its keywords are taken."""
    if isinstance(rule, dict) and not rule.keys() & out.keys():
        out.update(rule)
    else:
        out.setdefault("allOf", []).append(rule)
