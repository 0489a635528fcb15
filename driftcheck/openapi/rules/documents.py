"""Rules about descriptions as a whole. Examples about several descriptions are mappings of file names."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_ORDERS = "orders.yaml: {paths: {}}\n"
_BOTH = _ORDERS + "users.yaml: {paths: {}}\n"


@RULES.rule(
    "spec-removed",
    on=("spec", Change.MISSING),
    title="A description was removed",
    severity=Severity.BREAKING,
    why="Everything in it is gone for its consumers, or at least no longer promised.",
    fix="Keep it until its consumers have moved. If the file was renamed, give the two files themselves.",
    bad=Example(_BOTH, _ORDERS),
    good=Example(_BOTH, _BOTH),
)
def _(d: Difference) -> str:
    return f"{d.name} is gone"


@RULES.rule(
    "spec-added",
    on=("spec", Change.EXTRA),
    title="A description was added",
    severity=Severity.INFO,
    why="Nobody relies on it yet.",
    fix="Nothing to do.",
    bad=Example(_ORDERS, _BOTH),
    good=Example(_BOTH, _BOTH),
)
def _(d: Difference) -> str:
    return f"{d.name} is new"


@RULES.rule(
    "spec-unreadable",
    on=("spec", Change.CHANGED, "readable"),
    title="A description could not be read",
    severity=Severity.BREAKING,
    why="Nothing in it was compared, so nothing in it can be trusted.",
    fix="Mend the file; compare it alone to see what is wrong.",
    bad=Example(_ORDERS, "orders.yaml: {openapi: 9.9.9}\n"),
    good=Example(_ORDERS, "orders.yaml: {openapi: 3.1.1, paths: {}}\n"),
)
def _(d: Difference) -> str:
    return f"{d.name} was not compared: {d.note}"


@RULES.rule(
    "spec-invalid",
    on=("spec", Change.CHANGED, "validity"),
    category="docs",
    shown=True,
    title="A description is not valid OpenAPI",
    severity=Severity.INFO,
    why="Tools may read it differently, or refuse it. It was compared as far as it can be understood.",
    fix="Mend what the message names, or turn the check off with --validate off.",
    bad=Example("paths: {}", "paths: {}\npathz: {}"),
    good=Example("paths: {}\npathz: {}", "paths: {}"),
)
def _(d: Difference) -> str:
    return d.note


@RULES.rule(
    "spec-still-invalid",
    on=("spec", Change.CHANGED, "old-validity"),
    category="docs",
    title="A description is as invalid as it was",
    severity=Severity.INFO,
    why="Tools may read it differently, or refuse it, as they did before.",
    fix="Compare it with an empty description to see each problem, or ask a validator.",
    bad=Example("paths: {}\npathz: {}", "paths: {}\npathz: {}  # still"),
    good=Example("paths: {}\npathz: {}", "paths: {}"),
)
def _(d: Difference) -> str:
    return d.note
