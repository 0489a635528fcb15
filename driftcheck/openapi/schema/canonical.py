"""Brings schemas of every OpenAPI version to normal form: one Canon for each document, results kept.

Equal rewrites must come out equal here; a new way of writing an old constraint belongs in this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from driftcheck.openapi.node import Document, Node, Resource, UnresolvedError, unescape
from driftcheck.openapi.schema.conjunction import conjoin, fold, tidy, with_null
from driftcheck.openapi.schema.dynamic import in_scope
from driftcheck.openapi.schema.read_keywords import doubly_negated, read_keywords, read_tag
from driftcheck.openapi.schema.shape import TYPES, Group, Origin, Shape, Tag, Term, TermKey

_MOST_PARTS = 500


class Canon:
    """Normalises the schemas of one document. Unresolvable references allow everything and are noted
    (see `lacking`)."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.unresolved: dict[str, str] = {}
        self._shapes: dict[TermKey, Shape] = {}
        self._bound: dict[tuple[str, str], Resource] = {}
        self._reading: set[TermKey] = set()
        self._lacking: dict[TermKey, frozenset[str]] = {}
        self._nowhere: dict[tuple[str, str], str] = {}  # what stands for references that led nowhere
        self._names: dict[TermKey, frozenset[str]] = {}
        self._plain_ref = document.version in ("2.0", "3.0")

    def term(self, node: Node) -> Term:
        """The place that a node stands for: references without siblings are followed."""
        value = node.value
        if not isinstance(value, dict) or ("$ref" not in value and "$dynamicRef" not in value):
            return Term((node,))
        entered: str | None = None
        seen: set[tuple[str, str]] = set()
        while (reference := self._reference(node)) is not None and self._pure(node):
            if node.key in seen:
                self._dangling(reference, "the reference leads back to itself")
                return Term((self._anything(node, reference),), entered)
            seen.add(node.key)
            target = self._follow(node, reference)
            if target is None:
                return Term((self._anything(node, reference),), entered)
            node = target
            entered = component_name(node)
        return Term((node,), entered)

    def shape(self, term: Term) -> Shape:
        """The normal form of a term."""
        key = term.key
        shape = self._shapes.get(key)
        if shape is None:
            self._reading.add(key)
            shape = self._shapes[key] = self._read(term)
            self._reading.discard(key)
        return shape

    def lacking(self, term: Term) -> frozenset[str]:
        """The references at the term's own level that led nowhere: what they ask for is not known."""
        self.shape(term)
        return self._lacking.get(term.key, frozenset())

    def names(self, term: Term) -> frozenset[str]:
        """All member names that a term writes down at its own level, in whatever branch."""
        found = self._names.get(term.key)
        if found is None:
            found = self._names[term.key] = frozenset(_declared_names(self, term, set()))
        return found

    def says(self, term: Term, annotation: str) -> bool:
        """Whether an annotation such as `readOnly` is true; without normalising where the text is plain."""
        if len(term.nodes) == 1:
            value = term.nodes[0].value
            if not isinstance(value, dict):
                return False
            if _COMPOSING.isdisjoint(value):
                return value.get(annotation) is True
        return self.shape(term).notes.get(annotation) is True

    def _read(self, term: Term) -> Shape:
        parts: list[Node] = []
        seen: set[tuple[str, str]] = set()
        for node in term.nodes:
            self._flatten(node, parts, seen)
        shape = self._part(parts[0]) if parts else Shape()
        for part in parts[1:]:
            shape = conjoin(shape, self._part(part))
        shape = self._with_groups(shape, parts)
        if self._nowhere:
            self._lacking[term.key] = frozenset(self._led_nowhere(parts))
        return tidy(shape)

    def _led_nowhere(self, parts: list[Node]) -> Iterator[str]:
        for part in parts:
            if part.key in self._nowhere:
                yield self._nowhere[part.key]
            for keyword in ("anyOf", "oneOf"):
                branches = part.get(keyword)
                for branch in () if branches is None else branches.elements():
                    term = self.term(branch)
                    yield from () if term.key in self._reading else self.lacking(term)

    def _flatten(self, node: Node, parts: list[Node], seen: set[tuple[str, str]]) -> None:
        """Collects the schema objects of a conjunction: the schema, what it refers to, and its allOf."""
        if node.key in seen or len(parts) > _MOST_PARTS:
            return
        seen.add(node.key)
        reference = self._reference(node)
        if reference is not None:
            target = self._follow(node, reference)
            self._flatten(target or self._anything(node, reference), parts, seen)
            if self._plain_ref:
                return
        parts.append(node)
        twice = doubly_negated(node)
        if twice is not None:
            self._flatten(twice, parts, seen)
        members = node.get("allOf")
        if members is not None:
            for member in members.elements():
                self._flatten(member, parts, seen)

    def _part(self, node: Node) -> Shape:
        return read_keywords(node, self.term, self.document.version)

    def _with_groups(self, shape: Shape, parts: list[Node]) -> Shape:
        or_null = False
        for part in parts:
            value = part.value
            if not isinstance(value, dict):
                continue
            if self._null_idiom(value):
                or_null = True
            for keyword in ("anyOf", "oneOf"):
                branches = part.get(keyword)
                if branches is not None and isinstance(branches.value, list) and branches.value:
                    shape = self._with_group(shape, part, keyword, branches)
        return _or_null(shape) if or_null else shape

    def _null_idiom(self, value: dict[str, Any]) -> bool:
        """3.0: `nullable` beside a composition without `type` means null too, as tools read it."""
        name = "x-nullable" if self.document.version == "2.0" else "nullable"
        if not self._plain_ref or value.get(name) is not True:
            return False
        return "type" not in value and any(word in value for word in ("allOf", "anyOf", "oneOf"))

    def _with_group(self, shape: Shape, part: Node, keyword: str, branches: Node) -> Shape:
        exclusive = keyword == "oneOf"
        members: list[Term] = []
        null = False
        for node in branches.elements():
            if node.value is False:
                continue
            term = self.term(node)
            if term.key in self._reading:
                continue  # a union that is a branch of itself has nothing more by that
            if _is_null(self.shape(term)):
                null = True
            else:
                members.extend(self._nested(term, keyword))
        tag = read_tag(part)
        if not members:
            return conjoin(shape, Shape(types=frozenset({"null"}) if null else frozenset()))
        folded = None
        if tag is None:
            folded = self._folded(members) or self._constants(members)
        if folded is not None:
            return conjoin(shape, _or_null(folded) if null else folded)
        if null:
            members.append(self.term(_null_of(branches)))
        tags, default = self._tags(members, tag), self._default(members, tag)
        group = Group(tuple(members), exclusive, branches, tag, tags, default)
        return conjoin(shape, Shape(groups=(group,)))

    def _nested(self, term: Term, keyword: str) -> list[Term]:
        """A branch that is nothing but another anyOf (or a oneOf within a oneOf) is that one's branches."""
        if len(term.nodes) == 1 and isinstance(term.nodes[0].value, dict) and term.entered is None:
            value = term.nodes[0].value
            inner = term.nodes[0].get(keyword)
            if inner is not None and set(value) <= {keyword, "title", "description"}:
                terms = [self.term(node) for node in inner.elements()]
                return [one for one in terms if one.key not in self._reading]
        return [term]

    def _folded(self, members: list[Term]) -> Shape | None:
        shapes = [self.shape(member) for member in members]
        if len(shapes) == 1:
            return shapes[0]
        return fold(shapes) if all(shape.types != TYPES for shape in shapes) else None

    def _constants(self, members: list[Term]) -> Shape | None:
        """anyOf/oneOf of enums is one enum."""
        shapes = [self.shape(member) for member in members]
        values: dict[str, Any] = {}
        for shape in shapes:
            only_values = replace(Shape(), types=shape.types, values=shape.values)
            if shape.values is None or not _same_constraints(shape, only_values):
                return None
            if any(text in values for text in shape.values):
                return None
            values.update(shape.values)
        origin = Origin(tuple(node for shape in shapes for node in shape.origin.parts))
        types = frozenset().union(*(shape.types for shape in shapes))
        return Shape(types=types, values=values, origin=origin)

    def _tags(self, members: list[Term], tag: Tag | None) -> tuple[tuple[str, ...], ...]:
        if tag is None:
            return tuple(() for _ in members)
        by_target: dict[str, list[str]] = {}
        for value, target in tag.mapping.items():
            by_target.setdefault(self._target_key(tag.node, target), []).append(value)
        found = []
        for member in members:
            key = "#".join(member.nodes[0].key)
            implicit = [member.entered] if member.entered else []
            found.append(tuple(by_target.get(key) or implicit))
        return tuple(found)

    def _default(self, members: list[Term], tag: Tag | None) -> int | None:
        """Which branch the discriminator's defaultMapping means (3.2, 4.25)."""
        if tag is None or tag.default is None:
            return None
        wanted = self._target_key(tag.node, tag.default)
        keys = ["#".join(member.nodes[0].key) for member in members]
        return keys.index(wanted) if wanted in keys else None

    def _target_key(self, node: Node, target: str) -> str:
        """A mapping value is a reference or the bare name of a component (3.0, 4.7.25.2)."""
        root = self.document.version == "2.0"
        reference = target
        if "/" not in target and "#" not in target and not target.endswith((".json", ".yaml", ".yml")):
            reference = f"#/definitions/{target}" if root else f"#/components/schemas/{target}"
        try:
            return "#".join(self.document.resolve(Node({"$ref": reference}, node.resource)).key)
        except UnresolvedError:
            return target

    def _reference(self, node: Node) -> str | None:
        value = node.value
        if not isinstance(value, dict):
            return None
        reference = value.get("$ref", None if self._plain_ref else value.get("$dynamicRef"))
        return reference if isinstance(reference, str) else None

    def _pure(self, node: Node) -> bool:
        return self._plain_ref or not (set(node.value) - _BESIDE_REF)

    def _follow(self, node: Node, reference: str) -> Node | None:
        try:
            target = self.document.follow(node, reference)
        except UnresolvedError as error:
            self._dangling(error.reference, error.reason)
            return None
        if not (node.resource.has_names or target.resource.has_names):
            return target
        dynamic = "$ref" not in node.value
        return in_scope(self.document, node, target, self._bound, dynamic=dynamic)

    def _anything(self, node: Node, reference: str) -> Node:
        made = Node(True, node.resource, f"{node.pointer}/unresolved")
        self._nowhere[made.key] = reference
        return made

    def _dangling(self, reference: str, reason: str) -> None:
        self.unresolved[reference] = reason


