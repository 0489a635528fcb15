"""Regular expressions as languages."""

from __future__ import annotations

import re

import pytest

from driftcheck.openapi.schema import patterns

EQUAL = [
    ("^[0-9]+$", r"^\d+$"),
    (r"^\w$", "^[a-zA-Z0-9_]$"),
    ("^(a|b)$", "^a$|^b$"),
    ("^(a|b)$", "^[ab]$"),
    ("^a{2}$", "^aa$"),
    ("^a?$", "^(a|)$"),
    ("abc", r"abc[\s\S]*$"),
    (r"^a\-b$", "^a-b$"),
    ("^(?:ab)+$", "^ab(ab)*$"),
]
WITHIN = [
    ("^[a-z]{3}$", "^[a-z]{1,5}$"),
    ("^abc$", "abc"),
    ("^[0-9]+$", "^[0-9a-f]+$"),
    ("^https://x", "^https?://"),
    (r"^[\w.-]+@x\.com$", "^.+@.+$"),
]
UNKNOWN = [(r"^(?=a)ab$", "^b?(?!c)ab$"), (r"^(a)\1$", r"^(?:a)(a)\b$")]


def _one(pattern: str) -> frozenset[str]:
    return frozenset({pattern})


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal_languages_include_each_other(a: str, b: str) -> None:
    assert patterns.included(_one(a), _one(b)) == "yes"
    assert patterns.included(_one(b), _one(a)) == "yes"
    assert patterns.witness(_one(a), _one(b)) is None


@pytest.mark.parametrize(("narrow", "wide"), WITHIN)
def test_a_smaller_language_is_included_and_not_the_other_way_round(narrow: str, wide: str) -> None:
    assert patterns.included(_one(narrow), _one(wide)) == "yes"
    assert patterns.included(_one(wide), _one(narrow)) == "no"


@pytest.mark.parametrize(("narrow", "wide"), WITHIN)
def test_a_witness_matches_the_one_and_not_the_other(narrow: str, wide: str) -> None:
    text = patterns.witness(_one(wide), _one(narrow))
    assert text is not None
    assert re.search(wide, text)
    assert not re.search(narrow, text)


@pytest.mark.parametrize(("a", "b"), UNKNOWN)
def test_what_is_no_regular_language_is_unknown_unless_refuted(a: str, b: str) -> None:
    assert patterns.included(_one(a), _one(b)) != "yes"


def test_no_patterns_include_everything() -> None:
    assert patterns.included(_one("a"), frozenset()) == "yes"
    assert patterns.included(frozenset(), _one("^a$")) == "no"


@pytest.mark.parametrize("pattern", ["^[a-f0-9]{40}$", "^x-", "^(a|bc)+$", r"^\d{4}-\d{2}$", "^[^a-z]$", "é"])
def test_examples_match(pattern: str) -> None:
    found = list(patterns.examples(pattern))
    assert found
    assert all(re.search(pattern, text) for text in found)


@pytest.mark.parametrize("pattern", ["[", "(?P<", "(?<=a+)b", "*"])
def test_a_broken_pattern_has_no_examples_and_is_unknown(pattern: str) -> None:
    assert list(patterns.examples(pattern)) == [] or pattern == "(?<=a+)b"
    assert patterns.included(_one(pattern), _one("^b$")) == "unknown"


@pytest.mark.parametrize(("least", "most"), [(0, None), (5, 5), (3, 8)])
def test_strings_of_a_length(least: int, most: int | None) -> None:
    found = patterns.matching(_one("^[a-z]+$"), least, most)
    assert found
    assert all(least <= len(text) <= (most or 10**6) for text in found)


def test_two_patterns_at_once() -> None:
    found = patterns.matching(frozenset({"^ab", "yz$"}), 0, None)
    assert found
    assert all(text.startswith("ab") and text.endswith("yz") for text in found)


def test_a_huge_repeat_is_not_expanded() -> None:
    assert patterns.included(_one("^a{1,5000}$"), _one("^a{1,6000}$")) == "unknown"
