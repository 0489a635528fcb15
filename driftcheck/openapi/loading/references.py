"""Follows the text of a `$ref` to the place it means; every failure is an UnresolvedError in words.

`Document.resolve` is the entrance and remembers the answers. A place is named by file and JSON pointer
(RFC 6901), by `$anchor`, or by the `$id` of a schema; what a strict reader refuses is then read as meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from driftcheck.openapi.loading.names import Names, names_of
from driftcheck.openapi.loading.uri import join
from driftcheck.openapi.loading.web import join_urls
from driftcheck.openapi.node import Document, Node, Resource, UnresolvedError, escape, unescape

_Trail = frozenset[tuple[str, str]]
_BARE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_WITH_NAMES = ("3.1", "3.2")
_LONGEST_TRAIL = 50  # references crossed inside one pointer


def locate_reference(document: Document, base: Resource, reference: str, pointer: str = "") -> Node:
    """The place that `reference`, found in the file `base` at `pointer`, means; UnresolvedError if none."""
    return _locate(document, base, reference, pointer, frozenset())


def _locate(document: Document, base: Resource, reference: str, pointer: str, trail: _Trail) -> Node:
    written, _, fragment = reference.partition("#")
    error: UnresolvedError | None = None
    for start in _starts(document, base, written, reference, pointer):
        if isinstance(start, UnresolvedError):
            error = error or start
            continue
        try:
            return _inside(document, start, fragment, reference, trail)
        except UnresolvedError as problem:
            error = error or problem
    found = _bare_name(base, reference)
    if found is not None:
        return found
    raise error or UnresolvedError(reference, "the reference leads nowhere")


def _starts(
    document: Document, base: Resource, written: str, reference: str, pointer: str
) -> Iterator[Node | UnresolvedError]:
    """What the part before `#` may mean, best guess first: a schema with that `$id`, then a file."""
    if document.version in _WITH_NAMES and (base.has_names or document.root.has_names):
        yield from _named(document, base, written, pointer)
    if not written:
        yield Node(base.data, base)
        return
    try:
        uri = join(base.uri, written, reference)
        resource = base if uri == base.uri else document.fetch(uri, reference)
        yield Node(resource.data, resource)
    except UnresolvedError as error:
        yield error


def _named(document: Document, base: Resource, written: str, pointer: str) -> Iterator[Node]:
    names = names_of(document, base)
    scope = names.scope(pointer)
    if not written:
        if scope:
            yield _at(base, scope)
        return
    uri = join_urls(names.bases[scope], written)
    for resource, known in ((base, names), (document.root, names_of(document, document.root))):
        if uri in known.ids:
            yield _at(resource, known.ids[uri])


def _inside(document: Document, start: Node, fragment: str, reference: str, trail: _Trail) -> Node:
    if not fragment:
        return start
    if not fragment.startswith("/"):
        return _anchor(document, start, unquote(fragment), reference)
    error: UnresolvedError | None = None
    for tokens in _readings(fragment):
        try:
            return _walk(document, start, tokens, reference, trail)
        except UnresolvedError as problem:
            error = error or problem
    assert error is not None
    raise error


def _readings(fragment: str) -> Iterator[list[str]]:
    """The tokens of a pointer: percent-decoded as RFC 6901 says, then as people also write it."""
    yield [unescape(token) for token in unquote(fragment).split("/")[1:]]
    if "%" in fragment:
        yield [unescape(unquote(token)) for token in fragment.split("/")[1:]]
        yield [unescape(token) for token in fragment.split("/")[1:]]


def _walk(document: Document, node: Node, tokens: list[str], reference: str, trail: _Trail) -> Node:
    value, resource, pointer = node.value, node.resource, node.pointer
    for token in tokens:
        while isinstance(value, dict) and token not in value and isinstance(value.get("$ref"), str):
            further = (resource.uri, value["$ref"])
            if further in trail:
                raise UnresolvedError(reference, "the reference leads back to itself")
            if len(trail) >= _LONGEST_TRAIL:
                raise UnresolvedError(reference, f"more than {_LONGEST_TRAIL} references lie on the way")
            trail = trail | {further}
            node = _locate(document, resource, value["$ref"], pointer, trail)
            value, resource, pointer = node.value, node.resource, node.pointer
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and _is_index(token, len(value)):
            value = value[int(token)]
        else:
            raise UnresolvedError(reference, f"there is nothing at #{pointer}/{escape(token)}")
        pointer = f"{pointer}/{escape(token)}"
    return Node(value, resource, pointer)


def _is_index(token: str, length: int) -> bool:
    return token.isascii() and token.isdigit() and str(int(token[:9])) == token and int(token) < length


def _anchor(document: Document, start: Node, name: str, reference: str) -> Node:
    names: Names = names_of(document, start.resource)
    base = names.bases[names.scope(start.pointer)]
    pointer = names.anchors.get((base, name))
    if pointer is None:
        raise UnresolvedError(reference, f"there is no $anchor called {name}")
    return _at(start.resource, pointer)


def locate_dynamic_anchors(document: Document, node: Node) -> dict[str, Node]:
    """The places that `$dynamicAnchor` names in the schema resource around a node, by name."""
    names: Names = names_of(document, node.resource)
    base = names.bases[names.scope(node.pointer)]
    return {
        name: _at(node.resource, pointer) for (where, name), pointer in names.dynamic.items() if where == base
    }


def _at(resource: Resource, pointer: str) -> Node:
    """The node at a pointer that is known to exist."""
    node = Node(resource.data, resource)
    for token in pointer.split("/")[1:]:
        node = node.child(int(token) if isinstance(node.value, list) else unescape(token))
    return node


def _bare_name(base: Resource, reference: str) -> Node | None:
    """`$ref: Pet`, as old Swagger documents write it for #/definitions/Pet."""
    if not _BARE_NAME.fullmatch(reference) or not isinstance(base.data, dict):
        return None
    for place in (("definitions",), ("components", "schemas")):
        node: Node | None = Node(base.data, base)
        for token in (*place, reference):
            node = node.get(token) if node is not None else None
        if node is not None:
            return node
    return None
