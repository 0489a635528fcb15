"""Rules about calls as a whole: operation, status, media types and bodies."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import GOOD, call, description
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import fact, sentence

_OK = {"id": 1}
_NO_BODY = """paths:
  /users:
    post:
      responses:
        "200": {description: ok}
"""
_NEEDS_BODY = description().replace("requestBody:\n", "requestBody:\n        required: true\n")


@RULES.rule(
    "recorded-call-unknown",
    on=("recorded-call", Change.MISSING),
    category="recordings",
    title="A call that neither the description nor the service knows",
    severity=Severity.INFO,
    why="The service answered 404, 405 or 501, so the caller may have the address wrong.",
    fix="Mend the caller, or describe the operation if it is to come.",
    bad=Example(description(), call(url="/people", status=404)),
    good=GOOD,
)
def _(d: Difference) -> str | None:
    return f"{sentence(d)}; the service does not know it either" if fact(d, "refused") else None


@RULES.rule(
    "recorded-call-undocumented",
    on=("recorded-call", Change.MISSING),
    category="recordings",
    title="A recorded call is to no operation of the description",
    severity=Severity.BREAKING,
    why="A real consumer relies on an operation that the description does not promise.",
    fix="Describe the operation, or move the consumer to one that is described.",
    bad=Example(description(), call(url="/people")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-status-undocumented",
    on=("recorded-status", Change.MISSING),
    category="recordings",
    title="The service answered with an undescribed status",
    severity=Severity.BREAKING,
    why="Consumers get an answer that nobody described. Undescribed 4xx are risky, 3xx and 5xx info.",
    fix="Describe the status, or mend the service.",
    bad=Example(description(), call(_OK, status=202)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-media-type-undocumented",
    on=("recorded-request-media-type", Change.MISSING),
    category="recordings",
    title="A consumer sends an undescribed media type",
    severity=Severity.BREAKING,
    why="The description does not promise that bodies of this type are accepted.",
    fix="Describe the media type, or send one that is described.",
    bad=Example(description().replace("application/json", "application/xml", 1), call(_OK, _OK)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-media-type-undocumented",
    on=("recorded-response-media-type", Change.MISSING),
    category="recordings",
    title="The service answers with an undescribed media type",
    severity=Severity.BREAKING,
    why="Consumers that go by the description cannot read the answer. In errors this is risky.",
    fix="Describe the media type, or mend the service.",
    bad=Example(description(), call(_OK, _OK, media_type="application/hal+json")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-body-undocumented",
    on=("recorded-request-body", Change.MISSING),
    category="recordings",
    title="A consumer sends a body where none is described",
    severity=Severity.RISKY,
    why="What the body asks for is promised nowhere.",
    fix="Describe the body, or stop sending it.",
    bad=Example(_NO_BODY, call(_OK)),
    good=Example(_NO_BODY, call()),
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-body-missing",
    on=("recorded-request-body", Change.EXTRA),
    category="recordings",
    title="A consumer sends no body where one is required",
    severity=Severity.BREAKING,
    why="By the description such a request is refused; the recorded service took it.",
    fix="Make the body optional in the description, or send one.",
    bad=Example(
        _NEEDS_BODY,
        '{"driftcheck": 1, "request": {"method": "POST", "url": "/users", "body": {"text": ""}}}',
    ),
    good=Example(_NEEDS_BODY, call(_OK, _OK)),
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-body-undocumented",
    on=("recorded-response-body", Change.MISSING),
    category="recordings",
    title="The service answers with a body where none is described",
    severity=Severity.RISKY,
    why="Consumers may read what nobody promised. In answers that are errors this is info.",
    fix="Describe the body.",
    bad=Example(_NO_BODY, call(None, _OK)),
    good=Example(_NO_BODY, call()),
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-body-missing",
    on=("recorded-response-body", Change.EXTRA),
    category="recordings",
    title="The service answers without the body that is described",
    severity=Severity.BREAKING,
    why="Consumers read a body that is not there.",
    fix="Send the body, or describe the answer without one.",
    bad=Example(
        description(),
        '{"driftcheck": 1, "request": {"method": "POST", "url": "/users"},'
        ' "response": {"status": 200, "body": {"text": ""}}}',
    ),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


_BROKEN = '{"driftcheck": 1, "request": {"method": "POST", "url": "/users"%s}, "response": {"status": 200%s}}'
_TORN = ', "body": {"media_type": "application/json", "text": "{id: 1"}'


@RULES.rule(
    "recorded-request-body-malformed",
    on=("recorded-request-body", Change.CHANGED, "syntax"),
    category="recordings",
    title="A recorded request's body is not what its media type says",
    severity=Severity.BREAKING,
    why="It is called JSON and cannot be read as JSON.",
    fix="Mend the consumer, or its Content-Type.",
    bad=Example(description(), _BROKEN % (_TORN, "")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-body-malformed",
    on=("recorded-response-body", Change.CHANGED, "syntax"),
    category="recordings",
    title="A recorded answer's body is not what its media type says",
    severity=Severity.BREAKING,
    why="It is called JSON and cannot be read as JSON.",
    fix="Mend the service, or its Content-Type.",
    bad=Example(description(), _BROKEN % ("", _TORN)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)
