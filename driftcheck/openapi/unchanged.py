"""Tells in C speed which parts of two documents are certainly the same, so that work follows the change.

A part is unchanged when its value is equal on both sides and nothing it refers to, however far, differs.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from driftcheck.openapi.node import Document, Node, UnresolvedError

_REFERENCE = re.compile(rb'"(?:\$ref|\$dynamicRef)":"((?:[^"\\]|\\.)*)"')
_MAPPING = re.compile(rb'"mapping":\{([^{}]*)\}')
_QUOTED = re.compile(rb':"((?:[^"\\]|\\.)*)"')


def references_in(value: Any) -> frozenset[str]:
    """All `$ref`s and discriminator mapping targets anywhere in a parsed value."""
    try:
        text = orjson.dumps(value)
    except TypeError:  # integers beyond 64 bits, lone surrogates: rare, so walk
        return frozenset(_walk(value))
    found = {_unquote(raw) for raw in _REFERENCE.findall(text)}
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
    """Answers `same(a, b)` for places of two documents; results of references are kept."""

    def __init__(self, expected: Document, actual: Document) -> None:
        self._expected = expected
        self._actual = actual
        self._targets: dict[tuple[str, str], bool] = {}
        self._comparable = expected.version == actual.version

    def same(self, expected: Node, actual: Node) -> bool:
        """True only if both places mean the same beyond doubt; False says nothing."""
        if not self._comparable or not _equal(expected.value, actual.value):
            return False
        return self._references_same(expected, actual)

    def _references_same(self, expected: Node, actual: Node) -> bool:
        """Walks what is referred to, breadth first; any difference taints all that was asked for."""
        start = self._edges(expected, actual)
        pending = list(start)
        seen: set[tuple[str, str]] = set()
        while pending:
            edge = pending.pop()
            if edge in seen:
                continue
            seen.add(edge)
            known = self._targets.get(edge)
            if known is True:
                continue
            if known is False:
                return False
            found = self._follow(edge)
            if found is None:
                self._targets[edge] = False
                return False
            pending.extend(found)
        for edge in seen:
            self._targets[edge] = True
        return True

    def _edges(self, expected: Node, actual: Node) -> list[tuple[str, str]]:
        base = f"{expected.resource.uri}\n{actual.resource.uri}"
        return [(base, reference) for reference in references_in(expected.value)]

    def _follow(self, edge: tuple[str, str]) -> list[tuple[str, str]] | None:
        """The references of an equal target, or None where the targets differ."""
        old_uri, new_uri = edge[0].split("\n")
        try:
            expected = self._target(self._expected, old_uri, edge[1])
            actual = self._target(self._actual, new_uri, edge[1])
        except UnresolvedError:
            return None
        if not _equal(expected.value, actual.value):
            return None
        return self._edges(expected, actual)

    def _target(self, document: Document, uri: str, reference: str) -> Node:
        resource = document.root if uri == document.root.uri else document.fetch(uri, uri)
        return document.resolve(Node({"$ref": reference}, resource))


def _equal(expected: Any, actual: Any) -> bool:
    """Equal as JSON: unlike Python, JSON tells false from 0 and true from 1."""
    try:
        return bool(expected == actual) and _text(expected) == _text(actual)
    except RecursionError:
        return False


def _text(value: Any) -> object:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers beyond 64 bits, lone surrogates
        return repr(value)
