"""Compares what a schema says beside its constraints: xml names, deprecation, and inherited discriminators.

Defaults are compared where it is known whether the value may be left out (members.py, and comparison.py
for parameters).
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.difference import JSON, Change, Rename
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.shape import Shape, Tag

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
    if e.tag is not None and a.tag is not None:
        yield from _inherited(e.tag, a.tag)
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


def _inherited(e: Tag, a: Tag) -> Iterator[Local]:
    """Values of a parent's discriminator; those that lead to the same schema are one value renamed."""
    gone = {value: _target(to) for value, to in e.mapping.items() if value not in a.mapping}
    fresh = {value: _target(to) for value, to in a.mapping.items() if value not in e.mapping}
    for old, target in list(gone.items()):
        new = next((value for value, to in fresh.items() if to == target), None)
        if new is not None:
            del gone[old], fresh[new]
            yield _value(e, a, old, new)
    yield from (_value(e, a, old, None) for old in gone)
    yield from (_value(e, a, None, new) for new in fresh)


def _target(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _value(e: Tag, a: Tag, old: str | None, new: str | None) -> Local:
    return Local(
        attribute="mapping",
        change=Change.RENAMED if old and new else Change.CHANGED,
        expected=old,
        actual=new,
        narrows=old is not None,
        widens=new is not None,
        provable=False,
        rename=Rename(old, new, 0.9) if old and new else None,
        step=("discriminator", "mapping", old or new or ""),
        nodes=(e.node, a.node),
        name=e.name,
        note=_NO_VALUE,
    )


def _spelling(shape: Shape) -> dict[str, JSON]:
    """The `xml` object with its defaults, as 3.2 spells it (`nodeType` for `attribute` and `wrapped`)."""
    noted = shape.notes.get("xml")
    written = noted if isinstance(noted, dict) else {}
    kind: JSON = "none" if shape.types == {"array"} else "element"
    if written.get("wrapped") is True:
        kind = "element"
    if written.get("attribute") is True:
        kind = "attribute"
    names = {name: written.get(name) for name in ("name", "namespace", "prefix")}
    return {**names, "nodeType": written.get("nodeType", kind)}


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
