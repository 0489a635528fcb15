"""Rules about recorded parameters: query, path, header and cookie."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import call, description
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import sentence


def _with(parameter: str) -> str:
    return description(operation=f"parameters: [{{name: limit, in: query, {parameter}}}]")


_OPTIONAL = _with("schema: {type: integer}")
_REQUIRED = _with("required: true, schema: {type: integer}")
_GOOD = Example(_REQUIRED, call(url="/users?limit=5"))


@RULES.rule(
    "recorded-parameter-undocumented",
    on=("recorded-parameter", Change.MISSING),
    category="recordings",
    title="A consumer sends a parameter that is not described",
    severity=Severity.RISKY,
    why="What it asks for is promised nowhere; most services ignore it. Headers and cookies are info.",
    fix="Describe the parameter, or stop sending it.",
    bad=Example(_OPTIONAL, call(url="/users?limit=5&sort=name")),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-parameter-missing",
    on=("recorded-parameter", Change.EXTRA),
    category="recordings",
    title="A consumer leaves out a required parameter",
    severity=Severity.BREAKING,
    why="By the description such a request is refused; the recorded service took it.",
    fix="Make the parameter optional in the description, or send it.",
    bad=Example(_REQUIRED, call()),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-parameter-invalid",
    on=("recorded-parameter", Change.CHANGED, "*"),
    category="recordings",
    title="A recorded parameter does not fit its schema",
    severity=Severity.BREAKING,
    why="The description does not promise that such a value is accepted. Formats are only risky.",
    fix="Widen the schema to what is really sent, or mend the consumer.",
    bad=Example(_OPTIONAL, call(url="/users?limit=many")),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-parameter-field-renamed",
    on=("recorded-parameter", Change.RENAMED),
    category="recordings",
    title="A member of a recorded parameter has another name in the description",
    severity=Severity.BREAKING,
    why="The service looks for the other name.",
    fix="Send the name of the description, or describe the name that is sent.",
    bad=Example(
        _with("style: deepObject, schema: {type: object, properties: {page_size: {type: integer}}}"),
        call(url="/users?limit[pageSize]=5"),
    ),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)
