"""Compares what stands below a level: members of objects and elements of arrays, present on one side or both.

Yields a Child for each pair of subschemas to look at next, and a Local for what came, went or was renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from driftcheck.difference import JSON, Change, Flow, Rename
from driftcheck.openapi.node import Node
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import matches, member
from driftcheck.openapi.schema.export import hidden
from driftcheck.openapi.schema.local import Local, differ
from driftcheck.openapi.schema.notes import compare_defaults
from driftcheck.openapi.schema.shape import TYPES, Shape, Term, families, is_never
from driftcheck.openapi.schema.summary import brief, summary
from driftcheck.renaming.pairs import best_renames

ANYTHING = Term(())


@dataclass(frozen=True, slots=True)
class Beside:
    """The members that each side declares beside a union, and those that are compared there, although one
    side has them in all of the branches; `tag` are the names of a discriminator that was renamed."""

    expected: frozenset[str] = frozenset()
    actual: frozenset[str] = frozenset()
    hoisted: frozenset[str] = frozenset()
    tag: tuple[str, str] | None = None


NOTHING_BESIDE = Beside()
_SURE = 0.95  # the discriminator says so


@dataclass(slots=True)
class Child:
    """A pair of subschemas and how to get there; `renamed` if the step has another name on the other side.

    `beside` is what is known of members beside a union, for its branches.
    """

    step: tuple[str, ...]
    expected: Term
    actual: Term
    renamed: bool = False
    beside: Beside = NOTHING_BESIDE


Found: TypeAlias = "Local | Child"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two documents' canons and the direction."""

    expected: Canon
    actual: Canon
    flow: Flow
    same: Callable[[Term, Term], bool]
    kept: dict[object, Any] = field(default_factory=dict)  # what proofs share: definitions and values


def compare_members(
    sides: Sides, e: Shape, a: Shape, names: tuple[frozenset[str], frozenset[str]], beside: Beside
) -> Iterator[Found]:
    """Everything about properties: both sides', one side's, the undeclared, and the required.

    `names` are those that each side writes down at this level, in whatever branch.
    """
    declared = names[0] | beside.expected, names[1] | beside.actual
    both = [n for n, t in e.properties.items() if n in a.properties and not sides.same(t, a.properties[n])]
    old = {
        n: t for n, t in e.properties.items() if n not in declared[1] and _travels(sides.expected, t, sides)
    }
    new = {n: t for n, t in a.properties.items() if n not in declared[0] and _travels(sides.actual, t, sides)}
    for name in both:
        yield from _shared(sides, e, a, name)
    renamed = best_renames(old, new, lambda o, n: _likeness(sides, o, n))
    if beside.tag is not None and beside.tag[0] in old and beside.tag[1] in new:
        others = [pair for pair in renamed if not {*pair[:2]} & {*beside.tag}]
        renamed = [(*beside.tag, _SURE), *others]
    for before, after, confidence in renamed:
        yield _renamed(sides, e, a, before, after, confidence)
        yield Child(("properties", before), old[before], new[after], renamed=True)
        del old[before], new[after]
    anything = sides.flow is Flow.SENT and a.types == TYPES and not declared[1]
    for name, term in () if anything else old.items():
        yield from _gone(sides, e, a, name, term)
    for name, term in new.items():
        yield from _fresh(sides, e, a, name, term)
    skip = {n for pair in renamed for n in pair[:2]} | old.keys() | new.keys() | beside.hoisted
    for name in sorted((e.required ^ a.required) - skip):
        if not _hidden_at(sides.expected, e, name, sides) and not _hidden_at(sides.actual, a, name, sides):
            yield _requiredness(e, a, name)
    yield from _undeclared(e, a)
    yield from _by_pattern(e, a)


def _travels(canon: Canon, term: Term, sides: Sides) -> bool:
    return is_never(term) or not hidden(canon, term, sides.flow)


def _hidden_at(canon: Canon, shape: Shape, name: str, sides: Sides) -> bool:
    term = shape.properties.get(name)
    return term is not None and not _travels(canon, term, sides)


def _node(shape: Shape, name: str) -> Node | None:
    term = shape.properties.get(name)
    if term is not None and term.nodes:
        return term.nodes[0]
    return shape.origin.get("required") or shape.origin.get("type")


def _declared_at(shape: Shape, name: str) -> Node | None:
    """Where the property is written (a term may already stand for what its `$ref` leads to)."""
    properties = shape.origin.get("properties")
    if properties is not None and isinstance(properties.value, dict) and name in properties.value:
        return properties.child(name)
    return _node(shape, name)


