"""Says what is wrong with a document as such. Many published ones are invalid: they are compared anyway.

"fast" is the OpenAPI meta-schema through jsonschema-rs, duplicate operationIds and dangling `$ref`s: some
milliseconds. "full" asks openapi-spec-validator as well: seconds, so it is never done unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from driftcheck.config import Validate
from driftcheck.difference import Anchor
from driftcheck.openapi.loading.dangling import dangling_references
from driftcheck.openapi.loading.metaschema import metaschema_errors
from driftcheck.openapi.loading.position import printable, quoted
from driftcheck.openapi.loading.version import NEWEST, is_newer
from driftcheck.openapi.node import Document, Node, UnresolvedError

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at `pointer` of the file that reports call `label`."""

    pointer: str
    message: str
    label: str
    anchor: Anchor


def validate(document: Document, mode: Validate) -> list[Problem]:
    """What is wrong with a document, in the order found; at most a hundred and one line that says so."""
    if mode == "off":
        return []
    found: dict[tuple[str, str, str], Problem] = {}
    for node, message in _problems(document, mode):
        anchor = node.anchor(document.side)
        problem = Problem(node.pointer, printable(message), node.resource.label, anchor)
        found.setdefault((anchor.source, node.pointer, problem.message), problem)
        if len(found) > _MOST:
            more = f"there are more than {_MOST} problems; the others are not listed"
            last = document.node.anchor(document.side)
            return [*list(found.values())[:_MOST], Problem("", more, document.root.label, last)]
    return list(found.values())


def _problems(document: Document, mode: Validate) -> Iterator[tuple[Node, str]]:
    if is_newer(document.root.data):
        at = Node(document.root.data["openapi"], document.root, "/openapi")
        yield at, f"{quoted(str(at.value))} is newer than {NEWEST}; it is read as {NEWEST}"
    for pointer, message in metaschema_errors(document.root.data, document.version):
        yield Node(None, document.root, pointer), message
    yield from _duplicate_operation_ids(document)
    yield from dangling_references(document)
    if mode == "full":
        from driftcheck.openapi.loading.full_validation import validator_errors

        for pointer, message in validator_errors(document):
            yield Node(None, document.root, pointer), message


def _duplicate_operation_ids(document: Document) -> Iterator[tuple[Node, str]]:
    first: dict[str, str] = {}
    for name, operation in _operations(document):
        own = operation.get("operationId")
        if own is None or not isinstance(own.value, str):
            continue
        if own.value in first:
            yield own, f"the operationId {quoted(own.value)} is already that of {first[own.value]}"
        else:
            first[own.value] = name


def _operations(document: Document) -> Iterator[tuple[str, Node]]:
    for place in ("paths", "webhooks"):
        paths = document.node.get(place)
        for path, written in paths.members() if paths is not None else ():
            item = _resolved(document, written)
            for method in _METHODS:
                operation = item.get(method) if item is not None else None
                operation = _resolved(document, operation) if operation is not None else None
                if operation is not None:
                    yield f"{method.upper()} {quoted(path)}", operation


def _resolved(document: Document, node: Node) -> Node | None:
    try:
        return document.resolve(node)
    except UnresolvedError:
        return None
