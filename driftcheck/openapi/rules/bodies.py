"""Rules for request and response bodies as such, and for their media types."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import body, operation, response, responses
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_JSON = "application/json: {schema: {type: object}}"
_XML = "application/xml: {schema: {type: object}}"
_NO_REQUEST = operation(method="post")
_REQUEST = body(f"{{content: {{{_JSON}}}}}")
_REQUIRED = body(f"{{required: true, content: {{{_JSON}}}}}")
_REQUEST_BOTH = body(f"{{content: {{{_JSON}, {_XML}}}}}")
_NO_RESPONSE = responses("200")
_RESPONSE = response(f"content: {{{_JSON}}}")
_RESPONSE_BOTH = response(f"content: {{{_JSON}, {_XML}}}")
_SAME_REQUEST = Example(_REQUEST, _REQUEST.replace("application/json", "application/json; charset=utf-8"))
_SAME_RESPONSE = Example(_RESPONSE, _RESPONSE.replace("application/json", "application/json; charset=utf-8"))


@RULES.rule(
    "request-body-removed",
    on=("request-body", Change.MISSING),
    title="A request body was removed",
    severity=Severity.BREAKING,
    why="What consumers send is no longer read, or refused.",
    fix="Keep reading the body.",
    bad=Example(_REQUEST, _NO_REQUEST),
    good=_SAME_REQUEST,
)
def _(_d: Difference) -> str:
    return "the request body is gone"


@RULES.rule(
    "request-required-body-added",
    on=("request-body", Change.EXTRA),
    effect=Effect.NARROWED,
    title="A required request body was added",
    severity=Severity.BREAKING,
    why="Existing consumers send none, and are refused.",
    fix="Make it optional, or offer it in a new operation.",
    bad=Example(_NO_REQUEST, _REQUIRED),
    good=_SAME_REQUEST,
)
def _(_d: Difference) -> str:
    return "a request body is now needed"


@RULES.rule(
    "request-optional-body-added",
    on=("request-body", Change.EXTRA),
    title="An optional request body was added",
    severity=Severity.INFO,
    why="Requests without it work as before.",
    fix="Nothing to do.",
    bad=Example(_NO_REQUEST, _REQUEST),
    good=_SAME_REQUEST,
)
def _(_d: Difference) -> str:
    return "a request body may now be sent"


@RULES.rule(
    "request-body-became-required",
    on=("request-body", Change.CHANGED, "required"),
    effect=Effect.NARROWED,
    title="A request body became required",
    severity=Severity.BREAKING,
    why="Requests without it are refused.",
    fix="Keep it optional.",
    bad=Example(_REQUEST, _REQUIRED),
    good=Example(_REQUEST, body(f"{{required: false, content: {{{_JSON}}}}}")),
)
def _(_d: Difference) -> str:
    return "the request body is now required"


@RULES.rule(
    "request-body-became-optional",
    on=("request-body", Change.CHANGED, "required"),
    title="A request body became optional",
    severity=Severity.INFO,
    why="Requests with it work as before.",
    fix="Nothing to do.",
    bad=Example(_REQUIRED, _REQUEST),
    good=Example(_REQUEST, body(f"{{required: false, content: {{{_JSON}}}}}")),
)
def _(_d: Difference) -> str:
    return "the request body is no longer required"


@RULES.rule(
    "request-body-media-type-removed",
    on=("request-body-media-type", Change.MISSING),
    title="A request body is no longer taken in some media type",
    severity=Severity.BREAKING,
    why="Consumers that send it are answered 415 Unsupported Media Type.",
    fix="Keep taking it.",
    bad=Example(_REQUEST_BOTH, _REQUEST),
    good=_SAME_REQUEST,
)
def _(d: Difference) -> str:
    return f"the request body is no longer taken as {d.name}"


@RULES.rule(
    "request-body-media-type-added",
    on=("request-body-media-type", Change.EXTRA),
    title="A request body is taken in another media type",
    severity=Severity.INFO,
    why="Those taken before still are.",
    fix="Nothing to do.",
    bad=Example(_REQUEST, _REQUEST_BOTH),
    good=_SAME_REQUEST,
)
def _(d: Difference) -> str:
    return f"the request body may now be {d.name}"


@RULES.rule(
    "response-body-removed",
    on=("response-body", Change.MISSING),
    title="A response has no body any more",
    severity=Severity.BREAKING,
    why="Consumers that read it find nothing to parse.",
    fix="Keep sending the body.",
    bad=Example(_RESPONSE, _NO_RESPONSE),
    good=_SAME_RESPONSE,
)
def _(_d: Difference) -> str:
    return "the response has no body any more"


@RULES.rule(
    "response-body-added",
    on=("response-body", Change.EXTRA),
    title="A response has a body now",
    severity=Severity.INFO,
    why="Consumers that do not expect it ignore it.",
    fix="Nothing to do.",
    bad=Example(_NO_RESPONSE, _RESPONSE),
    good=_SAME_RESPONSE,
)
def _(_d: Difference) -> str:
    return "the response has a body now"


@RULES.rule(
    "response-body-media-type-removed",
    on=("response-body-media-type", Change.MISSING),
    title="A response is no longer offered in some media type",
    severity=Severity.BREAKING,
    why="Consumers that ask for it are answered 406 Not Acceptable, or get something they cannot parse.",
    fix="Keep offering it.",
    bad=Example(_RESPONSE_BOTH, _RESPONSE),
    good=_SAME_RESPONSE,
)
def _(d: Difference) -> str:
    return f"the response is no longer offered as {d.name}"


@RULES.rule(
    "response-body-media-type-added",
    on=("response-body-media-type", Change.EXTRA),
    title="A response is offered in another media type",
    severity=Severity.INFO,
    why="Consumers get it only if they ask for it.",
    fix="Make sure that requests without an Accept header still get the old one.",
    bad=Example(_RESPONSE, _RESPONSE_BOTH),
    good=_SAME_RESPONSE,
)
def _(d: Difference) -> str:
    return f"the response is now offered as {d.name}, too"
