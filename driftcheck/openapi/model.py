"""One API description as frozen values, the same for OpenAPI 2.0, 3.0, 3.1 and 3.2.

Filled by reading/ from the parsed document, one operation at a time and only when asked for. Defaults
that the specification has and the document does not write are already applied. Nodes say where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from driftcheck.openapi.node import Node

Container: TypeAlias = Literal["path", "webhook", "callback"]

_EXPRESSION = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Home:
    """The shared thing that a `$ref` led to: `key` is the same on both sides, `name` is what it is called.

    `own` is False for things that are merely shared by the operations of one path.
    """

    key: str
    name: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class PathItem:
    """A path item: what is written at the place itself comes before what its `$ref` leads to."""

    nodes: tuple[Node, ...]

    def get(self, name: str) -> Node | None:
        """The member of that name."""
        return next((found for node in self.nodes if (found := node.get(name)) is not None), None)


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is as written (for a webhook its name, for a callback its expression); `label` names it.

    `template` is what operations are matched by: the path without a stripped prefix and without the
    names of its parameters, which are in `names`.
    """

    method: str
    path: str
    template: str
    names: tuple[str, ...]
    label: str
    node: Node
    item: PathItem
    container: Container = "path"

    @property
    def turned(self) -> bool:
        """Whether the consumer is the one who is called."""
        return self.container != "path"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one field of a form is written (Encoding Object); None where the document does not say."""

    content_types: tuple[str, ...] | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[Field, ...] = ()
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class MediaType:
    """One entry of `content`. `key` is `name` in lower case, with its parameters sorted, utf-8 left out."""

    name: str
    key: str
    node: Node
    schema: Node | None = None
    item_schema: Node | None = None
    encodings: Mapping[str, Encoding] | None = None
    prefix_encodings: tuple[Encoding, ...] = ()
    item_encoding: Encoding | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The media types of a message. `unspecified`: 2.0 without `consumes` or `produces`, so any will do."""

    media: tuple[MediaType, ...] = ()
    unspecified: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter (`place`: path, query, header, cookie, querystring) or a header (`place`: header).

    `media` is set where the value is described by `content` instead of `schema`.
    """

    place: str
    name: str
    node: Node
    home: Home | None = None
    required: bool = False
    deprecated: bool = False
    style: str = "simple"
    explode: bool = False
    allow_reserved: bool = False
    allow_empty: bool = False
    schema: Node | None = None
    media: MediaType | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Identity within an operation: header names ignore case (RFC 9110, section 5.1)."""
        return (self.place, self.name.lower() if self.place == "header" else self.name)


@dataclass(frozen=True, slots=True)
class Body:
    """A request body, or in a webhook or callback the payload.

    `implied`: nobody wrote `required`, it follows from the fields of a 2.0 form.
    """

    node: Node
    home: Home | None
    required: bool
    content: Content
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """The answer of one status: "200", "4XX" or "default". What it carries is read when asked for.

    `produces` are the media types that 2.0 writes beside the operation.
    """

    status: str
    node: Node
    home: Home | None
    produces: tuple[str, ...] = ()


def template_of(path: str) -> tuple[str, tuple[str, ...]]:
    """The path with its parameters unnamed, and their names: `/a/{id}` is ("/a/{}", ("id",))."""
    return _EXPRESSION.sub("{}", path), tuple(_EXPRESSION.findall(path))
