"""Rules for security schemes: what credentials look like, and where OAuth clients get them."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Category, Example

_SUBJECT = "security-scheme"


def _scheme(members: str, scopes: str = "[]", used: bool = True) -> str:
    security = f"security: [{{auth: {scopes}}}]" if used else ""
    return operation(security, more=f"components:\n  securitySchemes:\n    auth: {{{members}}}\n")


def _oauth(flows: str, scopes: str = "[]") -> str:
    return _scheme(f"type: oauth2, flows: {{{flows}}}", scopes)


_KEY = "type: apiKey, name: X-Key, in: header"
_BEARER = "type: http, scheme: bearer"
_TOKEN = "clientCredentials: {tokenUrl: https://login.example/%s, scopes: {%s}}"
_CODE = "authorizationCode: {authorizationUrl: https://a.example, tokenUrl: https://b.example, scopes: {}}"
_SAME = Example(_scheme(_KEY), _scheme("in: header, type: apiKey, name: x-key"))
_SAME_FLOW = Example(_oauth(_TOKEN % ("t", "a: x")), _oauth(_TOKEN % ("t", "a: y")))


def _changed(
    attribute: str,
    slug: str,
    title: str,
    why: str,
    bad: tuple[str, str],
    severity: Severity = Severity.BREAKING,
    category: Category = "wire",
    fix: str = "Keep the old scheme as an alternative until consumers have moved.",
    version: str = "",
) -> None:
    @RULES.rule(
        f"security-scheme-{slug}-changed",
        on=(_SUBJECT, Change.CHANGED, attribute),
        title=title,
        severity=severity,
        category=category,
        why=why,
        fix=fix,
        bad=Example(version + _scheme(bad[0]), version + _scheme(bad[1])),
        good=_SAME,
    )
    def _(d: Difference) -> str:
        return f"{d.name}: {attribute} was {d.expected or 'nothing'}, and is now {d.actual or 'nothing'}"


_changed(
    "type",
    "type",
    "A security scheme is of another type",
    "Credentials as consumers have them are refused.",
    (_KEY, _BEARER),
)
_changed(
    "name",
    "name",
    "An API key goes by another name",
    "Consumers send it in the old header, query parameter or cookie, where nobody reads it.",
    (_KEY, _KEY.replace("X-Key", "X-Token")),
)
_changed(
    "in",
    "place",
    "An API key goes in another place",
    "Consumers send it in the old place, where nobody reads it.",
    (_KEY, _KEY.replace("header", "query")),
)
_changed(
    "scheme",
    "http-scheme",
    "Another HTTP authentication scheme is needed",
    "Credentials as consumers send them are refused.",
    (_BEARER, "type: http, scheme: basic"),
)
_changed(
    "url",
    "discovery-url",
    "The discovery document of a security scheme has another URL",
    "Consumers that have the old URL written down may get no tokens, or such as are refused.",
    (
        "type: openIdConnect, openIdConnectUrl: https://a.example/.well-known/openid-configuration",
        "type: openIdConnect, openIdConnectUrl: https://b.example/.well-known/openid-configuration",
    ),
    Severity.RISKY,
    fix="Serve the old URL as well, and make sure that tokens from there are taken.",
)
_changed(
    "bearerFormat",
    "bearer-format",
    "The format of a bearer token is described in another way",
    "It is a hint for people; tokens are opaque to consumers.",
    (_BEARER, f"{_BEARER}, bearerFormat: JWT"),
    Severity.INFO,
    "docs",
    fix="Nothing to do.",
)
_changed(
    "deprecated",
    "deprecation",
    "A security scheme was deprecated, or is no longer",
    "It still works.",
    (_KEY, f"{_KEY}, deprecated: true"),
    Severity.INFO,
    fix="Tell consumers what to use instead.",
    version="openapi: 3.2.0\n",
)


@RULES.rule(
    "security-scheme-removed",
    on=(_SUBJECT, Change.MISSING),
    title="A security scheme that nothing needs was removed",
    severity=Severity.INFO,
    why="No operation that is still there asks for it.",
    fix="Nothing to do.",
    bad=Example(_scheme(_KEY, used=False), operation()),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the security scheme {d.name} is gone"


@RULES.rule(
    "security-scheme-added",
    on=(_SUBJECT, Change.EXTRA),
    title="A security scheme was added",
    severity=Severity.INFO,
    why="No operation asks for it yet.",
    fix="Nothing to do.",
    bad=Example(operation(), _scheme(_KEY, used=False)),
    good=_SAME,
)
def _(d: Difference) -> str:
    return f"the security scheme {d.name} is new"


@RULES.rule(
    "security-flow-removed",
    on=("security-flow", Change.MISSING),
    title="An OAuth flow was removed",
    severity=Severity.BREAKING,
    why="Consumers that get their tokens by it get none.",
    fix="Keep the flow until they have moved to another one.",
    bad=Example(_oauth(f"{_TOKEN % ('t', '')}, {_CODE}"), _oauth(_TOKEN % ("t", ""))),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str:
    return f"{(d.facts or {}).get('scheme')}: the flow {d.name} is gone"


@RULES.rule(
    "security-flow-added",
    on=("security-flow", Change.EXTRA),
    title="An OAuth flow was added",
    severity=Severity.INFO,
    why="Those that worked before still do.",
    fix="Nothing to do.",
    bad=Example(_oauth(_TOKEN % ("t", "")), _oauth(f"{_TOKEN % ('t', '')}, {_CODE}")),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str:
    return f"{(d.facts or {}).get('scheme')}: the flow {d.name} is new"


@RULES.rule(
    "security-flow-url-changed",
    on=("security-flow", Change.CHANGED, "url"),
    title="A URL of an OAuth flow changed",
    severity=Severity.RISKY,
    why="Consumers that have the old URL written down may get no tokens, or such as are refused.",
    fix="Serve the old URL as well, and make sure that tokens from there are taken.",
    bad=Example(_oauth(_TOKEN % ("old", "")), _oauth(_TOKEN % ("new", ""))),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str:
    scheme = (d.facts or {}).get("scheme")
    return f"{scheme}: {d.name} was {d.expected or 'nothing'}, and is now {d.actual or 'nothing'}"


def _with_scope(scopes: str) -> str:
    return _oauth(_TOKEN % ("t", scopes), "[read]")


@RULES.rule(
    "security-scope-removed",
    on=("security-scheme-scope", Change.MISSING),
    title="A scope that operations need is no longer offered",
    severity=Severity.BREAKING,
    why="Consumers can get no token for these operations.",
    fix="Offer the scope as long as an operation needs it.",
    bad=Example(_with_scope("read: see"), _with_scope("")),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str | None:
    facts = d.facts or {}
    return f"{facts.get('scheme')}: the scope {d.name} is gone" if facts.get("used") else None


@RULES.rule(
    "security-unused-scope-removed",
    on=("security-scheme-scope", Change.MISSING),
    title="A scope that no operation needs is no longer offered",
    severity=Severity.INFO,
    why="No operation of the description asks for it.",
    fix="Make sure that clients which still ask for it get their tokens.",
    bad=Example(_with_scope("read: see, write: change"), _with_scope("read: see")),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str:
    return f"{(d.facts or {}).get('scheme')}: the scope {d.name} is gone; no operation needed it"


@RULES.rule(
    "security-scope-offered",
    on=("security-scheme-scope", Change.EXTRA),
    title="Another scope is offered",
    severity=Severity.INFO,
    why="Those offered before still are.",
    fix="Nothing to do.",
    bad=Example(_with_scope("read: see"), _with_scope("read: see, write: change")),
    good=_SAME_FLOW,
)
def _(d: Difference) -> str:
    return f"{(d.facts or {}).get('scheme')}: the scope {d.name} is new"
