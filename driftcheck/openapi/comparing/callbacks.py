"""Compares callbacks: calls that the provider makes to a URL that the consumer gave it in a request.

A callback is where it is sent (its expression) and what is sent; its name in the document is not on the wire.
"""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.difference import Change, Effect, Flow
from driftcheck.openapi.comparing.run import Place, Run, place_of
from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.operations import callback_operations

_Compare = Callable[[Run, Place, Operation, Operation], None]
_Key = tuple[str, str]  # method, expression


def compare_callbacks(run: Run, place: Place, old: Operation, new: Operation, compare: _Compare) -> None:
    """Compare the callbacks of an operation; `compare` compares two operations."""
    before, after = _callbacks(run, old, expected=True), _callbacks(run, new, expected=False)
    gone = {key: found for key, found in before.items() if key not in after}
    fresh = {key: found for key, found in after.items() if key not in before}
    for key, (_, operation) in before.items():
        if key in after:
            _pair(run, place, operation, after[key][1], compare)
    for key, (name, operation) in gone.items():
        heir = _moved(key, name, fresh)
        if heir is None:
            _one_side(run, place, operation, Change.MISSING)
            continue
        target = fresh.pop(heir)[1]
        run.report(
            place_of(operation, place.cap),
            "callback",
            "callback",
            Change.CHANGED,
            nodes=(operation.item.nodes[0], target.item.nodes[0]),
            attribute="url",
            name=name,
            values=(operation.path, target.path),
            flow=Flow.RECEIVED,
            effect=Effect.WIDENED,
        )
        _pair(run, place, operation, target, compare)
    for _, operation in fresh.values():
        _one_side(run, place, operation, Change.EXTRA)


def _callbacks(run: Run, operation: Operation, expected: bool) -> dict[_Key, tuple[str, Operation]]:
    if operation.node.get("callbacks") is None:
        return {}
    source = run.expected if expected else run.actual
    found = callback_operations(source, operation)
    return {(inner.method, inner.path): (name, inner) for name, inner in found}


def _moved(key: _Key, name: str, fresh: dict[_Key, tuple[str, Operation]]) -> _Key | None:
    """The callback of the same name and method that is now sent elsewhere, if there is just one."""
    heirs = [other for other, (title, _) in fresh.items() if title == name and other[0] == key[0]]
    return heirs[0] if len(heirs) == 1 else None


def _pair(run: Run, place: Place, old: Operation, new: Operation, compare: _Compare) -> None:
    key = (old.node.key, new.node.key)
    if key in run.entered or run.unchanged.same(old.node, new.node):
        return
    run.entered.add(key)  # a callback can contain itself by reference
    compare(run, place_of(old, place.cap), old, new)
    run.entered.discard(key)


def _one_side(run: Run, place: Place, operation: Operation, change: Change) -> None:
    gone = change is Change.MISSING
    run.report(
        place_of(operation, place.cap),
        "callback",
        "callback",
        change,
        nodes=(operation.node if gone else None, None if gone else operation.node),
        name=operation.label,
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED if gone else Effect.NARROWED,
    )
