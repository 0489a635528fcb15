"""From a failed check of Schemathesis to a Problem: which rule, at which place, proven by what.

Failures are told apart by the names of their classes, which are part of its reports and kept stable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from driftcheck.difference import JSON
from driftcheck.fuzz.invalid import ruled_out
from driftcheck.fuzz.outcome import NotTested, Problem, Sent
from driftcheck.fuzz.target import Target
from driftcheck.fuzz.unshown import Given
from driftcheck.fuzz.watch import HEADER
from driftcheck.openapi.node import escape

if TYPE_CHECKING:
    from schemathesis.engine.recorder import CheckNode, ScenarioRecorder

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "positive_data_acceptance",
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
    "missing_required_header",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
    "max_response_time",
)
_CLASSES = {1: 3, 2: 2, 3: 3, 4: 4, 5: 5}  # an interim answer is none; whatever is no status is a refusal
_CLIENTS_OWN = frozenset(
    """
    accept accept-encoding connection content-length host user-agent x-schemathesis-testcaseid
    x-schemathesis-request-id
    """.split()
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "integer": (int, float),
    "number": (int, float),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}
_REQUIRED = re.compile(r'"(.*)" is a required property')
Details: TypeAlias = dict[str, Any]


def problem_of(
    recorder: ScenarioRecorder, parent: str, node: CheckNode, target: Target, given: Given
) -> Problem | NotTested | None:
    """What one failed check says; None where that is no news. What was `given` is not shown."""
    assert node.failure_info is not None
    failure: Any = node.failure_info.failure
    read = _FAILURES.get(type(failure).__name__)
    if read is None:
        return NotTested(
            str(failure.operation or "an operation"), f"a check without a rule says: {failure.title}"
        )
    case_id = failure.case_id if failure.case_id in recorder.interactions else parent
    interaction = recorder.interactions[case_id]
    answer = interaction.response
    sent = request_of(interaction.request, given, target.base)
    case = recorder.cases[case_id].value
    details = read(failure, answer)
    if _of_http_itself(details, sent) or _told_by_its_type(failure, details):
        return None
    if details["name"] == "service-accepts-invalid" and answer is not None and answer.status_code >= 300:
        return None  # where a redirect leads to, it may be refused
    crash = None
    if answer is not None and details["name"] == "service-error":
        crash = target.watch.crashes.get((answer.headers.get(HEADER) or [""])[0])
        if crash is not None:
            details["name"] = "service-exception"
    if details["name"] == "service-accepts-invalid":
        details["pointer"], details["reason"] = ruled_out(case)
    before = tuple(request_of(each, given, target.base) for each in _leading_to(recorder, case_id, failure))
    problem = Problem(
        operation=failure.operation or case.operation.label,
        sent=replace(sent, before=before),
        status=answer.status_code if answer is not None else None,
        crash=crash,
        **details,
    )
    return given.problem(problem)


def broken_off(recorder: ScenarioRecorder, case_id: str, target: Target, given: Given) -> Problem:
    """The application raised an exception, and the answer does not say which."""
    problem = Problem(
        name="service-exception",
        operation=recorder.cases[case_id].value.operation.label,
        pointer="/responses",
        sent=_sent(recorder, case_id, target, given),
        crash=target.watch.broken[case_id],
    )
    return given.problem(problem)


def unanswered(recorder: ScenarioRecorder, reason: str, target: Target, given: Given) -> Iterator[Problem]:
    """Those requests of a scenario that got no answer; methods that are not described may get none."""
    for case_id, node in recorder.cases.items():
        interaction = recorder.interactions.get(case_id)
        described = node.value.method.upper() == node.value.operation.method.upper()
        if described and (interaction is None or interaction.response is None):
            problem = Problem(
                name="service-no-answer",
                operation=node.value.operation.label,
                pointer="/responses",
                sent=_sent(recorder, case_id, target, given),
                reason=reason,
            )
            yield given.problem(problem)


def _sent(recorder: ScenarioRecorder, case_id: str, target: Target, given: Given) -> Sent:
    """A request that may not have come as far as to be recorded."""
    interaction = recorder.interactions.get(case_id)
    if interaction is not None:
        return request_of(interaction.request, given, target.base)
    from requests import Request

    settings = recorder.cases[case_id].value.as_transport_kwargs(
        base_url=target.url or "http://localhost", headers=dict(given.headers)
    )
    return request_of(Request(**settings).prepare(), given, target.base)


def _leading_to(recorder: ScenarioRecorder, case_id: str, failure: Any) -> Iterator[Any]:
    """The requests of a sequence that came before, as far as the last one needs them."""
    if recorder.cases[case_id].transition is None:
        return
    for case in recorder.iter_chain_cases(case_id=case_id, related_case_ids=failure.related_case_ids()):
        interaction = recorder.interactions.get(case.id)
        if case.id != case_id and interaction is not None:
            yield interaction.request


def _of_http_itself(details: Details, sent: Sent) -> bool:
    """A body that is no JSON at all is answered 400 by frameworks (RFC 9110, 15.5.1), described or not."""
    if details["name"] != "service-status-undocumented-4xx" or details["actual"] != "400" or not sent.body:
        return False
    media = next((value or "" for name, value in sent.headers if name.lower() == "content-type"), "")
    if "json" not in media:
        return False
    try:
        json.loads(sent.body)
    except (ValueError, RecursionError):
        return True
    return False


def _told_by_its_type(failure: Any, details: Details) -> bool:
    """A value of another type is none of the enum's either; the type says it better."""
    schema = getattr(failure, "schema", None)
    if details.get("attribute") not in ("enum", "const") or not isinstance(schema, dict):
        return False
    types = schema.get("type")
    known = [types] if isinstance(types, str) else types if isinstance(types, list) else []
    allowed = [kind for name in known for kind in _TYPES.get(str(name), (object,))]
    return bool(allowed) and (
        not isinstance(failure.instance, tuple(allowed))
        or (isinstance(failure.instance, bool) and bool not in allowed and object not in allowed)
    )


