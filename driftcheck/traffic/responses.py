"""Judges what came back (or what an example, a stub or a contract says will): status, headers and body."""

from __future__ import annotations

from typing import Any

from driftcheck.difference import Change, Effect, Flow, Severity
from driftcheck.traffic import decode
from driftcheck.traffic.contract import Answer, Parameter, Promise
from driftcheck.traffic.exchange import Response
from driftcheck.traffic.gather import Call
from driftcheck.traffic.media import header
from driftcheck.traffic.requests import judge_payload, tell_body
from driftcheck.traffic.values import Judge, Site, lenient

_NO_BODY = (204, 205, 304)


def judge_response(judge: Judge, call: Call, promise: Promise, response: Response) -> None:
    """Everything that was received."""
    status = response.status
    if status < 200:  # no answer yet: RFC 9110, 15.2
        return
    answer = promise.answer(status)
    if answer is None and status == 304:  # caches make it of a 200: RFC 9110, 15.4.5
        return
    if answer is None:
        _undocumented(judge, call, promise, status)
        return
    promise.seen_statuses.add(answer.status)
    if status == 304:
        return
    _headers(judge, call, answer, response)
    if call.exchange.request.method != "HEAD" and status not in _NO_BODY:
        _body(judge, call, answer, response)


def _undocumented(judge: Judge, call: Call, promise: Promise, status: int) -> None:
    if call.exchange.source.kind == "newman" and any(known.startswith("3") for known in promise.answers):
        judge.gather.skip(call.label, "newman's report holds only where a redirect led")
        return
    judge.gather.tell(
        call,
        "status",
        Change.MISSING,
        f"/responses/{status}",
        f"got status {status}",
        node=promise.operation.node.get("responses") or promise.operation.node,
        name=str(status),
        kind="response",
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED,
        at_most=_cap(status),
    )


def _cap(status: int) -> Severity | None:
    """Errors are seldom all described; 5xx and redirections hardly ever."""
    if status < 300:
        return None
    return Severity.RISKY if 400 <= status < 500 else Severity.INFO


def _headers(judge: Judge, call: Call, answer: Answer, response: Response) -> None:
    if not response.headers:
        return
    written = {name.lower(): value for name, value in response.headers}
    for one in answer.headers:
        text = written.get(one.described.name.lower())
        if text is not None:
            _header(judge, call, one, text)
        elif one.described.required and not lenient(call, Flow.RECEIVED):
            _tell(judge, call, one.described.name, Change.EXTRA, one.pointer, one.described.node)
    declared = {one.described.name.lower() for one in answer.headers}
    for name in written:
        if name not in declared and judge.tells(name):
            pointer = f"/responses/{answer.status}/headers/{name}"
            _tell(judge, call, name, Change.MISSING, pointer, answer.response.node, Severity.INFO)


def _tell(
    judge: Judge,
    call: Call,
    name: str,
    change: Change,
    pointer: str,
    node: Any,
    at_most: Severity | None = None,
) -> None:
    judge.gather.tell(
        call,
        "response-header",
        change,
        pointer,
        f"{'got' if change is Change.MISSING else 'did not get'} header {name}",
        node=node,
        name=name,
        kind="header",
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED,
        at_most=at_most,
        facts={"where": f"header {name}"},
    )


def _header(judge: Judge, call: Call, one: Parameter, text: str) -> None:
    if one.gauge is None or any(unknown in text for unknown in call.exchange.placeholders):
        return
    value = decode.from_header(one.described, one.plan, text)
    if one.described.media is not None:
        value = decode.from_content(text)
    if value is decode.MISSING or one.gauge.accepts(value):
        return
    if not isinstance(value, str) and one.plan is not None and "string" in one.plan.kinds:
        value = text
    words = f"header {one.described.name}"
    judge.value(
        call,
        one.gauge,
        value,
        Site("response-header", "header", f"{one.pointer}/schema", Flow.RECEIVED, words),
    )


def _body(judge: Judge, call: Call, answer: Answer, response: Response) -> None:
    body = response.body
    if body.state in ("absent", "external", "truncated"):
        why = {"absent": "not recorded", "external": "kept elsewhere", "truncated": "truncated"}[body.state]
        if answer.payload.content.media:
            judge.gather.skip(call.label, f"the response's body is {why}")
        return
    cap = Severity.RISKY if response.status >= 300 else None
    payload = answer.payload
    if body.state == "present" and not body.content:
        if payload.content.media and response.status < 300 and not lenient(call, Flow.RECEIVED):
            pointer = f"{payload.pointer}/content"
            tell_body(judge, call, "response-body", Change.EXTRA, pointer, payload.node)
        return
    if not payload.content.media:
        if not payload.content.unspecified:
            least = Severity.INFO if response.status >= 300 else Severity.RISKY
            tell_body(
                judge, call, "response-body", Change.MISSING, payload.pointer, payload.node, at_most=least
            )
        return
    written = body.media_type or header(response.headers, "content-type") or ""
    judge_payload(judge, call, payload, body, written, "response", cap)
