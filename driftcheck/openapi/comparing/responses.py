"""Compares the responses of an operation: which statuses there are, and what each carries.

In webhooks and callbacks the consumer answers: its replies are sent, and fewer allowed ones break it.
"""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.difference import Change, Effect, Flow
from driftcheck.openapi.comparing.bodies import REPLY, RESPONSE, compare_content
from driftcheck.openapi.comparing.docs import compare_docs
from driftcheck.openapi.comparing.field import Spot
from driftcheck.openapi.comparing.fields import compare_fields
from driftcheck.openapi.comparing.links import compare_links
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.comparing.statuses import is_success, pair_responses
from driftcheck.openapi.model import MediaType, Response
from driftcheck.openapi.reading.fields import headers
from driftcheck.openapi.reading.responses import links, response_content

_Responses = Mapping[str, Response]


def compare_responses(run: Run, place: Place, old: _Responses, new: _Responses, turned: bool) -> None:
    """Compare all responses; `place` is the operation's."""
    flow = Flow.SENT if turned else Flow.RECEIVED
    paired = pair_responses(old, new, turned, lambda a, b: _agree(run, a, b, flow))
    for before, after in paired.pairs:
        if before.produces != after.produces or not run.unchanged.same(before.node, after.node):
            _compare(run, place.at("responses", before.status), before, after, flow)
    for response in paired.gone:
        _one_side(run, place, response, old, flow, gone=True)
    for response in paired.fresh:
        _one_side(run, place, response, new, flow, gone=False)


def _one_side(run: Run, place: Place, response: Response, all_: _Responses, flow: Flow, gone: bool) -> None:
    success = is_success(response.status, all_)
    prefix = "response" if flow is Flow.RECEIVED else "request-reply"
    subject = f"{prefix}-success-status" if success else f"{prefix}-error-status"
    at = run.gathered(place.at("responses", response.status), f"{subject} {gone}", response.home)
    run.report(
        at,
        subject,
        "response",
        Change.MISSING if gone else Change.EXTRA,
        nodes=(response.node if gone else None, None if gone else response.node),
        name=response.status,
        flow=flow,
        effect=Effect.NARROWED if gone and flow is Flow.SENT else Effect.WIDENED,
    )


def _compare(run: Run, place: Place, old: Response, new: Response, flow: Flow) -> None:
    role = RESPONSE if flow is Flow.RECEIVED else REPLY
    sources = run.expected, run.actual

    def compare(at: Place) -> None:
        carried = response_content(sources[0], old), response_content(sources[1], new)
        compare_content(run, at, *carried, role, (old.node, new.node))
        fields = headers(sources[0], old.node), headers(sources[1], new.node)
        compare_fields(run, Spot(at, flow, "header"), *fields)
        if flow is Flow.RECEIVED:
            compare_links(run, at, links(sources[0], old.node), links(sources[1], new.node))
        compare_docs(run, at, "response", old.node, new.node)

    homes = (old.home, new.home) if old.produces == new.produces else (None, None)
    run.shared(place, "responses", homes, flow, compare)


def _agree(run: Run, old: Response, new: Response, flow: Flow) -> bool:
    """Whether `new` certainly gives all that `old` promised."""
    before = {media.key: media for media in response_content(run.expected, old).media}
    after = {media.key: media for media in response_content(run.actual, new).media}
    if not before.keys() <= after.keys() or bool(before) != bool(after):
        return False
    return all(_covered(run, media, after[key], flow) for key, media in before.items())


def _covered(run: Run, old: MediaType, new: MediaType, flow: Flow) -> bool:
    return run.unchanged.same(old.node, new.node) or run.schemas.covered(old.schema, new.schema, flow)
