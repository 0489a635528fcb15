"""Finds `$id`, `$anchor` and `$self` in a file: other names under which references may know its parts.

They exist in 3.1 and later (JSON Schema 2020-12, sections 8.2.1 and 8.2.2); few files have any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from driftcheck.openapi.loading.web import join_urls
from driftcheck.openapi.node import Document, Resource, escape

_DATA = frozenset(("example", "examples", "enum", "const", "default", "value", "mapping"))
_ANCHORS = ("$anchor", "$dynamicAnchor")


@dataclass(slots=True)
class Names:
    """`bases`: the uri in force at and below a pointer. `ids`: pointer by uri. `anchors`: by (base, name),
    and `dynamic` those of them that are dynamic.
    """

    bases: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    anchors: dict[tuple[str, str], str] = field(default_factory=dict)
    dynamic: dict[tuple[str, str], str] = field(default_factory=dict)

    def scope(self, pointer: str) -> str:
        """The pointer of the innermost `$id` around a place; "" for the file itself."""
        while pointer and pointer not in self.bases:
            pointer = pointer.rpartition("/")[0]
        return pointer


def names_of(document: Document, resource: Resource) -> Names:
    """The names in a file, worked out once."""
    found = document.names.get(resource.uri)
    if not isinstance(found, Names):
        found = document.names[resource.uri] = _collect(resource)
    return found


def _collect(resource: Resource) -> Names:
    names = Names()
    data = resource.data
    base = resource.uri
    if isinstance(data, dict) and isinstance(own := data.get("$self"), str):
        base = join_urls(base, own.partition("#")[0])
        names.ids[base] = ""
    names.bases[""] = base
    pending: list[tuple[Any, str, str]] = [(data, "", base)]
    while pending:
        value, pointer, base = pending.pop()
        if isinstance(value, dict):
            base = _name(names, value, pointer, base)
            pending.extend(
                (member, f"{pointer}/{escape(name)}", base)
                for name, member in value.items()
                if isinstance(member, (dict, list)) and name not in _DATA and not name.startswith("x-")
            )
        elif isinstance(value, list):
            pending.extend((item, f"{pointer}/{index}", base) for index, item in enumerate(value))
    return names


def _name(names: Names, value: dict[str, Any], pointer: str, base: str) -> str:
    """Note the names of one object and give the base uri below it."""
    own = value.get("$id")
    if isinstance(own, str) and not own.startswith("#"):
        base = join_urls(base, own.partition("#")[0])
        names.bases[pointer] = base
        names.ids.setdefault(base, pointer)
    for keyword in _ANCHORS:
        if isinstance(anchor := value.get(keyword), str):
            names.anchors.setdefault((base, anchor), pointer)
            if keyword == "$dynamicAnchor":
                names.dynamic.setdefault((base, anchor), pointer)
    return base
