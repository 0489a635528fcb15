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


@dataclass(frozen=True, slots=True)
class SchemeNames:
    """Names for security schemes that are equal for equal schemes, for either side's own names.

    The same scheme may have several names in a document, and others in the other document.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One alternative: as written, and with the names of SchemeNames."""

    written: Alternative
    meant: Alternative


def compare_requirements(run: Run, pairs: Iterable[Pair], names: SchemeNames) -> None:
    """Compare each pair; what comes from the document's own `security` is one difference for all of them."""
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
        _compare(run, pair.place.at("security"), _asks(old, names.old), _asks(new, names.new), nodes)
    if audience.operations:
        place = Place("security", "security", next(iter(audience.operations)), audience, "/security")
        roots = run.expected.root, run.actual.root
        nodes = roots[0].get("security") or roots[0], roots[1].get("security") or roots[1]
        before, after = (requirements or ({},) for requirements in inherited)
        _compare(run, place, _asks(before, names.old), _asks(after, names.new), nodes)


def _asks(alternatives: tuple[Alternative, ...], names: Mapping[str, str]) -> list[Ask]:
    return [
        Ask(item, {names.get(name, name): scopes for name, scopes in item.items()}) for item in alternatives
    ]


def enough(asked: Alternative, held: Alternative) -> bool:
    """Whether credentials for `held` satisfy `asked`."""
    return all(name in held and scopes <= held[name] for name, scopes in asked.items())


def _compare(run: Run, place: Place, old: list[Ask], new: list[Ask], nodes: tuple[Node, Node]) -> None:
    def report(ask: Ask, subject: str, change: Change, effect: Effect, **more: Any) -> None:
        names = sorted(ask.written)
        run.report(
            place.at(*names),
            subject,
            "security",
            change,
            nodes=nodes,
            name=" + ".join(names) or None,
            values=(_written(old), _written(new)),
            flow=Flow.SENT,
            effect=effect,
            **more,
        )

    lost = [ask for ask in old if not any(enough(other.meant, ask.meant) for other in new)]
    won = [ask for ask in new if not any(enough(other.meant, ask.meant) for other in old)]
    fresh = [ask for ask in new if not any(ask.meant == other.meant for other in old)]
    opened = [ask for ask in won if not ask.meant]
    for ask in lost:
        if not ask.meant:  # it was open, and no alternative is any more: nothing else needs saying
            report(ask, "security-requirement", Change.EXTRA, Effect.NARROWED)
            return
        subject, change, more = _loss(ask, fresh)
        report(ask, subject, change, Effect.NARROWED, **more)
    for ask in opened:
        report(ask, "security-requirement", Change.MISSING, Effect.WIDENED)
    for ask in won if not opened else ():
        if ask in fresh:
            subject, change, more = _gain(ask, old)
            report(ask, subject, change, Effect.WIDENED, **more)


_Told = tuple[str, Change, dict[str, Any]]


def _loss(held: Ask, fresh: list[Ask]) -> _Told:
    """What happened to an old alternative: a new one that resembles it asks for more, or there is none."""
    related = [ask for ask in fresh if ask.meant.keys() >= held.meant.keys()]
    if not related:
        return "security-alternative", Change.MISSING, {}
    near = min(related, key=lambda ask: len(ask.meant))
    fresh.remove(near)
    if near.meant.keys() == held.meant.keys():
        return "security-scope", Change.EXTRA, {"facts": {"scopes": _beyond(near, held)}}
    facts = {"schemes": sorted(near.written)}
    return "security-requirement", Change.CHANGED, {"attribute": "schemes", "facts": facts}


def _gain(asked: Ask, old: list[Ask]) -> _Told:
    """What a new alternative is: an old one that asks for fewer scopes, or another way in."""
    near = next((held for held in old if held.meant.keys() == asked.meant.keys()), None)
    if near is None:
        return "security-alternative", Change.EXTRA, {}
    return "security-scope", Change.MISSING, {"facts": {"scopes": _beyond(near, asked)}}


def _beyond(more: Ask, less: Ask) -> list[str]:
    return sorted(frozenset[str]().union(*(more.meant[name] - less.meant[name] for name in more.meant)))


def _written(asks: Iterable[Ask]) -> JSON:
    return [{name: sorted(scopes) for name, scopes in sorted(ask.written.items())} for ask in asks]
