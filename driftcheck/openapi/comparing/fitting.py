"""How well two operations (or their parts) fit each other, for telling a rename from a coincidence."""

from __future__ import annotations

from driftcheck.difference import Flow
from driftcheck.openapi.comparing.media import pair_media
from driftcheck.openapi.comparing.run import Run
from driftcheck.openapi.model import Content, Field, Operation
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.fields import parameters
from driftcheck.openapi.reading.responses import response_content, responses


def fit(run: Run, old: Operation, new: Operation) -> float:
    """From 0 (nothing in common) to 1 (they take and give the same)."""
    if run.unchanged.same(old.node, new.node):
        return 1.0
    parts = [
        _fields_fit(parameters(run.expected, old), parameters(run.actual, new)),
        _bodies_fit(run, old, new),
        _responses_fit(run, old, new),
    ]
    return sum(parts) / len(parts)


def _fields_fit(old: tuple[Field, ...], new: tuple[Field, ...]) -> float:
    before = {field.key for field in old if field.place != "path"}
    after = {field.key for field in new if field.place != "path"}
    if not before and not after:
        return 1.0
    return len(before & after) / len(before | after)


def _bodies_fit(run: Run, old: Operation, new: Operation) -> float:
    before, after = body(run.expected, old), body(run.actual, new)
    if before is None or after is None:
        return 1.0 if before is after else 0.0
    return content_fit(run, before.content, after.content, Flow.SENT)


def _responses_fit(run: Run, old: Operation, new: Operation) -> float:
    before, after = responses(run.expected, old), responses(run.actual, new)
    common = [status for status in before if status in after]
    success = [status for status in common if status.startswith("2")]
    if not success:
        return 0.5 if common else 0.0
    fits = 0.0
    for status in success:
        carried = response_content(run.expected, before[status]), response_content(run.actual, after[status])
        fits += content_fit(run, *carried, Flow.RECEIVED)
    return fits / len(success)


def content_fit(run: Run, old: Content, new: Content, flow: Flow) -> float:
    """1 for the same contract, 0.6 where going over is harmless at least one way, else 0."""
    if not old.media and not new.media:
        return 1.0
    pairs, _, _ = pair_media(old, new, flow)
    if not pairs:
        return 0.0
    before, after = pairs[0]
    if run.unchanged.same(before.node, after.node):
        return 1.0
    there = run.schemas.covered(before.schema, after.schema, Flow.SENT)
    back = run.schemas.covered(before.schema, after.schema, Flow.RECEIVED)
    return 1.0 if there and back else 0.6 if there or back else 0.0
