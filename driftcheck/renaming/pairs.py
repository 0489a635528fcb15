"""Finds things that were renamed: removed under one name, added under a related one, and still alike.

Names decide first: unlike names are never a rename, however alike the things are (`width`, `height`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from driftcheck.renaming.assignment import best_matching
from driftcheck.renaming.vocabulary import (
    ABBREVIATIONS,
    CONTRASTING,
    EMPTY_WORDS,
    GENERIC_WORDS,
    REDUNDANT,
    STOP_WORDS,
    TIME_WORDS,
    UNIT_WORDS,
    WEAK_SUFFIXES,
)
from driftcheck.renaming.words import is_version, meaning, opposed, phrased, singular, word_similarity, words

T = TypeVar("T")

LIKELY = 0.5  # from this confidence on, a pair is called a rename
_LIST_OF_NAMES = frozenset("|,;")
_MOST_PAIRS = 20_000  # beyond this, only names that differ in style alone are paired


def best_renames(
    removed: Mapping[str, T],
    added: Mapping[str, T],
    compatible: Callable[[T, T], float],
    alike: Callable[[T, T], bool] | None = None,
) -> list[tuple[str, str, float]]:
    """(old name, new name, confidence) of what was renamed, one-to-one, in the order of `removed`.

    `compatible` says how well the two things themselves fit: 1 for the same contract, 0 for unlike
    ones, which are never paired. It is only asked for pairs whose names are related. `alike` tells of two
    things whether they say of themselves that they are the same (by their descriptions): then one telling
    word that both names have is enough.
    """
    scores: dict[tuple[str, str], float] = {}
    for old, new, likeness in _related(removed, added, alike):
        fit = compatible(removed[old], added[new])
        confidence = likeness * (0.5 + 0.5 * fit) if fit > 0 else 0.0
        if confidence >= LIKELY:
            scores[old, new] = round(confidence, 3)
    return [(old, new, scores[old, new]) for old, new in best_matching(scores)]


def _related(
    removed: Mapping[str, T], added: Mapping[str, T], alike: Callable[[T, T], bool] | None
) -> list[tuple[str, str, float]]:
    gone = [name for name in removed if name not in added]
    fresh = [name for name in added if name not in removed]
    if len(gone) * len(fresh) > _MOST_PAIRS:
        return _same_but_for_style(gone, fresh)
    pairs = [(old, new, name_similarity(old, new)) for old in gone for new in fresh]
    related = [pair for pair in pairs if pair[2] >= LIKELY]
    if alike is not None:
        others = [(old, new) for old, new, likeness in pairs if likeness < LIKELY and share_a_word(old, new)]
        related += [(old, new, 0.6) for old, new in others if alike(removed[old], added[new])]
    return related


def _same_but_for_style(gone: list[str], fresh: list[str]) -> list[tuple[str, str, float]]:
    by_letters: dict[str, str] = {}
    for new in fresh:
        by_letters.setdefault("".join(words(new)), new)
    found = [(old, by_letters.get("".join(words(old)))) for old in gone if words(old)]
    return [(old, new, 0.97) for old, new in found if new is not None]


def name_similarity(a: str, b: str) -> float:
    """How likely `a` and `b` name the same thing: 1 for the same name, 0 for unrelated or contrary ones."""
    if a == b:
        return 1.0
    first, second = words(a), words(b)
    if not first or not second:
        return 0.0
    if "".join(first) == "".join(second):
        return 0.97
    if _LIST_OF_NAMES & (set(a) | set(b)):
        return 0.0
    first, second = _split_like(first, second), _split_like(second, first)
    best = max(_likeness(first, second), _likeness(phrased(first), phrased(second)))
    return round(max(best, _initials(first, second), _initials(second, first)), 3)


def share_a_word(a: str, b: str) -> bool:
    """Whether both names have a word that tells something, and nothing that tells them apart."""
    first, second = phrased(words(a)), phrased(words(b))
    found = _align(first, second)
    left, right = [first[i] for i in found.left], [second[j] for j in found.right]
    if any(_spoils(word) for word in left + right) or any(opposed(x, y) for x in left for y in right):
        return False
    return any(first[i] not in STOP_WORDS | GENERIC_WORDS for i, _, _ in found.shared)


def _split_like(parts: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """`useremail` as (user, email) where the other name has the word `email`."""
    result: list[str] = []
    for part in parts:
        result.extend(next((cut for word in other if (cut := _cut(part, word))), (part,)))
    return tuple(result)


def _cut(part: str, word: str) -> tuple[str, ...]:
    if len(word) < 4 or part == word or (not part.startswith(word) and not part.endswith(word)):
        return ()
    if opposed(part, word):
        return ()
    before, after = part.removesuffix(word), part.removeprefix(word)
    if after != part and (after == "id" or (len(after) > 2 and after in WEAK_SUFFIXES | CONTRASTING)):
        return (word, after)
    return (before, word) if before != part and len(before) > 2 else ()


def _initials(short: tuple[str, ...], full: tuple[str, ...]) -> float:
    """`dob` against (date, of, birth)."""
    if len(short) != 1 or len(full) < 3 or short[0] != "".join(word[0] for word in full):
        return 0.0
    return 0.8


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Words that both names share, and what is left over on either side, with positions."""

    shared: tuple[tuple[int, int, float], ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


def _align(first: tuple[str, ...], second: tuple[str, ...]) -> _Aligned:
    pairs = [
        (likeness, -abs(i - j), -i, -j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if (likeness := word_similarity(a, b)) > 0
    ]
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    shared = []
    for likeness, _, i, j in sorted(pairs, reverse=True):
        if -i not in taken_left and -j not in taken_right:
            taken_left.add(-i)
            taken_right.add(-j)
            shared.append((-i, -j, likeness))
    left = tuple(i for i in range(len(first)) if i not in taken_left)
    right = tuple(j for j in range(len(second)) if j not in taken_right)
    return _Aligned(tuple(sorted(shared)), left, right)


def _likeness(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    found = _align(first, second)
    telling = [(i, j, like) for i, j, like in found.shared if first[i] not in STOP_WORDS]
    if not telling:
        return 0.0
    quality = sum(like for _, _, like in telling) / len(telling)
    if not found.left and not found.right:
        return _reordered(first, second, telling) * quality * 0.98
    heads = {first[i] for i, _, _ in telling} | {second[j] for _, j, _ in telling}
    plain = {singular(word) for word in heads}
    if found.left and found.right:
        return quality * _both_extra(first, second, found, plain)
    if found.left:
        return quality * _one_extra(first, found.left, max(i for i, _, _ in telling), plain)
    return quality * _one_extra(second, found.right, max(j for _, j, _ in telling), plain)


def _reordered(
    first: tuple[str, ...], second: tuple[str, ...], shared: list[tuple[int, int, float]]
) -> float:
    """1 for the same order; less for another one; 0 where the order is the meaning (a_to_b)."""
    order = [j for _, j, _ in sorted(shared)]
    if order == sorted(order):
        return 1.0
    return 0.0 if {"to", "from", "per", "by", "of"} & (set(first) | set(second)) else 0.9


def _one_extra(parts: tuple[str, ...], extra: tuple[int, ...], head: int, shared: set[str]) -> float:
    """The weight of a name that is the other one with words added."""
    added = [parts[i] for i in extra if parts[i] not in STOP_WORDS or parts[i] == "in"]
    if not added:
        return 0.95
    if any(_spoils(word) for word in added):
        return 0.0
    suffixes = [parts[i] for i in extra if i > head and parts[i] not in STOP_WORDS]
    if not all(
        _weak(word) or word in UNIT_WORDS or (word[0] == "v" and word[1:].isdigit()) for word in suffixes
    ):
        return 0.0
    if any(word in UNIT_WORDS or is_version(word) for word in suffixes):
        return 0.65
    if shared <= GENERIC_WORDS | ABBREVIATIONS.keys() and len(shared) == 1:
        return 0.7
    return 0.8 if not suffixes else 0.75 if len(suffixes) == len(added) else 0.65


def _spoils(word: str) -> bool:
    return word.isdigit() or (bool({word, ABBREVIATIONS.get(word, word)} & CONTRASTING) and word != "in")


def _weak(word: str) -> bool:
    return bool({meaning(word), singular(word)} & WEAK_SUFFIXES)


def _both_extra(first: tuple[str, ...], second: tuple[str, ...], found: _Aligned, shared: set[str]) -> float:
    """The weight where either name has words that the other lacks: small, and mostly none."""
    left = [first[i] for i in found.left if first[i] not in STOP_WORDS]
    right = [second[j] for j in found.right if second[j] not in STOP_WORDS]
    if any(_spoils(word) for word in left + right) or any(opposed(a, b) for a in left for b in right):
        return 0.0
    if not left or not right:
        rest, parts, extra = (left, first, found.left) if left else (right, second, found.right)
        head = max(i if left else j for i, j, _ in found.shared)
        return 0.95 * _one_extra(parts, extra, head, shared) if rest else 0.9
    for kind in (TIME_WORDS, EMPTY_WORDS):
        if set(left) <= kind and set(right) <= kind:
            return 0.75
    if _redundant(left, shared) and _qualifies(found.right, found.shared, 1):
        return 0.65
    if _redundant(right, shared) and _qualifies(found.left, found.shared, 0):
        return 0.65
    return 0.0


def _redundant(extra: list[str], shared: set[str]) -> bool:
    return len(extra) == 1 and bool(REDUNDANT.get(extra[0], frozenset()) & shared)


def _qualifies(extra: tuple[int, ...], shared: tuple[tuple[int, int, float], ...], side: int) -> bool:
    """Whether all words left over stand before the shared ones."""
    return all(index < min(pair[side] for pair in shared) for index in extra)
