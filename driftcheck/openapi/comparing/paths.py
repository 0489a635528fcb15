"""Recognises renamed paths among those that are gone and those that are new.

Either the path is nearly the same, or its operations kept their operationId; and what the operations take
and give must fit. A list and its item (`/items`, `/items/{id}`) are never the same path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from driftcheck.difference import Change, Rename
from driftcheck.openapi.comparing.fitting import fit
from driftcheck.openapi.comparing.matching import Match, Matches
from driftcheck.openapi.comparing.run import Audience, Place, Run
from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.source import text
from driftcheck.renaming.assignment import best_matching
from driftcheck.renaming.pairs import LIKELY, name_similarity
from driftcheck.renaming.words import is_version

_ByTemplate = dict[str, list[Operation]]
_MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class RenamedPath:
    """The operations of a path that was renamed, and how sure that is."""

    pairs: tuple[Match, ...]
    confidence: float


def match_renamed(run: Run, matches: Matches) -> list[RenamedPath]:
    """Take renamed paths out of what is removed and added."""
    gone = _whole(matches.removed, {match.old.template for match in matches.pairs})
    fresh = _whole(matches.added, {match.new.template for match in matches.pairs})
    scores: dict[tuple[str, str], float] = {}
    for old, new, likeness in _candidates(gone, fresh):
        score = _score(run, gone[old], fresh[new], likeness)
        if score >= LIKELY:
            scores[old, new] = round(score, 3)
    found = []
    for old, new in best_matching(scores):
        pairs = tuple(Match(before, after) for before, after in _shared(gone[old], fresh[new]))
        found.append(RenamedPath(pairs, scores[old, new]))
    removed = {id(match.old) for path in found for match in path.pairs}
    added = {id(match.new) for path in found for match in path.pairs}
    matches.removed = [operation for operation in matches.removed if id(operation) not in removed]
    matches.added = [operation for operation in matches.added if id(operation) not in added]
    return found


def _whole(operations: Iterable[Operation], taken: set[str]) -> _ByTemplate:
    """The paths of which no operation has found a counterpart."""
    found: _ByTemplate = {}
    for operation in operations:
        if operation.template not in taken:
            found.setdefault(operation.template, []).append(operation)
    return found


def _candidates(gone: _ByTemplate, fresh: _ByTemplate) -> list[tuple[str, str, float]]:
    if len(gone) * len(fresh) > _MOST_PAIRS:
        return []
    found = []
    for old, before in gone.items():
        ids = {identifier for operation in before if (identifier := text(operation.node, "operationId"))}
        for new, after in fresh.items():
            likeness = path_similarity(old, new)
            if any(text(operation.node, "operationId") in ids for operation in after):
                likeness = max(likeness, 0.9 if old.count("{}") == new.count("{}") else 0.7)
            if likeness >= LIKELY:
                found.append((old, new, likeness))
    return found


def path_similarity(old: str, new: str) -> float:
    """How near two templates are: 1 for the same, 0 where more than a part was renamed or added."""
    before, after = old.split("/"), new.split("/")
    if [part for part in before if part] == [part for part in after if part]:
        return 0.97
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    tail = 0
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
        tail += 1
    if not before or not after:
        return _inserted(before or after, tail)
    if len(before) != len(after) or len(before) > 3:
        return 0.0
    return min(_part_similarity(a, b) for a, b in zip(before, after, strict=True))


def _inserted(parts: list[str], tail: int) -> float:
    """Parts added in front of something that stayed are a prefix; at the end they name something else."""
    if not tail or any("{}" in part for part in parts):
        return 0.0
    return 0.8 if len(parts) == 1 else 0.7


def _part_similarity(old: str, new: str) -> float:
    if old == new:
        return 1.0
    if "{}" in old or "{}" in new:
        return 0.0
    if is_version(old.lower() or "-") and is_version(new.lower() or "-"):
        return 0.9
    return name_similarity(old, new)


def _score(run: Run, old: list[Operation], new: list[Operation], likeness: float) -> float:
    pairs = _shared(old, new)
    if not pairs:
        return 0.0
    content = sum(fit(run, before, after) for before, after in pairs) / len(pairs)
    if content < 0.5:
        return 0.0
    common = len(pairs) / max(len(old), len(new))
    return likeness * (0.5 + 0.5 * content) * (0.8 + 0.2 * common)


def _shared(old: list[Operation], new: list[Operation]) -> list[tuple[Operation, Operation]]:
    by_method = {operation.method: operation for operation in new}
    return [(operation, by_method[operation.method]) for operation in old if operation.method in by_method]


def report_renamed(run: Run, path: RenamedPath) -> None:
    """One difference for all operations of the path."""
    old, new = path.pairs[0].old, path.pairs[0].new
    audience = Audience(name=old.path)
    for match in path.pairs:
        audience.add(match.old.label, run.cap(match.old))
    run.report(
        Place(old.label, f"path {old.path}", old.label, audience),
        "path",
        "path",
        Change.RENAMED,
        nodes=(old.item.nodes[0], new.item.nodes[0]),
        name=old.path,
        values=(old.path, new.path),
        rename=Rename(old.path, new.path, path.confidence),
    )
