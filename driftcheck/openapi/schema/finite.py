"""Which strings patterns and lengths allow together, and whether an enum lists all that a shape allows."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

from driftcheck.difference import JSON
from driftcheck.openapi.schema import patterns
from driftcheck.openapi.schema.shape import Shape

_COUNTABLE = 1200  # longer lengths make automata that are too large for what they tell
_MOST_LISTED = 300


def strings_within(wide: Shape, tight: Shape) -> bool:
    """Whether patterns and lengths follow from the other side's (a pattern may fix the length)."""
    if not (wide.patterns or tight.patterns) or max(map(_longest, (wide, tight))) > _COUNTABLE:
        return False
    if wide.values is not None:
        texts = [value for value in wide.values.values() if isinstance(value, str)]
        return all(_fits(tight, text) for text in texts)
    for length in {wide.min_length, wide.max_length or wide.min_length}:
        for text in (
            patterns.matching(wide.patterns, length, length, thorough=False)
            if wide.patterns
            else ("a" * length,)
        ):
            if not _long_enough(tight, text):
                return False
    return patterns.included(_with_length(wide), _with_length(tight)) == "yes"


def _fits(shape: Shape, text: str) -> bool:
    return _long_enough(shape, text) and patterns.all_match(shape.patterns, text)


def _long_enough(shape: Shape, text: str) -> bool:
    most = math.inf if shape.max_length is None else shape.max_length
    return shape.min_length <= len(text) <= most


def _longest(shape: Shape) -> int:
    return max(shape.min_length, shape.max_length or 0)


def _with_length(shape: Shape) -> frozenset[str]:
    if not shape.min_length and shape.max_length is None:
        return shape.patterns
    most = "" if shape.max_length is None else shape.max_length
    return shape.patterns | {f"^[\\s\\S]{{{shape.min_length},{most}}}$"}


def lists_all(limited: Shape, free: Shape) -> bool:
    """Whether the enum of `limited` has every value of `free`, which has none itself."""
    if limited.values is None or not free.simple or len(limited.values) > _MOST_LISTED:
        return False
    values = list(limited.values.values())
    return all(_listed(kind, values, free) for kind in free.types)


def _listed(kind: str, values: Collection[JSON], free: Shape) -> bool:
    if kind == "null":
        return None in values
    if kind == "boolean":
        return all(any(value is wanted for value in values) for wanted in (True, False))
    if kind == "integer":
        return _integers_listed(values, free)
    if kind != "string" or not free.patterns or _longest(free) > _COUNTABLE:
        return False
    texts = "|".join(re.escape(value) for value in values if isinstance(value, str))
    return patterns.included(_with_length(free), frozenset({f"^(?:{texts})$"})) == "yes"


def _integers_listed(values: Collection[JSON], free: Shape) -> bool:
    low, high = free.lower, free.upper
    if low is None or high is None or high.value - low.value > _MOST_LISTED:
        return False
    first = math.floor(low.value) + 1 if low.exclusive else math.ceil(low.value)
    last = math.ceil(high.value) - 1 if high.exclusive else math.floor(high.value)
    known = {value for value in values if isinstance(value, int | float) and not isinstance(value, bool)}
    return known.issuperset(range(first, last + 1))
