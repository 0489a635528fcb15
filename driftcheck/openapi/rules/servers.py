"""Rules for where an API is served."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_A, _B = "{url: https://a.example}", "{url: https://b.example}"


def _at(*servers: str) -> str:
    return operation(more=f"servers: [{', '.join(servers)}]\n")


def _regions(enum: str, default: str = "eu") -> str:
    variable = f"{{enum: [{enum}], default: {default}}}"
    return _at(f'{{url: "https://{{region}}.example", variables: {{region: {variable}}}}}')


_SAME = Example(_at(_A), _at("{url: https://A.example:443/}"))
_SAME_REGIONS = Example(_regions("eu, us"), _regions("us, eu"))


@RULES.rule(
    "server-host-left-open",
    on=("server", Change.MISSING),
    effect=Effect.UNCLEAR,
    title="The description no longer says which host serves the API",
    severity=Severity.RISKY,
    why="The URL is now relative to that of the description itself, wherever it is kept.",
    fix="Write the full URL of the server.",
    bad=Example(_at(_A), operation()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer written; the path alone is"


@RULES.rule(
    "server-removed",
    on=("server", Change.MISSING),
    title="A server was removed",
    severity=Severity.BREAKING,
    why="Consumers that call it get no answer.",
    fix="Keep serving the API there until consumers have moved.",
    bad=Example(_at(_A, _B), _at(_A)),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is gone"


@RULES.rule(
    "server-url-changed",
    on=("server", Change.CHANGED, "url"),
    title="A server was replaced by another",
    severity=Severity.BREAKING,
    why="Consumers that call the old URL get no answer.",
    fix="Keep serving the API at the old URL until consumers have moved.",
    bad=Example(_at(_A), _at(_B)),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.expected} was replaced by {d.actual}"


@RULES.rule(
    "server-added",
    on=("server", Change.EXTRA),
    title="A server was added",
    severity=Severity.INFO,
    why="Those that were there still are.",
    fix="Nothing to do.",
    bad=Example(_at(_A), _at(_A, _B)),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is new"


def _variable(d: Difference) -> str:
    facts = d.facts or {}
    return f"{facts.get('variable')} in {facts.get('server')}"


@RULES.rule(
    "server-variable-value-removed",
    on=("server-variable-value", Change.MISSING),
    title="A value of a server variable was removed",
    severity=Severity.BREAKING,
    why="Consumers that use it call a URL that is gone.",
    fix="Keep serving the API there until consumers have moved.",
    bad=Example(_regions("eu, us"), _regions("eu")),
    good=_SAME_REGIONS,
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer a value of {_variable(d)}"


@RULES.rule(
    "server-variable-value-added",
    on=("server-variable-value", Change.EXTRA),
    title="A value of a server variable was added",
    severity=Severity.INFO,
    why="Those that were there still are.",
    fix="Nothing to do.",
    bad=Example(_regions("eu"), _regions("eu, us")),
    good=_SAME_REGIONS,
)
def _(d: Difference) -> str:
    return f"{d.name} is a new value of {_variable(d)}"


_FREE = '{url: "https://{tenant}.example", variables: {tenant: {default: demo}}}'


@RULES.rule(
    "server-variable-restricted",
    on=("server-variable", Change.CHANGED, "values"),
    title="A server variable no longer takes any value",
    severity=Severity.BREAKING,
    why="Consumers that put in another value call a URL that is gone.",
    fix="Keep taking any value.",
    bad=Example(_at(_FREE), _at(_FREE.replace("{default: demo}", "{default: demo, enum: [demo]}"))),
    good=_SAME_REGIONS,
)
def _(d: Difference) -> str:
    return f"{d.name} no longer stands for any URL of its form"


@RULES.rule(
    "server-variable-default-changed",
    on=("server-variable", Change.CHANGED, "default"),
    title="The default of a server variable changed",
    severity=Severity.RISKY,
    why="Consumers that do not choose a value call another server than before.",
    fix="Keep the default.",
    bad=Example(_regions("eu, us"), _regions("eu, us", "us")),
    good=_SAME_REGIONS,
)
def _(d: Difference) -> str:
    server = (d.facts or {}).get("server")
    return f"the default of {d.name} in {server} was {d.expected}, and is now {d.actual}"
