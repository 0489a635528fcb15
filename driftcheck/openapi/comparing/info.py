"""Compares what the document says about the API as a whole: its info, and the descriptions of its tags."""

from __future__ import annotations

from driftcheck.difference import Change
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, text

_INFO = ("title", "summary", "description", "termsOfService", "contact", "license")


def compare_info(run: Run) -> None:
    """Compare the info object; that its version differs is what versions are for."""
    old, new = run.expected.object(run.expected.root, "info"), run.actual.object(run.actual.root, "info")
    if old is None or new is None:
        return
    place = Place("info", "info", "", Audience())
    for name in _INFO:
        before, after = old.value.get(name), new.value.get(name)
        if before != after:
            run.report(
                place.at(name),
                "info",
                "info",
                Change.CHANGED,
                nodes=(old.get(name) or old, new.get(name) or new),
                attribute="info",
                name=name,
                values=(before, after),
            )


def compare_tag_descriptions(run: Run) -> None:
    """Compare how tags are described; which operations have them is compared with the operations."""
    old, new = _tags(run.expected), _tags(run.actual)
    for name in old.keys() & new.keys():
        before, after = old[name], new[name]
        if before.value != after.value:
            run.report(
                Place(f"tag {name}", f"tag {name}", "", Audience()),
                "tag",
                "tag",
                Change.CHANGED,
                nodes=(before, after),
                attribute="description",
                name=name,
                values=(text(before, "description"), text(after, "description")),
            )


def _tags(source: Source) -> dict[str, Node]:
    nodes = source.array(source.root, "tags")
    return {name: node for node in nodes if (name := text(node, "name")) is not None}
