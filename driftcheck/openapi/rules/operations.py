"""Rules for operations as such: added, removed (before and after their sunset), and renamed paths."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_BOTH = operation() + '    delete:\n      responses:\n        "204": {description: gone}\n'
_FINE = '      responses:\n        "204": {description: gone}\n'


def _with_delete(*members: str) -> str:
    return operation() + "    delete:\n" + "".join(f"      {line}\n" for line in members) + _FINE


_KEPT = Example(_BOTH, "# nothing changed\n" + _BOTH)


def _announced(d: Difference) -> object:
    return (d.facts or {}).get("announced")


@RULES.rule(
    "operation-removed-after-sunset",
    on=("operation", Change.MISSING),
    title="An operation was removed after its sunset",
    severity=Severity.INFO,
    why="It was deprecated, and its sunset date has passed: consumers were told.",
    fix="Nothing to do.",
    bad=Example(_with_delete("deprecated: true", 'x-sunset: "2020-01-31"'), operation()),
    good=_KEPT,
)
def _(d: Difference) -> str | None:
    sunset = (d.facts or {}).get("sunset")
    return f"{d.name} is gone; its sunset was {sunset}" if _announced(d) == "after-sunset" else None


@RULES.rule(
    "operation-removed-before-sunset",
    on=("operation", Change.MISSING),
    title="An operation was removed before its sunset",
    severity=Severity.BREAKING,
    why="Consumers were promised that it works until its sunset date, and it fails today.",
    fix="Bring it back until the date in x-sunset has passed.",
    bad=Example(_with_delete("deprecated: true", 'x-sunset: "9999-01-31"'), operation()),
    good=_KEPT,
)
def _(d: Difference) -> str | None:
    sunset = (d.facts or {}).get("sunset")
    return f"{d.name} is gone, though promised until {sunset}" if _announced(d) == "before-sunset" else None


@RULES.rule(
    "operation-removed-while-deprecated",
    on=("operation", Change.MISSING),
    title="A deprecated operation was removed without a sunset date",
    severity=Severity.RISKY,
    why="Consumers knew that it would go, but not when.",
    fix="Announce a date in x-sunset, and remove the operation after it.",
    bad=Example(_with_delete("deprecated: true"), operation()),
    good=_KEPT,
)
def _(d: Difference) -> str | None:
    return f"{d.name} is gone; it was deprecated" if _announced(d) == "deprecated" else None


@RULES.rule(
    "operation-removed",
    on=("operation", Change.MISSING),
    title="An operation was removed",
    severity=Severity.BREAKING,
    why="Every call of it fails.",
    fix="Keep the operation, mark it deprecated with a date in x-sunset, and remove it after that date.",
    bad=Example(_BOTH, operation()),
    good=_KEPT,
)
def _(d: Difference) -> str:
    return f"{d.name} is gone"


@RULES.rule(
    "operation-added",
    on=("operation", Change.EXTRA),
    title="An operation was added",
    severity=Severity.INFO,
    why="Nobody relies on it yet.",
    fix="Nothing to do.",
    bad=Example(operation(), _BOTH),
    good=_KEPT,
)
def _(d: Difference) -> str:
    return f"{d.name} is new"


@RULES.rule(
    "path-renamed",
    on=("path", Change.RENAMED),
    title="A path was renamed",
    severity=Severity.BREAKING,
    why="Calls of the old path fail, although the same operations exist under the new one.",
    fix="Serve the old path as well (or redirect it) until consumers have moved.",
    bad=Example(operation(path="/user-profiles"), operation(path="/user_profiles")),
    good=Example(operation(path="/items"), "# nothing changed\n" + operation(path="/items")),
)
def _(d: Difference) -> str:
    count = len(d.operations)
    methods = ", ".join(name.split(" ", 1)[0] for name in d.operations)
    what = f"{methods} of the path" if count > 1 else "the path"
    return f"{what} {d.expected} moved to {d.actual}"
