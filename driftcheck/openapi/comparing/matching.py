"""Finds for each operation of the old description the one of the new description that it became.

First by method and path without parameter names, then by full URL where servers and paths share a prefix
differently, then by renamed paths (paths.py). Names of path parameters never matter here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from driftcheck.openapi.model import Operation
from driftcheck.openapi.reading.servers import split_url

Urls = Callable[[Operation], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The same operation on both sides; `bases` are the parts of the paths that servers took over or gave."""

    old: Operation
    new: Operation
    bases: tuple[str, str] = ("", "")


@dataclass(slots=True)
class Matches:
    """What belongs together, and what has no counterpart."""

    pairs: list[Match] = field(default_factory=list)
    removed: list[Operation] = field(default_factory=list)
    added: list[Operation] = field(default_factory=list)


def match_operations(old: Iterable[Operation], new: Iterable[Operation]) -> Matches:
    """By method and template; templates that one document has twice are told apart by their names."""
    matches = Matches()
    free: dict[tuple[str, str], list[Operation]] = {}
    for operation in new:
        free.setdefault((operation.method, operation.template), []).append(operation)
    waiting = []
    for operation in old:
        candidates = free.get((operation.method, operation.template), [])
        exact = next((other for other in candidates if other.names == operation.names), None)
        if exact is None:
            waiting.append(operation)
        else:
            candidates.remove(exact)
            matches.pairs.append(Match(operation, exact))
    for operation in waiting:
        candidates = free.get((operation.method, operation.template), [])
        if candidates:
            matches.pairs.append(Match(operation, candidates.pop(0)))
        else:
            matches.removed.append(operation)
    matches.added = [operation for left in free.values() for operation in left]
    return matches


def match_by_url(matches: Matches, old_urls: Urls, new_urls: Urls) -> None:
    """Pair what is left and has the same full path once the path of a server is put in front."""
    if not matches.removed or not matches.added:
        return
    targets: dict[tuple[str, str], Operation] = {}
    for operation in matches.added:
        for base in _bases(new_urls(operation)):
            targets.setdefault((operation.method, base + operation.template), operation)
    left = []
    for operation in matches.removed:
        keys = [(operation.method, base + operation.template) for base in _bases(old_urls(operation))]
        found = next((targets[key] for key in keys if key in targets), None)
        if found is None or found not in matches.added:
            left.append(operation)
        else:
            matches.added.remove(found)
            matches.pairs.append(Match(operation, found, _unshared(operation.template, found.template)))
    matches.removed = left


def _bases(urls: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(split_url(url)[1].rstrip("/") for url in urls))


def _unshared(old: str, new: str) -> tuple[str, str]:
    """What is in front of the segments that both paths end with."""
    before, after = old.split("/"), new.split("/")
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return "/".join(before), "/".join(after)
