"""Compares security schemes by what they ask of a client, whatever they are called in the document.

Equal definitions are the same scheme under any name; else the same name is the same scheme, changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from driftcheck.difference import JSON, Change, Effect, Flow, Severity
from driftcheck.openapi.comparing.requirements import Pair, SchemeNames
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.security import Flow as OAuthFlow
from driftcheck.openapi.reading.security import Scheme, effective, own_requirements
from driftcheck.openapi.reading.source import Source

_Schemes = Mapping[str, Scheme]
_GONE = "\x00"  # marks the name of a scheme that has no counterpart, so that it equals no new one


def pair_schemes(old: _Schemes, new: _Schemes) -> dict[str, str]:
    """For each old scheme the name of the new one, or a name that no scheme has."""
    names: dict[str, str] = {}
    by_identity = _by_identity(new)
    for name, scheme in old.items():
        equals = by_identity.get(scheme.identity, [])
        if equals:
            names[name] = name if name in equals else equals[0]
    for name in old:
        if name not in names and name in new and name not in names.values():
            names[name] = name
    for kind in ("oauth2", "openIdConnect"):
        left = [name for name in old if name not in names and old[name].type == kind]
        free = [name for name in new if name not in names.values() and new[name].type == kind]
        if len(left) == len(free) == 1:
            names[left[0]] = free[0]
    return names | {name: name + _GONE for name in old if name not in names}


def _by_identity(schemes: _Schemes) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    for name, scheme in schemes.items():
        found.setdefault(scheme.identity, []).append(name)
    return found


def common_names(names: Mapping[str, str], new: _Schemes) -> SchemeNames:
    """One name for all equal schemes of both documents."""
    firsts = {name: equals[0] for equals in _by_identity(new).values() for name in equals}
    return SchemeNames({old: firsts.get(name, name) for old, name in names.items()}, firsts)


def compare_schemes(
    run: Run, old: _Schemes, new: _Schemes, names: Mapping[str, str], pairs: Iterable[Pair]
) -> None:
    """Compare the schemes; each difference is one for all operations that use the scheme."""
    changed = [(old[a], new[b]) for a, b in names.items() if b in new and _differ(old[a], new[b])]
    lone = [scheme for name, scheme in old.items() if names[name] not in new]
    fresh = [scheme for name, scheme in new.items() if name not in names.values()]
    if not changed and not lone and not fresh:
        return
    all_pairs = list(pairs)
    users = _users(run.expected, [(pair, pair.old) for pair in all_pairs])
    for before, after in changed:
        _compare(run, before, after, users.get(before.name, []))
    for scheme in lone:
        if scheme.name not in users:  # else the operations that use it say so
            _one_side(run, scheme, Change.MISSING)
    new_users = _users(run.actual, [(pair, pair.new) for pair in all_pairs]) if fresh else {}
    for scheme in fresh:
        if scheme.name not in new_users:
            _one_side(run, scheme, Change.EXTRA)


def _differ(old: Scheme, new: Scheme) -> bool:
    return (
        old.identity != new.identity
        or old.bearer_format != new.bearer_format
        or old.deprecated != new.deprecated
    )


def _users(
    source: Source, operations: list[tuple[Pair, Operation]]
) -> dict[str, list[tuple[Pair, frozenset[str]]]]:
    """The operations that name each scheme, with the scopes they ask for."""
    found: dict[str, list[tuple[Pair, frozenset[str]]]] = {}
    inherited = own_requirements(source, source.root) or ()
    for pair, operation in operations:
        scopes: dict[str, frozenset[str]] = {}
        for alternative in effective(source, operation, inherited):
            for name, asked in alternative.items():
                scopes[name] = scopes.get(name, frozenset()) | asked
        for name, asked in scopes.items():
            found.setdefault(name, []).append((pair, asked))
    return found


def _place(scheme: Scheme, users: list[tuple[Pair, frozenset[str]]]) -> Place:
    audience = Audience(name=scheme.name, limit=None if users else Severity.INFO)
    for pair, _ in users:
        audience.add(pair.place.operation, pair.place.cap)
    first = users[0][0].place.operation if users else ""
    return Place(scheme.name, f"securitySchemes/{scheme.name}", first, audience)


def _one_side(run: Run, scheme: Scheme, change: Change) -> None:
    gone = change is Change.MISSING
    run.report(
        _place(scheme, []),
        "security-scheme",
        "security",
        change,
        nodes=(scheme.node if gone else None, None if gone else scheme.node),
        name=scheme.name,
    )


def _compare(run: Run, old: Scheme, new: Scheme, users: list[tuple[Pair, frozenset[str]]]) -> None:
    place = _place(old, users)

    def changed(attribute: str, before: JSON, after: JSON, effect: Effect | None) -> None:
        if before != after:
            run.report(
                place.at(attribute),
                "security-scheme",
                "security",
                Change.CHANGED,
                nodes=(old.node, new.node),
                attribute=attribute,
                name=old.name,
                values=(before, after),
                flow=Flow.SENT,
                effect=effect,
            )

    if old.type != new.type:
        changed("type", old.type, new.type, Effect.NARROWED)
        return
    if old.identity != new.identity:
        case = str.lower if old.place == "header" else str
        if case(old.key) != case(new.key):
            changed("name", old.key, new.key, Effect.NARROWED)
        changed("in", old.place, new.place, Effect.NARROWED)
    changed("scheme", old.http, new.http, Effect.NARROWED)
    changed("url", old.url, new.url, Effect.UNCLEAR)
    changed("bearerFormat", old.bearer_format, new.bearer_format, None)
    changed("deprecated", old.deprecated, new.deprecated, None)
    _flows(run, place, old, new, frozenset[str]().union(*(scopes for _, scopes in users)))


def _flows(run: Run, place: Place, old: Scheme, new: Scheme, used: frozenset[str]) -> None:
    before, after = old.flows or {}, new.flows or {}
    for name in sorted(before.keys() | after.keys()):
        at = place.at("flows", name)
        if name in before and name in after:
            _flow(run, at, old.name, before[name], after[name], used)
            continue
        gone = name in before
        run.report(
            at,
            "security-flow",
            "security",
            Change.MISSING if gone else Change.EXTRA,
            nodes=(before[name].node if gone else old.node, new.node if gone else after[name].node),
            name=name,
            flow=Flow.SENT,
            effect=Effect.NARROWED if gone else Effect.WIDENED,
            facts={"scheme": old.name},
        )


def _flow(run: Run, place: Place, scheme: str, old: OAuthFlow, new: OAuthFlow, used: frozenset[str]) -> None:
    for name in sorted(old.urls.keys() | new.urls.keys()):
        before, after = old.urls.get(name), new.urls.get(name)
        if before != after:
            run.report(
                place.at(name),
                "security-flow",
                "security",
                Change.CHANGED,
                nodes=(old.node, new.node),
                attribute="url",
                name=name,
                values=(before, after),
                flow=Flow.SENT,
                effect=Effect.UNCLEAR,
                facts={"scheme": scheme},
            )
    for scope in sorted(old.scopes ^ new.scopes):
        gone = scope in old.scopes
        run.report(
            place.at("scopes", scope),
            "security-scheme-scope",
            "security",
            Change.MISSING if gone else Change.EXTRA,
            nodes=(old.node, new.node),
            name=scope,
            flow=Flow.SENT,
            effect=Effect.NARROWED if gone else Effect.WIDENED,
            facts={"scheme": scheme, "used": scope in used},
        )
