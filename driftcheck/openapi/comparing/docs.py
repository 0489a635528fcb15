"""Compares what only people read: descriptions, summaries, examples, links to documentation, extensions."""

from __future__ import annotations

from driftcheck.difference import Change
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.node import Node

_TEXTS = ("summary", "description", "externalDocs", "example", "examples")


def compare_docs(run: Run, place: Place, kind: str, old: Node, new: Node) -> None:
    """One difference for each documentation member that was added, removed or rewritten."""
    if not isinstance(old.value, dict) or not isinstance(new.value, dict):
        return  # what 2.0 has in several parameters
    for name in _TEXTS:
        before, after = old.value.get(name), new.value.get(name)
        if before != after:
            run.report(
                place,
                "documentation",
                kind,
                Change.CHANGED,
                nodes=(old.get(name) or old, new.get(name) or new),
                attribute=name,
                values=(before, after),
            )
