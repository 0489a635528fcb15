"""One finding for each cause: what the files, the replay and the lint all noticed is told once, by whoever
says best what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from driftcheck.difference import Difference

_ROWS = frozenset({"rows", "cast-rows"})
# What a lint rule foretells of rows, and the replay with rows has shown.
_FORETOLD = frozenset({"column-required", "not-null-unfilled", "unique-added"})
_LEFT = frozenset({"enum-not-dropped", "sql-not-reversed"})
_SEPARATOR = "; "


def merged(differences: Iterable[Difference]) -> list[Difference]:
    """The differences without those that repeat another one of the same revision."""
    items = list(differences)
    grouped: dict[str, list[Difference]] = defaultdict(list)
    for item in items:
        grouped[revision_of(item) or ""].append(item)
    kept = (_kept(item, grouped[revision_of(item) or ""]) for item in items)
    return [item for item in kept if item is not None]


def revision_of(difference: Difference) -> str | None:
    """The revision that something is about; the lint says it as a fact."""
    if difference.subject == "revision":
        return difference.object
    found = (difference.facts or {}).get("revision")
    return str(found) if found else None


def _kept(item: Difference, beside: list[Difference]) -> Difference | None:
    """The difference as it is told beside the others of its revision; None if they tell it."""
    if revision_of(item) is None:
        return item
    aspects = {other.attribute for other in beside}
    if item.subject != "revision":
        return None if _repeats(item, beside, aspects) else item
    if item.attribute == "traces":
        return _traces(item, beside)
    if item.attribute == "upgrade-again" and aspects & {"traces", "downgrade-empty", *_LEFT}:
        return None
    return item


def _repeats(item: Difference, beside: list[Difference], aspects: set[str | None]) -> bool:
    if item.attribute in _LEFT and "downgrade-empty" in aspects:
        return True
    lines = {_line(other) for other in beside if other.subject == "revision" and other.attribute in _ROWS}
    return item.attribute in _FORETOLD and _line(item) in lines


def _traces(item: Difference, beside: list[Difference]) -> Difference | None:
    """Without what a lint finding names with the line that made it."""
    left = [other for other in beside if other.attribute in _LEFT]
    enums = any(other.attribute == "enum-not-dropped" for other in left)
    names = [f" {other.name} " for other in left]
    parts = [
        part
        for part in item.note.split(_SEPARATOR)
        if not (enums and part.startswith("enum ")) and not any(name in f"{part} " for name in names)
    ]
    return replace(item, note=_SEPARATOR.join(parts)) if parts else None


def _line(item: Difference) -> tuple[str, int | None]:
    return (item.locations[0].file, item.locations[0].line) if item.locations else ("", None)
