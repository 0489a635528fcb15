"""Rules for what consumers send around a body: query, header and cookie parameters, and how they are written.

Also for the headers of replies to webhooks and callbacks, and of the parts of a form: those are sent, too.
"""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import operation, parameter
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_SUBJECT = "request-parameter"
_NONE = operation()


def one(name: str = "limit", place: str = "query", schema: str = "{type: integer}", more: str = "") -> str:
    """An operation with one parameter."""
    return parameter(f"{{name: {name}, in: {place}, schema: {schema}{more}}}")


def words(d: Difference) -> str:
    """The parameter or header as a message names it."""
    place = (d.facts or {}).get("in", "header")
    return f"header {d.name}" if place == "header" else f"{place} parameter {d.name}"


_LIST = "{type: array, items: {type: string}}"
_COMMAS = one(schema=_LIST, more=", explode: false")
_PIPES = one(schema=_LIST, more=", style: pipeDelimited, explode: false")
_SAME = Example(one(), one(more=", required: false"))
_SAME_LIST = Example(one(schema=_LIST), one(schema=_LIST, more=", style: form, explode: true"))


@RULES.rule(
    "request-parameter-removed-after-sunset",
    on=(_SUBJECT, Change.MISSING),
    title="A parameter was removed after its sunset",
    severity=Severity.INFO,
    why="It was deprecated, and its sunset date has passed: consumers were told.",
    fix="Nothing to do.",
    bad=Example(one(more=', deprecated: true, x-sunset: "2020-01-31"'), _NONE),
    good=_SAME,
)
def _(d: Difference) -> str | None:
    told = (d.facts or {}).get("announced") == "after-sunset"
    return f"{words(d)} is gone, as announced" if told else None