def _shared(sides: Sides, e: Shape, a: Shape, name: str) -> Iterator[Found]:
    old, new = e.properties[name], a.properties[name]
    visible = (_travels(sides.expected, old, sides), _travels(sides.actual, new, sides))
    keyword = "readOnly" if sides.flow is Flow.SENT else "writeOnly"
    step = ("properties", name)
    nodes = (_declared_at(e, name), _declared_at(a, name))
    if visible == (True, True):
        yield Child(step, old, new)
        if sides.flow is Flow.SENT and name not in e.required:
            yield from _defaults(sides, old, new, name)
    elif visible == (True, False):
        yield Local(
            attribute=keyword,
            expected=False,
            actual=True,
            narrows=True,
            widens=True,
            soft_narrows=True,
            provable=False,
            name=name,
            step=step,
            nodes=nodes,
            note=f"{keyword} is a rule of OpenAPI, not of JSON Schema, so no JSON value shows the difference",
        )
    elif visible == (False, True):
        required = name in a.required and sides.flow is Flow.SENT
        yield Local(
            attribute=keyword,
            expected=True,
            actual=False,
            narrows=required,
            provable=required,
            name=name,
            step=step,
            nodes=nodes,
            errors=("required",),
        )


def _defaults(sides: Sides, old: Term, new: Term, name: str) -> Iterator[Local]:
    """What leaving the member out means; of no matter where it may not be left out."""
    for local in compare_defaults(sides.expected.shape(old), sides.actual.shape(new)):
        local.name, local.step = name, ("properties", name)
        yield local


def _renamed(sides: Sides, e: Shape, a: Shape, before: str, after: str, confidence: float) -> Local:
    """One finding for the two names; what else was done to the field itself is told along."""
    old, new = sides.expected.shape(e.properties[before]), sides.actual.shape(a.properties[after])
    also: list[JSON] = [
        {"attribute": local.attribute, "expected": local.expected, "actual": local.actual}
        for local in differ(old, new)
        if (local.narrows if sides.flow is Flow.SENT else local.widens) is not False
    ]
    return Local(
        attribute=None,
        change=Change.RENAMED,
        expected=before,
        actual=after,
        narrows=True,
        widens=True,
        provable=False,
        rename=Rename(before, after, confidence),
        name=before,
        step=("properties", before),
        nodes=(_declared_at(e, before), _declared_at(a, after)),
        errors=_RENAMED if a.additional or {before, after} & (e.required | a.required) else (),
        note="the field is optional, so no JSON value is refused: it is silently ignored or never sent",
        facts={"required": before in e.required or after in a.required, "also": also},
    )


def _gone(sides: Sides, e: Shape, a: Shape, name: str, term: Term) -> Iterator[Found]:
    if is_never(term):
        return  # nothing was allowed
    governed = member(a, name)
    if governed is not None and _by_a_pattern(a, name):
        yield Child(("properties", name), term, governed)
        if name in e.required - a.required:
            yield _requiredness(e, a, name)
        return
    closed = is_never(governed) or is_never(a.unevaluated_properties)
    if governed is not None and not closed:
        yield Child(("properties", name), term, governed)
    required = name in e.required
    yield Local(
        attribute=None,
        change=Change.MISSING,
        expected=summary(sides.expected, term),
        narrows=closed or None,
        widens=True,
        soft_narrows=not closed,
        provable=closed if sides.flow is Flow.SENT else False,
        name=name,
        step=("properties", name),
        nodes=(_declared_at(e, name), a.origin.get("properties")),
        errors=_refusals(closed=closed, required=required, flow=sides.flow),
        note="" if required else "the field was optional, so no JSON value is refused: it just never comes",
        facts={"required": required, "closed": closed},
    )


def _by_a_pattern(shape: Shape, name: str) -> bool:
    """Whether the member is declared all the same, by a pattern that its name matches."""
    return any(matches(pattern, name) for pattern in shape.pattern_properties)


_CLOSED = ("additionalProperties", "unevaluatedProperties", "falseSchema")
_RENAMED = ("required", *_CLOSED)


def _refusals(*, closed: bool, required: bool, flow: Flow) -> tuple[str, ...]:
    """The words in which a validator can miss a removed member; none where no value shows it."""
    if flow is Flow.SENT:
        return _CLOSED if closed else ()
    return ("required",) if required else ()


def _fresh(sides: Sides, e: Shape, a: Shape, name: str, term: Term) -> Iterator[Found]:
    if is_never(term):
        yield from _forbidden(sides, e, a, name)
        return
    governed = member(e, name)
    if governed is not None and _by_a_pattern(e, name):
        yield Child(("properties", name), governed, term)
        if name in a.required - e.required:
            yield _requiredness(e, a, name)
        return
    closed = is_never(governed) or is_never(e.unevaluated_properties)
    if governed is not None and not closed:
        yield Child(("properties", name), governed, term)
    required = name in a.required and name not in e.required
    yield Local(
        attribute=None,
        change=Change.EXTRA,
        actual=summary(sides.actual, term),
        narrows=required,
        widens=closed,
        provable=(required and sides.flow is Flow.SENT) or (closed and sides.flow is Flow.RECEIVED),
        name=name,
        step=("properties", name),
        nodes=(e.origin.get("properties"), _declared_at(a, name)),
        errors=("required",) if sides.flow is Flow.SENT else _CLOSED,
        facts={"required": required, "closed": closed},
    )


