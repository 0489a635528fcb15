"""Rules for properties as such: added, removed, renamed, required, read-only, write-only, and defaults."""

from __future__ import annotations

from driftcheck.difference import JSON, Change, Difference, Effect, Severity
from driftcheck.openapi.rules.keywords import shown
from driftcheck.openapi.rules.registry import RULES
from driftcheck.openapi.rules.subjects import BY_ID
from driftcheck.rule import Example

_OBJECT = '{"type": "object", "properties": {%s}%s}'
_A = '"a": {"type": "string"}'
_B = '"b": {"type": "integer"}'


def _where(d: Difference) -> str:
    return str((d.facts or {}).get("where", d.name))


def _fact(d: Difference, name: str) -> bool:
    return bool((d.facts or {}).get(name))


def _pair(side: str, old: str, new: str, old_more: str = "", new_more: str = "") -> Example:
    subject = BY_ID[f"{side}-body"]
    return subject.example(_OBJECT % (old, old_more), _OBJECT % (new, new_more))


def _unchanged(side: str) -> Example:
    return _pair(side, f"{_A}, {_B}", f"{_B}, {_A}")


@RULES.rule(
    "request-property-removed",
    on=("request-property", Change.MISSING),
    title="A request property was removed",
    severity=Severity.RISKY,
    why="What consumers send in it is accepted, and silently ignored.",
    fix="Keep accepting the property, or make sure that nobody relies on its effect.",
    bad=_pair("request", f"{_A}, {_B}", _A),
    good=_unchanged("request"),
)
def _(d: Difference) -> str | None:
    return None if _fact(d, "closed") else f"{_where(d)} is gone: what consumers send in it is ignored"


