"""Rules for what operations ask for as authorisation."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_SCHEMES = """\
components:
  securitySchemes:
    key: {type: apiKey, name: X-Key, in: header}
    token: {type: http, scheme: bearer}
    oauth:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://login.example/token
          scopes: {read: see items, write: change items}
"""


def _asks(security: str) -> str:
    return operation(f"security: {security}", more=_SCHEMES)


_OPEN = operation(more=_SCHEMES)
_KEY = _asks("[{key: []}]")
_EITHER = _asks("[{key: []}, {token: []}]")
_BOTH = _asks("[{key: [], token: []}]")
_READ = _asks("[{oauth: [read]}]")
_READ_WRITE = _asks("[{oauth: [read, write]}]")
_SAME = Example(_EITHER, _asks("[{token: []}, {key: []}]"))


@RULES.rule(
    "security-requirement-added",
    on=("security-requirement", Change.EXTRA),
    title="Authorisation is now needed",
    severity=Severity.BREAKING,
    why="Requests without credentials are refused.",
    fix="Keep the open alternative ({}) until consumers send credentials.",
    bad=Example(_OPEN, _KEY),
    good=Example(_OPEN, _asks("[]")),
)
def _(_d: Difference) -> str:
    return "it worked without credentials, and now needs some"


@RULES.rule(
    "security-requirement-removed",
    on=("security-requirement", Change.MISSING),
    title="Authorisation is no longer needed",
    severity=Severity.INFO,
    why="Requests with credentials work as before.",
    fix="Make sure that this is meant to be open to everybody.",
    bad=Example(_KEY, _OPEN),
    good=_SAME,
)
def _(_d: Difference) -> str:
    return "it now works without credentials"


@RULES.rule(
    "security-alternative-removed",
    on=("security-alternative", Change.MISSING),
    title="A way to authorise was removed",
    severity=Severity.BREAKING,
    why="Consumers that use it are refused.",
    fix="Keep it until they have moved to another one.",
    bad=Example(_EITHER, _KEY),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is no longer enough"


@RULES.rule(
    "security-alternative-added",
    on=("security-alternative", Change.EXTRA),
    title="A way to authorise was added",
    severity=Severity.INFO,
    why="Those that worked before still do.",
    fix="Nothing to do.",
    bad=Example(_KEY, _EITHER),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"{d.name} is now enough"


@RULES.rule(
    "security-requirement-tightened",
    on=("security-requirement", Change.CHANGED, "schemes"),
    title="More credentials are needed together",
    severity=Severity.BREAKING,
    why="Requests with the old ones alone are refused.",
    fix="Keep the old ones as an alternative of their own.",
    bad=Example(_KEY, _BOTH),
    good=_SAME,
)
def _(d: Difference) -> str:
    schemes = (d.facts or {}).get("schemes")
    return f"{d.name} alone is no longer enough, it takes {' and '.join(map(str, _list(schemes)))}"


@RULES.rule(
    "security-scope-added",
    on=("security-scope", Change.EXTRA),
    title="Another scope is needed",
    severity=Severity.BREAKING,
    why="Tokens of existing consumers do not have it, and are refused.",
    fix="Keep the old scopes enough, or grant the new one to existing clients first.",
    bad=Example(_READ, _READ_WRITE),
    good=Example(_READ_WRITE, _asks("[{oauth: [write, read]}]")),
)
def _(d: Difference) -> str:
    return f"{d.name} now needs the scope {', '.join(map(str, _list((d.facts or {}).get('scopes'))))}"


@RULES.rule(
    "security-scope-no-longer-needed",
    on=("security-scope", Change.MISSING),
    title="Fewer scopes are needed",
    severity=Severity.INFO,
    why="Tokens that were enough before still are.",
    fix="Nothing to do.",
    bad=Example(_READ_WRITE, _READ),
    good=Example(_READ_WRITE, _asks("[{oauth: [write, read]}]")),
)
def _(d: Difference) -> str:
    return f"{d.name} no longer needs the scope {', '.join(map(str, _list((d.facts or {}).get('scopes'))))}"


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
