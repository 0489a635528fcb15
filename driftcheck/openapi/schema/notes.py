"""Compares what a schema says beside its constraints: xml names, deprecation, and inherited discriminators.

Defaults are compared where it is known whether the value may be left out (members.py, and comparison.py
for parameters).
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.difference import JSON
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.shape import Shape

_NO_VALUE = "OpenAPI asks for it, not JSON Schema, so no JSON value shows the difference"


def compare_notes(e: Shape, a: Shape, encoding: str) -> Iterator[Local]:
    """Disagreements in annotations that matter on the wire or to readers."""
    if e.notes.get("deprecated") is not True and a.notes.get("deprecated") is True:
        yield _note("deprecated", e, a, narrows=False, widens=False)
    old, new = e.notes.get("x-extensible-enum"), a.notes.get("x-extensible-enum")
    if isinstance(old, list) and isinstance(new, list) and any(value not in new for value in old):
        yield _note("x-extensible-enum", e, a, narrows=None, widens=False)
    if e.notes.get("contentSchema") != a.notes.get("contentSchema"):
        yield _note("contentSchema", e, a, narrows=None, widens=None)
    if encoding == "xml" and _spelling(e) != _spelling(a):
        yield _note("xml", e, a, narrows=True, widens=True)
    if e.tag is not None and a.tag is not None and e.tag.name != a.tag.name:
        yield Local(
            attribute="discriminator",
            expected=e.tag.name,
            actual=a.tag.name,
            narrows=True,
            widens=True,
            provable=False,
            nodes=(e.tag.node, a.tag.node),
            note=_NO_VALUE,
            facts={"both": True},
        )


def _spelling(shape: Shape) -> dict[str, JSON]:
    """The `xml` object without what it says by default."""
    written = shape.notes.get("xml")
    return {k: v for k, v in written.items() if v not in (False, None)} if isinstance(written, dict) else {}


def compare_defaults(e: Shape, a: Shape) -> Iterator[Local]:
    """A default that came, went or changed; null is what leaving a value out means anyway."""
    old, new = e.notes.get("default"), a.notes.get("default")
    if type(old) is type(new) and old == new:
        return
    if not isinstance(old, bool) and not isinstance(new, bool) and old == new:
        return
    yield Local(
        attribute="default",
        expected=old,
        actual=new,
        narrows=None,
        widens=None,
        provable=False,
        nodes=(e.origin.get("default"), a.origin.get("default")),
        note="the value is only meant by leaving it out, so no JSON value shows the difference",
    )


def _note(name: str, e: Shape, a: Shape, *, narrows: bool | None, widens: bool | None) -> Local:
    return Local(
        attribute=name,
        expected=e.notes.get(name),
        actual=a.notes.get(name),
        narrows=narrows,
        widens=widens,
        provable=False,
        nodes=(e.origin.get(name), a.origin.get(name)),
        note=_NO_VALUE,
    )
