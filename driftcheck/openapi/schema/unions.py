"""Compares anyOf and oneOf: branches are matched first, so that a change within one is found in its place.

A union against a plain schema is read as a union of one branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from driftcheck.difference import JSON, Change, Flow, Rename
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.conjunction import conjoin, tidy
from driftcheck.openapi.schema.local import Local, shown_types
from driftcheck.openapi.schema.members import Child, Found, Sides
from driftcheck.openapi.schema.shape import Group, Shape, Term, families
from driftcheck.openapi.unchanged import references_in
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
        found = [
            item for old, new in zip(e.groups, a.groups, strict=True) for item in _groups(sides, old, new)
        ]
        apart = all(
            _apart(sides.expected, old) & _apart(sides.actual, new)
            for old, new in zip(e.groups, a.groups, strict=True)
        )
        return Resolved(replace(e, groups=()), replace(a, groups=()), found, apart=apart)
    if len(e.groups) == 1 and not a.groups:
        return _plain(sides, e, a, old=True)
    if len(a.groups) == 1 and not e.groups:
        return _plain(sides, e, a, old=False)
    changed = Local(
        attribute=_keyword((*a.groups, *e.groups)[0]),
        expected=[_names(group) for group in e.groups],
        actual=[_names(group) for group in a.groups],
        narrows=None,
        widens=None,
        nodes=tuple(next((g.node for g in s.groups), None) for s in (e, a)),  # type: ignore[arg-type]
        errors=("anyOf", "oneOf"),
    )
    return Resolved(replace(e, groups=()), replace(a, groups=()), [changed])


def _apart(canon: Canon, group: Group) -> set[str]:
    """The required members whose values differ from branch to branch."""
    shapes = [canon.shape(term) for term in group.members]
    names = set.intersection(*(set(shape.required & shape.properties.keys()) for shape in shapes))
    return {name for name in names if _tells(canon, shapes, name)}


def _tells(canon: Canon, shapes: list[Shape], name: str) -> bool:
    seen: set[str] = set()
    for shape in shapes:
        values = canon.shape(shape.properties[name]).values
        if not values or seen & values.keys():
            return False
        seen |= values.keys()
    return True


def _keyword(group: Group) -> str:
    return "oneOf" if group.exclusive else "anyOf"


def _plain(sides: Sides, e: Shape, a: Shape, *, old: bool) -> Resolved:
    """One side is a union, the other is not: the branch most like it is compared with it."""
    union, plain = (e, a) if old else (a, e)
    canon = sides.expected if old else sides.actual
    group = union.groups[0]
    base = replace(union, groups=())
    if base.properties and plain.properties.keys() <= base.properties.keys():
        return _constraint(e, a, group, old=old)
    shapes = [tidy(conjoin(base, canon.shape(term))) for term in group.members]
    best = max(range(len(shapes)), key=lambda index: (_alike(shapes[index], plain), -index))
    if _alike(shapes[best], plain) < _LIKE:
        return _replaced(sides, e, a, group, old=old)
    found: list[Found] = [
        _branch(group, index, missing=old) for index in range(len(group.members)) if index != best
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
    swapped = Local(
        attribute=_keyword(group),
        expected=_names(group) if old else _shape_name(e),
        actual=_shape_name(a) if old else _names(group),
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


def _constraint(e: Shape, a: Shape, group: Group, *, old: bool) -> Resolved:
    """The union only restricts what stands beside it (`anyOf: [{required: [a]}, {required: [b]}]`)."""
    came = Local(
        attribute=_keyword(group),
        expected=_names(group) if old else None,
        actual=None if old else _names(group),
        narrows=not old,
        widens=old,
        nodes=(group.node, None) if old else (None, group.node),
        errors=("anyOf", "oneOf"),
    )
    return Resolved(replace(e, groups=()), replace(a, groups=()), [came])


def _groups(sides: Sides, e: Group, a: Group) -> Iterator[Found]:
    matched = _match(sides, e, a)
    yield from _tag(e, a)
    yield from _tag_values(e, a, matched)
    for i, j in matched:
        yield Child((_keyword(a), str(j)), e.members[i], a.members[j])
    gone = {i for i, _ in matched}
    fresh = {j for _, j in matched}
    for i in range(len(e.members)):
        if i not in gone:
            yield _branch(e, i, missing=True)
    for j in range(len(a.members)):
        if j not in fresh:
            yield _branch(a, j, missing=False)
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


def _branch(group: Group, index: int, *, missing: bool) -> Local:
    name = _name(group, index)
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


def _match(sides: Sides, e: Group, a: Group) -> list[tuple[int, int]]:
    """Pairs of branches: by component, by equal text, by tag value, then by likeness."""
    pairs: list[tuple[int, int]] = []
    free_e, free_a = list(range(len(e.members))), list(range(len(a.members)))

    def take(same: object) -> None:
        for i in list(free_e):
            for j in free_a:
                if same(i, j):  # type: ignore[operator]
                    pairs.append((i, j))
                    free_e.remove(i)
                    free_a.remove(j)
                    break

    take(lambda i, j: _same_name(e.members[i], a.members[j]))
    take(lambda i, j: _same_text(e.members[i], a.members[j]))
    take(lambda i, j: bool(set(_tags(e, i)) & set(_tags(a, j))))
    refs_e = {i: _references(e.members[i]) for i in free_e}
    refs_a = {j: _references(a.members[j]) for j in free_a}
    scored = sorted(
        (
            -_alike(sides.expected.shape(e.members[i]), sides.actual.shape(a.members[j])),
            -_in_common(refs_e[i], refs_a[j]),
            i,
            j,
        )
        for i in free_e
        for j in free_a
    )
    for score, _, i, j in scored:
        if -score >= 0.5 and i in free_e and j in free_a:
            pairs.append((i, j))
            free_e.remove(i)
            free_a.remove(j)
    return sorted(pairs)


def _references(term: Term) -> frozenset[str]:
    return frozenset().union(*(references_in(node.value) for node in term.nodes))


def _in_common(old: frozenset[str], new: frozenset[str]) -> float:
    """What share of the references of either branch is in both: tells branches of equal members apart."""
    return len(old & new) / len(old | new) if old | new else 0.0


def _tags(group: Group, index: int) -> tuple[str, ...]:
    return group.tags[index] if index < len(group.tags) else ()


def _same_name(e: Term, a: Term) -> bool:
    return e.entered is not None and e.entered == a.entered


def _same_text(e: Term, a: Term) -> bool:
    return [node.value for node in e.nodes] == [node.value for node in a.nodes]


def _alike(e: Shape, a: Shape) -> float:
    """How like two shapes are, from 0 (no type in common) to 1."""
    kinds_e, kinds_a = families(e.types), families(a.types)
    if not kinds_e & kinds_a:
        return 0.0
    types = len(kinds_e & kinds_a) / len(kinds_e | kinds_a)
    if kinds_e & kinds_a == {"object"} and (e.properties or a.properties):
        names = len(e.properties.keys() & a.properties.keys()) / len(
            e.properties.keys() | a.properties.keys()
        )
        return 0.2 + 0.8 * types * names
    if e.values is not None and a.values is not None:
        return 0.4 + 0.6 * len(e.values.keys() & a.values.keys()) / max(
            len(e.values.keys() | a.values.keys()), 1
        )
    return 0.6 * types


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
        gone = [value for value in _tags(e, i) if value not in _tags(a, j)]
        fresh = [value for value in _tags(a, j) if value not in _tags(e, i)]
        moved = bool({*gone} & new_values or {*fresh} & old_values)
        if len(gone) == len(fresh) == 1 and not moved:
            known = best_renames({gone[0]: 0}, {fresh[0]: 0}, lambda *_: 1.0)
            yield _tag_local(e, a, gone[0], fresh[0], known[0][2] if known else 0.8)
            continue
        for value in gone:
            yield _tag_local(e, a, value, None)
        for value in fresh:
            yield _tag_local(e, a, None, value)


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


def _name(group: Group, index: int) -> str:
    term = group.members[index]
    if term.entered:
        return term.entered
    value = term.nodes[0].value if term.nodes else None
    if isinstance(value, dict):
        for keyword in ("title", "type"):
            if isinstance(value.get(keyword), str):
                return str(value[keyword])
    return f"branch {index}"


def _names(group: Group) -> JSON:
    return [_name(group, index) for index in range(len(group.members))]