def request_of(request: Any, given: Given, base: str) -> Sent:
    """A request as it went out (`requests`' or the recorder's), without the base path of the service."""
    parts = urlsplit(getattr(request, "uri", None) or request.url)
    headers = []
    for name, values in sorted(request.headers.items()):
        if name.lower() in _CLIENTS_OWN:
            continue
        text = values if isinstance(values, str) else ", ".join(map(str, values))
        headers.append((name, None if given.hides(name, text) else text))
    body = request.body.encode() if isinstance(request.body, str) else request.body
    target = (parts.path.removeprefix(base) or "/") + (f"?{parts.query}" if parts.query else "")
    return Sent(request.method, target, tuple(headers), body)


def _answer_place(answer: Any) -> str:
    return f"/responses/{answer.status_code}" if answer is not None else "/responses"


def _body_place(answer: Any) -> str:
    media = (answer.headers.get("content-type") or [""])[0].partition(";")[0].strip().lower()
    return f"{_answer_place(answer)}/content/{escape(media)}/schema" if media else _answer_place(answer)


def _schema(failure: Any, answer: Any) -> Details:
    """Where in the answer, by names of properties; array elements are one place."""
    place = "".join(map(_step, failure.instance_path))
    steps = [str(step) for step in failure.schema_path]
    keyword = next((step for step in reversed(steps) if not step.isdigit()), "schema")
    missing = _REQUIRED.fullmatch(failure._raw_message)
    header = "headers" in (failure.context or "").lower() if hasattr(failure, "context") else False
    base = _answer_place(answer) if header else _body_place(answer)
    details: Details = {
        "name": "service-response-invalid",
        "pointer": base + place,
        "attribute": keyword,
        "value": _body(answer),
        "reason": failure._raw_message,
        "facts": {"place": _spoken(failure.instance_path)},
    }
    if missing:
        details["name"] = "service-response-property-missing"
        details["pointer"] += f"/properties/{escape(missing.group(1))}"
        details["attribute"] = "required"
        described = failure.schema.get("properties") if isinstance(failure.schema, dict) else None
        details["facts"] |= {
            "missing": missing.group(1),
            "present": _members(failure.instance),
            "described": _members(described),
        }
    return details


def _step(name: int | str) -> str:
    return "/items" if isinstance(name, int) else f"/properties/{escape(name)}"


