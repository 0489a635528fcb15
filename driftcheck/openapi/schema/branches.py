"""Which branch of one union is which of another's, and what a branch is called.

Branches that a required member tells apart are never taken for each other, however alike the rest is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from driftcheck.difference import JSON
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.members import Sides
from driftcheck.openapi.schema.shape import Group, Shape, Term, families
from driftcheck.openapi.unchanged import references_in
from driftcheck.renaming.pairs import best_renames

_ALIKE = 0.5


def match(sides: Sides, e: Group, a: Group) -> list[tuple[int, int]]:
    """Pairs of branches: by component, by equal text, by tag value, by the member that tells branches
    apart, then by likeness."""
    pairs: list[tuple[int, int]] = []
    free_e, free_a = list(range(len(e.members))), list(range(len(a.members)))

    def take(same: Callable[[int, int], bool]) -> None:
        for i in list(free_e):
            for j in free_a:
                if same(i, j):
                    pairs.append((i, j))
                    free_e.remove(i)
                    free_a.remove(j)
                    break

    take(lambda i, j: _same_name(e.members[i], a.members[j]))
    take(lambda i, j: _same_text(e.members[i], a.members[j]))
    take(lambda i, j: bool(set(tags_of(e, i)) & set(tags_of(a, j))))
    if free_e and free_a:
        told = told_apart(sides.expected, e) & told_apart(sides.actual, a)
        old = {i: _marks(sides.expected, e.members[i]) for i in free_e}
        new = {j: _marks(sides.actual, a.members[j]) for j in free_a}
        take(lambda i, j: any(old[i][name].keys() & new[j][name].keys() for name in told))
        for i, j in _likely(sides, e, a, free_e, free_a):
            if i in free_e and j in free_a and _may_be(sides, (e.members[i], a.members[j]), old[i], new[j]):
                pairs.append((i, j))
                free_e.remove(i)
                free_a.remove(j)
    return sorted(pairs)


def told_apart(canon: Canon, group: Group) -> set[str]:
    """The required members whose values differ from branch to branch."""
    marks = [_marks(canon, term) for term in group.members]
    names = set.intersection(*(set(found) for found in marks))
    return {name for name in names if _disjoint([found[name] for found in marks])}


def _disjoint(values: list[Mapping[str, Any]]) -> bool:
    return sum(map(len, values)) == len({text for found in values for text in found})


def _marks(canon: Canon, term: Term) -> dict[str, Mapping[str, Any]]:
    """The required members of which all values are written down, and those values."""
    shape = canon.shape(term)
    found = {}
    for name in shape.required & shape.properties.keys():
        values = canon.shape(shape.properties[name]).values
        if values:
            found[name] = values
    return found


def _likely(sides: Sides, e: Group, a: Group, free_e: list[int], free_a: list[int]) -> list[tuple[int, int]]:
    """The pairs that are alike enough, best first; common references decide between equal members."""
    refs_e = {i: _references(e.members[i]) for i in free_e}
    refs_a = {j: _references(a.members[j]) for j in free_a}
    scored = sorted(
        (
            -alike(sides.expected.shape(e.members[i]), sides.actual.shape(a.members[j])),
            -_in_common(refs_e[i], refs_a[j]),
            i,
            j,
        )
        for i in free_e
        for j in free_a
    )
    return [(i, j) for score, _, i, j in scored if -score >= _ALIKE]


def _may_be(sides: Sides, terms: tuple[Term, Term], old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two branches may be one: not where a member tells them apart, unless its value was renamed or
    all the rest stayed as it was."""
    apart = [name for name in old.keys() & new.keys() if not old[name].keys() & new[name].keys()]
    if not apart:
        return True
    if all(_renamed(old[name], new[name]) for name in apart):
        return True
    e, a = (dict(canon.shape(term).properties) for canon, term in zip(_canons(sides), terms, strict=True))
    for name in apart:
        del e[name], a[name]
    return bool(e) and e.keys() == a.keys() and all(sides.same(e[name], a[name]) for name in e)


def _canons(sides: Sides) -> tuple[Canon, Canon]:
    return sides.expected, sides.actual


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    before, after = ({str(value): 0 for value in values.values()} for values in (old, new))
    return bool(best_renames(before, after, lambda *_: 1.0))


def _references(term: Term) -> frozenset[str]:
    return frozenset().union(*(references_in(node.value) for node in term.nodes))


def _in_common(old: frozenset[str], new: frozenset[str]) -> float:
    """What share of the references of either branch is in both: tells branches of equal members apart."""
    return len(old & new) / len(old | new) if old | new else 0.0


def tags_of(group: Group, index: int) -> tuple[str, ...]:
    """The discriminator's values that lead to a branch."""
    return group.tags[index] if index < len(group.tags) else ()


def _same_name(e: Term, a: Term) -> bool:
    return e.entered is not None and e.entered == a.entered


def _same_text(e: Term, a: Term) -> bool:
    return [node.value for node in e.nodes] == [node.value for node in a.nodes]


def alike(e: Shape, a: Shape) -> float:
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


def name_of(canon: Canon, group: Group, index: int) -> str:
    """What a branch is called: its component, its title, what tells it from the others, or its number."""
    term = group.members[index]
    if term.entered:
        return term.entered
    value = term.nodes[0].value if term.nodes else None
    if not isinstance(value, dict):
        return f"branch {index}"
    if isinstance(value.get("title"), str):
        return str(value["title"])
    marks = _marks(canon, term)
    for name in sorted(marks):
        if len(marks[name]) == 1:
            return f"{name} {next(iter(marks[name]))}"
    return value["type"] if isinstance(value.get("type"), str) else f"branch {index}"


def names_of(canon: Canon, group: Group) -> JSON:
    """What all the branches are called."""
    return [name_of(canon, group, index) for index in range(len(group.members))]
