"""Reads the responses of an operation by status, and what a response carries."""

from __future__ import annotations

import re
from dataclasses import replace

from driftcheck.openapi.model import Content, Home, Operation, Response
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.bodies import content, legacy_content, legacy_types
from driftcheck.openapi.reading.source import Source, text

_STATUS = re.compile(r"[1-5](\d\d|XX)|DEFAULT")


def responses(source: Source, operation: Operation) -> dict[str, Response]:
    """The responses of an operation by status: "200", "4XX", "default"."""
    found: dict[str, Response] = {}
    produces = legacy_types(source, operation, "produces") if source.legacy else ()
    for written, member in source.objects(operation.node, "responses", extensible=True):
        status = written.upper()
        if not _STATUS.fullmatch(status):
            source.skip(member, f"{written} is no status code")
            continue
        status = "default" if status == "DEFAULT" else status
        followed = source.follow(member)
        if followed is not None:
            found[status] = Response(status, followed[0], _home(followed[1], produces), produces)
    return found


def _home(home: Home | None, produces: tuple[str, ...]) -> Home | None:
    """What a shared 2.0 response is depends on the types that the operation produces."""
    return replace(home, key=" ".join((home.key, *produces))) if home is not None and produces else home


def response_content(source: Source, response: Response) -> Content:
    """The media types of a response."""
    node = response.node
    if not source.legacy:
        return content(source, node)
    schema = source.schema(node)
    if schema is None:
        return Content()
    if text(schema, "type") == "file":
        schema = Node({"type": "string", "format": "binary"}, schema.resource, schema.pointer)
    return legacy_content(response.produces, node, schema)


def links(source: Source, node: Node) -> dict[str, Node]:
    """The links of a response by name."""
    followed = ((name, source.follow(member)) for name, member in source.objects(node, "links"))
    return {name: found[0] for name, found in followed if found is not None}
