"""Rules for what webhooks and callbacks carry: payloads (received by consumers) and replies (sent)."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import webhook
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_JSON = "application/json: {schema: {type: object}}"
_XML = "application/xml: {schema: {type: object}}"


def _payload(content: str = _JSON, more: str = "") -> str:
    return webhook(f"requestBody: {{{more}content: {{{content}}}}}")


def _reply(*statuses: str) -> str:
    return webhook("responses:\n" + "\n".join(f'  "{status}": {{description: fine}}' for status in statuses))


def _reply_body(content: str) -> str:
    return webhook(f'responses:\n  "200": {{description: fine, content: {{{content}}}}}')


_NONE = webhook()
_SAME = Example(_payload(), _payload(more="required: false, "))
_SAME_REPLY = Example(_reply("200", "400"), _reply("400", "200"))
_SAME_REPLY_BODY = Example(_reply_body(f"{_JSON}, {_XML}"), _reply_body(f"{_XML}, {_JSON}"))


@RULES.rule(
    "response-payload-removed",
    on=("response-payload", Change.MISSING),
    title="A webhook or callback has no payload any more",
    severity=Severity.BREAKING,
    why="Consumers that read it find nothing to parse.",
    fix="Keep sending the payload.",
    bad=Example(_payload(), _NONE),
    good=_SAME,
)
def _(_d: Difference) -> str:
    return "the payload is gone"


@RULES.rule(
    "response-payload-added",
    on=("response-payload", Change.EXTRA),
    title="A webhook or callback has a payload now",
    severity=Severity.INFO,
    why="Consumers that do not expect it ignore it.",
    fix="Nothing to do.",
    bad=Example(_NONE, _payload()),
    good=_SAME,
)
def _(_d: Difference) -> str:
    return "there is a payload now"


@RULES.rule(
    "response-payload-became-optional",
    on=("response-payload", Change.CHANGED, "required"),
    effect=Effect.WIDENED,
    title="A payload may be missing",
    severity=Severity.BREAKING,
    why="Consumers were promised that it is always there.",
    fix="Keep sending it always.",
    bad=Example(_payload(more="required: true, "), _payload()),
    good=_SAME,
)
def _(_d: Difference) -> str:
    return "the payload may now be missing"


@RULES.rule(
    "response-payload-became-required",
    on=("response-payload", Change.CHANGED, "required"),
    title="A payload is always sent",
    severity=Severity.INFO,
    why="Consumers get more than before.",
    fix="Nothing to do.",
    bad=Example(_payload(), _payload(more="required: true, ")),
    good=_SAME,
)
def _(_d: Difference) -> str:
    return "the payload is now always there"


@RULES.rule(
    "response-payload-media-type-removed",
    on=("response-payload-media-type", Change.MISSING),
    title="A payload is no longer sent in some media type",
    severity=Severity.INFO,
    why="Consumers have to understand fewer types than before.",
    fix="Nothing to do.",
    bad=Example(_payload(f"{_JSON}, {_XML}"), _payload()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the payload is no longer sent as {d.name}"


@RULES.rule(
    "response-payload-media-type-replaced",
    on=("response-payload-media-type", Change.EXTRA),
    title="A payload is sent in another media type",
    severity=Severity.BREAKING,
    why="Consumers are not asked which type they understand, and cannot parse it.",
    fix="Keep sending the old type, or let consumers choose when they subscribe.",
    bad=Example(_payload(), _payload(_XML)),
    good=_SAME,
)
def _(d: Difference) -> str | None:
    return f"the payload is now sent as {d.name}" if (d.facts or {}).get("replaced") else None


@RULES.rule(
    "response-payload-media-type-added",
    on=("response-payload-media-type", Change.EXTRA),
    title="A payload may be sent in another media type",
    severity=Severity.RISKY,
    why="Consumers are not asked which type they understand.",
    fix="Send the new type only to consumers that asked for it.",
    bad=Example(_payload(), _payload(f"{_JSON}, {_XML}")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the payload may now be sent as {d.name}"


@RULES.rule(
    "request-reply-success-status-removed",
    on=("request-reply-success-status", Change.MISSING),
    title="A status that consumers answer with is no longer taken for success",
    severity=Severity.BREAKING,
    why="Consumers that answer with it are taken to have failed: deliveries are repeated or given up.",
    fix="Keep taking it for success.",
    bad=Example(_reply("200", "204"), _reply("200")),
    good=_SAME_REPLY,
)
def _(d: Difference) -> str:
    return f"the reply {d.name} is no longer one of those that count as success"


@RULES.rule(
    "request-reply-success-status-added",
    on=("request-reply-success-status", Change.EXTRA),
    title="Another status that consumers answer with is taken for success",
    severity=Severity.INFO,
    why="Those taken before still are.",
    fix="Nothing to do.",
    bad=Example(_reply("200"), _reply("200", "204")),
    good=_SAME_REPLY,
)
def _(d: Difference) -> str:
    return f"the reply {d.name} counts as success, too"


@RULES.rule(
    "request-reply-error-status-removed",
    on=("request-reply-error-status", Change.MISSING),
    title="An error that consumers answer with is no longer described",
    severity=Severity.INFO,
    why="It was a failed delivery before and is one now.",
    fix="Nothing to do.",
    bad=Example(_reply("200", "400"), _reply("200")),
    good=_SAME_REPLY,
)
def _(d: Difference) -> str:
    return f"the reply {d.name} is no longer described"


@RULES.rule(
    "request-reply-error-status-added",
    on=("request-reply-error-status", Change.EXTRA),
    title="Another error that consumers may answer with is described",
    severity=Severity.INFO,
    why="Nobody has to answer with it.",
    fix="Nothing to do.",
    bad=Example(_reply("200"), _reply("200", "400")),
    good=_SAME_REPLY,
)
def _(d: Difference) -> str:
    return f"the reply {d.name} is new"


@RULES.rule(
    "request-reply-body-added",
    on=("request-reply-body", Change.EXTRA),
    title="Replies are expected to have a body",
    severity=Severity.RISKY,
    why="Existing consumers answer without one.",
    fix="Keep taking replies without a body.",
    bad=Example(_reply("200"), _reply_body(_JSON)),
    good=_SAME_REPLY,
)
def _(_d: Difference) -> str:
    return "the reply now has a body"


@RULES.rule(
    "request-reply-body-removed",
    on=("request-reply-body", Change.MISSING),
    title="The body of replies is no longer read",
    severity=Severity.INFO,
    why="Consumers may go on sending it.",
    fix="Nothing to do.",
    bad=Example(_reply_body(_JSON), _reply("200")),
    good=_SAME_REPLY,
)
def _(_d: Difference) -> str:
    return "the body of the reply is no longer read"


@RULES.rule(
    "request-reply-body-media-type-removed",
    on=("request-reply-body-media-type", Change.MISSING),
    title="Replies are no longer taken in some media type",
    severity=Severity.BREAKING,
    why="Consumers that answer in it are not understood.",
    fix="Keep taking it.",
    bad=Example(_reply_body(f"{_JSON}, {_XML}"), _reply_body(_JSON)),
    good=_SAME_REPLY_BODY,
)
def _(d: Difference) -> str:
    return f"the reply is no longer taken as {d.name}"


@RULES.rule(
    "request-reply-body-media-type-added",
    on=("request-reply-body-media-type", Change.EXTRA),
    title="Replies are taken in another media type",
    severity=Severity.INFO,
    why="Those taken before still are.",
    fix="Nothing to do.",
    bad=Example(_reply_body(_JSON), _reply_body(f"{_JSON}, {_XML}")),
    good=_SAME_REPLY_BODY,
)
def _(d: Difference) -> str:
    return f"the reply may now be {d.name}"