@RULES.rule(
    "request-property-refused",
    on=("request-property", Change.MISSING),
    title="A request property was removed from a closed object",
    severity=Severity.BREAKING,
    why="The object allows no other members (additionalProperties: false), so requests with it are refused.",
    fix="Keep accepting the property.",
    bad=_pair("request", f"{_A}, {_B}", _A, *([', "additionalProperties": false'] * 2)),
    good=_unchanged("request"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is gone, and the object allows no others: requests with it are refused"


@RULES.rule(
    "response-property-removed",
    on=("response-property", Change.MISSING),
    title="A response property was removed",
    severity=Severity.BREAKING,
    why="Consumers that read it find nothing there.",
    fix="Keep sending the property until no consumer reads it; mark it deprecated meanwhile.",
    bad=_pair("response", f"{_A}, {_B}", _A),
    good=_unchanged("response"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is gone from the response"


@RULES.rule(
    "request-required-property-added",
    on=("request-property", Change.EXTRA),
    effect=Effect.NARROWED,
    title="A required request property was added",
    severity=Severity.BREAKING,
    why="Requests of today's consumers lack it, and are refused.",
    fix="Make the property optional, with a default that keeps the old behaviour.",
    bad=_pair("request", _A, f"{_A}, {_B}", "", ', "required": ["b"]'),
    good=_unchanged("request"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is new and required: requests without it are refused"


@RULES.rule(
    "request-property-added",
    on=("request-property", Change.EXTRA),
    title="An optional request property was added",
    severity=Severity.INFO,
    why="Consumers that do not know it need not send it.",
    fix="Nothing to do.",
    bad=_pair("request", _A, f"{_A}, {_B}"),
    good=_unchanged("request"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is new"


@RULES.rule(
    "response-property-added-to-closed-object",
    on=("response-property", Change.EXTRA),
    effect=Effect.WIDENED,
    title="A property was added to a closed response object",
    severity=Severity.BREAKING,
    why="The old contract ruled out other members (additionalProperties: false); strict readers refuse them.",
    fix="Open the object first (drop additionalProperties: false), and add the property in a later version.",
    bad=_pair("response", _A, f"{_A}, {_B}", *([', "additionalProperties": false'] * 2)),
    good=_unchanged("response"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is new in an object that allowed no others"


@RULES.rule(
    "response-property-added",
    on=("response-property", Change.EXTRA),
    title="A response property was added",
    severity=Severity.INFO,
    why="Consumers that do not know it ignore it.",
    fix="Nothing to do.",
    bad=_pair("response", _A, f"{_A}, {_B}"),
    good=_unchanged("response"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is new"


def _and(change: JSON) -> str:
    """What else was done to a renamed property."""
    assert isinstance(change, dict)
    return f"; its {change['attribute']} was {shown(change['expected'])}, is now {shown(change['actual'])}"


def _renamed(side: str, why: str) -> None:
    @RULES.rule(
        f"{side}-property-renamed",
        on=(f"{side}-property", Change.RENAMED),
        title=f"A {side} property was renamed",
        severity=Severity.BREAKING,
        why=why,
        fix="Accept and send both names until all consumers have moved (an alias), then drop the old one.",
        bad=_pair(side, '"email": {"type": "string"}', '"user_email": {"type": "string"}'),
        good=_unchanged(side),
    )
    def _(d: Difference) -> str:
        also = (d.facts or {}).get("also") or []
        assert isinstance(also, list)
        return f"{_where(d)} was renamed to {d.actual}" + "".join(map(_and, also))


_renamed("request", "Consumers go on sending the old name, which is refused or silently ignored.")
_renamed("response", "Consumers go on reading the old name, and find nothing there.")


def _required(side: str, word: str, effect: Effect, severity: Severity, why: str, fix: str) -> None:
    examples = ("", ', "required": ["a"]') if word == "required" else (', "required": ["a"]', "")

    @RULES.rule(
        f"{side}-property-became-{word}",
        on=(f"{side}-property", Change.CHANGED, "required"),
        effect=effect,
        title=f"A {side} property became {word}",
        severity=severity,
        why=why,
        fix=fix,
        bad=_pair(side, _A, _A, *examples),
        good=_unchanged(side),
    )
    def _(d: Difference) -> str:
        return f"{_where(d)} became {word}"


_required(
    "request",
    "required",
    Effect.NARROWED,
    Severity.BREAKING,
    "Requests that leave it out, as the old contract allowed, are refused.",
    "Keep it optional, with a default that keeps the old behaviour.",
)
_required(
    "request",
    "optional",
    Effect.WIDENED,
    Severity.INFO,
    "All requests of the old contract still pass.",
    "Nothing to do.",
)
_required(
    "response",
    "optional",
    Effect.WIDENED,
    Severity.BREAKING,
    "Consumers rely on finding it in every response.",
    "Keep sending it always.",
)
_required(
    "response",
    "required",
    Effect.NARROWED,
    Severity.INFO,
    "Consumers find it in every response now.",
    "Nothing to do.",
)


def _default(subject: str, words: str) -> None:
    old, new = '{"type": "integer", "default": 10}', '{"type": "integer", "default": 20}'

    @RULES.rule(
        f"{subject}-default-changed",
        on=(subject, Change.CHANGED, "default"),
        title=f"The default of {words} changed",
        severity=Severity.RISKY,
        why="Consumers that leave it out get another behaviour without any change of theirs.",
        fix="Keep the default, or tell consumers to send the value explicitly.",
        bad=BY_ID[subject].example(old, new),
        good=BY_ID[subject].example(old, f'{{"allOf": [{old}]}}'),
    )
    def _(d: Difference) -> str:
        if d.expected is None:
            return f"{_where(d)} now has the default {shown(d.actual)}"
        if d.actual is None:
            return f"{_where(d)}: the default {shown(d.expected)} is gone"
        return f"{_where(d)}: the default was {shown(d.expected)}, is now {shown(d.actual)}"


_default("request-property", "a request property")
_default("request-parameter", "a parameter")


@RULES.rule(
    "request-property-became-read-only",
    on=("request-property", Change.CHANGED, "readOnly"),
    effect=Effect.NARROWED,
    title="A request property became read-only",
    severity=Severity.RISKY,
    why="What consumers send in it is ignored or refused from now on.",
    fix="Keep accepting it, or tell consumers.",
    bad=_pair("request", _A, '"a": {"type": "string", "readOnly": true}'),
    good=_unchanged("request"),
)
def _(d: Difference) -> str | None:
    return None if d.expected is True else f"{_where(d)} became read-only: sending it has no effect any more"


@RULES.rule(
    "request-property-required-no-longer-read-only",
    on=("request-property", Change.CHANGED, "readOnly"),
    effect=Effect.NARROWED,
    title="A required property is no longer read-only",
    severity=Severity.BREAKING,
    why="A read-only property is not required in requests; now it is, and today's requests lack it.",
    fix="Take the property off `required`.",
    bad=_pair(
        "request",
        '"a": {"type": "string", "readOnly": true}',
        '"a": {"type": "string"}',
        *([', "required": ["a"]'] * 2),
    ),
    good=_unchanged("request"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is no longer read-only, so requests must have it now"


@RULES.rule(
    "request-property-no-longer-read-only",
    on=("request-property", Change.CHANGED, "readOnly"),
    title="A property is no longer read-only",
    severity=Severity.INFO,
    why="Consumers may send it now, and need not.",
    fix="Nothing to do.",
    bad=_pair("request", '"a": {"type": "string", "readOnly": true}', _A),
    good=_unchanged("request"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is no longer read-only"


@RULES.rule(
    "response-property-became-write-only",
    on=("response-property", Change.CHANGED, "writeOnly"),
    effect=Effect.WIDENED,
    title="A response property became write-only",
    severity=Severity.BREAKING,
    why="It is no longer sent; consumers that read it find nothing there.",
    fix="Keep sending it until no consumer reads it.",
    bad=_pair("response", _A, '"a": {"type": "string", "writeOnly": true}'),
    good=_unchanged("response"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} became write-only, so responses no longer have it"


@RULES.rule(
    "response-property-no-longer-write-only",
    on=("response-property", Change.CHANGED, "writeOnly"),
    title="A property is no longer write-only",
    severity=Severity.INFO,
    why="Consumers find it in responses now, and may ignore it.",
    fix="Nothing to do.",
    bad=_pair("response", '"a": {"type": "string", "writeOnly": true}', _A),
    good=_unchanged("response"),
)
def _(d: Difference) -> str:
    return f"{_where(d)} is no longer write-only"
