"""Rules for what an operation promises about its future: deprecation, sunset dates, stability levels."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation, parameter
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_PLAIN = operation()
_DEPRECATED = operation("deprecated: true")
_SPELLED_OUT = operation("deprecated: false")


def _sunset(day: str) -> str:
    return operation(f'deprecated: true\nx-sunset: "{day}"')


def _level(level: str) -> str:
    return operation(f"x-stability-level: {level}")


_SAME_SUNSET = Example(_sunset("2031-01-31"), _sunset("2031-01-31T00:00:00Z"))


@RULES.rule(
    "operation-deprecated",
    on=("operation", Change.CHANGED, "deprecated"),
    title="An operation was deprecated",
    severity=Severity.INFO,
    why="It still works, and is going to be removed.",
    fix="Tell consumers what to use instead, and when it goes (x-sunset).",
    bad=Example(_PLAIN, _DEPRECATED),
    good=Example(_PLAIN, _SPELLED_OUT),
)
def _(d: Difference) -> str | None:
    return f"{d.object} is now deprecated" if d.actual else None


@RULES.rule(
    "operation-deprecation-withdrawn",
    on=("operation", Change.CHANGED, "deprecated"),
    title="An operation is no longer deprecated",
    severity=Severity.INFO,
    why="It is going to stay after all.",
    fix="Nothing to do.",
    bad=Example(_DEPRECATED, _PLAIN),
    good=Example(_SPELLED_OUT, _PLAIN),
)
def _(d: Difference) -> str:
    return f"{d.object} is no longer deprecated"


@RULES.rule(
    "operation-sunset-shortened",
    on=("operation", Change.CHANGED, "sunset"),
    title="The sunset of an operation was brought forward or deleted",
    severity=Severity.BREAKING,
    why="Consumers planned their move by the date that was announced.",
    fix="Keep the date; move it only to a later day.",
    bad=Example(_sunset("2031-01-31"), _sunset("2030-01-31")),
    good=_SAME_SUNSET,
)
def _(d: Difference) -> str | None:
    if not (d.facts or {}).get("earlier"):
        return None
    return f"the sunset of {d.object} was {d.expected}, and is now {d.actual or 'not announced at all'}"


@RULES.rule(
    "operation-sunset-extended",
    on=("operation", Change.CHANGED, "sunset"),
    title="The sunset of an operation was announced or put off",
    severity=Severity.INFO,
    why="Consumers know better, or have more time.",
    fix="Nothing to do.",
    bad=Example(_sunset("2030-01-31"), _sunset("2031-01-31")),
    good=_SAME_SUNSET,
)
def _(d: Difference) -> str:
    return f"the sunset of {d.object} is now {d.actual or 'withdrawn'}"


@RULES.rule(
    "operation-stability-lowered",
    on=("operation", Change.CHANGED, "stability"),
    title="The stability level of an operation was lowered",
    severity=Severity.BREAKING,
    why="What consumers built upon as stable may now change without notice.",
    fix="Keep the level; offer unstable behaviour in another operation.",
    bad=Example(_level("stable"), _level("beta")),
    good=Example(_PLAIN, _level("stable")),
)
def _(d: Difference) -> str | None:
    lowered = (d.facts or {}).get("lowered")
    return f"{d.object} was {d.expected}, and is now {d.actual}" if lowered else None


@RULES.rule(
    "operation-stability-raised",
    on=("operation", Change.CHANGED, "stability"),
    title="The stability level of an operation was raised",
    severity=Severity.INFO,
    why="Consumers may rely on more than before.",
    fix="Nothing to do.",
    bad=Example(_level("beta"), _level("stable")),
    good=Example(_PLAIN, _level("stable")),
)
def _(d: Difference) -> str:
    return f"{d.object} was {d.expected}, and is now {d.actual}"


def _limit(more: str = "") -> str:
    return parameter(f"{{name: limit, in: query, schema: {{type: integer}}{more}}}")


@RULES.rule(
    "parameter-deprecated",
    on=("parameter", Change.CHANGED, "deprecated"),
    title="A parameter or header was deprecated",
    severity=Severity.INFO,
    why="It still works, and is going to be removed.",
    fix="Tell consumers what to use instead.",
    bad=Example(_limit(), _limit(", deprecated: true")),
    good=Example(_limit(), _limit(", deprecated: false")),
)
def _(d: Difference) -> str | None:
    return f"{d.name} is now deprecated" if d.actual else None


@RULES.rule(
    "parameter-deprecation-withdrawn",
    on=("parameter", Change.CHANGED, "deprecated"),
    title="A parameter or header is no longer deprecated",
    severity=Severity.INFO,
    why="It is going to stay after all.",
    fix="Nothing to do.",
    bad=Example(_limit(", deprecated: true"), _limit()),
    good=Example(_limit(), _limit(", deprecated: false")),
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer deprecated"
