"""Deprecation, sunset dates and stability levels: what an operation promises about its own future.

`x-sunset` is a date (RFC 3339); `x-stability-level` is draft, alpha, beta or stable (also when unwritten).
"""

from __future__ import annotations

from driftcheck.difference import Change
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.lifecycle import LEVELS, stability, sunset
from driftcheck.openapi.reading.source import flag, text


def ending(run: Run, node: Node) -> str | None:
    """How its removal was announced: "after-sunset", "before-sunset", "deprecated", or None for not."""
    if not flag(node, "deprecated"):
        return None
    day = sunset(run.expected, node)
    if day is None:
        return "deprecated"
    return "after-sunset" if day <= run.today else "before-sunset"


def compare_lifecycle(run: Run, place: Place, old: Node, new: Node, kind: str) -> None:
    """Compare what both sides promise; `place` is that of the operation."""
    before, after = flag(old, "deprecated"), flag(new, "deprecated")
    if before != after:
        run.report(
            place,
            "operation",
            kind,
            Change.CHANGED,
            nodes=(old, new),
            attribute="deprecated",
            values=(before, after),
            facts={"sunset": text(new, "x-sunset")},
        )
    _sunset(run, place, old, new, kind, withdrawn=before and not after)
    _stability(run, place, old, new, kind)


def _sunset(run: Run, place: Place, old: Node, new: Node, kind: str, withdrawn: bool) -> None:
    before, after = sunset(run.expected, old), sunset(run.actual, new)
    if before == after:
        return
    earlier = before is not None and (after is None or after < before)
    run.report(
        place,
        "operation",
        kind,
        Change.CHANGED,
        nodes=(old, new),
        attribute="sunset",
        values=(str(before) if before else None, str(after) if after else None),
        facts={"earlier": earlier and not withdrawn},
    )


def _stability(run: Run, place: Place, old: Node, new: Node, kind: str) -> None:
    before, after = stability(run.expected, old), stability(run.actual, new)
    if before != after:
        lowered = LEVELS.index(after) < LEVELS.index(before)
        run.report(
            place,
            "operation",
            kind,
            Change.CHANGED,
            nodes=(old, new),
            attribute="stability",
            values=(before, after),
            facts={"lowered": lowered},
        )
