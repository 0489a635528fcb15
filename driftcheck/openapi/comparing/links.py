"""Compares the links of a response: a link gone or changed stops clients that follow it.

What a link leads to is compared as the operation, not as text: a renamed operationId is told once.
"""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.difference import JSON, Change
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.node import Node, unescape
from driftcheck.openapi.reading.source import text

_MEANT = ("parameters", "requestBody", "server")


def compare_links(run: Run, place: Place, old: Mapping[str, Node], new: Mapping[str, Node]) -> None:
    """Compare the links of one response."""
    for name in old.keys() | new.keys():
        at = place.at("links", name)
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            change = Change.EXTRA if before is None else Change.MISSING
            run.report(at, "link", "link", change, nodes=(before, after), name=name)
            continue
        values = _meaning(run, before, expected=True), _meaning(run, after, expected=False)
        if values[0] != values[1]:
            run.report(
                at,
                "link",
                "link",
                Change.CHANGED,
                nodes=(before, after),
                attribute="target",
                name=name,
                values=(values[0], values[1]),
            )


def _meaning(run: Run, node: Node, expected: bool) -> dict[str, JSON]:
    """What following the link does, with the operation named as in the new description."""
    found = {name: node.value[name] for name in _MEANT if node.value.get(name) not in (None, {})}
    target = _target(run, node, expected)
    if target is not None:
        found["operation"] = run.matched.get(target, target) if expected else target
    return found


def _target(run: Run, node: Node, expected: bool) -> str | None:
    identifier, reference = text(node, "operationId"), text(node, "operationRef")
    if identifier is not None:
        ids = run.old_ids if expected else run.new_ids
        return ids.get(identifier, identifier)
    if reference is None or "#/paths/" not in reference:
        return reference
    path, _, method = reference.split("#/paths/", 1)[1].rpartition("/")
    return f"{method.upper()} {unescape(path)}"
