"""Judges what a consumer sent: parameters and body, against the operation that the call was routed to."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from driftcheck.difference import Change, Effect, Flow, Severity
from driftcheck.traffic import decode
from driftcheck.traffic.contract import Carrier, Parameter, Payload, Promise
from driftcheck.traffic.decode import MISSING
from driftcheck.traffic.exchange import Body, Request
from driftcheck.traffic.gather import Call
from driftcheck.traffic.media import Unjudged, chosen, essence, header, value_of
from driftcheck.traffic.readers.bodies import is_textual
from driftcheck.traffic.route import Routed
from driftcheck.traffic.values import Judge, Site

_MOST_KNOWN = 4096  # verdicts kept for one parameter
_FORBIDDEN = ("GET", "HEAD", "DELETE")  # methods whose body means nothing unless described


def judge_request(judge: Judge, call: Call, routed: Routed, query: str, security: frozenset[str]) -> None:
    """Everything that was sent. `security` are names (place:name) that credentials travel in."""
    request, promise = call.exchange.request, routed.promise
    pairs = decode.query_pairs(query)
    used: set[str] = set()
    for one in promise.parameters.get("query", ()):
        value, names = decode.from_query(one.described, one.plan, pairs)
        used |= names
        _parameter(judge, call, promise, one, value, tuple(pair for pair in pairs if pair[0] in names))
    for one in promise.parameters.get("path", ()):
        written = routed.values.get(one.described.name)
        if written is not None:
            value = decode.from_path(one.described, one.plan, written)
            _parameter(judge, call, promise, one, value, written)
    if request.headers:
        _headers(judge, call, promise, request, security)
    if "querystring" not in promise.parameters:
        _undeclared(judge, call, "query", (name for name, _ in pairs if name not in used), security)
    judge_body(judge, call, promise.body, request.body, request, promise)


def _headers(judge: Judge, call: Call, promise: Promise, request: Request, security: frozenset[str]) -> None:
    written = {name.lower(): value for name, value in request.headers}
    for one in promise.parameters.get("header", ()):
        text = written.get(one.described.name.lower())
        value = MISSING if text is None else decode.from_header(one.described, one.plan, text)
        _parameter(judge, call, promise, one, value, text)
    cookies = promise.parameters.get("cookie", ())
    if cookies:
        pairs = decode.cookie_pairs(written.get("cookie", ""))
        for one in cookies:
            if "cookie" not in written:
                continue  # browsers' recordings leave cookies out
            value, _ = decode.from_query(one.described, one.plan, pairs)
            _parameter(judge, call, promise, one, value, value if isinstance(value, str) else None)
    declared = {one.described.name.lower() for one in promise.parameters.get("header", ())}
    others = (name for name in written if name not in declared and judge.tells(name))
    _undeclared(judge, call, "header", others, security)


def _parameter(
    judge: Judge, call: Call, promise: Promise, one: Parameter, value: Any, written: object
) -> None:
    described = one.described
    if value is MISSING:
        if described.required and described.place != "path":
            if described.place == "header" and not call.exchange.request.headers:
                return
            _tell(judge, call, one, Change.EXTRA, f"{described.place} parameter {described.name} is not sent")
        return
    promise.seen_parameters.add(described.key)
    holders = call.exchange.placeholders
    if holders and any(text in unquote(str(written)) for text in holders):
        return
    if described.media is not None and isinstance(value, str):
        value = decode.from_content(unquote(value))
        if value is MISSING:
            return
    gauge = one.gauge
    if gauge is None or (described.allow_empty and value in ("", [""])):
        return
    key = written if isinstance(written, (str, tuple)) else None
    if key is not None and key in one.judged:
        return
    good = not isinstance(value, dict) and gauge.accepts(value)
    if not good and isinstance(value, (int, float, bool)) and "string" in gauge.plan.kinds:
        value = str(written[0][1] if isinstance(written, tuple) else written)
        good = gauge.accepts(value)
    if good:
        if key is not None and len(one.judged) < _MOST_KNOWN:
            one.judged[key] = True
        return
    words = f"{described.place} parameter {described.name}"
    site = Site("parameter", "parameter", f"{one.pointer}/schema", Flow.SENT, words)
    judge.value(call, gauge, value, site)


def _tell(judge: Judge, call: Call, one: Parameter, change: Change, why: str) -> None:
    described = one.described
    judge.gather.tell(
        call,
        "parameter",
        change,
        one.pointer,
        why,
        node=described.node,
        name=described.name,
        kind="parameter",
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        facts={"where": f"{described.place} parameter {described.name}"},
    )


def _undeclared(judge: Judge, call: Call, place: str, names: Any, security: frozenset[str]) -> None:
    holders = call.exchange.placeholders
    for name in names:
        if f"{place}:{name.lower()}" in security or any(text in name for text in holders):
            continue
        judge.gather.tell(
            call,
            "parameter",
            Change.MISSING,
            f"/parameters/{place}/{name}",
            f"sends {place} parameter {name}, which the description does not have",
            name=name,
            kind="parameter",
            flow=Flow.SENT,
            effect=Effect.UNCLEAR,
            at_most=Severity.RISKY if place == "query" and name not in _CACHE_BUSTERS else Severity.INFO,
            facts={"where": f"{place} parameter {name}"},
        )


_CACHE_BUSTERS = frozenset({"_", "_t", "ts", "cb", "utm_source", "utm_medium", "utm_campaign"})


def judge_body(
    judge: Judge, call: Call, payload: Payload | None, body: Body, request: Request, promise: Promise
) -> None:
    """The body of a request; one that the recording does not hold is not judged."""
    if body.state in ("absent", "external", "truncated"):
        if body.state != "absent" or (payload is not None and call.exchange.provenance == "recorded"):
            judge.gather.skip(call.label, f"the request's body is {_STATES[body.state]}")
        return
    empty = body.state == "present" and not body.content
    if payload is None:
        if not empty and request.method not in _FORBIDDEN:
            node = promise.operation.node
            cap = Severity.RISKY
            tell_body(judge, call, "request-body", Change.MISSING, "/requestBody", node, at_most=cap)
        return
    if empty:
        if payload.required:
            tell_body(judge, call, "request-body", Change.EXTRA, "/requestBody", payload.node)
        return
    written = body.media_type or header(request.headers, "content-type") or ""
    judge_payload(judge, call, payload, body, written, "request")


_STATES = {"absent": "not recorded", "external": "kept elsewhere", "truncated": "truncated"}


def tell_body(
    judge: Judge,
    call: Call,
    subject: str,
    change: Change,
    pointer: str,
    node: Any,
    *,
    name: str | None = None,
    at_most: Severity | None = None,
    attribute: str | None = None,
) -> None:
    """A problem with a body as a whole, or with its media type (`name`)."""
    flow = Flow.SENT if subject.startswith("request") else Flow.RECEIVED
    kind = "media_type" if subject.endswith("media-type") else "request_body"
    judge.gather.tell(
        call,
        subject,
        change,
        pointer,
        f"{'sends' if flow is Flow.SENT else 'got'} {name or 'a body'}",
        node=node,
        name=name,
        attribute=attribute,
        kind="response" if flow is Flow.RECEIVED and kind == "request_body" else kind,
        flow=flow,
        effect=Effect.NARROWED if flow is Flow.SENT else Effect.WIDENED,
        at_most=at_most,
    )


def judge_payload(
    judge: Judge,
    call: Call,
    payload: Payload,
    body: Body,
    written: str,
    side: str,
    at_most: Severity | None = None,
) -> None:
    """A body that is there against what is described; `side` is "request" or "response"."""
    media = chosen(payload.content, written)
    if media is None:
        if written and not payload.content.unspecified:
            subject = f"{side}-media-type"
            kind = essence(written)
            pointer = f"{payload.pointer}/content"
            tell_body(judge, call, subject, Change.MISSING, pointer, payload.node, name=kind, at_most=at_most)
        return
    carrier = payload.carrier(media)
    if body.state == "binary":
        _coded(judge, call, carrier, written, side)
        return
    value = value_of(body.content, written, media, carrier.gauge, call.exchange.placeholders)
    if isinstance(value, Unjudged):
        _unjudged(judge, call, carrier, body, value, side)
    elif carrier.gauge is not None:
        site = Site(f"{side}-field", "schema", carrier.pointer, payload.flow, "the body")
        judge.value(call, carrier.gauge, value, site)


def _coded(judge: Judge, call: Call, carrier: Carrier, written: str, side: str) -> None:
    """Says that a body which is no picture or file was not judged, because nobody undid its encoding."""
    message = call.exchange.request if side == "request" else call.exchange.response
    encoding = header(message.headers, "content-encoding") if message is not None else None
    if encoding and is_textual(written) and carrier.gauge is not None:
        package = _PACKAGES.get(encoding.strip().lower())
        hint = f"; pip install {package} to have it read" if package else ""
        judge.gather.skip(call.label, f"the {side}'s body is encoded as {essence(encoding)}{hint}")


_PACKAGES = {"br": "brotli", "zstd": "zstandard"}


def _unjudged(judge: Judge, call: Call, carrier: Carrier, body: Body, value: Unjudged, side: str) -> None:
    holders = call.exchange.placeholders
    if value.malformed:
        if not any(text.encode() in body.content for text in holders):
            node = carrier.media.node
            tell_body(judge, call, f"{side}-body", Change.CHANGED, carrier.pointer, node, attribute="syntax")
    elif value.why and carrier.gauge is not None:
        judge.gather.skip(call.label, value.why)
