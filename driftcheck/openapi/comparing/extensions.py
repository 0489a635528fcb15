"""Compares the extensions (`x-…`) of operations that driftcheck gives no meaning of its own."""

from __future__ import annotations

from driftcheck.difference import Change
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.node import Node

_UNDERSTOOD = frozenset({"x-sunset", "x-stability-level", "x-driftcheck-ignore"})


def compare_extensions(run: Run, place: Place, old: Node, new: Node) -> None:
    """One difference for each extension that was added, removed or changed."""
    for name in dict.fromkeys([*old.value, *new.value]):
        if not str(name).startswith("x-") or name in _UNDERSTOOD:
            continue
        before, after = old.value.get(name), new.value.get(name)
        if before != after:
            run.report(
                place.at(name),
                "extension",
                "operation",
                Change.CHANGED,
                nodes=(old.get(name) or old, new.get(name) or new),
                attribute="extension",
                name=name,
                values=(before, after),
            )
