"""Reads what messages carry: request bodies, their media types, and how form fields are encoded.

2.0 has no request body; it is made up from the `body` parameter or the `formData` ones.
"""

from __future__ import annotations

from functools import cache

from driftcheck.openapi.model import Body, Content, Encoding, MediaType, Operation
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.fields import collection_style, declared_in, headers, legacy_schema
from driftcheck.openapi.reading.source import Source, flag, text, texts

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def body(source: Source, operation: Operation) -> Body | None:
    """The request body of an operation, or None."""
    if source.legacy:
        return _legacy_body(source, operation)
    node = source.object(operation.node, "requestBody")
    found = None if node is None else source.follow(node)
    if found is None:
        return None
    return Body(found[0], found[1], flag(found[0], "required"), content(source, found[0]))


def content(source: Source, parent: Node) -> Content:
    """The media types under `content` of a body, response, parameter or header."""
    found: dict[str, MediaType] = {}
    for name, member in source.objects(parent, "content"):
        followed = source.follow(member)  # 3.2 allows a $ref here
        if followed is not None:
            media = _media(source, name, followed[0])
            found.setdefault(media.key, media)
    return Content(tuple(found.values()))


def _media(source: Source, name: str, node: Node) -> MediaType:
    return MediaType(
        name=name,
        key=media_key(name),
        node=node,
        schema=source.schema(node),
        item_schema=source.schema(node, "itemSchema"),
        encodings={field: _encoding(source, member) for field, member in source.objects(node, "encoding")},
        prefix_encodings=tuple(_encoding(source, item) for item in source.array(node, "prefixEncoding")),
        item_encoding=_optional_encoding(source, source.object(node, "itemEncoding")),
    )


def _optional_encoding(source: Source, node: Node | None) -> Encoding | None:
    return None if node is None else _encoding(source, node)


def _encoding(source: Source, node: Node) -> Encoding:
    if not isinstance(node.value, dict):
        return Encoding()
    types = text(node, "contentType")
    explode = node.value.get("explode")
    return Encoding(
        content_types=None if types is None else tuple(media_key(item) for item in types.split(",")),
        style=text(node, "style"),
        explode=explode if isinstance(explode, bool) else None,
        allow_reserved=flag(node, "allowReserved"),
        headers=headers(source, node),
        node=node,
    )


@cache
def media_key(name: str) -> str:
    """A media type as it is compared: lower case, parameters sorted, `charset=utf-8` dropped."""
    kind, *written = (part.strip() for part in name.split(";"))
    parameters = sorted(part.lower().replace('"', "").replace(" ", "") for part in written if part)
    kept = [part for part in parameters if part not in ("charset=utf-8", "charset=utf8")]
    return ";".join([kind.lower(), *kept])


def legacy_types(source: Source, operation: Operation, member: str) -> tuple[str, ...]:
    """2.0: what `consumes` or `produces` lists, the operation's or the document's."""
    return texts(operation.node, member) if operation.node.get(member) else texts(source.root, member)


def legacy_content(types: tuple[str, ...], node: Node, schema: Node | None) -> Content:
    """2.0: the same schema in every type that is listed; in any, where none is."""
    media = {media_key(name): MediaType(name, media_key(name), node, schema) for name in types}
    if not media:
        return Content((MediaType("application/json", "application/json", node, schema),), True)
    return Content(tuple(media.values()))


def _legacy_body(source: Source, operation: Operation) -> Body | None:
    declared = declared_in(source, operation)
    for node in declared:
        if text(node, "in") == "body":
            types = legacy_types(source, operation, "consumes")
            carried = legacy_content(types, node, source.schema(node))
            return Body(node, None, flag(node, "required"), carried)
    return _form(source, operation, declared) if declared else None


def _form(source: Source, operation: Operation, fields: list[Node]) -> Body:
    """The form that 2.0 `formData` parameters make up."""
    named = {name: node for node in fields if (name := text(node, "name")) is not None}
    required = [name for name, node in named.items() if flag(node, "required")]
    properties = {name: legacy_schema(node).value for name, node in named.items()}
    holder = operation.node.get("parameters") or operation.node
    value = {"type": "object", "properties": properties, "required": required}
    schema = Node(value, holder.resource, holder.pointer)
    types = legacy_types(source, operation, "consumes")
    names = [name for name in types if media_key(name) in _FORMS]
    has_file = any(text(node, "type") == "file" for node in fields)
    encodings = {
        name: _legacy_encoding(node) for name, node in named.items() if text(node, "type") == "array"
    }
    media = tuple(
        MediaType(name, media_key(name), holder, schema, encodings=encodings)
        for name in names or [_FORMS[has_file]]
    )
    return Body(holder, None, bool(required), Content(media, unspecified=not names), implied=True)


def _legacy_encoding(node: Node) -> Encoding:
    style, explode = collection_style(node, "formData")
    return Encoding(style=style, explode=explode, node=node)
