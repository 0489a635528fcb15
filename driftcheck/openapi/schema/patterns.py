"""Regular expressions (ECMA 262, found anywhere in the string) as languages: inclusion, and example strings.

Samples are tried first, for they cost nothing; automata decide. What they cannot express (back-references,
look-around inside of a text) or what would be too much work is "unknown", never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from driftcheck.openapi.schema import charsets
from driftcheck.openapi.schema.automata import UnsupportedError, accepts, find, parse
from driftcheck.openapi.schema.containment import Verdict

_LIKELY = ("a", "0", "A", "-", " ", "a a", "é")


@lru_cache(maxsize=1024)
def included(wide: frozenset[str], tight: frozenset[str]) -> Verdict:
    """Whether every string that matches all of `wide` matches all of `tight`."""
    if tight <= wide:
        return "yes"
    if any(all_match(wide, text) and not all_match(tight, text) for text in _likely(wide)):
        return "no"
    try:
        return "yes" if find(sorted(wide), sorted(tight - wide), 0, None) is None else "no"
    except UnsupportedError:
        return "unknown"


@lru_cache(maxsize=1024)
def witness(
    wide: frozenset[str], tight: frozenset[str], least: int = 0, most: int | None = None
) -> str | None:
    """A short string that matches all of `wide` and not all of `tight`; None where none is found."""
    for text in _likely(wide):
        fits = least <= len(text) and (most is None or len(text) <= most)
        if fits and all_match(wide, text) and not all_match(tight, text):
            return text
    try:
        return find(sorted(wide), sorted(tight - wide), least, most)
    except UnsupportedError:
        return None


def _likely(patterns: frozenset[str]) -> Iterator[str]:
    yield from _LIKELY
    for pattern in sorted(patterns):
        yield from examples(pattern)


def examples(pattern: str) -> Iterator[str]:
    """A few strings that probably match: short, long, and with other members of its character classes."""
    try:
        tree = parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return
    seen: set[str] = set()
    for choice in range(4):
        text = _sample(tree, choice)
        if text is not None and text not in seen:
            seen.add(text)
            yield text


@lru_cache(maxsize=1024)
def matching(
    wanted: frozenset[str], least: int, most: int | None, *, thorough: bool = True
) -> tuple[str, ...]:
    """Strings of that length that match all the patterns (as far as Python can tell).

    Samples first; an automaton is built only where they fail and the search is to be `thorough`.
    """
    found = [
        text
        for pattern in sorted(wanted)
        for sample in examples(pattern)
        for text in (sample, _stretched(sample, least))
        if least <= len(text) and (most is None or len(text) <= most) and all_match(wanted, text)
    ]
    if not found and thorough:
        try:
            shortest = find(sorted(wanted), None, least, most)
        except UnsupportedError:
            shortest = None
        found = [] if shortest is None else [shortest]
    return tuple(dict.fromkeys(found))


def _stretched(text: str, length: int) -> str:
    """The text made longer by repeating its last character."""
    return text + text[-1:] * (length - len(text))


def all_match(wanted: frozenset[str], text: str) -> bool:
    """Whether the text matches all patterns, as far as that can be told."""
    return all(_matches(pattern, text) for pattern in wanted)


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text, re.ASCII) is not None
    except (re.error, OverflowError):
        pass
    try:
        return accepts(pattern, text)  # what Python's own engine does not know, as \\p{Lu}
    except UnsupportedError:
        return False


def _sample(tree: Iterable[Any], choice: int) -> str | None:
    """A string for a parsed pattern; `choice` picks among branches, class members and repeat counts."""
    text = ""
    for item in tree:
        piece = _sample_item(item[0].name, item[1], choice)
        if piece is None:
            return None
        text += piece
    return text


def _sample_item(name: str, value: Any, choice: int) -> str | None:
    if name == "LITERAL":
        return charsets.readable(charsets.of_literal(value))
    if name == "NOT_LITERAL":
        return "a" if value != ord("a") else "b"
    if name == "ANY":
        return "a"
    if name == "IN":
        return _sample_class(value, choice)
    if name == "BRANCH":
        return _sample(value[1][choice % len(value[1])], choice)
    if name == "SUBPATTERN":
        return _sample(value[3], choice)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, tree = value
        piece = _sample(tree, choice)
        times = least if choice % 2 == 0 else min(most, max(least + 1, 1))
        return None if piece is None else piece * min(times, 300)
    return "" if name in ("AT", "ASSERT", "ASSERT_NOT") else None


def _sample_class(members: list[Any], choice: int) -> str | None:
    chars = charsets.most_readable(charsets.of_class(members), most=30)
    return chars[choice % len(chars)][1] if chars else None
