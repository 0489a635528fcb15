"""Finds `$ref`s that lead nowhere, in the root file and every file that it reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from driftcheck.openapi.node import Document, Node, Resource, UnresolvedError

_REFERENCE = re.compile(rb'"\$ref"\s*:\s*"((?:[^"\\]|\\.)*+)"')
_DATA = frozenset(("example", "examples", "enum", "const", "default"))


def dangling_references(document: Document) -> Iterator[tuple[Node, str]]:
    """Each place with a `$ref` that cannot be followed, and why; `$ref`s inside examples are data."""
    pending = [document.root]
    seen = {document.root.uri}
    while pending:
        resource = pending.pop()
        dangling = False
        for reference in _references(resource):
            try:
                target = document.resolve(Node({"$ref": reference}, resource)).resource
            except UnresolvedError:
                dangling = True
                continue
            if target.uri not in seen:
                seen.add(target.uri)
                pending.append(target)
        if dangling:
            yield from _places(document, resource)


def _references(resource: Resource) -> set[str]:
    text = resource.text if resource.is_json else None
    try:
        text = orjson.dumps(resource.data) if text is None else text
    except TypeError:  # integers beyond 64 bits
        return {node.value["$ref"] for node in _holders(resource)}
    return {str(orjson.loads(b'"' + raw + b'"')) for raw in set(_REFERENCE.findall(text))}


def _places(document: Document, resource: Resource) -> Iterator[tuple[Node, str]]:
    for node in _holders(resource):
        try:
            document.resolve(node)
        except UnresolvedError as error:
            yield node, f"the reference {error.reference} leads nowhere: {error.reason}"


def _holders(resource: Resource) -> Iterator[Node]:
    """The objects with a `$ref` in a file, in document order."""
    pending = [Node(resource.data, resource)]
    while pending:
        node = pending.pop()
        if isinstance(node.value, dict):
            if isinstance(node.value.get("$ref"), str):
                yield node
            below = [member for name, member in node.members() if _may_refer(name, member.value)]
        else:
            below = list(node.elements())
        pending.extend(reversed(below))


def _may_refer(name: str, value: Any) -> bool:
    return isinstance(value, (dict, list)) and name not in _DATA and not name.startswith("x-")
