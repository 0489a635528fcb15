"""Reads parameters and headers, with the defaults of style, explode and collectionFormat written out.

Sources: OpenAPI 3.x Parameter and Header Objects; 2.0 Parameter, Items and Header Objects.
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.openapi.model import Field, Home, MediaType, Operation
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, flag, text

_PLACES = frozenset({"path", "query", "header", "cookie", "querystring"})
_NOT_HEADERS = frozenset({"accept", "content-type", "authorization"})  # 3.x: such parameters are ignored
_DEFAULT_STYLE = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_NOT_SCHEMA = frozenset({"name", "in", "required", "allowEmptyValue", "collectionFormat", "description"})
_COLLECTION_STYLES = {"ssv": "spaceDelimited", "tsv": "tabDelimited", "pipes": "pipeDelimited"}
_UPPER_2_0 = frozenset({"body", "formData"})


def parameters(source: Source, operation: Operation) -> tuple[Field, ...]:
    """The parameters of an operation: those of the path, unless the operation has its own of that name."""
    found: dict[tuple[str, str], Field] = {}
    for node, home in _declared(source, operation):
        field = _parameter(source, node, home)
        if field is not None:
            found[field.key] = field
    return tuple(found.values())


def _declared(source: Source, operation: Operation) -> Iterator[tuple[Node, Home | None]]:
    for node in operation.item.nodes:
        for element in source.array(node, "parameters"):
            found = source.follow(element)
            if found is not None:
                yield found[0], found[1] or _home_at_path(operation, found[0])
    for element in source.array(operation.node, "parameters"):
        found = source.follow(element)
        if found is not None:
            yield found


def _home_at_path(operation: Operation, node: Node) -> Home:
    """What is declared once for a path is shared by its operations, though it has no name of its own."""
    key = f"{operation.template} {text(node, 'in')} {text(node, 'name')}"
    return Home(key, operation.path, own=False)


def declared_in(source: Source, operation: Operation, places: frozenset[str] = _UPPER_2_0) -> list[Node]:
    """The 2.0 parameters of these places: the body, or the fields of a form."""
    nodes: dict[tuple[str | None, str | None], Node] = {}
    for node, _ in _declared(source, operation):
        if text(node, "in") in places:
            nodes[text(node, "in"), text(node, "name")] = node
    return list(nodes.values())


def _parameter(source: Source, node: Node, home: Home | None) -> Field | None:
    place, name = text(node, "in"), text(node, "name")
    if source.legacy and place in _UPPER_2_0:
        return None
    if place not in _PLACES or name is None:
        source.skip(node, "a parameter needs a name, and a place it can be in")
        return None
    if place == "header" and name.lower() in _NOT_HEADERS:
        return None
    if source.legacy:
        return _legacy_field(source, place, name, node, home)
    return _field(source, place, name, node, home)


def headers(source: Source, parent: Node) -> tuple[Field, ...]:
    """The headers of a response or of a part of a form; Content-Type is described elsewhere."""
    found: dict[tuple[str, str], Field] = {}
    for name, member in source.objects(parent, "headers"):
        followed = source.follow(member)
        if followed is None or name.lower() == "content-type":
            continue
        read = _legacy_field if source.legacy else _field
        field = read(source, "header", name, *followed)
        found[field.key] = field
    return tuple(found.values())


def _field(source: Source, place: str, name: str, node: Node, home: Home | None) -> Field:
    style = text(node, "style") or _DEFAULT_STYLE.get(place, "form")
    return Field(
        place=place,
        name=name,
        node=node,
        home=home,
        required=place == "path" or flag(node, "required"),
        deprecated=flag(node, "deprecated"),
        style=style,
        explode=flag(node, "explode", style in ("form", "cookie")),
        allow_reserved=flag(node, "allowReserved"),
        allow_empty=place == "query" and flag(node, "allowEmptyValue"),
        schema=source.schema(node),
        media=_only_media(source, node),
    )


def _only_media(source: Source, node: Node) -> MediaType | None:
    if node.get("content") is None:
        return None
    from driftcheck.openapi.reading.bodies import content  # media types have headers, headers media types

    return next(iter(content(source, node).media), None)


def _legacy_field(_: Source, place: str, name: str, node: Node, home: Home | None) -> Field:
    style, explode = collection_style(node, place)
    return Field(
        place=place,
        name=name,
        node=node,
        home=home,
        required=place == "path" or flag(node, "required"),
        deprecated=flag(node, "x-deprecated"),
        style=style,
        explode=explode,
        allow_empty=place == "query" and flag(node, "allowEmptyValue"),
        schema=legacy_schema(node),
    )


def collection_style(node: Node, place: str) -> tuple[str, bool]:
    """style and explode of a 2.0 `collectionFormat`, of which csv is the default."""
    written = text(node, "collectionFormat") or "csv"
    if written in _COLLECTION_STYLES:
        return _COLLECTION_STYLES[written], False
    return _DEFAULT_STYLE.get(place, "form"), written == "multi"


def legacy_schema(node: Node) -> Node:
    """The schema that a 2.0 parameter, form field or header is: its keywords without the others."""
    value = {name: member for name, member in node.value.items() if name not in _NOT_SCHEMA}
    if value.get("type") == "file":
        value = {**value, "type": "string", "format": "binary"}
    return Node(value, node.resource, node.pointer)