@RULES.rule(
    "request-parameter-removed",
    on=(_SUBJECT, Change.MISSING),
    title="A parameter was removed",
    severity=Severity.RISKY,
    why="Requests that set it succeed, but it has no effect: filters do not filter, limits do not limit.",
    fix="Keep the parameter, deprecate it, and remove it once nobody sends it.",
    bad=Example(one(), _NONE),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is gone: requests that set it are answered as if they had not"


@RULES.rule(
    "request-required-parameter-added",
    on=(_SUBJECT, Change.EXTRA),
    effect=Effect.NARROWED,
    title="A required parameter was added",
    severity=Severity.BREAKING,
    why="Requests of existing consumers do not set it, and are refused.",
    fix="Make it optional, with a default that behaves as before.",
    bad=Example(_NONE, one(more=", required: true")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is new and required"


@RULES.rule(
    "request-optional-parameter-added",
    on=(_SUBJECT, Change.EXTRA),
    title="An optional parameter was added",
    severity=Severity.INFO,
    why="Requests without it work as before.",
    fix="Nothing to do.",
    bad=Example(_NONE, one()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is new and optional"


@RULES.rule(
    "request-parameter-renamed",
    on=(_SUBJECT, Change.RENAMED),
    title="A parameter was renamed",
    severity=Severity.BREAKING,
    why="Consumers still send the old name, which is ignored; a required one is missed.",
    fix="Accept both names until consumers have moved.",
    bad=Example(one("page_size"), one("pageSize")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} was renamed to {d.actual}"


@RULES.rule(
    "request-parameter-moved",
    on=(_SUBJECT, Change.CHANGED, "in"),
    title="A parameter is expected in another place",
    severity=Severity.BREAKING,
    why="Consumers still send it in the old place, where nobody reads it.",
    fix="Read it from both places until consumers have moved.",
    bad=Example(one("tenant", "query"), one("tenant", "cookie")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} moved from {d.expected} to {d.actual}"


@RULES.rule(
    "request-parameter-became-required",
    on=(_SUBJECT, Change.CHANGED, "required"),
    effect=Effect.NARROWED,
    title="A parameter became required",
    severity=Severity.BREAKING,
    why="Requests that leave it out are refused.",
    fix="Keep it optional, with a default that behaves as before.",
    bad=Example(one(), one(more=", required: true")),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is now required"


@RULES.rule(
    "request-parameter-became-optional",
    on=(_SUBJECT, Change.CHANGED, "required"),
    title="A parameter became optional",
    severity=Severity.INFO,
    why="Requests with it work as before.",
    fix="Nothing to do.",
    bad=Example(one(more=", required: true"), one()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{words(d)} is no longer required"


@RULES.rule(
    "request-parameter-style-changed",
    on=(_SUBJECT, Change.CHANGED, "style"),
    title="A parameter is written in another style",
    severity=Severity.BREAKING,
    why="Values as consumers write them are read as something else, or refused.",
    fix="Keep the style; offer the new one under another name.",
    bad=Example(_COMMAS, _PIPES),
    good=_SAME_LIST,
)
def _(d: Difference) -> str:
    return rewritten(d)


@RULES.rule(
    "request-parameter-explode-changed",
    on=(_SUBJECT, Change.CHANGED, "explode"),
    title="A parameter's parts are separated in another way",
    severity=Severity.BREAKING,
    why="Values as consumers write them are read as something else: one item in place of a list.",
    fix="Keep explode as it was, also where it was not written (true for query and cookie parameters).",
    bad=Example(one(schema=_LIST), one(schema=_LIST, more=", explode: false")),
    good=_SAME_LIST,
)
def _(d: Difference) -> str:
    return rewritten(d)


def rewritten(d: Difference) -> str:
    """How a parameter was written, and how it is now."""
    return rewritten_as(words(d), d)


def rewritten_as(name: str, d: Difference) -> str:
    """How the value of that name was written, and how it is now."""
    facts = d.facts or {}
    return f"{name}: a {facts['kind']} was written as {facts['old']}, is now written as {facts['new']}"


_CONTENT = "{name: filter, in: query, content: {%s: {schema: {type: object}}}}"


@RULES.rule(
    "request-parameter-content-changed",
    on=(_SUBJECT, Change.CHANGED, "content"),
    title="A parameter is written in another media type",
    severity=Severity.BREAKING,
    why="Values as consumers write them cannot be parsed.",
    fix="Keep the media type; offer the new one under another name.",
    bad=Example(parameter(_CONTENT % "application/json"), parameter(_CONTENT % "application/xml")),
    good=Example(parameter(_CONTENT % "application/json"), parameter(_CONTENT % "Application/JSON")),
)
def _(d: Difference) -> str:
    names = [value or "plain text" for value in (d.expected, d.actual)]
    return f"{words(d)} was {names[0]}, and is now {names[1]}"


def _permission(attribute: str, what: str, bad_old: str, granted_why: str, lost_why: str) -> None:
    """Two rules for a boolean that allows more: withdrawn and granted."""
    slug = {"allowReserved": "reserved-characters", "allowEmptyValue": "empty-value"}[attribute]
    text = "{type: string}"

    @RULES.rule(
        f"request-parameter-{slug}-refused",
        on=(_SUBJECT, Change.CHANGED, attribute),
        effect=Effect.NARROWED,
        title=f"A parameter no longer takes {what}",
        severity=Severity.BREAKING,
        why=lost_why,
        fix=f"Keep {attribute}: true.",
        bad=Example(one("q", schema=text, more=bad_old), one("q", schema=text)),
        good=Example(one("q", schema=text), one("q", schema=text, more=bad_old.replace("true", "false"))),
    )
    def _(d: Difference) -> str:
        return f"{words(d)} no longer takes {what}"

    @RULES.rule(
        f"request-parameter-{slug}-allowed",
        on=(_SUBJECT, Change.CHANGED, attribute),
        title=f"A parameter now takes {what}",
        severity=Severity.INFO,
        why=granted_why,
        fix="Nothing to do.",
        bad=Example(one("q", schema=text), one("q", schema=text, more=bad_old)),
        good=Example(one("q", schema=text), one("q", schema=text, more=bad_old.replace("true", "false"))),
    )
    def _(d: Difference) -> str:
        return f"{words(d)} now takes {what}"


_permission(
    "allowReserved",
    "reserved characters unescaped",
    ", allowReserved: true",
    "Escaped values work as before.",
    "Consumers that send characters such as / and ? as they are get another result, or an error.",
)
_permission(
    "allowEmptyValue",
    "an empty value",
    ", allowEmptyValue: true",
    "Values that are not empty work as before.",
    "Requests that send the bare name of the parameter are refused.",
)
