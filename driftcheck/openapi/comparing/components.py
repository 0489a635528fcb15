"""Compares the names of component schemas: generated clients have classes called after them.

A renamed component is an equal rewrite on the wire. It is recognised by its content, with the names of
other components left out of account, or by a related name and compatible content.
"""

from __future__ import annotations

from typing import Any

import orjson

from driftcheck.difference import Change, Flow, Rename
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source
from driftcheck.renaming.pairs import best_renames, name_similarity

_TELLING = 2  # properties from which equal content is no coincidence
_MOST_PLACES = 100_000


def compare_components(run: Run) -> None:
    """Report component schemas that are gone or have another name."""
    before, after = _schemas(run.expected), _schemas(run.actual)
    gone = {name: node for name, node in before.items() if name not in after}
    fresh = {name: node for name, node in after.items() if name not in before}
    for old, new, confidence in _renames(run, gone, fresh):
        _report(run, old, gone.pop(old), new, fresh.pop(new), confidence)
    for name, node in gone.items():
        place = Place(name, f"schemas/{name}", "", Audience())
        run.report(place, "component", "schema", Change.MISSING, nodes=(node, None), name=name)


def _report(run: Run, old: str, node: Node, new: str, target: Node, confidence: float) -> None:
    run.report(
        Place(old, f"schemas/{old}", "", Audience()),
        "component",
        "schema",
        Change.RENAMED,
        nodes=(node, target),
        name=old,
        values=(old, new),
        rename=Rename(old, new, confidence),
    )


def _schemas(source: Source) -> dict[str, Node]:
    if source.legacy:
        holder = source.object(source.root, "definitions")
    else:
        components = source.object(source.root, "components")
        holder = None if components is None else source.object(components, "schemas")
    return {} if holder is None else {str(name): node for name, node in holder.members()}


def _renames(run: Run, gone: dict[str, Node], fresh: dict[str, Node]) -> list[tuple[str, str, float]]:
    if not gone or not fresh:
        return []
    found = _same_content(gone, fresh, replaced(run.expected.root.value, run.actual.root.value))
    taken_old, taken_new = {old for old, _, _ in found}, {new for _, new, _ in found}
    left = {name: node for name, node in gone.items() if name not in taken_old}
    free = {name: node for name, node in fresh.items() if name not in taken_new}
    return found + best_renames(left, free, lambda old, new: _fit(run, old, new))


_Names = set[tuple[str, str]]


def _same_content(
    gone: dict[str, Node], fresh: dict[str, Node], places: _Names
) -> list[tuple[str, str, float]]:
    """Pairs of the same content, if a reference to one became one to the other, or content or name tell."""
    moved = gone.keys() | fresh.keys()
    by_content: dict[bytes, list[str]] = {}
    for name, node in fresh.items():
        by_content.setdefault(_content(node, moved), []).append(name)
    found = []
    for name, node in gone.items():
        candidates = by_content.get(_content(node, moved), [])
        if not candidates:
            continue
        best = max(candidates, key=lambda other: ((name, other) in places, name_similarity(name, other)))
        likeness = name_similarity(name, best)
        alone = len(candidates) == 1 and _telling(node)
        if (name, best) in places or likeness >= 0.5 or alone:
            candidates.remove(best)
            found.append((name, best, max(likeness, 0.9)))
    return found


def _content(node: Node, moved: set[str]) -> bytes:
    """The schema as bytes, with references to components that came or went made equal."""
    try:
        return orjson.dumps(_neutral(node.value, moved), option=orjson.OPT_SORT_KEYS)
    except (TypeError, RecursionError):
        return repr(node.pointer).encode()  # too odd to be compared: equals nothing


def replaced(old: Any, new: Any) -> _Names:
    """The components (old, new) of references that stand at the same place of both documents."""
    found: _Names = set()
    pending = [(old, new)]
    for _ in range(_MOST_PLACES):
        if not pending:
            break
        before, after = pending.pop()
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            names = before.get("$ref"), after.get("$ref")
            if isinstance(names[0], str) and isinstance(names[1], str):
                found.add((names[0].rsplit("/", 1)[-1], names[1].rsplit("/", 1)[-1]))
            pending += [(before[key], after[key]) for key in before if key in after]
        elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            pending += zip(before, after, strict=True)
    return found


def _neutral(value: Any, moved: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _neutral(member, moved) for name, member in value.items() if name != "description"}
    if isinstance(value, list):
        return [_neutral(item, moved) for item in value]
    if isinstance(value, str) and value.startswith(("#/components/schemas/", "#/definitions/")):
        name = value.rsplit("/", 1)[1]
        return "#moved" if name in moved else f"#{name}"
    return value


def _telling(node: Node) -> bool:
    value = node.value
    properties = value.get("properties") if isinstance(value, dict) else None
    if isinstance(properties, dict) and len(properties) >= _TELLING:
        return True
    return isinstance(value, dict) and any(
        len(value.get(name) or ()) > 1 for name in ("allOf", "anyOf", "oneOf")
    )


def _fit(run: Run, old: Node, new: Node) -> float:
    there = run.schemas.covered(old, new, Flow.SENT)
    back = run.schemas.covered(old, new, Flow.RECEIVED)
    return 1.0 if there and back else 0.6 if there or back else 0.0
