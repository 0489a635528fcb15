"""Regular expressions (ECMA 262, found anywhere in the string) as languages: inclusion, and example strings.

greenery's automata decide; what they cannot express (look-around, back-references, \\b) or what would be
too large is "unknown", never a guess. Its own `strings()` must not be used: it can spin for ever.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from driftcheck.openapi.schema.containment import Verdict

_sre = import_module("re._parser")  # the one parser of regular expressions that ships with Python
_MOST_POSITIONS = 60
_UNBOUNDED = 4_000_000_000
_CLASSES = {"CATEGORY_DIGIT": "0-9", "CATEGORY_WORD": "0-9A-Za-z_", "CATEGORY_SPACE": " \\t\\n\\r\\f\\v"}
_DOT = "."  # ECMA 262 leaves out line ends; nobody who writes `.*` means that
_ANY = "(.|\\n)*"
_LIKELY = ("a", "0", "A", "-", " ", "a a", "é")
_READABLE = "aA0b1_- ./@:+!~xXzZ9"


class _UnsupportedError(Exception):
    """The pattern is not a regular expression in the mathematical sense, or is too large."""


@lru_cache(maxsize=1024)
def included(wide: frozenset[str], tight: frozenset[str]) -> Verdict:
    """Whether every string that matches all of `wide` matches all of `tight`."""
    if tight <= wide:
        return "yes"
    if any(all_match(wide, text) and not all_match(tight, text) for text in _likely(wide)):
        return "no"
    try:
        language = _intersection(wide)
        return "yes" if all(language.difference(_language(p)).empty() for p in tight - wide) else "no"
    except _UnsupportedError:
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
        language = _intersection(wide)
        for pattern in sorted(tight - wide):
            found = _shortest(language.difference(_language(pattern)), least, most)
            if found is not None:
                return found
    except _UnsupportedError:
        pass
    return None


def _likely(patterns: frozenset[str]) -> Iterator[str]:
    yield from _LIKELY
    for pattern in sorted(patterns):
        yield from examples(pattern)


def examples(pattern: str) -> Iterator[str]:
    """A few strings that probably match: short, long, and with other members of its character classes."""
    try:
        tree = _sre.parse(pattern)
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
            shortest = _shortest(_intersection(wanted), least, most)
        except _UnsupportedError:
            shortest = None
        found = [] if shortest is None else [shortest]
    return tuple(dict.fromkeys(found))


def _stretched(text: str, length: int) -> str:
    """The text made longer by repeating its last character."""
    return text + text[-1:] * (length - len(text))


def all_match(wanted: frozenset[str], text: str) -> bool:
    """Whether the text matches all patterns, as far as Python can tell."""
    try:
        return all(re.search(pattern, text, re.ASCII) for pattern in wanted)
    except (re.error, OverflowError):
        return False


@lru_cache(maxsize=512)
def _language(pattern: str) -> Any:
    from greenery import parse

    try:
        tree = _sre.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise _UnsupportedError from error
    if _positions(tree) > _MOST_POSITIONS:
        raise _UnsupportedError
    return parse("|".join(_alternatives(tree))).to_fsm()


def _intersection(patterns: frozenset[str]) -> Any:
    from greenery import parse

    if not patterns:
        return parse(_ANY).to_fsm()
    first, *others = sorted(patterns)
    language = _language(first)
    for pattern in others:
        language = language.intersection(_language(pattern))
    return language


def _alternatives(tree: Iterable[Any], before: str = _ANY, after: str = _ANY) -> Iterator[str]:
    """Each top-level alternative, with "anything" on the sides that it does not anchor."""
    items = list(tree)
    while items and items[0][0].name == "AT" and items[0][1].name in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
        before = ""
        items.pop(0)
    while items and items[-1][0].name == "AT" and items[-1][1].name in ("AT_END", "AT_END_STRING"):
        after = ""
        items.pop()
    if len(items) == 1 and items[0][0].name == "BRANCH":
        for branch in items[0][1][1]:
            yield from _alternatives(branch, before, after)
    elif len(items) == 1 and items[0][0].name == "SUBPATTERN" and _anchors(items[0][1][3]):
        yield from _alternatives(items[0][1][3], before, after)
    else:
        yield before + "".join(map(_written, items)) + after


def _anchors(tree: Iterable[Any]) -> bool:
    for item in tree:
        name, value = item[0].name, item[1]
        if name == "AT":
            return True
        if name == "BRANCH" and any(_anchors(branch) for branch in value[1]):
            return True
        if name == "SUBPATTERN" and _anchors(value[3]):
            return True
    return False


def _written(item: Any) -> str:
    """One piece of a parsed pattern in greenery's spelling."""
    name, value = item[0].name, item[1]
    if name == "LITERAL":
        return _literal(value)
    if name == "NOT_LITERAL":
        return f"[^{_literal(value, inside=True)}]"
    if name == "ANY":
        return _DOT
    if name == "IN":
        return _charclass(value)
    if name == "BRANCH":
        return "(" + "|".join("".join(map(_written, branch)) for branch in value[1]) + ")"
    if name == "SUBPATTERN" and not value[1] and not value[2]:
        return "(" + "".join(map(_written, value[3])) + ")"
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, tree = value
        count = f"{{{least},}}" if most >= _UNBOUNDED else f"{{{least},{most}}}"
        return "(" + "".join(map(_written, tree)) + ")" + count
    raise _UnsupportedError


