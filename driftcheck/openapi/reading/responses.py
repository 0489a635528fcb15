"""Reads the responses of an operation by status, and their links."""

from __future__ import annotations

import re
from dataclasses import replace

from driftcheck.openapi.model import Content, Home, Operation, Response
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.bodies import content, legacy_content
from driftcheck.openapi.reading.fields import headers
from driftcheck.openapi.reading.source import Source, text

_STATUS = re.compile(r"[1-5](\d\d|XX)|DEFAULT")


def responses(source: Source, operation: Operation) -> dict[str, Response]:
    """The responses of an operation by status: "200", "4XX", "default"."""
    found: dict[str, Response] = {}
    for written, member in source.objects(operation.node, "responses", extensible=True):
        status = written.upper()
        if not _STATUS.fullmatch(status):
            source.skip(member, f"{written} is no status code")
            continue
        status = "default" if status == "DEFAULT" else status
        followed = source.follow(member)
        if followed is not None:
            found[status] = _response(source, operation, status, *followed)
    return found


def _response(source: Source, operation: Operation, status: str, node: Node, home: Home | None) -> Response:
    carried = _content(source, operation, node)
    if source.legacy and home is not None:  # what a shared 2.0 response is depends on `produces`
        home = replace(home, key=" ".join([home.key, *(media.key for media in carried.media)]))
    return Response(status, node, home, carried, headers(source, node), _links(source, node))


def _content(source: Source, operation: Operation, node: Node) -> Content:
    if not source.legacy:
        return content(source, node)
    schema = source.schema(node)
    if schema is None:
        return Content()
    if text(schema, "type") == "file":
        schema = Node({"type": "string", "format": "binary"}, schema.resource, schema.pointer)
    return legacy_content(source, operation, "produces", node, schema)


def _links(source: Source, node: Node) -> dict[str, Node]:
    followed = ((name, source.follow(member)) for name, member in source.objects(node, "links"))
    return {name: found[0] for name, found in followed if found is not None}
