"""Where JSON pointers stand in the text they came from: found lazily, in one pass a file for all of them.

Nothing is indexed when a document is loaded. A place that is not in the text (it came through an alias or
a merge key) is given as the nearest one around it that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from driftcheck.difference import Anchor, Location
from driftcheck.openapi.node import Document, Resource, UnresolvedError, unescape

Place: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

Wanted: TypeAlias = "dict[str, Wanted]"
"""The names on the way to the wanted places, nested as the document is."""


class Locator:
    """Finds places and remembers them, for any number of documents."""

    def __init__(self) -> None:
        self._found: dict[tuple[Document, str], dict[str, Place]] = defaultdict(dict)

    def locate(self, document: Document, anchors: Sequence[Anchor]) -> list[Location]:
        """One Location for each anchor, in the same order; line and column are None where no text exists."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for anchor in anchors:
            by_source[anchor.source].append(anchor.pointer)
        for source, pointers in by_source.items():
            self._search(document, source, pointers)
        return [self._location(document, anchor) for anchor in anchors]

    def _search(self, document: Document, source: str, pointers: Iterable[str]) -> None:
        resource = _resource(document, source)
        found = self._found[document, source]
        wanted = {pointer for pointer in pointers if pointer not in found}
        if resource is None or resource.text is None or not wanted:
            return
        data = resource.data if resource.indented else None
        places = find_places(resource.text, wanted, resource.is_json, data)
        for pointer in wanted:
            found[pointer] = _nearest(places, pointer)

    def _location(self, document: Document, anchor: Anchor) -> Location:
        resource = _resource(document, anchor.source)
        label = document.label if resource is None else resource.label
        line, column = self._found[document, anchor.source].get(anchor.pointer, (None, None))
        return Location(anchor.side, label, line, column)


def find_places(text: bytes, pointers: Iterable[str], is_json: bool, data: Any = None) -> dict[str, Place]:
    """The places of all pointers, and of everything around them, that the text holds.

    `data` is its value if it is indented as `Resource.indented` says, which makes the search a short one.
    """
    from driftcheck.openapi.loading.locate_indented import places_in_indented
    from driftcheck.openapi.loading.locate_json import places_in_json
    from driftcheck.openapi.loading.locate_yaml import places_in_yaml

    wanted: Wanted = {}
    for pointer in pointers:
        branch = wanted
        for token in pointer.split("/")[1:]:
            branch = branch.setdefault(unescape(token), {})
    if data is not None:
        return places_in_indented(text, data, wanted)
    return places_in_json(text, wanted) if is_json else places_in_yaml(text, wanted)


def _resource(document: Document, source: str) -> Resource | None:
    if source == document.root.uri:
        return document.root
    try:
        return document.fetch(source, source)
    except UnresolvedError:
        return None


def _nearest(places: dict[str, Place], pointer: str) -> Place:
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, (1, 1))
