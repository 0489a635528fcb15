"""A description as one self-contained dict, since the engine must not follow references by itself.

What other files hold is put below one extension of the root, each place once; references into the root stay.
"""

from __future__ import annotations

from typing import Any

from driftcheck.openapi.node import Document, Node, UnresolvedError

PARTS = "x-driftcheck-parts"
_VALUES = frozenset({"example", "default", "enum", "const", "value"})  # `$ref` in them is a value
_MAPS = frozenset(
    "properties patternProperties schemas definitions $defs responses parameters headers".split()
)
_NAMING = frozenset({"$id", "$anchor", "$dynamicAnchor", "$self", "$schema"})


def bundled(document: Document) -> dict[str, Any]:
    """A deep copy; references that lead nowhere are left as they are, for the engine to tell of."""
    bundle = _Bundle(document)
    root = bundle.copy(document.node)
    while bundle.waiting:
        name, node = bundle.waiting.pop()
        bundle.parts[name] = bundle.copy(node)
    if bundle.parts:
        root[PARTS] = bundle.parts
    return dict(root)


class _Bundle:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.names: dict[tuple[str, str], str] = {}
        self.waiting: list[tuple[str, Node]] = []
        self.parts: dict[str, Any] = {}

    def copy(self, node: Node) -> Any:
        """The value at `node` with its references rewritten."""
        if isinstance(node.value, list):
            return [self.copy(element) for element in node.elements()]
        if not isinstance(node.value, dict):
            return node.value
        copied: dict[str, Any] = {}
        for name, child in node.members():
            if name == "$ref" and isinstance(child.value, str):
                copied[name] = self.reference(node, child.value)
            elif _holds_names(node):
                copied[name] = self.copy(child)
            elif name in _VALUES or (name == "examples" and isinstance(child.value, list)):
                copied[name] = child.value
            elif name not in _NAMING:
                copied[name] = self.copy(child)
        return copied

    def reference(self, node: Node, written: str) -> str:
        """Where the target stands in the bundle."""
        try:
            target = self.document.follow(node, written)
        except UnresolvedError:
            return written
        if target.resource is self.document.root:
            return f"#{_fragment(target.pointer)}"
        name = self.names.get(target.key)
        if name is None:
            name = self.names[target.key] = str(len(self.names))
            self.waiting.append((name, target))
        return f"#/{PARTS}/{name}"


def _holds_names(node: Node) -> bool:
    """Whether the members have names of the user's (or statuses), as a property called "default"."""
    return node.pointer.rpartition("/")[2] in _MAPS


def _fragment(pointer: str) -> str:
    from urllib.parse import quote

    return quote(pointer, safe="/~!$&'()*+,;=:@-._{}")
