"""Which starting points reach which pairs, for all at once: linear, through strongly connected components."""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.openapi.schema.walk import Pair


def reaching(roots: Iterable[tuple[int, Pair]]) -> dict[int, int]:
    """For each pair (by id) a bit mask of the roots that lead to it; a root is (bit number, pair)."""
    roots = list(roots)
    masks: dict[int, int] = {}
    for bit, pair in roots:
        masks[id(pair)] = masks.get(id(pair), 0) | (1 << bit)
    for component in reversed(_components(pair for _, pair in roots)):
        mask = 0
        for pair in component:
            mask |= masks.get(id(pair), 0)
        for pair in component:
            masks[id(pair)] = mask
            for _, below in pair.below:
                masks[id(below)] = masks.get(id(below), 0) | mask
    return masks


def _components(starts: Iterable[Pair]) -> list[list[Pair]]:
    """Strongly connected components, those that are led to before those that lead (Tarjan 1972)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Pair] = []
    on_stack: set[int] = set()
    found: list[list[Pair]] = []
    for start in starts:
        if id(start) in index:
            continue
        work = [(start, 0)]
        while work:
            pair, position = work.pop()
            if position == 0:
                index[id(pair)] = low[id(pair)] = len(index)
                stack.append(pair)
                on_stack.add(id(pair))
            descended = False
            for offset in range(position, len(pair.below)):
                below = pair.below[offset][1]
                if id(below) not in index:
                    work += [(pair, offset + 1), (below, 0)]
                    descended = True
                    break
                if id(below) in on_stack:
                    low[id(pair)] = min(low[id(pair)], index[id(below)])
            if descended:
                continue
            _close(pair, low, index, stack, on_stack, found)
            if work:
                parent = work[-1][0]
                low[id(parent)] = min(low[id(parent)], low[id(pair)])
    return found


def _close(
    pair: Pair,
    low: dict[int, int],
    index: dict[int, int],
    stack: list[Pair],
    on_stack: set[int],
    found: list[list[Pair]],
) -> None:
    if low[id(pair)] != index[id(pair)]:
        return
    component: list[Pair] = []
    while True:
        member = stack.pop()
        on_stack.discard(id(member))
        component.append(member)
        if member is pair:
            break
    found.append(component)
