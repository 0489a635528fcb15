"""Rules about the headers of recorded answers. What HTTP, browsers and proxies add is never asked about."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import call
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import sentence


def _with(headers: str) -> str:
    return f"""paths:
  /users:
    post:
      responses:
        "200":
          description: ok
          headers: {{{headers}}}
"""


_TOTAL = _with("X-Total: {required: true, schema: {type: integer}}")
_GOOD = Example(_TOTAL, call(headers=("X-Total",)))


@RULES.rule(
    "recorded-response-header-missing",
    on=("recorded-response-header", Change.EXTRA),
    category="recordings",
    title="The service leaves out a header that is always promised",
    severity=Severity.BREAKING,
    why="Consumers that go by the description read it, and find nothing there.",
    fix="Send the header, or describe it as optional.",
    bad=Example(_TOTAL, call(headers=("Date",))),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-header-invalid",
    on=("recorded-response-header", Change.CHANGED, "*"),
    category="recordings",
    title="A header of the answer does not fit its schema",
    severity=Severity.BREAKING,
    why="Consumers get a value that the description rules out. Formats are only risky.",
    fix="Mend the service, or widen the schema to what it really sends.",
    bad=Example(_with("X-Total: {schema: {type: boolean}}"), call(headers=("X-Total",))),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-header-undocumented",
    on=("recorded-response-header", Change.MISSING),
    category="recordings",
    title="The service answers with a header that is not described",
    severity=Severity.INFO,
    why="Consumers may come to rely on what nobody promised.",
    fix="Describe the header if it is meant for consumers.",
    bad=Example(_TOTAL, call(headers=("X-Total", "X-Pages"))),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)
