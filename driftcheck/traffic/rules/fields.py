"""Rules about the fields of recorded bodies."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import GOOD, call, description
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import fact, sentence

_CLOSED = description(
    schema="type: object, additionalProperties: false, properties: {id: {type: integer}}",
)
_OK = {"id": 1}


@RULES.rule(
    "recorded-request-field-refused",
    on=("recorded-request-field", Change.MISSING),
    category="recordings",
    title="A consumer sends a field that the description rules out",
    severity=Severity.BREAKING,
    why="The object is closed (additionalProperties: false): by the description the request is refused.",
    fix="Describe the field, or stop sending it.",
    bad=Example(_CLOSED, call({"id": 1, "nick": "x"}, _OK)),
    good=Example(_CLOSED, call(_OK, _OK)),
)
def _(d: Difference) -> str | None:
    return sentence(d) if fact(d, "closed") else None


@RULES.rule(
    "recorded-request-field-undocumented",
    on=("recorded-request-field", Change.MISSING),
    category="recordings",
    title="A consumer sends a field that is not described",
    severity=Severity.RISKY,
    why="Most services ignore such a field in silence. Where the object is open on purpose, this is info.",
    fix="Describe the field, or stop sending it.",
    bad=Example(description(), call({"id": 1, "nick": "x"}, _OK)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-field-missing",
    on=("recorded-request-field", Change.EXTRA),
    category="recordings",
    title="A consumer leaves out a required field",
    severity=Severity.BREAKING,
    why="By the description such a request is refused; the recorded service took it.",
    fix="Make the field optional in the description, or send it.",
    bad=Example(description(), call({}, _OK)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-field-renamed",
    on=("recorded-request-field", Change.RENAMED),
    category="recordings",
    title="A field that a consumer sends has another name in the description",
    severity=Severity.BREAKING,
    why="The service looks for the other name, and does not find what was sent.",
    fix="Send the name of the description, or describe the name that is sent.",
    bad=Example(description(), call({"id": 1, "user_email": "x"}, _OK)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-request-field-invalid",
    on=("recorded-request-field", Change.CHANGED, "*"),
    category="recordings",
    title="A field that a consumer sends does not fit its schema",
    severity=Severity.BREAKING,
    why="The description does not promise that such a value is accepted. Formats are only risky.",
    fix="Widen the schema to what is really sent, or mend the consumer.",
    bad=Example(description(), call({"id": "one"}, _OK)),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-field-forbidden",
    on=("recorded-response-field", Change.MISSING),
    category="recordings",
    title="The service answers with a field that the description rules out",
    severity=Severity.BREAKING,
    why="The object is closed (additionalProperties: false), so strict consumers refuse the answer.",
    fix="Describe the field, or leave it out of the answer.",
    bad=Example(_CLOSED, call(_OK, {"id": 1, "nick": "x"})),
    good=Example(_CLOSED, call(_OK, _OK)),
)
def _(d: Difference) -> str | None:
    return sentence(d) if fact(d, "closed") else None


@RULES.rule(
    "recorded-response-field-undocumented",
    on=("recorded-response-field", Change.MISSING),
    category="recordings",
    title="The service answers with a field that is not described",
    severity=Severity.RISKY,
    why="Consumers come to rely on what nobody promised. Where the object is open on purpose, this is info.",
    fix="Describe the field, or leave it out of the answer.",
    bad=Example(description(), call(_OK, {"id": 1, "nick": "x"})),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-field-missing",
    on=("recorded-response-field", Change.EXTRA),
    category="recordings",
    title="The service leaves out a field that is always promised",
    severity=Severity.BREAKING,
    why="Consumers that go by the description read it, and find nothing there.",
    fix="Send the field, or describe it as optional.",
    bad=Example(description(), call(_OK, {})),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-field-renamed",
    on=("recorded-response-field", Change.RENAMED),
    category="recordings",
    title="A field of the answer has another name in the description",
    severity=Severity.BREAKING,
    why="Consumers that go by the description look for the other name, those recorded for this one.",
    fix="Send the name of the description, or describe the name that is sent.",
    bad=Example(description(), call(_OK, {"id": 1, "user_email": "x"})),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)


@RULES.rule(
    "recorded-response-field-invalid",
    on=("recorded-response-field", Change.CHANGED, "*"),
    category="recordings",
    title="A field of the answer does not fit its schema",
    severity=Severity.BREAKING,
    why="Consumers get a value that the description rules out. Formats are only risky.",
    fix="Mend the service, or widen the schema to what it really sends.",
    bad=Example(description(), call(_OK, {"id": "one"})),
    good=GOOD,
)
def _(d: Difference) -> str:
    return sentence(d)
