"""Compares webhooks: calls that the provider makes on its own account, to a URL agreed upon elsewhere."""

from __future__ import annotations

from driftcheck.difference import Change, Effect, Flow, Rename
from driftcheck.openapi.comparing.matching import Match, match_operations
from driftcheck.openapi.comparing.operation import compare_operation, unchanged
from driftcheck.openapi.comparing.run import Run, place_of
from driftcheck.openapi.comparing.selection import Selection
from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.operations import webhook_operations
from driftcheck.renaming.pairs import best_renames


def compare_webhooks(run: Run, chosen: Selection) -> list[Match]:
    """Compare all webhooks that are selected, and return the pairs."""
    matches = match_operations(
        filter(chosen, webhook_operations(run.expected)), filter(chosen, webhook_operations(run.actual))
    )
    pairs = matches.pairs + _renamed(run, matches.removed, matches.added)
    for match in pairs:
        if not unchanged(run, match.old, match.new):
            compare_operation(run, place_of(match.old, run.cap(match.old)), match.old, match.new)
    for operation in matches.removed:
        _one_side(run, operation, Change.MISSING)
    for operation in matches.added:
        _one_side(run, operation, Change.EXTRA)
    return pairs


def _renamed(run: Run, removed: list[Operation], added: list[Operation]) -> list[Match]:
    """Webhooks with related names and the same payload; both leave the lists."""
    found = []
    for method in sorted({operation.method for operation in removed}):
        before = {operation.path: operation for operation in removed if operation.method == method}
        after = {operation.path: operation for operation in added if operation.method == method}
        for old, new, confidence in best_renames(before, after, lambda a, b: _fit(run, a, b)):
            match = Match(before[old], after[new])
            removed.remove(match.old)
            added.remove(match.new)
            found.append(match)
            run.report(
                place_of(match.old, run.cap(match.old)),
                "webhook",
                "webhook",
                Change.RENAMED,
                nodes=(match.old.node, match.new.node),
                name=old,
                values=(old, new),
                flow=Flow.RECEIVED,
                effect=Effect.WIDENED,
                rename=Rename(old, new, confidence),
            )
    return found


def _fit(run: Run, old: Operation, new: Operation) -> float:
    from driftcheck.openapi.comparing.fitting import content_fit

    before, after = body(run.expected, old), body(run.actual, new)
    if before is None or after is None:
        return 1.0 if before is after else 0.0
    return content_fit(run, before.content, after.content, Flow.RECEIVED)


def _one_side(run: Run, operation: Operation, change: Change) -> None:
    gone = change is Change.MISSING
    run.report(
        place_of(operation, run.cap(operation)),
        "webhook",
        "webhook",
        change,
        nodes=(operation.node if gone else None, None if gone else operation.node),
        name=operation.path,
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED if gone else Effect.NARROWED,
    )