_COMPOSING = frozenset(("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf"))
_BESIDE_REF = {
    "$ref", "$dynamicRef", "$id", "$anchor", "$dynamicAnchor", "$defs", "summary", "description", "title",
    "$comment", "example", "examples",
}  # fmt: skip
_CONSTRAINTS = tuple(
    name for name in Shape.__slots__ if name not in ("types", "values", "notes", "origin", "tag")
)


def component_name(node: Node) -> str | None:
    """The name under which a referenced place is known: its last token, or the file's name."""
    if node.pointer:
        return unescape(node.pointer.rsplit("/", 1)[1])
    name = node.resource.uri.rsplit("/", 1)[-1]
    return name.split(".")[0] or name


def _same_constraints(shape: Shape, other: Shape) -> bool:
    return all(getattr(shape, name) == getattr(other, name) for name in _CONSTRAINTS)


def _is_null(shape: Shape) -> bool:
    return shape.types == {"null"}


def _or_null(shape: Shape) -> Shape:
    """The shape or null, put where later steps find it."""
    if "null" in shape.types and shape.values is None and shape.simple:
        return shape
    if shape.groups and len(shape.groups) == 1 and not (shape.negated or shape.conditions or shape.inexact):
        group = shape.groups[0]
        null = Term((_null_of(group.node),))
        wider = replace(group, members=(*group.members, null), tags=(*group.tags, ()))
        return replace(with_null(shape), groups=(wider,))
    return with_null(shape)


def _null_of(node: Node) -> Node:
    return Node({"type": "null"}, node.resource, f"{node.pointer}/null")


def _declared_names(canon: Canon, term: Term, seen: set[TermKey]) -> Iterator[str]:
    if term.key in seen:
        return
    seen.add(term.key)
    shape = canon.shape(term)
    yield from shape.properties
    yield from shape.required
    below = [member for group in shape.groups for member in group.members]
    below += [t for c in shape.conditions for t in (c.test, c.then, c.otherwise) if t is not None]
    below += shape.dependent_schemas.values()
    for other in below:
        yield from _declared_names(canon, other, seen)
