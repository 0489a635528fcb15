"""Rules for the statuses that an operation answers with, and for links."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import response, responses
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_SAME = Example(responses("200", "404"), responses("404", "200"))


@RULES.rule(
    "response-success-status-removed",
    on=("response-success-status", Change.MISSING),
    title="A success status was removed",
    severity=Severity.BREAKING,
    why="Consumers that wait for it take another one for a failure.",
    fix="Keep answering with it.",
    bad=Example(responses("200", "202"), responses("200")),
    good=Example(responses("200"), responses("2XX")),
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer one of the answers"


@RULES.rule(
    "response-success-status-added",
    on=("response-success-status", Change.EXTRA),
    title="A success status was added",
    severity=Severity.RISKY,
    why="Consumers that compare with one status take the new one for a failure.",
    fix="Answer with it only where consumers asked for the new behaviour.",
    bad=Example(responses("200"), responses("200", "202")),
    good=Example(responses("2XX"), responses("200")),
)
def _(d: Difference) -> str:
    return f"{d.name} is a new answer"


@RULES.rule(
    "response-error-status-removed",
    on=("response-error-status", Change.MISSING),
    title="An error status was removed",
    severity=Severity.INFO,
    why="Consumers keep code that never runs.",
    fix="Nothing to do.",
    bad=Example(responses("200", "404"), responses("200")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer one of the answers"


@RULES.rule(
    "response-error-status-added",
    on=("response-error-status", Change.EXTRA),
    title="An error status was added",
    severity=Severity.INFO,
    why="Any request can fail; consumers treat the status like its class.",
    fix="Nothing to do.",
    bad=Example(responses("200"), responses("200", "404")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is a new answer"


_LINK = "links: {next: {operationId: %s}}"
_SAME_LINK = Example(response(_LINK % "a"), response("links: {next: {operationId: a, parameters: {}}}"))


@RULES.rule(
    "link-removed",
    on=("link", Change.MISSING),
    title="A link was removed from a response",
    severity=Severity.RISKY,
    why="Consumers that follow it do not find where to go next.",
    fix="Keep the link as long as what it leads to exists.",
    bad=Example(response(_LINK % "a"), responses("200")),
    good=_SAME_LINK,
)
def _(d: Difference) -> str:
    return f"the link {d.name} is gone"


@RULES.rule(
    "link-added",
    on=("link", Change.EXTRA),
    title="A link was added to a response",
    severity=Severity.INFO,
    why="Nobody follows it yet.",
    fix="Nothing to do.",
    bad=Example(responses("200"), response(_LINK % "a")),
    good=_SAME_LINK,
)
def _(d: Difference) -> str:
    return f"the link {d.name} is new"


@RULES.rule(
    "link-changed",
    on=("link", Change.CHANGED, "target"),
    title="A link leads elsewhere",
    severity=Severity.RISKY,
    why="Consumers that follow it end up at another operation, or with other values.",
    fix="Keep the link, and add the new one under another name.",
    bad=Example(response(_LINK % "a"), response(_LINK % "b")),
    good=_SAME_LINK,
)
def _(d: Difference) -> str:
    return f"the link {d.name} leads elsewhere"
