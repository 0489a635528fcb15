"""Rules for what consumers read around a body: response headers, and what webhooks and callbacks send along.

A header parameter of a webhook is read by the consumer, so that it is a response header here.
"""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import response, responses, webhook
from driftcheck.openapi.rules.parameters import rewritten, words
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_SUBJECT = "response-header"
_NONE = responses("200")


def _one(name: str = "X-Rate-Limit", schema: str = "{type: integer}", more: str = "") -> str:
    return response(f"headers: {{{name}: {{schema: {schema}{more}}}}}")


def _sent(place: str, name: str = "signature") -> str:
    return webhook(f"parameters:\n  - {{name: {name}, in: {place}, schema: {{type: string}}}}")


_SAME = Example(_one(), _one("x-rate-limit"))
_OBJECT = "{type: object, properties: {a: {type: string}}}"
_SAME_OBJECT = Example(_one(schema=_OBJECT), _one(schema=_OBJECT, more=", style: simple, explode: false"))
_CONTENT = "headers: {X-Page: {content: {%s: {schema: {type: object}}}}}"
_LEGACY = """\
swagger: "2.0"
paths:
  /items:
    get:
      responses:
        "200":
          description: fine
          headers:
            X-Tags: {type: array, items: {type: string}, collectionFormat: %s}
"""


@RULES.rule(
    "response-header-removed",
    on=(_SUBJECT, Change.MISSING),
    title="A response header was removed",
    severity=Severity.BREAKING,
    why="Consumers that read it no longer find it.",
    fix="Keep sending it.",
    bad=Example(_one(), _NONE),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is no longer sent"


@RULES.rule(
    "response-header-added",
    on=(_SUBJECT, Change.EXTRA),
    title="A response header was added",
    severity=Severity.INFO,
    why="Consumers that do not know it ignore it.",
    fix="Nothing to do.",
    bad=Example(_NONE, _one()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is new"


@RULES.rule(
    "response-header-renamed",
    on=(_SUBJECT, Change.RENAMED),
    title="A response header was renamed",
    severity=Severity.BREAKING,
    why="Consumers look for the old name, and do not find it.",
    fix="Send both until consumers have moved.",
    bad=Example(_one("X-RateLimit-Limit"), _one("RateLimit-Limit")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} was renamed to {d.actual}"


@RULES.rule(
    "response-header-became-optional",
    on=(_SUBJECT, Change.CHANGED, "required"),
    effect=Effect.WIDENED,
    title="A response header may be missing",
    severity=Severity.BREAKING,
    why="Consumers were promised that it is always there.",
    fix="Keep sending it always.",
    bad=Example(_one(more=", required: true"), _one()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} may now be missing"


@RULES.rule(
    "response-header-became-required",
    on=(_SUBJECT, Change.CHANGED, "required"),
    title="A response header is always sent",
    severity=Severity.INFO,
    why="Consumers get more than before.",
    fix="Nothing to do.",
    bad=Example(_one(), _one(more=", required: true")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is now always sent"


@RULES.rule(
    "response-header-moved",
    on=(_SUBJECT, Change.CHANGED, "in"),
    title="A received value comes in another place",
    severity=Severity.BREAKING,
    why="Consumers still look for it in the old place.",
    fix="Send it in both places until consumers have moved.",
    bad=Example(_sent("header"), _sent("query")),
    good=Example(_sent("header"), _sent("header", "Signature")),
)
def _(d: Difference) -> str:
    return f"{d.name} moved from {d.expected} to {d.actual}"


@RULES.rule(
    "response-header-style-changed",
    on=(_SUBJECT, Change.CHANGED, "style"),
    title="A received value is written in another style",
    severity=Severity.BREAKING,
    why="Consumers read it as something else, or cannot parse it.",
    fix="Keep the style; send the new one under another name.",
    bad=Example(_LEGACY % "csv", _LEGACY % "pipes"),
    good=_SAME_OBJECT,
)
def _(d: Difference) -> str:
    return rewritten(d)


@RULES.rule(
    "response-header-explode-changed",
    on=(_SUBJECT, Change.CHANGED, "explode"),
    title="The parts of a received value are separated in another way",
    severity=Severity.BREAKING,
    why="Consumers read it as something else, or cannot parse it.",
    fix="Keep explode as it was, also where it was not written (false for headers).",
    bad=Example(_one(schema=_OBJECT), _one(schema=_OBJECT, more=", explode: true")),
    good=_SAME_OBJECT,
)
def _(d: Difference) -> str:
    return rewritten(d)


@RULES.rule(
    "response-header-content-changed",
    on=(_SUBJECT, Change.CHANGED, "content"),
    title="A received value is written in another media type",
    severity=Severity.BREAKING,
    why="Consumers cannot parse it.",
    fix="Keep the media type; send the new one under another name.",
    bad=Example(response(_CONTENT % "application/json"), response(_CONTENT % "application/xml")),
    good=Example(response(_CONTENT % "application/json"), response(_CONTENT % "Application/JSON")),
)
def _(d: Difference) -> str:
    names = [value or "plain text" for value in (d.expected, d.actual)]
    return f"{words(d)} was {names[0]}, and is now {names[1]}"
