"""Compares anyOf and oneOf: branches are matched first (`branches.py`): a change is found in its place.

A union against a plain schema is read as a union of one branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from driftcheck.difference import JSON, Change, Flow, Rename
from driftcheck.openapi.schema.branches import alike, match, name_of, names_of, tags_of, told_apart
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import conjoin, tidy
from driftcheck.openapi.schema.local import Local, shown_types
from driftcheck.openapi.schema.members import Beside, Child, Found, Sides
from driftcheck.openapi.schema.shape import Group, Shape
from driftcheck.renaming.pairs import best_renames

_LIKE = 0.35


@dataclass(slots=True)
class Resolved:
    """The two shapes with comparable unions taken out, and what was found about these.

    `apart`: a required member tells all branches apart, so that none can stand in for another. `moved`: a
    branch was taken for the whole, so that what is found is not the doing of the branch's component.
    """

    expected: Shape
    actual: Shape
    found: list[Found]
    apart: bool = False
    moved: bool = False


def resolve_unions(sides: Sides, e: Shape, a: Shape) -> Resolved:
    """Matches the unions of two shapes; what cannot be matched is an opaque Local."""
    if not e.groups and not a.groups:
        return Resolved(e, a, [])
    if len(e.groups) == len(a.groups):
        whole = _hoisted(sides.expected, e, a), _hoisted(sides.actual, a, e)
        hoisted = (whole[0].properties.keys() - e.properties) | (whole[1].properties.keys() - a.properties)
        beside = Beside(frozenset(e.properties), frozenset(a.properties), frozenset(hoisted))
        found = [
            item
            for old, new in zip(e.groups, a.groups, strict=True)
            for item in _groups(sides, old, new, beside)
        ]
        apart = all(
            told_apart(sides.expected, old) & told_apart(sides.actual, new)
            for old, new in zip(e.groups, a.groups, strict=True)
        )
        return Resolved(replace(whole[0], groups=()), replace(whole[1], groups=()), found, apart=apart)
    if len(e.groups) == 1 and not a.groups:
        return _plain(sides, e, a, old=True)
    if len(a.groups) == 1 and not e.groups:
        return _plain(sides, e, a, old=False)
    changed = Local(
        attribute=_keyword((*a.groups, *e.groups)[0]),
        expected=[names_of(sides.expected, group) for group in e.groups],
        actual=[names_of(sides.actual, group) for group in a.groups],
        narrows=None,
        widens=None,
        nodes=tuple(next((g.node for g in s.groups), None) for s in (e, a)),  # type: ignore[arg-type]
        errors=("anyOf", "oneOf"),
    )
    return Resolved(replace(e, groups=()), replace(a, groups=()), [changed])


def _hoisted(canon: Canon, shape: Shape, other: Shape) -> Shape:
    """With the members that the other side declares beside its union, and this one in each of the branches,
    in the same words."""
    lacking = other.properties.keys() - shape.properties
    properties, required, types = dict(shape.properties), set(shape.required), shape.types
    for group in shape.groups if lacking else ():
        branches = [canon.shape(term) for term in group.members]
        if other.types == {"object"} and all(branch.types == {"object"} for branch in branches):
            types &= other.types
        for name in lacking:
            terms = [branch.properties.get(name) for branch in branches]
            texts = [None if term is None else [node.value for node in term.nodes] for term in terms]
            if terms[0] is not None and all(text == texts[0] for text in texts):
                properties[name] = terms[0]
                required |= {name} if all(name in branch.required for branch in branches) else set()
    return replace(shape, properties=properties, required=frozenset(required), types=types)


def _keyword(group: Group) -> str:
    return "oneOf" if group.exclusive else "anyOf"


def _plain(sides: Sides, e: Shape, a: Shape, *, old: bool) -> Resolved:
    """One side is a union, the other is not: the branch most like it is compared with it."""
    union, plain = (e, a) if old else (a, e)
    canon = sides.expected if old else sides.actual
    group = union.groups[0]
    base = replace(union, groups=())
    if base.properties and plain.properties.keys() <= base.properties.keys():
        return _constraint(sides, e, a, group, old=old)
    shapes = [tidy(conjoin(base, canon.shape(term))) for term in group.members]
    best = max(range(len(shapes)), key=lambda index: (alike(shapes[index], plain), -index))
    if alike(shapes[best], plain) < _LIKE:
        return _replaced(sides, e, a, group, old=old)
    found: list[Found] = [
        _branch(canon, group, index, missing=old) for index in range(len(group.members)) if index != best
    ]
    if old:
        return Resolved(shapes[best], a, found, moved=True)
    return Resolved(e, shapes[best], found, moved=True)


def _replaced(sides: Sides, e: Shape, a: Shape, group: Group, *, old: bool) -> Resolved:
    """A union in place of something quite different: one finding, not one for each of its parts.

    Members that no branch declares any more are a loss even where the objects are open.
    """
    canon = sides.expected if old else sides.actual
    branches = frozenset().union(*(canon.names(term) for term in group.members))
    lost = branches - a.properties.keys() if old else e.properties.keys() - branches
    names = names_of(canon, group)
    swapped = Local(
        attribute=_keyword(group),
        expected=names if old else _shape_name(e),
        actual=_shape_name(a) if old else names,
        narrows=None,
        widens=True if lost else None,
        provable=not (lost and sides.flow is Flow.RECEIVED),
        note="the members that were declared are gone from all branches" if lost else "",
        nodes=(group.node, None) if old else (None, group.node),
        errors=("type", "required", "enum", "const", "additionalProperties", "anyOf", "oneOf"),
    )
    return Resolved(Shape(), Shape(), [swapped], moved=True)


def _shape_name(shape: Shape) -> JSON:
    return shown_types(shape.types)


def _constraint(sides: Sides, e: Shape, a: Shape, group: Group, *, old: bool) -> Resolved:
    """The union only restricts what stands beside it (`anyOf: [{required: [a]}, {required: [b]}]`)."""
    names = names_of(sides.expected if old else sides.actual, group)
    came = Local(
        attribute=_keyword(group),
        expected=names if old else None,
        actual=None if old else names,
        narrows=not old,
        widens=old,
        nodes=(group.node, None) if old else (None, group.node),
        errors=("anyOf", "oneOf"),
    )
    return Resolved(replace(e, groups=()), replace(a, groups=()), [came])


def _groups(sides: Sides, e: Group, a: Group, beside: Beside) -> Iterator[Found]:
    matched = match(sides, e, a)
    tag = _renamed_tag(sides, e, a, matched)
    if tag is None:
        yield from _tag(e, a)
    yield from _tag_values(e, a, matched)
    yield from _tag_default(sides, e, a, matched)
    for i, j in matched:
        yield Child((_keyword(a), str(j)), e.members[i], a.members[j], beside=replace(beside, tag=tag))
    gone = {i for i, _ in matched}
    fresh = {j for _, j in matched}
    for i in range(len(e.members)):
        if i not in gone:
            yield _branch(sides.expected, e, i, missing=True)
    for j in range(len(a.members)):
        if j not in fresh:
            yield _branch(sides.actual, a, j, missing=False)
    if e.exclusive != a.exclusive and len(e.members) > 1:
        yield Local(
            attribute=_keyword(a),
            expected=_keyword(e),
            actual=_keyword(a),
            narrows=None if a.exclusive else False,
            widens=None if e.exclusive else False,
            nodes=(e.node, a.node),
            errors=("oneOf", "anyOf"),
            facts={"exclusive": a.exclusive},
        )


def _branch(canon: Canon, group: Group, index: int, *, missing: bool) -> Local:
    name = name_of(canon, group, index)
    node = group.members[index].nodes[0] if group.members[index].nodes else group.node
    at = (
        group.node.child(index)
        if isinstance(group.node.value, list) and index < len(group.node.value)
        else node
    )
    return Local(
        attribute=_keyword(group),
        expected=name if missing else None,
        actual=None if missing else name,
        narrows=missing,
        widens=not missing,
        key=f"{_keyword(group)}/{name}",
        nodes=(at, None) if missing else (None, at),
        errors=("oneOf", "anyOf", "enum", "type", "const", "required"),
        facts={"branch": name},
        branch=group.members[index],
    )


def _renamed_tag(sides: Sides, e: Group, a: Group, matched: list[tuple[int, int]]) -> tuple[str, str] | None:
    """The names of the discriminator, where every branch has its property under the other name now."""
    if e.tag is None or a.tag is None or e.tag.name == a.tag.name or not matched:
        return None
    for i, j in matched:
        old, new = sides.expected.shape(e.members[i]), sides.actual.shape(a.members[j])
        if e.tag.name not in old.properties or a.tag.name not in new.properties:
            return None
        if e.tag.name in new.properties or a.tag.name in old.properties:
            return None
    return e.tag.name, a.tag.name


def _tag(e: Group, a: Group) -> Iterator[Local]:
    old, new = (None if group.tag is None else group.tag.name for group in (e, a))
    if old == new:
        return
    yield Local(
        attribute="discriminator",
        expected=old,
        actual=new,
        narrows=True if old and new else None,
        widens=True if old and new else None,
        soft_narrows=not (old and new),
        soft_widens=not (old and new),
        nodes=(e.tag.node if e.tag else None, a.tag.node if a.tag else None),
        errors=("required", "enum", "const", "oneOf", "anyOf"),
        facts={"both": bool(old and new)},
        note="discriminators are OpenAPI, not JSON Schema, so no JSON value shows the difference",
    )


def _tag_values(e: Group, a: Group, matched: list[tuple[int, int]]) -> Iterator[Local]:
    """The values of the discriminator that lead to a branch."""
    if e.tag is None or a.tag is None or e.tag.name != a.tag.name:
        return
    old_values = {value for tags in e.tags for value in tags}
    new_values = {value for tags in a.tags for value in tags}
    for i, j in matched:
        gone = [value for value in tags_of(e, i) if value not in tags_of(a, j)]
        fresh = [value for value in tags_of(a, j) if value not in tags_of(e, i)]
        moved = bool({*gone} & new_values or {*fresh} & old_values)
        if len(gone) == len(fresh) == 1 and not moved:
            known = best_renames({gone[0]: 0}, {fresh[0]: 0}, lambda *_: 1.0)
            yield _tag_local(e, a, gone[0], fresh[0], known[0][2] if known else 0.8)
            continue
        for value in gone:
            yield _tag_local(e, a, value, None)
        for value in fresh:
            yield _tag_local(e, a, None, value)


def _tag_default(sides: Sides, e: Group, a: Group, matched: list[tuple[int, int]]) -> Iterator[Local]:
    """Objects without the discriminator's property belong to another branch, or to none any more."""
    if e.default is None or e.tag is None or a.tag is None or (e.default, a.default) in matched:
        return
    yield Local(
        attribute="discriminator",
        expected=_with_default(sides.expected, e),
        actual=_with_default(sides.actual, a),
        narrows=True,
        widens=True,
        provable=False,
        step=("discriminator", "defaultMapping"),
        facts={"both": True},
        nodes=(e.tag.node, a.tag.node),
        note="discriminators are OpenAPI, not JSON Schema, so no JSON value shows the difference",
    )


def _with_default(canon: Canon, group: Group) -> str:
    assert group.tag is not None
    default = "no default" if group.default is None else f"default {name_of(canon, group, group.default)}"
    return f"{group.tag.name} ({default})"


def _tag_local(e: Group, a: Group, old: str | None, new: str | None, confidence: float = 0.0) -> Local:
    assert e.tag is not None
    assert a.tag is not None
    rename = Rename(old, new, confidence) if old is not None and new is not None else None
    return Local(
        attribute="mapping",
        change=Change.RENAMED if rename else Change.CHANGED,
        expected=old,
        actual=new,
        narrows=old is not None,
        widens=new is not None,
        rename=rename,
        step=("discriminator", "mapping", old or new or ""),
        nodes=(e.tag.node, a.tag.node),
        errors=("enum", "const", "oneOf", "anyOf"),
        name=e.tag.name,
    )
