"""Matches named values around a body (parameters, headers) and reports those without a counterpart.

What is compared of a matched pair is in field.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from driftcheck.difference import Change, Effect, Flow, Rename
from driftcheck.openapi.comparing.field import Spot, compare_field, described
from driftcheck.openapi.comparing.lifecycle import ending
from driftcheck.openapi.comparing.run import Run
from driftcheck.openapi.comparing.serialization import SCALAR, value_kinds
from driftcheck.openapi.model import Field
from driftcheck.openapi.reading.source import text
from driftcheck.renaming.pairs import best_renames

_TELLING = 3  # words of a description


def compare_fields(run: Run, spot: Spot, old: Iterable[Field], new: Iterable[Field]) -> None:
    """Match by place and name, then by name, then by related names; report the rest as removed or added."""
    before, after = {field.key: field for field in old}, {field.key: field for field in new}
    for key in before.keys() & after.keys():
        compare_field(run, spot, before[key], after[key])
    gone = {key: field for key, field in before.items() if key not in after}
    fresh = {key: field for key, field in after.items() if key not in before}
    if gone and fresh:
        _moved(run, spot, gone, fresh)
        _renamed(run, spot, gone, fresh)
    for field in gone.values():
        _removed(run, spot, field)
    for field in fresh.values():
        _added(run, spot, field)


_ByKey = dict[tuple[str, str], Field]


def _moved(run: Run, spot: Spot, gone: _ByKey, fresh: _ByKey) -> None:
    """The same name in another place; both leave the lists."""
    for key, field in list(gone.items()):
        name = field.name.lower()
        found = [other for other in fresh.values() if other.name.lower() == name]
        if len(found) == 1 and found[0].place != field.place and "path" not in (field.place, found[0].place):
            target = found[0]
            del gone[key], fresh[target.key]
            run.report(
                spot.of(field),
                spot.subject,
                spot.kind,
                Change.CHANGED,
                nodes=(field.node, target.node),
                attribute="in",
                name=field.name,
                values=(field.place, target.place),
                flow=spot.flow,
                effect=spot.harm,
            )
            compare_field(run, spot, field, target, matched=False)


def _renamed(run: Run, spot: Spot, gone: _ByKey, fresh: _ByKey) -> None:
    for place in sorted({field.place for field in gone.values()} - {"path"}):
        removed = {field.name: field for field in gone.values() if field.place == place}
        added = {field.name: field for field in fresh.values() if field.place == place}
        for old, new, confidence in best_renames(removed, added, fit(run, spot.flow), described_alike):
            field, other = removed[old], added[new]
            del gone[field.key], fresh[other.key]
            run.report(
                run.gathered(spot.of(field), f"{spot.kind} renamed", field.home),
                spot.subject,
                spot.kind,
                Change.RENAMED,
                nodes=(field.node, other.node),
                name=old,
                values=(old, new),
                flow=spot.flow,
                effect=spot.harm,
                rename=Rename(old, new, confidence),
                facts=described(field),
            )
            compare_field(run, spot, field, other, matched=False)


def described_alike(old: Field, new: Field) -> bool:
    """Whether both have the same description, and one that is not said of everything."""
    before, after = text(old.node, "description"), text(new.node, "description")
    return before == after and before is not None and len(before.split()) >= _TELLING


def fit(run: Run, flow: Flow) -> Callable[[Field, Field], float]:
    """How well two fields fit, as best_renames asks for it."""

    def compatible(old: Field, new: Field) -> float:
        if (old.media is None) != (new.media is None):
            return 0.0
        kinds = value_kinds(run.expected, old.schema), value_kinds(run.actual, new.schema)
        if not kinds[0] & kinds[1]:
            return 0.0
        there = run.schemas.covered(old.schema, new.schema, flow)
        other_flow = Flow.RECEIVED if flow is Flow.SENT else Flow.SENT
        back = run.schemas.covered(old.schema, new.schema, other_flow)
        if there or back:
            return 1.0 if there and back else 0.6
        return 0.25 if kinds[0] == kinds[1] == {SCALAR} else 0.0  # numbers and words are both text here

    return compatible


def _removed(run: Run, spot: Spot, field: Field) -> None:
    if field.place == "path":  # the template decides: a matched path still has the parameter
        return
    place = run.gathered(spot.of(field), f"{spot.kind} removed", field.home)
    run.report(
        place,
        spot.subject,
        spot.kind,
        Change.MISSING,
        nodes=(field.node, None),
        name=field.name,
        flow=spot.flow,
        effect=Effect.UNCLEAR if spot.flow is Flow.SENT else Effect.WIDENED,
        facts={**described(field), "announced": ending(run, field.node)},
    )


def _added(run: Run, spot: Spot, field: Field) -> None:
    if field.place == "path":
        return
    harmful = spot.flow is Flow.SENT and field.required
    place = run.gathered(spot.of(field), f"{spot.kind} added", field.home)
    run.report(
        place,
        spot.subject,
        spot.kind,
        Change.EXTRA,
        nodes=(None, field.node),
        name=field.name,
        flow=spot.flow,
        effect=Effect.NARROWED if harmful or spot.flow is Flow.RECEIVED else Effect.WIDENED,
        facts=described(field),
    )
