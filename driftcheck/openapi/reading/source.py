"""One document together with what could not be read in it: follows `$ref`s and steps over broken parts.

Nothing here raises for a malformed document: a part of the wrong shape is noted as Skipped and left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from driftcheck.finding import Skipped
from driftcheck.openapi.model import Home
from driftcheck.openapi.node import Document, Node, UnresolvedError, unescape


@dataclass(slots=True, eq=False)
class Source:
    """A document being read. `skipped` collects, in order and without repetition."""

    document: Document
    skipped: dict[tuple[str, str], Skipped] = field(default_factory=dict)

    @property
    def legacy(self) -> bool:
        """Whether it is OpenAPI 2.0."""
        return self.document.version == "2.0"

    @property
    def root(self) -> Node:
        """The root object."""
        return self.document.node

    def skip(self, node: Node, why: str) -> None:
        """Note that what stands at `node` was not compared."""
        what = f"{node.resource.label}#{node.pointer}"
        self.skipped.setdefault((what, why), Skipped(what, why))

    def follow(self, node: Node) -> tuple[Node, Home | None] | None:
        """The object that `node` is or refers to, and the shared thing it was found in; None if none."""
        try:
            target = self.document.resolve(node)
        except UnresolvedError as error:
            self.skip(node, f"$ref {error.reference} cannot be followed: {error.reason}")
            return None
        if not isinstance(target.value, dict):
            self.skip(node, f"expected an object, found {kind_of(target.value)}")
            return None
        return target, None if target is node else self._home(target)

    def _home(self, target: Node) -> Home:
        tokens = [unescape(token) for token in target.pointer.split("/")[1:]]
        if target.resource is self.document.root:
            if tokens[:1] == ["components"]:
                tokens = tokens[1:]
            return Home("/".join(tokens), tokens[-1] if tokens else "the document")
        base = posixpath.dirname(self.document.root.uri)
        file = posixpath.relpath(target.resource.uri, base) if base else target.resource.uri
        stem = posixpath.splitext(posixpath.basename(target.resource.uri))[0]
        return Home(f"{file}#{target.pointer}", tokens[-1] if tokens else stem)

    def object(self, parent: Node, name: str) -> Node | None:
        """The member `name`, if it is an object; absent and broken ones are None."""
        member = parent.get(name)
        if member is None or isinstance(member.value, dict):
            return member
        self.skip(member, f"expected an object, found {kind_of(member.value)}")
        return None

    def array(self, parent: Node, name: str) -> list[Node]:
        """The elements of the member `name`, if it is an array."""
        member = parent.get(name)
        if member is None:
            return []
        if not isinstance(member.value, list):
            self.skip(member, f"expected an array, found {kind_of(member.value)}")
            return []
        return list(member.elements())

    def schema(self, parent: Node, name: str = "schema") -> Node | None:
        """The member `name`, if it can be a schema (an object, or from 3.1 on a boolean)."""
        member = parent.get(name)
        if member is None or isinstance(member.value, dict | bool):
            return member
        self.skip(member, f"expected a schema, found {kind_of(member.value)}")
        return None

    def objects(self, parent: Node, name: str, extensible: bool = False) -> Iterator[tuple[str, Node]]:
        """The members of the object `name` that are objects; `extensible`: `x-` members are extensions."""
        holder = self.object(parent, name)
        if holder is None:
            return
        for key, member in holder.members():
            text = str(key)  # a dict given from Python may have numbers as names
            if extensible and text.startswith("x-"):
                continue
            if isinstance(member.value, dict):
                yield text, member
            else:
                self.skip(member, f"expected an object, found {kind_of(member.value)}")


def text(parent: Node, name: str) -> str | None:
    """The member `name`, if it is a string."""
    value = parent.value.get(name) if isinstance(parent.value, dict) else None
    return value if isinstance(value, str) else None


def flag(parent: Node, name: str, default: bool = False) -> bool:
    """The member `name`, if it is a boolean."""
    value = parent.value.get(name) if isinstance(parent.value, dict) else None
    return value if isinstance(value, bool) else default


def texts(parent: Node, name: str) -> tuple[str, ...]:
    """The strings among the elements of the array `name`."""
    value = parent.value.get(name) if isinstance(parent.value, dict) else None
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def kind_of(value: object) -> str:
    """What JSON calls a value of this kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: dict[type, str] = {dict: "an object", list: "an array", str: "a string"}
    return names.get(type(value), "a number")
