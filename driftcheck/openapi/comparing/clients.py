"""Compares what only generated clients see: operationIds, names of path parameters, tags.

The wire does not know these names; a client's methods, arguments and classes are called after them.
"""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.difference import Change, Rename
from driftcheck.openapi.comparing.requirements import Pair
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.source import text, texts


def compare_identifiers(run: Run, place: Place, old: Operation, new: Operation) -> None:
    """Compare the operationId and the names of the path's parameters."""
    before, after = text(old.node, "operationId"), text(new.node, "operationId")
    if before != after:
        run.report(
            place,
            "operation",
            "operation",
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute="operationId",
            values=(before, after),
        )
    if len(old.names) != len(new.names):
        return
    for index, (name, other) in enumerate(zip(old.names, new.names, strict=True)):
        if name != other:
            at = Place(place.object, f"path {old.template} {index} {name}", place.operation, place.audience)
            run.report(
                at.at("parameters", "path", name),
                "path-parameter",
                "parameter",
                Change.RENAMED,
                nodes=(old.item.nodes[0], new.item.nodes[0]),
                name=name,
                values=(name, other),
                rename=Rename(name, other, 1.0),
            )


def compare_tags(run: Run, pairs: Iterable[Pair]) -> None:
    """Compare the tags of all pairs; a tag that became another everywhere is one difference."""
    moved: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Pair]] = {}
    for pair in pairs:
        before, after = texts(pair.old.node, "tags"), texts(pair.new.node, "tags")
        gone = tuple(sorted(set(before) - set(after)))
        fresh = tuple(sorted(set(after) - set(before)))
        if gone or fresh:
            moved.setdefault((gone, fresh), []).append(pair)
    for (gone, fresh), users in moved.items():
        title = ", ".join(gone or fresh)
        audience = Audience(name=f"tag {title}")
        for pair in users:
            audience.add(pair.place.operation, pair.place.cap)
        first = users[0]
        renamed = len(gone) == len(fresh) == 1
        cause = first.place.operation if len(users) == 1 else f"tags {gone} {fresh}"
        run.report(
            Place(first.place.object, f"{cause}/tags", first.place.operation, audience, "/tags"),
            "tag",
            "tag",
            Change.CHANGED,
            nodes=(
                first.old.node.get("tags") or first.old.node,
                first.new.node.get("tags") or first.new.node,
            ),
            attribute="tags",
            name=title,
            values=(list(gone), list(fresh)),
            facts={"renamed": renamed, "tagged": bool(texts(first.old.node, "tags"))},
        )
