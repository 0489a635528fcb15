"""Rules about answers of a running service that are not as they were recorded."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import fact, seen


def _answer(body: str = '{"id": 7, "state": "open", "tags": ["a", "b"]}', **more: str) -> str:
    """A GET as it was recorded (or as the service answers it now), as one line of NDJSON."""
    status, media = more.get("status", "200"), more.get("media", "application/json")
    headers = f'[["content-type", "{media}"]{more.get("headers", "")}]'
    noise = f', "noise": {more["noise"]}' if "noise" in more else ""
    return (
        '{"driftcheck": 1, "request": {"method": "GET", "url": "/orders/7"},'
        f' "response": {{"status": {status}, "headers": {headers},'
        f' "body": {{"json": {body}}}}}{noise}}}'
    )


GOOD = Example(_answer(), _answer())


def _field(d: Difference) -> str:
    return f"field {fact(d, 'where')}"


def _values(d: Difference) -> str:
    if not fact(d, "shown") or d.expected is None:
        return ""
    return f": {d.expected} was recorded" + (f", {d.actual} came" if d.actual is not None else "")


@RULES.rule(
    "replayed-answer-missing",
    on=("replay-answer", Change.CHANGED, "missing"),
    category="recordings",
    title="The service hangs up on a recorded call",
    severity=Severity.BREAKING,
    why="The connection was closed without an answer; the recorded consumer got one.",
    fix="Look at the service's log: something ends the request half-way.",
    bad=Example(_answer(), "hang up"),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"the service hangs up without an answer {seen(d)}"


@RULES.rule(
    "replayed-status-changed",
    on=("replay-status", Change.CHANGED, "status"),
    category="recordings",
    title="The status is another than recorded",
    severity=Severity.BREAKING,
    why="Consumers decide by the status whether a call succeeded.",
    fix="Mend the service, or record again if the change is meant. Look first whether the service has the"
    " data and the credentials that the recording had.",
    bad=Example(_answer(), _answer(status="404")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"the answer has status {d.actual}, recorded was {d.expected} {seen(d)}"


@RULES.rule(
    "replayed-media-type-changed",
    on=("replay-header", Change.CHANGED, "media-type"),
    category="recordings",
    title="The media type is another than recorded",
    severity=Severity.BREAKING,
    why="Consumers read the body by its media type.",
    fix="Mend the service, or record again if the change is meant.",
    bad=Example(_answer(), _answer(media="application/hal+json")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"the answer is {d.actual or 'of no media type'}, recorded was {d.expected} {seen(d)}"


@RULES.rule(
    "replayed-header-missing",
    on=("replay-header", Change.CHANGED, "missing"),
    category="recordings",
    title="A recorded header is not in the answer",
    severity=Severity.BREAKING,
    why="Consumers follow Location to what they have made or asked for.",
    fix="Send the header, or record again if the change is meant.",
    bad=Example(_answer(status="302", headers=', ["location", "/orders/8"]'), _answer(status="302")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"header {d.name} was recorded, and is not in the answer {seen(d)}"


@RULES.rule(
    "replayed-location-changed",
    on=("replay-header", Change.CHANGED, "location"),
    category="recordings",
    title="Location leads elsewhere than recorded",
    severity=Severity.BREAKING,
    why="Consumers follow Location to what they have made or asked for.",
    fix="Mend the service, or record again if the change is meant.",
    bad=Example(
        _answer(status="302", headers=', ["location", "/orders/8"]'),
        _answer(status="302", headers=', ["location", "/elsewhere"]'),
    ),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"header location leads elsewhere than recorded {seen(d)}"


@RULES.rule(
    "replayed-body-malformed",
    on=("replay-body", Change.CHANGED, "syntax"),
    category="recordings",
    title="The answer is no JSON any more",
    severity=Severity.BREAKING,
    why="Recorded was a JSON value; what comes cannot be read as one, or nothing comes.",
    fix="Mend the service.",
    bad=Example(_answer(), _answer("{id: 7")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"the body cannot be read as JSON, recorded was a JSON value {seen(d)}"


@RULES.rule(
    "replayed-body-changed",
    on=("replay-body", Change.CHANGED, "*"),
    category="recordings",
    title="The body is another than recorded",
    severity=Severity.BREAKING,
    why="The body as a whole is another: its type, or its text where it is no JSON.",
    fix="Mend the service, record again if the change is meant, or name `body` as noise.",
    bad=Example(_answer('"open"'), _answer('"closed"')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"the body is not as it was recorded{_values(d)} {seen(d)}"


@RULES.rule(
    "replayed-field-missing",
    on=("replay-field", Change.MISSING),
    category="recordings",
    title="A recorded field is not in the answer",
    severity=Severity.BREAKING,
    why="A real consumer got this field, and may read it.",
    fix="Send the field, or record again if the change is meant.",
    bad=Example(_answer(), _answer('{"id": 7, "tags": ["a", "b"]}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} was recorded, and is not in the answer {seen(d)}"


@RULES.rule(
    "replayed-field-renamed",
    on=("replay-field", Change.RENAMED),
    category="recordings",
    title="A recorded field has another name in the answer",
    severity=Severity.BREAKING,
    why="A real consumer got the field by its old name, and reads nothing now.",
    fix="Send the old name as well, or move the consumer first.",
    bad=Example(_answer('{"email": "a"}'), _answer('{"user_email": "a"}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} was recorded, the answer calls it {fact(d, 'renamed')} {seen(d)}"


@RULES.rule(
    "replayed-field-added",
    on=("replay-field", Change.EXTRA),
    category="recordings",
    title="The answer has a field that was not recorded",
    severity=Severity.INFO,
    why="Tolerant readers pass it over.",
    fix="Nothing; record again when it is there to stay.",
    bad=Example(_answer(), _answer('{"id": 7, "state": "open", "tags": ["a", "b"], "note": "x"}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} is in the answer, and was not recorded {seen(d)}"


@RULES.rule(
    "replayed-type-changed",
    on=("replay-field", Change.CHANGED, "type"),
    category="recordings",
    title="A field has another type than recorded",
    severity=Severity.BREAKING,
    why="Consumers parse what they know; a number that becomes a text, or null, breaks them.",
    fix="Mend the service, or record again if the change is meant.",
    bad=Example(_answer(), _answer('{"id": "7", "state": "open", "tags": ["a", "b"]}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} is {d.actual or 'null'}, recorded was {d.expected or 'null'} {seen(d)}"


@RULES.rule(
    "replayed-format-changed",
    on=("replay-field", Change.CHANGED, "format"),
    category="recordings",
    title="A varying value has another format than recorded",
    severity=Severity.BREAKING,
    why="Its value may vary, but consumers rely on its format.",
    fix="Mend the service, or record again if the change is meant.",
    bad=Example(_answer('{"made": "2026-01-02T03:04:05Z"}'), _answer('{"made": "yesterday"}')),
    good=Example(_answer('{"made": "2026-01-02T03:04:05Z"}'), _answer('{"made": "2027-08-09T10:11:12Z"}')),
)
def _(d: Difference) -> str:
    kind = fact(d, "kind")
    said = "does not match the pattern of its noise" if kind == "pattern" else f"is no {kind} any more"
    return f"{_field(d)} {said} {seen(d)}"


@RULES.rule(
    "replayed-value-changed",
    on=("replay-field", Change.CHANGED, "value"),
    category="recordings",
    title="A field has another value than recorded",
    severity=Severity.BREAKING,
    why="The same call gave another answer. Either the service changed, or its data did.",
    fix="Mend the service or its data, record again if the change is meant, or name the field as noise if it"
    " varies by its nature.",
    bad=Example(_answer(), _answer('{"id": 7, "state": "closed", "tags": ["a", "b"]}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} has another value than recorded{_values(d)} {seen(d)}"


@RULES.rule(
    "replayed-elements-changed",
    on=("replay-field", Change.CHANGED, "elements"),
    category="recordings",
    title="An array has more or fewer elements than recorded",
    severity=Severity.BREAKING,
    why="The same call gave another answer. Either the service changed, or its data did.",
    fix="Mend the service or its data, or record again if the change is meant.",
    bad=Example(_answer(), _answer('{"id": 7, "state": "open", "tags": ["a"]}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} has more or fewer elements than recorded {seen(d)}"


@RULES.rule(
    "replayed-order-changed",
    on=("replay-field", Change.CHANGED, "order"),
    category="recordings",
    title="An array has its elements in another order",
    severity=Severity.RISKY,
    why="Consumers that take the first element, or show a list as it comes, notice.",
    fix="Sort in the service; or name the array as noise of kind `order` if its order means nothing.",
    bad=Example(_answer(), _answer('{"id": 7, "state": "open", "tags": ["b", "a"]}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} has its elements in another order than recorded {seen(d)}"


@RULES.rule(
    "replayed-value-unstable",
    on=("replay-field", Change.CHANGED, "unstable"),
    category="recordings",
    title="A field differs from run to run",
    severity=Severity.RISKY,
    why="The same calls to the same service gave different answers, so this place cannot be compared.",
    fix="Take the noise rule that is proposed, or make the service deterministic.",
    bad=Example(_answer('{"n": 1}'), _answer('{"n": RUN}')),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{_field(d)} differs from run to run: {fact(d, 'noise')} {seen(d)}"


@RULES.rule(
    "replayed-noise-unused",
    on=("replay-noise", Change.CHANGED, "unused"),
    category="recordings",
    title="A rule of noise fits nothing",
    severity=Severity.RISKY,
    why="It is misspelt or out of date: what it was to silence may be silenced nowhere, or need no silence.",
    fix="Take it out, or mend its path: paths are exact, with `*` for elements of arrays.",
    bad=Example(_answer(noise='[{"path": "body.updated"}]'), _answer()),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"noise {d.name} fits nothing in any replayed answer"


@RULES.rule(
    "replayed-noise-everything",
    on=("replay-noise", Change.CHANGED, "everything"),
    category="recordings",
    title="Noise leaves nothing of an answer to assert",
    severity=Severity.RISKY,
    why="A test that asserts nothing passes whatever the service does.",
    fix="Name the fields that vary, not what they stand in.",
    bad=Example(_answer(noise='[{"path": "body"}]'), _answer()),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"noise leaves no value of the body of {d.name} to assert"
