"""How alike two names are, from 0 to 1: whole words in common, abbreviations, close spelling."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> list[str]:
    """`userEmail` and `user_email` are both [user, email]."""
    return [word.lower() for word in _WORDS.findall(name)]


def similarity(one: str, other: str) -> float:
    """1 for the same words, about 0.9 for one within the other, 0.75 for an abbreviation."""
    ours, theirs = words(one), words(other)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    score = SequenceMatcher(None, "".join(ours), "".join(theirs)).ratio()
    shared = set(ours) & set(theirs)
    if shared in (set(ours), set(theirs)):
        return max(0.85, score)
    if any(_abbreviates(a, b) for a in ours for b in theirs):
        return max(0.75, score)
    return max(score, 0.6) if shared - {"id", "at", "is"} else score


def _abbreviates(one: str, other: str) -> bool:
    """`qty` for quantity, `desc` for description: letters in order, beginning alike."""
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or len(short) > len(long) - 2 or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
