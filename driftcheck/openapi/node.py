"""A place in a loaded document: a value together with where it stands, so that findings can point to it.

Nodes are made only where something changed; documents themselves stay the parsed dicts and lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from driftcheck.difference import Anchor, Side


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One parsed file (or URL, or dict). `uri` identifies it; `label` is what a report calls it.

    `text` are the bytes it was parsed from, kept for finding lines later (None for a dict).
    `has_names` says that it may hold `$id`, `$anchor` or `$self`, so that references depend on their place;
    `indented` that the text is JSON with a line for each member and element, two spaces deeper at each level.
    `bound` are the dynamic anchors that a schema brought along that referred to here, by name; places of one
    file with other ones are other places, which `identity` tells apart.
    """

    uri: str
    label: str
    data: Any
    text: bytes | None = None
    is_json: bool = False
    has_names: bool = False
    indented: bool = False
    bound: Mapping[str, Node] = field(default_factory=dict)
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        anchors = "".join(f" {name}={'#'.join(node.key)}" for name, node in sorted(self.bound.items()))
        object.__setattr__(self, "identity", self.uri + anchors)


@dataclass(slots=True, eq=False)
class Node:
    """`value` stands at `pointer` (RFC 6901) in `resource`. Compare with `key`, not with ==.

    Never changed; but not frozen, because there are many, and frozen ones take three times as long to make.
    """

    value: Any
    resource: Resource
    pointer: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Identity of the place."""
        return (self.resource.identity, self.pointer)

    def child(self, name: str | int) -> Node:
        """The member or element `name`; KeyError or IndexError where there is none."""
        return Node(self.value[name], self.resource, f"{self.pointer}/{escape(str(name))}")

    def get(self, name: str) -> Node | None:
        """The member `name` of an object, or None."""
        if isinstance(self.value, dict) and name in self.value:
            return self.child(name)
        return None

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object, in document order; nothing for other values."""
        if isinstance(self.value, dict):
            below = f"{self.pointer}/"
            for name, value in self.value.items():
                yield name, Node(value, self.resource, below + escape(str(name)))

    def elements(self) -> Iterator[Node]:
        """The elements of an array; nothing for other values."""
        if isinstance(self.value, list):
            for index in range(len(self.value)):
                yield self.child(index)

    def anchor(self, side: Side) -> Anchor:
        """Where to find this place's line later."""
        return Anchor(side, self.resource.uri, self.pointer)


class UnresolvedError(Exception):
    """A reference leads nowhere; `reason` says why in words. Turned into Skipped, never a crash."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(f"{reference}: {reason}")
        self.reference = reference
        self.reason = reason


@dataclass(slots=True, eq=False)
class Document:
    """One loaded API description: its root file, its version, and everything it refers to.

    `version` is "2.0", "3.0", "3.1" or "3.2". `fetch` (given by loading/) returns another file of the
    same document by absolute uri, or raises UnresolvedError. `names` is where loading/ keeps what it knows
    of `$id`s, by uri.
    """

    side: Side
    label: str
    version: str
    root: Resource
    fetch: Fetch
    names: dict[str, object] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], Node] = field(default_factory=dict)

    @property
    def node(self) -> Node:
        """The root of the root file."""
        return Node(self.root.data, self.root)

    def resolve(self, node: Node) -> Node:
        """Follow `$ref` from `node` until there is none; cycles and dangling ones raise UnresolvedError."""
        seen: set[tuple[str, str]] = set()
        while isinstance(node.value, dict) and isinstance(reference := node.value.get("$ref"), str):
            if node.key in seen:
                raise UnresolvedError(reference, "the reference leads back to itself")
            seen.add(node.key)
            node = self.follow(node, reference)
        return node

    def follow(self, node: Node, reference: str) -> Node:
        """What a reference written at `node` leads to, one step; UnresolvedError where it leads nowhere."""
        place = node.pointer if node.resource.has_names else ""
        key = (f"{node.resource.uri}#{place}" if place else node.resource.uri, reference)
        target = self._resolved.get(key)
        if target is None:
            target = self._resolved[key] = self._target(node.resource, reference, place)
        return target

    def dynamic_anchors(self, node: Node) -> dict[str, Node]:
        """What `$dynamicAnchor` names in the schema resource around a node (JSON Schema 2020-12, 8.2.2)."""
        from driftcheck.openapi.loading.references import locate_dynamic_anchors

        return locate_dynamic_anchors(self, node) if node.resource.has_names else {}

    def _target(self, base: Resource, reference: str, place: str) -> Node:
        from driftcheck.openapi.loading.references import locate_reference

        return locate_reference(self, base, reference, place)


class Fetch(Protocol):
    """Gives another file of the same document."""

    def __call__(self, uri: str, reference: str) -> Resource:
        """`uri` is absolute; `reference` is the text as written, for messages."""
        ...


def escape(name: str) -> str:
    """A name as one token of a JSON pointer (RFC 6901, section 3)."""
    if "/" in name or "~" in name:
        return name.replace("~", "~0").replace("/", "~1")
    return name


def unescape(token: str) -> str:
    """The name that a token of a JSON pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")
