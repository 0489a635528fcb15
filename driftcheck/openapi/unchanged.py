"""Tells in C speed which parts of two documents are certainly the same, so that work follows the change.

A part is unchanged when its value is equal on both sides and nothing it refers to, however far, differs.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import orjson

from driftcheck.openapi.node import Document, Node, Resource, UnresolvedError

_REFERENCE = re.compile(rb'"(?:\$ref|\$dynamicRef)":"((?:[^"\\]|\\.)*)"')
_MAPPING = re.compile(rb'"mapping":\{([^{}]*)\}')
_TEXT = frozenset((str,))
_NONE: frozenset[str] = frozenset()
_QUOTED = re.compile(rb':"((?:[^"\\]|\\.)*)"')


class Edge(NamedTuple):
    """A reference as written on both sides, and from where. `place` matters only in files with `$id`s."""

    expected: str
    actual: str
    place: tuple[str, str]
    reference: str


def references_in(value: Any) -> frozenset[str]:
    """All `$ref`s and discriminator mapping targets anywhere in a parsed value."""
    try:
        return _references(orjson.dumps(value))
    except TypeError:  # integers beyond 64 bits, lone surrogates, great depth: rare, so walk
        return frozenset(_walk(value))


def _references(text: bytes) -> frozenset[str]:
    if b'ef":"' not in text and b'"mapping":{' not in text:  # most parts: seen without a regular expression
        return _NONE
    if b"\\" in text or b"$dynamicRef" in text:
        found = {_unquote(raw) for raw in _REFERENCE.findall(text)}
    else:  # the same, in a third of the time
        found = {piece[: piece.index(b'"')].decode() for piece in text.split(b'"$ref":"')[1:]}
    for mapping in _MAPPING.findall(text):
        found.update(_unquote(raw) for raw in _QUOTED.findall(mapping))
    return frozenset(found)


def _unquote(raw: bytes) -> str:
    return str(orjson.loads(b'"' + raw + b'"')) if b"\\" in raw else raw.decode()


def _walk(value: Any) -> set[str]:
    found: set[str] = set()
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            for name, member in item.items():
                if name in ("$ref", "$dynamicRef") and isinstance(member, str):
                    found.add(member)
                elif name == "mapping" and isinstance(member, dict):
                    found.update(target for target in member.values() if isinstance(target, str))
                stack.append(member)
        elif isinstance(item, list):
            stack.extend(item)
    return found


class Unchanged:
    """Answers `same(a, b)` for places of two documents; each reference is followed once in all."""

    def __init__(self, expected: Document, actual: Document) -> None:
        self._expected = expected
        self._actual = actual
        self._comparable = expected.version == actual.version
        self._settled: dict[Edge, bool] = {}
        self._resources: dict[str, tuple[Resource, Resource]] = {}

    def same(self, expected: Node, actual: Node) -> bool:
        """True only if both places mean the same beyond doubt; False says nothing."""
        if not self._comparable:
            return False
        found = _equal(expected.value, actual.value)
        if not found:
            return found is not None
        edges = self._edges(expected, actual, found)
        if edges is None:
            return False
        self._settle(edges)
        return all(self._settled[edge] for edge in edges)

    def _edges(self, expected: Node, actual: Node, found: frozenset[str]) -> list[Edge] | None:
        """The references `found` in two equal values; None where they cannot be judged by their text."""
        old, new = expected.resource, actual.resource
        self._resources.setdefault(f"{old.uri}\n{new.uri}", (old, new))
        named = old.has_names or new.has_names
        if named and "$id" in _names_in(expected.value):
            return None  # references below it depend on where exactly they stand
        place = (expected.pointer, actual.pointer) if named else ("", "")
        return [Edge(old.uri, new.uri, place, reference) for reference in found]

    def _settle(self, edges: list[Edge]) -> None:
        """Follow what is not known yet, and taint everything from which a difference can be reached."""
        users: dict[Edge, list[Edge]] = {}
        found: set[Edge] = set()
        tainted: list[Edge] = []
        pending = [edge for edge in edges if edge not in self._settled]
        while pending:
            edge = pending.pop()
            if edge in found:
                continue
            found.add(edge)
            targets = self._follow(edge)
            if targets is None:
                tainted.append(edge)
                continue
            for target in targets:
                known = self._settled.get(target)
                if known is None:
                    users.setdefault(target, []).append(edge)
                    pending.append(target)
                elif not known:
                    tainted.append(edge)
        bad: set[Edge] = set()
        while tainted:
            edge = tainted.pop()
            if edge not in bad:
                bad.add(edge)
                tainted.extend(users.get(edge, ()))
        self._settled.update((edge, edge not in bad) for edge in found)

    def _follow(self, edge: Edge) -> list[Edge] | None:
        """The references of an equal target, or None where the targets differ; one step at a time."""
        old, new = self._resources[f"{edge.expected}\n{edge.actual}"]
        try:
            expected = self._expected.follow(Node(None, old, edge.place[0]), edge.reference)
            actual = self._actual.follow(Node(None, new, edge.place[1]), edge.reference)
        except UnresolvedError:
            return None
        found = _equal(expected.value, actual.value)
        return None if found is None else self._edges(expected, actual, found) if found else []


def _equal(expected: Any, actual: Any) -> frozenset[str] | None:
    """The references in two values that are equal as JSON (which tells false from 0), else None."""
    try:
        if expected != actual:  # ends at the first difference, and takes nothing in memory
            return None
        if _flat(expected):
            return _NONE
        old, new = orjson.dumps(expected), orjson.dumps(actual)
        if old != new and _sorted(expected) != _sorted(actual):
            return None
        return _references(old)
    except TypeError:
        return _equal_odd(expected, actual)
    except RecursionError:
        return None


def _flat(value: Any) -> bool:
    """Whether a value is no more than a type and a description, or the like: most schemas are."""
    return (
        type(value) is dict
        and _TEXT.issuperset(map(type, value.values()))
        and "$ref" not in value
        and "$dynamicRef" not in value
    )


def _sorted(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _equal_odd(expected: Any, actual: Any) -> frozenset[str] | None:
    """The same for values that orjson does not write: huge integers, lone surrogates, great depth."""
    try:
        equal = bool(expected == actual) and repr(expected) == repr(actual)
    except RecursionError:
        return None
    return frozenset(_walk(expected)) if equal else None


def _names_in(value: Any) -> set[str]:
    """All member names anywhere in a value."""
    found: set[str] = set()
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            found.update(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found