def _charclass(members: list[Any]) -> str:
    negated, inside = "", ""
    for member in members:
        name, value = member[0].name, member[1]
        if name == "NEGATE":
            negated = "^"
        elif name == "LITERAL":
            inside += _literal(value, inside=True)
        elif name == "RANGE":
            inside += f"{_literal(value[0], inside=True)}-{_literal(value[1], inside=True)}"
        elif name == "CATEGORY" and value.name in _CLASSES:
            inside += _CLASSES[value.name]
        elif name == "CATEGORY" and len(members) == 1:
            return f"[^{_CLASSES[value.name.replace('_NOT', '')]}]"
        elif (
            name == "CATEGORY"
            and negated == ""
            and {m[1].name for m in members if m[0].name == "CATEGORY"}
            >= {
                value.name,
                value.name.replace("_NOT", ""),
            }
        ):
            return "."
        else:
            raise _UnsupportedError
    return f"[{negated}{inside}]"


def _literal(code: int, *, inside: bool = False) -> str:
    char = chr(code)
    special = "\\[]-^" if inside else "\\[]|(){}?*+.$^"
    if char in special:
        return (
            "\\" + char if not (inside is False and char in "^$") else f"[\\{char}]" if char == "^" else "[$]"
        )
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\v": "\\v"}.get(char, char)


def _positions(tree: Iterable[Any]) -> int:
    """About how many states the automaton will have."""
    total = 0
    for item in tree:
        name, value = item[0].name, item[1]
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            times = value[0] + 1 if value[1] >= _UNBOUNDED else value[1]
            total += max(1, times) * max(1, _positions(value[2]))
        elif name == "SUBPATTERN":
            total += _positions(value[3])
        elif name == "BRANCH":
            total += sum(_positions(branch) for branch in value[1])
        else:
            total += 1
    return total


def _shortest(language: Any, least: int, most: int | None) -> str | None:
    """The shortest accepted string, breadth first, one readable character for each class of them."""
    pending: deque[tuple[Any, str]] = deque([(language.initial, "")])
    seen = {(language.initial, 0)}
    while pending and len(seen) < 20_000:
        state, text = pending.popleft()
        if state in language.finals and len(text) >= least:
            return text
        if most is not None and len(text) >= most:
            continue
        ranked = sorted(map(_readable, language.map.get(state, {})))
        steps = {_readable(symbols): following for symbols, following in language.map.get(state, {}).items()}
        for rank, char in ranked:
            following = steps[rank, char]
            mark = (following, min(len(text) + 1, least))
            if char and mark not in seen and language.islive(following):
                seen.add(mark)
                pending.append((following, text + char))
    return None


def _readable(symbols: Any) -> tuple[int, str]:
    """The most readable character of a class, and its rank (low is good); no character: ""."""
    for rank, char in enumerate(_READABLE):
        if symbols.accepts(char):
            return rank, char
    for code in (*range(32, 127), 9, 10, 233, 0x4E2D):
        if symbols.accepts(chr(code)):
            return 100 + code, chr(code)
    return 10**6, ""


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
        return chr(value)
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
    try:
        found = re.compile(_charclass(members).replace("[^]", "[^\\x00]"))
    except (re.error, _UnsupportedError):
        return None
    chars = [char for char in _READABLE if found.fullmatch(char)]
    chars = chars or [chr(code) for code in range(32, 0x250) if found.fullmatch(chr(code))]
    return chars[choice % len(chars)] if chars else None
