"""Reads which operations a description has: under paths, webhooks, and the callbacks of an operation."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.openapi.model import Container, Operation, PathItem, template_of
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def path_operations(source: Source, strip: str = "") -> Iterator[Operation]:
    """The operations under `paths`; `strip` is taken off the front of paths before they are matched."""
    for path, node in source.objects(source.root, "paths", extensible=True):
        item = read_item(source, node)
        if item is None:
            continue
        if not path.startswith("/"):
            source.skip(node, "a path must begin with a slash")
            continue
        template, names = template_of(_stripped(path, strip))
        for method, operation in methods(source, item):
            yield Operation(method, path, template, names, f"{method} {path}", operation, item)


def _stripped(path: str, prefix: str) -> str:
    prefix = prefix.rstrip("/")
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        return path[len(prefix) :] or "/"
    return path


def webhook_operations(source: Source) -> Iterator[Operation]:
    """The operations under `webhooks` (3.1 on), or `x-webhooks` where that is missing."""
    member = "webhooks" if source.root.get("webhooks") is not None else "x-webhooks"
    for name, node in source.objects(source.root, member):
        yield from _operations(source, node, name, "WEBHOOK", "webhook")


def callback_operations(source: Source, parent: Operation) -> Iterator[tuple[str, Operation]]:
    """The operations of the parent's callbacks, each with the name of its callback."""
    for name, node in source.objects(parent.node, "callbacks"):
        found = source.follow(node)
        if found is None:
            continue
        for expression, item in found[0].members():
            if not str(expression).startswith("x-"):
                prefix = f"{parent.label} callback {name}"
                for operation in _operations(source, item, str(expression), prefix, "callback"):
                    yield name, operation


def _operations(
    source: Source, node: Node, path: str, prefix: str, container: Container
) -> Iterator[Operation]:
    item = read_item(source, node)
    if item is None:
        return
    for method, operation in methods(source, item):
        label = f"{prefix} {method} {path}"
        yield Operation(method, path, path, (), label, operation, item, container)


def read_item(source: Source, node: Node) -> PathItem | None:
    """The path item at `node`: its own members, and those of the path item it refers to."""
    found = source.follow(node)
    if found is None:
        return None
    target = found[0]
    if target is node:
        return PathItem((node,))
    own = {name: value for name, value in node.value.items() if name != "$ref"}
    if not own:
        return PathItem((target,))
    return PathItem((Node(own, node.resource, node.pointer), target))


def methods(source: Source, item: PathItem) -> Iterator[tuple[str, Node]]:
    """The methods of a path item, in upper case, and their operations."""
    names = _METHODS + (("query",) if source.document.version == "3.2" else ())
    written = {name for node in item.nodes if isinstance(node.value, dict) for name in node.value}
    for name in names:
        node = item.get(name) if name in written else None
        found = None if node is None else source.follow(node)  # a $ref is not allowed here, and common
        if found is not None:
            yield name.upper(), found[0]
    if source.document.version == "3.2":
        for node in item.nodes:
            yield from source.objects(node, "additionalOperations")