def _spoken(path: Iterable[int | str]) -> str:
    """`items[].role` of a path in a value."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _members(instance: Any) -> JSON:
    return sorted(instance) if isinstance(instance, dict) else []


def _body(answer: Any) -> JSON:
    try:
        found: JSON = json.loads(answer.content)
    except (ValueError, UnicodeDecodeError):
        return None
    return found if len(answer.content) <= 4000 else None


def _status(failure: Any, answer: Any) -> Details:
    return {
        "name": f"service-status-undocumented-{_CLASSES.get(failure.status_code // 100, 4)}xx",
        "pointer": _answer_place(answer),
        "attribute": "status",
        "expected": [str(code) for code in failure.defined_status_codes],
        "actual": str(failure.status_code),
    }


def _error(failure: Any, answer: Any) -> Details:
    return {"name": "service-error", "pointer": _answer_place(answer), "actual": str(failure.status_code)}


def _media_error(failure: Any, answer: Any) -> Details:
    return {**_error(failure, answer), "name": "service-error-on-media-type", "pointer": "/requestBody"}


def _media_type(failure: Any, answer: Any) -> Details:
    return {
        "name": "service-content-type-undocumented",
        "pointer": f"{_answer_place(answer)}/content",
        "expected": list(failure.defined_content_types),
        "actual": failure.content_type,
    }


def _no_media_type(failure: Any, answer: Any) -> Details:
    return {
        "name": "service-content-type-missing",
        "pointer": f"{_answer_place(answer)}/content",
        "expected": list(failure.media_types),
    }


def _headers(failure: Any, answer: Any) -> Details:
    names = sorted(failure.missing_headers)
    return {
        "name": "service-header-missing",
        "pointer": f"{_answer_place(answer)}/headers/{escape(names[0])}",
        "expected": names,
    }


def _unreadable(failure: Any, answer: Any) -> Details:
    return {"name": "service-body-unreadable", "pointer": _body_place(answer), "reason": _first_line(failure)}


def _discriminator(failure: Any, answer: Any) -> Details:
    return {
        "name": "service-response-invalid",
        "pointer": _body_place(answer),
        "attribute": "discriminator",
        "value": _body(answer),
        "reason": _first_line(failure),
    }


def _rejected(_failure: Any, _answer: Any) -> Details:
    return {"name": "service-refuses-valid", "pointer": ""}


def _accepted(_failure: Any, answer: Any) -> Details:
    return {"name": "service-accepts-invalid", "pointer": "", "actual": str(answer.status_code)}


def _required_header(failure: Any, _answer: Any) -> Details:
    return {
        "name": "service-accepts-missing-header",
        "pointer": f"/parameters/header/{escape(failure.header_name)}",
        "actual": str(failure.status_code),
    }


def _named(name: str, pointer: str = "") -> Callable[[Any, Any], Details]:
    return lambda failure, answer: {
        "name": name,
        "pointer": pointer,
        "reason": _first_line(failure),
        "actual": str(answer.status_code) if answer is not None else None,
    }


def _slow(failure: Any, _answer: Any) -> Details:
    return {"name": "service-slow", "pointer": "", "facts": {"seconds": failure.deadline / 1000}}


def _first_line(failure: Any) -> str:
    lines = (line.strip() for line in str(failure.message).splitlines())
    return next((line for line in lines if line), str(failure.title)).rstrip(":")


_FAILURES: Mapping[str, Callable[[Any, Any], Details]] = {
    "JsonSchemaError": _schema,
    "UndefinedStatusCode": _status,
    "ServerError": _error,
    "ContentTypeServerError": _media_error,
    "UndefinedContentType": _media_type,
    "MalformedMediaType": _named("service-content-type-undocumented", "/responses"),
    "MissingContentType": _no_media_type,
    "MissingHeaders": _headers,
    "MalformedJson": _unreadable,
    "ContentDeserializationError": _unreadable,
    "DiscriminatorMismatch": _discriminator,
    "RejectedPositiveData": _rejected,
    "AcceptedNegativeData": _accepted,
    "MissingHeaderNotRejected": _required_header,
    "UnsupportedMethodResponse": _named("service-method-not-refused"),
    "AllowHeaderMismatch": _named("service-allow-header-wrong"),
    "IgnoredAuth": _named("service-auth-ignored", "/security"),
    "UseAfterFree": _named("service-use-after-delete"),
    "EnsureResourceAvailability": _named("service-created-not-found"),
    "ResponseTimeExceeded": _slow,
}
