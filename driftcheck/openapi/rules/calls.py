"""Rules for calls that the provider makes: webhooks and callbacks as such."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation, webhook
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_WEBHOOK = webhook()
_TWO = _WEBHOOK + _WEBHOOK.replace("webhooks:\n", "").replace("itemCreated", "itemDeleted")
_SAME = Example(_WEBHOOK, webhook("deprecated: false"))


@RULES.rule(
    "webhook-removed",
    on=("webhook", Change.MISSING),
    title="A webhook was removed",
    severity=Severity.BREAKING,
    why="Consumers that wait for the call never get it.",
    fix="Keep calling it until consumers have moved.",
    bad=Example(_TWO, _WEBHOOK),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the webhook {d.name} is gone"


@RULES.rule(
    "webhook-added",
    on=("webhook", Change.EXTRA),
    title="A webhook was added",
    severity=Severity.INFO,
    why="Consumers subscribe to it or not.",
    fix="Nothing to do.",
    bad=Example(_WEBHOOK, _TWO),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the webhook {d.name} is new"


@RULES.rule(
    "webhook-renamed",
    on=("webhook", Change.RENAMED),
    title="A webhook was renamed",
    severity=Severity.BREAKING,
    why="Consumers are subscribed to, and dispatch by, the old name.",
    fix="Call it by both names until consumers have moved.",
    bad=Example(_WEBHOOK, webhook(name="item_created")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the webhook {d.expected} was renamed to {d.actual}"


def _callback(expression: str = "{$request.query.url}", name: str = "done") -> str:
    call = 'post: {responses: {"200": {description: fine}}}'
    return operation(f'callbacks:\n  {name}:\n    "{expression}":\n      {call}', "post")


_NO_CALLBACK = operation(method="post")
_SAME_CALLBACK = Example(_callback(), _callback(name="finished"))


@RULES.rule(
    "callback-removed",
    on=("callback", Change.MISSING),
    title="A callback was removed",
    severity=Severity.BREAKING,
    why="Consumers that wait for the call never get it.",
    fix="Keep calling back until consumers have moved.",
    bad=Example(_callback(), _NO_CALLBACK),
    good=_SAME_CALLBACK,
)
def _(_d: Difference) -> str:
    return "the callback is gone"


@RULES.rule(
    "callback-added",
    on=("callback", Change.EXTRA),
    title="A callback was added",
    severity=Severity.INFO,
    why="Consumers that do not expect it are called at a URL that they gave.",
    fix="Nothing to do.",
    bad=Example(_NO_CALLBACK, _callback()),
    good=_SAME_CALLBACK,
)
def _(_d: Difference) -> str:
    return "the callback is new"


@RULES.rule(
    "callback-url-changed",
    on=("callback", Change.CHANGED, "url"),
    title="The URL of a callback is taken from elsewhere",
    severity=Severity.BREAKING,
    why="Consumers give their URL in the old place, and are not called.",
    fix="Take the URL from both places until consumers have moved.",
    bad=Example(_callback(), _callback("{$request.query.callback}")),
    good=_SAME_CALLBACK,
)
def _(d: Difference) -> str:
    return f"the URL was {d.expected}, and is now {d.actual}"
