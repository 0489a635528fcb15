"""Compares where an API is served: every URL that worked before must still be one.

Servers are compared as sets of URLs, with the prefix that moved between servers and paths put back.
"""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.difference import Change, Effect, Flow
from driftcheck.openapi.comparing.matching import Match
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.comparing.urls import covered, has_host, host_left_open, overlap
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.servers import Server, default_servers, expand, servers
from driftcheck.openapi.reading.source import Source

_Servers = tuple[Server, ...]
_Level = tuple[_Servers, Node]


class ServersOf:
    """The servers that hold for an operation: its own, else the path's, else the document's."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.root: _Level = (servers(source, source.root) or default_servers(), source.root)

    def __call__(self, operation: Operation) -> _Level:
        """The servers and the node that has them."""
        legacy = self._source.legacy
        for node in (operation.node, *(() if legacy else operation.item.nodes)):
            written = node.get("schemes" if legacy else "servers") is not None
            own = servers(self._source, node) if written else None
            if own is not None:
                return own, node
        return self.root

    def urls(self, operation: Operation) -> tuple[str, ...]:
        """All URLs that an operation's path is put behind."""
        return tuple(url for server in self(operation)[0] for url in server.urls)


def compare_servers(run: Run, matches: Iterable[tuple[Match, Place]], old: ServersOf, new: ServersOf) -> None:
    """Compare the servers of all matched operations; those of the document are one difference for all."""
    groups: dict[tuple[str, str, tuple[str, str]], Audience] = {}
    levels: dict[tuple[str, str, tuple[str, str]], tuple[_Level, _Level, Place]] = {}
    for match, place in matches:
        before, after = old(match.old), new(match.new)
        key = (before[1].pointer, after[1].pointer, match.bases)
        groups.setdefault(key, Audience()).add(place.operation, place.cap)
        levels.setdefault(key, (before, after, place))
    if not groups:
        empty = Place("servers", "servers", "", Audience(), "/servers")
        levels["", "", ("", "")] = (old.root, new.root, empty)
    for key, (before, after, place) in levels.items():
        at = place.at("servers")
        if key in groups and before[1] is old.root[1] and after[1] is new.root[1]:
            cause = " ".join(("servers", *filter(None, key[2])))
            at = Place("servers", cause, place.operation, groups[key], "/servers")
        elif key in groups and len(groups[key].operations) > 1:
            at = Place(place.object, f"servers of {key[0]}", place.operation, groups[key], "/servers")
        _compare(run, at, _based(before[0], key[2][0]), _based(after[0], key[2][1]), (before[1], after[1]))


def _based(found: _Servers, base: str) -> _Servers:
    if not base:
        return found
    return tuple(
        Server(
            server.url.rstrip("/") + base,
            tuple(url + base for url in server.urls),
            server.variables,
            server.node,
        )
        for server in found
    )


def _compare(run: Run, place: Place, old: _Servers, new: _Servers, nodes: tuple[Node, Node]) -> None:
    if [server.urls for server in old] == [server.urls for server in new]:
        _defaults(run, place, old, new)
        return
    written = old[0].node is not None
    gone = [server for server in old if written and not any(overlap(server, other) for other in new)]
    fresh = [
        server
        for server in new
        if server.node is not None and not any(overlap(other, server) for other in old)
    ]
    vague = [server for server in gone if host_left_open(server, new)]
    if vague:
        fresh = [server for server in fresh if has_host(server)]
    replaced = len(gone) == len(fresh) == 1
    for server in gone:
        if replaced:
            _report(run, place, server, fresh[0], Change.CHANGED, Effect.NARROWED)
        else:
            effect = Effect.UNCLEAR if server in vague else Effect.NARROWED
            _report(run, place, server, None, Change.MISSING, effect)
    for server in fresh if not replaced else ():
        _report(run, place, server, None, Change.EXTRA, Effect.WIDENED)
    for server in old:
        if written and server not in gone:
            lost = [url for url in server.urls if not covered(url, new, expected=True)]
            _values(run, place, server, new, lost, nodes, Change.MISSING)
    for server in new:
        if written and server not in fresh:
            won = [url for url in server.urls if not covered(url, old, expected=False)]
            _values(run, place, server, old, won, nodes, Change.EXTRA)
    _defaults(run, place, old, new)


def _report(
    run: Run, place: Place, server: Server, other: Server | None, change: Change, effect: Effect
) -> None:
    """`server` is gone or new; or gone, and `other` has taken its place."""
    old, new = (None, server) if change is Change.EXTRA else (server, other)
    run.report(
        place.at(server.url),
        "server",
        "server",
        change,
        nodes=(old.node if old else None, new.node if new else None),
        attribute="url" if change is Change.CHANGED else None,
        name=server.url,
        values=(old.url if old else None, new.url if new else None),
        flow=Flow.SENT,
        effect=effect,
    )


def _values(
    run: Run,
    place: Place,
    server: Server,
    others: _Servers,
    lost: list[str],
    nodes: tuple[Node, Node],
    change: Change,
) -> None:
    """The values of variables that no server of the other side has; `lost` are their URLs."""
    told = False
    for variable in server.variables.values():
        for value in variable.values or ():
            if set(expand(server.url, server.variables, {variable.name: value})) <= set(lost):
                told = True
                _report_value(run, place, server, variable.name, value, nodes, change)
    if lost and not told and change is Change.MISSING:
        run.report(
            place.at(server.url),
            "server-variable",
            "server",
            Change.CHANGED,
            nodes=(server.node, nodes[1]),
            attribute="values",
            name=server.url,
            values=(list(server.urls), [url for other in others for url in other.urls]),
            flow=Flow.SENT,
            effect=Effect.NARROWED,
        )


def _report_value(
    run: Run, place: Place, server: Server, name: str, value: str, nodes: tuple[Node, Node], change: Change
) -> None:
    gone = change is Change.MISSING
    node = server.variables[name].node or server.node
    run.report(
        place.at(server.url, "variables", name, value),
        "server-variable-value",
        "server",
        change,
        nodes=(node if gone else nodes[0], nodes[1] if gone else node),
        name=value,
        flow=Flow.SENT,
        effect=Effect.NARROWED if gone else Effect.WIDENED,
        facts={"variable": name, "server": server.url},
    )


def _defaults(run: Run, place: Place, old: _Servers, new: _Servers) -> None:
    by_url = {server.url: server for server in new}
    for server in old:
        other = by_url.get(server.url)
        for name, variable in server.variables.items() if other is not None else ():
            after = other.variables[name] if other is not None else variable
            if variable.default != after.default:
                run.report(
                    place.at(server.url, "variables", name),
                    "server-variable",
                    "server",
                    Change.CHANGED,
                    nodes=(variable.node, after.node),
                    attribute="default",
                    name=name,
                    values=(variable.default, after.default),
                    flow=Flow.SENT,
                    effect=Effect.UNCLEAR,
                    facts={"server": server.url},
                )
