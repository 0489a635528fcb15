"""Compares what operations ask for as authorisation: whoever could call before must still be able to.

Every old alternative needs a new one that asks for a subset of its schemes and scopes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from driftcheck.difference import JSON, Change, Effect, Flow
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.security import Alternative, effective, own_requirements


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operations that are the same one; `place` is where differences of the operation go."""

    old: Operation
    new: Operation
    place: Place


_Both = tuple[Alternative, Alternative]  # as written, and in the names of the new description


def compare_requirements(run: Run, pairs: Iterable[Pair], names: Mapping[str, str]) -> None:
    """Compare each pair; what comes from the document's own `security` is one difference for all of them.

    `names` gives for a scheme of the old description the name it has in the new one.
    """
    sources = run.expected, run.actual
    inherited = [own_requirements(source, source.root) or () for source in sources]
    audience = Audience()
    for pair in pairs:
        own = pair.old.node.get("security"), pair.new.node.get("security")
        if own == (None, None):
            audience.add(pair.place.operation, pair.place.cap)
            continue
        nodes = own[0] or pair.old.node, own[1] or pair.new.node
        old = effective(run.expected, pair.old, inherited[0])
        new = effective(run.actual, pair.new, inherited[1])
        _compare(run, pair.place.at("security"), _translated(old, names), new, nodes)
    if audience.operations:
        place = Place("security", "security", next(iter(audience.operations)), audience, "/security")
        roots = run.expected.root, run.actual.root
        nodes = roots[0].get("security") or roots[0], roots[1].get("security") or roots[1]
        _compare(run, place, _translated(inherited[0] or ({},), names), inherited[1] or ({},), nodes)


def _translated(alternatives: tuple[Alternative, ...], names: Mapping[str, str]) -> list[_Both]:
    return [(item, {names.get(name, name): scopes for name, scopes in item.items()}) for item in alternatives]


def enough(asked: Alternative, held: Alternative) -> bool:
    """Whether credentials for `held` satisfy `asked`."""
    return all(name in held and scopes <= held[name] for name, scopes in asked.items())


def _compare(
    run: Run, place: Place, old: list[_Both], new: tuple[Alternative, ...], nodes: tuple[Node, Node]
) -> None:
    lost = [both for both in old if not any(enough(asked, both[1]) for asked in new)]
    won = [asked for asked in new if not any(enough(asked, held) for _, held in old)]

    def report(names: list[str], subject: str, change: Change, effect: Effect, **more: Any) -> None:
        run.report(
            place.at(*names),
            subject,
            "security",
            change,
            nodes=(nodes[0], nodes[1]),
            name=" + ".join(names) or None,
            values=(_written([written for written, _ in old]), _written(new)),
            flow=Flow.SENT,
            effect=effect,
            **more,
        )

    if any(not held for _, held in lost):
        report([], "security-requirement", Change.EXTRA, Effect.NARROWED)
        won = []
    elif any(not asked for asked in won):
        report([], "security-requirement", Change.MISSING, Effect.WIDENED)
        won = []
    for written, held in lost:
        if held:
            subject, change, more = _loss(held, won)
            report(sorted(written), subject, change, Effect.NARROWED, **more)
    for asked in won:
        report(sorted(asked), "security-alternative", Change.EXTRA, Effect.WIDENED)


def _loss(held: Alternative, won: list[Alternative]) -> tuple[str, Change, dict[str, Any]]:
    """What happened to an old alternative: the new one that resembles it asks for more, or there is none."""
    near = min((asked for asked in won if asked.keys() >= held.keys()), key=len, default=None)
    if near is None:
        return "security-alternative", Change.MISSING, {}
    won.remove(near)
    if near.keys() == held.keys():
        scopes = sorted(frozenset[str]().union(*(near[name] - held[name] for name in near)))
        return "security-scope", Change.EXTRA, {"facts": {"scopes": scopes}}
    return (
        "security-requirement",
        Change.CHANGED,
        {"attribute": "schemes", "facts": {"schemes": sorted(near)}},
    )


def _written(alternatives: Iterable[Alternative]) -> JSON:
    return [{name: sorted(scopes) for name, scopes in sorted(item.items())} for item in alternatives]
