"""What one comparison carries along: both documents, the schema engine, and the differences found so far.

A part that many operations share through a `$ref` is compared once; each further operation is only added
to its audience. `Place` says where in which operation (or shared part) the comparison stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from driftcheck.config import Config
from driftcheck.difference import JSON, Anchor, Change, Difference, Effect, Flow, Rename, Severity, Side
from driftcheck.openapi.model import Home, Operation
from driftcheck.openapi.node import Node, escape
from driftcheck.openapi.reading.lifecycle import cap_of
from driftcheck.openapi.reading.source import Source
from driftcheck.openapi.schema import Encoding, SchemaComparison, Site
from driftcheck.openapi.unchanged import Unchanged


@dataclass(slots=True, eq=False)
class Audience:
    """The operations that a place is part of, each with the severity it is capped at.

    `name` is what the place is called once several operations share it; `limit` caps all of it.
    """

    operations: dict[str, Severity | None] = field(default_factory=dict)
    name: str | None = None
    limit: Severity | None = None

    def add(self, operation: str, cap: Severity | None) -> None:
        """Count the operation in; without a cap it stays without one."""
        if operation in self.operations and self.operations[operation] is None:
            return
        self.operations[operation] = cap

    @property
    def cap(self) -> Severity | None:
        """The worst that may be said: uncapped as soon as one operation is."""
        caps = list(self.operations.values())
        if not caps or None in caps:
            return self.limit
        return min((cap for cap in caps if cap is not None), key=lambda cap: cap.rank)


@dataclass(frozen=True, slots=True)
class Place:
    """`object` and `cause` belong to the thing compared; `operation` and `pointer` to how it was reached."""

    object: str
    cause: str
    operation: str
    audience: Audience
    pointer: str = ""
    cap: Severity | None = None

    def at(self, *names: str) -> Place:
        """The place below this one."""
        below = "".join([f"/{escape(name)}" for name in names])
        return Place(
            self.object, self.cause + below, self.operation, self.audience, self.pointer + below, self.cap
        )


def place_of(operation: Operation, cap: Severity | None = None) -> Place:
    """The place of a whole operation."""
    audience = Audience()
    audience.add(operation.label, cap)
    return Place(operation.label, operation.label, operation.label, audience, cap=cap)


@dataclass(slots=True, eq=False)
class _Shared:
    """What came of comparing a shared part, so that it need not be done again."""

    audience: Audience
    schemas: list[tuple[Node | None, Node | None, Site]] = field(default_factory=list)
    inner: list[Audience] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Run:
    """One comparison of two documents. `today` decides whether a sunset has passed."""

    expected: Source
    actual: Source
    schemas: SchemaComparison
    unchanged: Unchanged
    config: Config
    today: date
    matched: dict[str, str] = field(default_factory=dict)  # labels: old operation -> new operation
    old_ids: Mapping[str, str] = field(default_factory=dict)  # operationId -> label
    new_ids: Mapping[str, str] = field(default_factory=dict)
    entered: set[tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=set)  # callbacks under way
    _found: list[tuple[Difference, Audience]] = field(default_factory=list)
    _shared: dict[tuple[str, str, str, Flow | None], _Shared] = field(default_factory=dict)
    _open: list[_Shared] = field(default_factory=list)

    def cap(self, operation: Operation) -> Severity | None:
        """The severity above which nothing is said of an operation of the old description."""
        return cap_of(self.expected, operation.node)

    def report(
        self,
        place: Place,
        subject: str,
        kind: str,
        change: Change,
        *,
        nodes: tuple[Node | None, Node | None] = (None, None),
        values: tuple[JSON, JSON] = (None, None),
        attribute: str | None = None,
        name: str | None = None,
        flow: Flow | None = None,
        effect: Effect | None = None,
        rename: Rename | None = None,
        note: str = "",
        facts: Mapping[str, JSON] | None = None,
    ) -> None:
        """Add a difference at `place`; `nodes` is where it stands on either side, `values` what there."""
        self._found.append(
            (
                Difference(
                    subject=subject,
                    kind=kind,
                    object=place.object,
                    change=change,
                    cause=place.cause,
                    attribute=attribute,
                    name=name,
                    expected=values[0],
                    actual=values[1],
                    flow=flow,
                    effect=effect,
                    pointer=place.pointer or None,
                    rename=rename,
                    note=note,
                    facts=facts,
                    anchors=anchors(*nodes),
                ),
                place.audience,
            )
        )

    def schema(
        self,
        old: Node | None,
        new: Node | None,
        place: Place,
        flow: Flow,
        subject: str,
        encoding: Encoding = "json",
        name: str | None = None,
        required: bool = False,
    ) -> None:
        """Hand two schemas at `place` to the engine."""
        if old is None and new is None:
            return
        site = Site(subject, flow, place.operation, place.pointer, encoding, name, place.cap, required)
        for shared in self._open:
            shared.schemas.append((old, new, site))
        self.schemas.compare(old, new, site)

    def shared(
        self,
        place: Place,
        kind: str,
        homes: tuple[Home | None, Home | None],
        flow: Flow | None,
        compare: Callable[[Place], None],
    ) -> None:
        """Run `compare` at `place`, or only once for all operations where both sides are shared parts."""
        old, new = homes
        if old is None or new is None:
            compare(place)
            return
        key = (kind, old.key, new.key, flow)
        known = self._shared.get(key)
        if known is None:
            self._compare_shared(key, place, old, compare)
        else:
            self._reuse(known, place)

    def _compare_shared(
        self,
        key: tuple[str, str, str, Flow | None],
        place: Place,
        home: Home,
        compare: Callable[[Place], None],
    ) -> None:
        audience = Audience(name=home.name)
        audience.add(place.operation, place.cap)
        known = self._shared[key] = _Shared(audience)
        for outer in self._open:
            outer.inner.append(audience)
        self._open.append(known)
        title = home.name if home.own else place.operation
        compare(replace(place, object=title, cause=f"{key[0]} {home.key}", audience=audience))
        self._open.pop()

    def _reuse(self, known: _Shared, place: Place) -> None:
        for audience in (known.audience, *known.inner):
            audience.add(place.operation, place.cap)
        for outer in self._open:
            outer.inner.extend((known.audience, *known.inner))
        for old, new, first in known.schemas:
            site = replace(first, operation=place.operation, at_most=place.cap)
            for outer in self._open:
                outer.schemas.append((old, new, site))
            self.schemas.compare(old, new, site)

    def gathered(self, place: Place, kind: str, home: Home | None) -> Place:
        """The place where the same is said of a part that is missing (or new) in many operations."""
        if home is None:
            return place
        key = (kind, home.key, "", None)
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = _Shared(Audience(name=home.name))
        known.audience.add(place.operation, place.cap)
        return replace(place, cause=f"{kind} {home.key}", audience=known.audience)

    def differences(self) -> list[Difference]:
        """All differences found so far outside of schemas, with the operations they reach."""
        merged: dict[object, Difference] = {}
        for difference, audience in self._found:
            merged.setdefault((audience, _identity(difference)), _finished(difference, audience))
        return list(merged.values())


def _identity(d: Difference) -> tuple[object, ...]:
    return (d.subject, d.kind, d.cause, d.change, d.attribute, d.flow, d.name)


def _finished(difference: Difference, audience: Audience) -> Difference:
    operations = tuple(sorted(audience.operations))
    alone = operations[0] if len(operations) == 1 else None
    shared = len(operations) > 1 and audience.name is not None
    return replace(
        difference,
        object=audience.name if shared and audience.name is not None else difference.object,
        operation=alone,
        operations=operations,
        at_most=audience.cap,
    )


def anchors(old: Node | None, new: Node | None) -> tuple[Anchor, ...]:
    """Where the difference stands, on the sides where it stands anywhere."""
    sides = ((old, Side.EXPECTED), (new, Side.ACTUAL))
    return tuple(node.anchor(side) for node, side in sides if node is not None)