def _forbidden(sides: Sides, e: Shape, a: Shape, name: str) -> Iterator[Found]:
    """`name: false` where the name was not written before: only undeclared values are refused."""
    if not is_never(member(e, name)):
        yield Local(
            attribute="properties",
            expected=None,
            actual=False,
            narrows=None if sides.flow is Flow.SENT else True,
            soft_narrows=True,
            name=name,
            step=("properties", name),
            nodes=(e.origin.get("properties"), _declared_at(a, name)),
            errors=("properties", "falseSchema"),
        )


def _requiredness(e: Shape, a: Shape, name: str) -> Local:
    required = name in a.required
    return Local(
        attribute="required",
        expected=not required,
        actual=required,
        narrows=required,
        widens=not required,
        name=name,
        step=("properties", name),
        nodes=(_declared_at(e, name), _declared_at(a, name)),
        errors=("required",),
    )


def _undeclared(e: Shape, a: Shape) -> Iterator[Found]:
    yield from _one_sided("additionalProperties", "additional", e, a)
    if e.names is not None or a.names is not None:
        yield from _one_sided("propertyNames", "names", e, a)


def _by_pattern(e: Shape, a: Shape) -> Iterator[Found]:
    for pattern in dict.fromkeys((*e.pattern_properties, *a.pattern_properties)):
        old, new = e.pattern_properties.get(pattern), a.pattern_properties.get(pattern)
        step = ("patternProperties", pattern)
        if old is not None and new is not None:
            yield Child(step, old, new)
            continue
        closed = is_never(e.additional if old is None else a.additional)
        yield Local(
            attribute="patternProperties",
            expected=None if old is None else pattern,
            actual=None if new is None else pattern,
            narrows=(new is not None and not is_never(e.additional)) or (old is not None and closed),
            widens=(old is not None and not closed) or (new is not None and is_never(e.additional)),
            step=step,
            nodes=(e.origin.get("patternProperties"), a.origin.get("patternProperties")),
            errors=("patternProperties", "additionalProperties"),
        )


def _one_sided(keyword: str, field: str, e: Shape, a: Shape) -> Iterator[Found]:
    """A subschema that may be absent (anything goes), `false`, or both sides' to compare."""
    old: Term | None = getattr(e, field)
    new: Term | None = getattr(a, field)
    if old is None and new is None:
        return
    if old is not None and new is not None and not is_never(old) and not is_never(new):
        yield Child((keyword,), old, new)
        return
    if is_never(old) and is_never(new):
        return
    yield Local(
        attribute=keyword,
        expected=_openness(old),
        actual=_openness(new),
        narrows=old is None or is_never(new),
        widens=new is None or is_never(old),
        nodes=(e.origin.get(keyword), a.origin.get(keyword)),
        errors=(keyword, "falseSchema", "type"),
    )


def _openness(term: Term | None) -> JSON:
    if term is None:
        return True
    value = term.nodes[0].value if term.nodes else True
    return value if isinstance(value, bool) else brief(value)


def compare_elements(e: Shape, a: Shape) -> Iterator[Found]:
    """Everything about array elements by position; `contains` is among the opaque keywords."""
    for index in range(max(len(e.prefix), len(a.prefix))):
        old = e.prefix[index] if index < len(e.prefix) else e.items
        new = a.prefix[index] if index < len(a.prefix) else a.items
        if is_never(old) is not is_never(new):
            yield Local(
                attribute="prefixItems",
                expected=len(e.prefix),
                actual=len(a.prefix),
                narrows=is_never(new),
                widens=is_never(old),
                nodes=(e.origin.get("prefixItems"), a.origin.get("prefixItems")),
                errors=("prefixItems", "items", "falseSchema", "maxItems"),
            )
            return
        if old is not None or new is not None:
            yield Child(("prefixItems", str(index)), old or ANYTHING, new or ANYTHING)
    yield from _one_sided("items", "items", e, a)
    if e.unevaluated_items is not None or a.unevaluated_items is not None:
        yield from _one_sided("unevaluatedItems", "unevaluated_items", e, a)


def _likeness(sides: Sides, old: Term, new: Term) -> float:
    """How well two properties fit as one renamed: 1 for the same constraints, 0 where no type is common."""
    if is_never(old) or is_never(new):
        return 0.0
    e, a = sides.expected.shape(old), sides.actual.shape(new)
    kinds_e, kinds_a = families(e.types), families(a.types)
    if not (kinds_e & kinds_a) - {"null"} and kinds_e != kinds_a:
        return 0.0
    if old.key == new.key or [n.value for n in old.nodes] == [n.value for n in new.nodes]:
        return 1.0
    if "object" in kinds_e & kinds_a and e.properties and a.properties:
        common = len(e.properties.keys() & a.properties.keys())
        return common / max(len(e.properties), len(a.properties))
    return 0.9 if kinds_e == kinds_a else 0.6
