"""Splits names into words and says how alike two words are; pairs.py decides on whole names.

Every judgement here is about words only: whether the things behind the names fit is asked elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from driftcheck.renaming.vocabulary import (
    ABBREVIATIONS,
    LOOKALIKES,
    OPPOSITES,
    PHRASES,
    SYNONYMS,
    WHOLE_WORDS,
)

_WORD = re.compile(
    r"[A-Z]{2,}s(?![A-Za-z])"  # plural acronym: IDs
    r"|[vV]\d+(?![A-Za-z])"  # version: v2
    r"|2[fF][aA](?![A-Za-z])"  # the one common word that begins with a digit
    r"|[A-Z]+(?=[A-Z][a-z])"  # acronym before a word: URLPath
    r"|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+"
)
_WORD_OF_ANY_SCRIPT = re.compile(r"[^\W\d_]+|\d+")
_VOWELS = frozenset("aeiou")
_NEGATIONS = frozenset({"un", "in", "non", "dis", "im", "de", "sub", "sur"})
_GROUPS: dict[str, set[int]] = {}  # the groups of opposites that a word is in
for _number, _group in enumerate(OPPOSITES):
    for _word in _group:
        _GROUPS.setdefault(_word, set()).add(_number)
_LONGEST = 200  # names beyond this are data, not names

EXACT, PLURAL, SPELLING, DICTIONARY, SYNONYM, SHORTENED = 1.0, 0.97, 0.93, 0.92, 0.88, 0.87


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name in any style: `userID`, `user_id`, `User-Id` are all (user, id)."""
    pattern = _WORD if name.isascii() else _WORD_OF_ANY_SCRIPT
    return tuple(word.lower() for word in pattern.findall(name[:_LONGEST]))


@lru_cache(maxsize=8192)
def phrased(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The words with known phrases joined: (date, of, birth) is (birthday)."""
    result: list[str] = []
    index = 0
    while index < len(parts):
        for length in (3, 2):
            joined = PHRASES.get(parts[index : index + length])
            if joined is not None and index + length <= len(parts):
                result.append(joined)
                index += length
                break
        else:
            result.append(parts[index])
            index += 1
    return tuple(result)


def singular(word: str) -> str:
    """The singular of a regular English plural, or the word."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "uses")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def meaning(word: str) -> str:
    """One word for all that mean the same: short forms written out, singular, the first synonym."""
    for form in (word, singular(word)):
        full = ABBREVIATIONS.get(form)
        if full is not None:
            return SYNONYMS.get(singular(full), SYNONYMS.get(full, singular(full)))
    return SYNONYMS.get(word) or SYNONYMS.get(singular(word)) or singular(word)


def opposed(first: str, second: str) -> bool:
    """Whether the two words exclude each other, like first and last."""
    a, b = meaning(first), meaning(second)
    if a == b:
        return False
    if a in _GROUPS and b in _GROUPS and _GROUPS[a] & _GROUPS[b]:
        return True
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer.endswith(shorter) and longer.removesuffix(shorter) in _NEGATIONS


@lru_cache(maxsize=65536)
def word_similarity(first: str, second: str) -> float:
    """From 0 (different words) to 1 (the same word); everything above 0 means the same."""
    if first == second:
        return EXACT
    if first.isdigit() or second.isdigit() or is_version(first) or is_version(second):
        return 0.0
    if singular(first) == singular(second):
        return PLURAL
    if meaning(first) == meaning(second):
        known = ABBREVIATIONS.keys() & {first, second, singular(first), singular(second)}
        return DICTIONARY if known else SYNONYM
    if first[0] != second[0] or opposed(first, second) or frozenset((first, second)) in LOOKALIKES:
        return 0.0
    if _spelled_alike(first, second) or _spelled_alike(singular(first), singular(second)):
        return SPELLING
    shorter, longer = sorted((singular(first), singular(second)), key=len)
    return SHORTENED if _shortens(shorter, longer) else 0.0


def is_version(word: str) -> bool:
    """Whether the word is v1, v2, ..."""
    return word[0] == "v" and word[1:].isdigit()


def _shortens(short: str, full: str) -> bool:
    """`short` is `full` with its end cut off after a consonant, or with its vowels left out."""
    if len(short) < 3 or len(full) < len(short) + 2 or short[0] != full[0] or short in WHOLE_WORDS:
        return False
    if full.startswith(short):
        return short[-1] not in _VOWELS
    if _VOWELS & set(short[1:]) or len(short) < 0.35 * len(full):
        return False
    consonants = [letter for letter in full if letter not in _VOWELS]
    return bool(consonants) and short[-1] == consonants[-1] and _is_subsequence(short, full)


def _is_subsequence(short: str, full: str) -> bool:
    letters = iter(full)
    return all(letter in letters for letter in short)


def _spelled_alike(first: str, second: str) -> bool:
    """British and American spelling, doubled letters, and slips of the pen in long words."""
    if min(len(first), len(second)) < 4:
        return False
    if _skeleton(first) == _skeleton(second):
        return True
    length = min(len(first), len(second))
    if length < 7:
        return False
    return edit_distance(first, second) <= (2 if length >= 10 else 1) and _slip(first, second)


def _slip(first: str, second: str) -> bool:
    """Long words may differ in any letter; shorter ones only in a vowel, or in the order of letters."""
    if min(len(first), len(second)) >= 9 or sorted(first) == sorted(second):
        return True
    return _consonants(first) == _consonants(second)


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


@lru_cache(maxsize=8192)
def _skeleton(word: str) -> str:
    folded = re.sub(r"(.)\1", r"\1", word)
    for old, new in (("our", "or"), ("ae", "e"), ("oe", "e"), ("ogue", "og"), ("z", "s"), ("ck", "k")):
        folded = folded.replace(old, new)
    folded = re.sub(r"(?<=[bcdfghjklmnpqrstvwx])re$", "er", folded)
    return re.sub(r"ce$", "se", folded)


def edit_distance(first: str, second: str) -> int:
    """How many letters to insert, delete, replace or swap with a neighbour (restricted Damerau)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
