"""The best one-to-one matching of scored pairs: highest total score, ties settled by order, no randomness.

Exact (Hungarian algorithm) for each connected group of candidates; greedy where a group is very large.
"""

from __future__ import annotations

from collections.abc import Mapping

_EXACT_UP_TO = 60  # members of one side; the algorithm is cubic


def best_matching(scores: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    """The pairs to keep, in the order in which they were first offered. Scores are positive."""
    kept: set[tuple[str, str]] = set()
    for group in _connected(scores):
        rows = list(dict.fromkeys(old for old, _ in group))
        columns = list(dict.fromkeys(new for _, new in group))
        exact = max(len(rows), len(columns)) <= _EXACT_UP_TO
        kept.update(_exact(rows, columns, scores) if exact else _greedy(group, scores))
    return [pair for pair in scores if pair in kept]


def _connected(scores: Mapping[tuple[str, str], float]) -> list[list[tuple[str, str]]]:
    """The pairs, split into groups that share no name (union-find over both sides)."""
    parent: dict[tuple[int, str], tuple[int, str]] = {}

    def root(item: tuple[int, str]) -> tuple[int, str]:
        while parent.setdefault(item, item) != item:
            parent[item] = item = parent[parent[item]]
        return item

    for old, new in scores:
        parent[root((0, old))] = root((1, new))
    groups: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for pair in scores:
        groups.setdefault(root((0, pair[0])), []).append(pair)
    return list(groups.values())


def _greedy(group: list[tuple[str, str]], scores: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    taken: set[tuple[int, str]] = set()
    kept = []
    for pair in sorted(group, key=lambda item: -scores[item]):
        sides = {(0, pair[0]), (1, pair[1])}
        if not taken & sides:
            taken |= sides
            kept.append(pair)
    return kept


def _exact(
    rows: list[str], columns: list[str], scores: Mapping[tuple[str, str], float]
) -> list[tuple[str, str]]:
    """Hungarian algorithm with potentials; costs are negated scores, absent pairs cost nothing."""
    flipped = len(rows) > len(columns)
    first, second = (columns, rows) if flipped else (rows, columns)
    costs = [[-scores.get((b, a) if flipped else (a, b), 0.0) for b in second] for a in first]
    chosen = _assign(costs, len(second))
    pairs = [(second[j], first[i]) if flipped else (first[i], second[j]) for i, j in chosen]
    return [pair for pair in pairs if pair in scores]


def _assign(costs: list[list[float]], width: int) -> list[tuple[int, int]]:
    """For each row its column, no column twice, with the lowest total cost; rows never outnumber columns."""
    row_potential = [0.0] * (len(costs) + 1)
    column_potential = [0.0] * (width + 1)
    owner = [0] * (width + 1)  # the row of each column, counted from 1; column 0 is a sentinel
    for row in range(1, len(costs) + 1):
        owner[0] = row
        _augment(costs, row_potential, column_potential, owner)
    return [(owner[column] - 1, column - 1) for column in range(1, width + 1) if owner[column]]


def _augment(
    costs: list[list[float]], row_potential: list[float], column_potential: list[float], owner: list[int]
) -> None:
    """Give the row in `owner[0]` a column, moving others along the cheapest alternating path."""
    width = len(owner) - 1
    slack = [float("inf")] * (width + 1)
    came_from = [0] * (width + 1)
    used = [False] * (width + 1)
    column = 0
    while owner[column]:
        used[column] = True
        row, delta, following = owner[column], float("inf"), 0
        for j in range(1, width + 1):
            if used[j]:
                continue
            reduced = costs[row - 1][j - 1] - row_potential[row] - column_potential[j]
            if reduced < slack[j]:
                slack[j], came_from[j] = reduced, column
            if slack[j] < delta:
                delta, following = slack[j], j
        for j in range(width + 1):
            if used[j]:
                row_potential[owner[j]] += delta
                column_potential[j] -= delta
            else:
                slack[j] -= delta
        column = following
    while column:
        owner[column] = owner[came_from[column]]
        column = came_from[column]
