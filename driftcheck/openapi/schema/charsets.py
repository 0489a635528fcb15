"""Sets of characters as sorted ranges of code points, and the alphabet that a few such sets make.

An alphabet has one letter for all characters that no set tells apart, so that Unicode costs nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeAlias

Chars: TypeAlias = tuple[tuple[int, int], ...]

ALL: Chars = ((0, 0xD7FF), (0xE000, 0x10FFFF))  # surrogates are no characters
_DIGIT: Chars = ((48, 57),)
WORD: Chars = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Chars = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_CLASSES = {"DIGIT": _DIGIT, "WORD": WORD, "SPACE": _SPACE}
_READABLE = "aA0b1_- ./@:+!~xXzZ9"
_PROPERTY = re.compile(r"((?:^|[^\\])(?:\\\\)*)\\([pP])\{(?:gc=|General_Category=)?([A-Z][a-z]?)\}")
_STANDINS = 0xF0000  # private characters in place of \p{...}, which Python's parser does not know
_CATEGORIES = (
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
    "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Co", "Cs",
)  # fmt: skip


def with_standins(pattern: str) -> str:
    """The pattern with a private character for each general category (`\\p{Lu}`, `\\P{N}`)."""

    def standin(found: re.Match[str]) -> str:
        named = found[3]
        indices = [i for i, name in enumerate(_CATEGORIES) if name.startswith(named)]
        if not indices:
            return found[0]
        index = indices[0] if len(named) == 2 else 100 + ord(named)
        return found[1] + chr(_STANDINS + index + (500 if found[2] == "P" else 0))

    before = None
    while before != pattern:  # neighbours share a character, so that one pass leaves every other one
        before, pattern = pattern, _PROPERTY.sub(standin, pattern)
    return pattern


def of_literal(code: int) -> Chars:
    """One character; or all of a category, where it stands for that."""
    if not _STANDINS <= code < _STANDINS + 1000:
        return ((code, code),)
    index = code - _STANDINS
    found = _of_category(index % 500)
    return negated(found) if index >= 500 else found


def of_class(members: list[Any]) -> Chars:
    """A character class as Python's parser gives it."""
    ranges: list[tuple[int, int]] = []
    inverse = False
    for member in members:
        name, value = member[0].name, member[1]
        if name == "NEGATE":
            inverse = True
        elif name == "LITERAL":
            ranges += of_literal(value)
        elif name == "RANGE":
            ranges.append((value[0], value[1]))
        else:
            ranges += of_category(value.name)
    found = _joined(ranges)
    return negated(found) if inverse else found


def of_category(name: str) -> Chars:
    """CATEGORY_DIGIT, CATEGORY_NOT_WORD ... as ECMA 262 has them."""
    found = _CLASSES[name.rsplit("_", 1)[1]]
    return negated(found) if "_NOT_" in name else found


@lru_cache(maxsize=256)
def negated(chars: Chars) -> Chars:
    """All other characters."""
    found: list[tuple[int, int]] = []
    for first, last in ALL:
        at = first
        for low, high in chars:
            if low > last:
                break
            if high < at:
                continue
            if low > at:
                found.append((at, low - 1))
            at = max(at, high + 1)
        if at <= last:
            found.append((at, last))
    return tuple(found)


def _joined(ranges: list[tuple[int, int]]) -> Chars:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return tuple(found)


@lru_cache(maxsize=16)
def _of_category(index: int) -> Chars:
    named = chr(index - 100) if index >= 100 else _CATEGORIES[index]
    codes = (code for low, high in ALL for code in range(low, high + 1))
    return _joined([(c, c) for c in codes if unicodedata.category(chr(c)).startswith(named)])


def contains(chars: Chars, code: int) -> bool:
    """Whether the character is in the set."""
    at = bisect_right(chars, (code, 0x110000)) - 1
    return at >= 0 and chars[at][0] <= code <= chars[at][1]


def readable(chars: Chars) -> str | None:
    """The most readable character of a set."""
    return min(most_readable(chars), default=(0, None), key=lambda found: found[0])[1]


def most_readable(chars: Chars, most: int = 8) -> list[tuple[int, str]]:
    """A few characters of the set with their ranks: low is good."""
    found = [(rank, char) for rank, char in enumerate(_READABLE) if contains(chars, ord(char))]
    if not found:
        plain = (code for code in (*range(32, 127), 9, 10, 233, 0x4E2D) if contains(chars, code))
        found = [(100 + code, chr(code)) for code in plain]
    if not found and chars:
        found = [(10**6 + chars[0][0], chr(chars[0][0]))]
    return found[:most]


def alphabet(sets: Iterable[Chars]) -> list[tuple[str, frozenset[Chars]]]:
    """The letters that these sets tell apart, readable ones first: an example, and the sets that hold it."""
    distinct = sorted(set(sets))
    starts = {low for chars in (*distinct, ALL) for low, _ in chars}
    starts |= {high + 1 for chars in distinct for _, high in chars}
    edges = sorted(starts)
    letters: dict[frozenset[Chars], list[tuple[int, int]]] = {}
    for low, following in zip(edges, (*edges[1:], 0x110000), strict=True):
        if contains(ALL, low):
            held = frozenset(chars for chars in distinct if contains(chars, low))
            letters.setdefault(held, []).append((low, min(following, 0x110000) - 1))
    ranked = [(most_readable(_joined(ranges), 1)[0], held) for held, ranges in letters.items()]
    return [(char, held) for (_, char), held in sorted(ranked, key=lambda letter: letter[0])]
