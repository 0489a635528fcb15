"""Regular expressions as languages."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from driftcheck.openapi.schema import automata, patterns

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
    ("^(?!a)[ab]$", "^b$"),
    ("^(?:(?!a)[ab])$", "^b$"),
    ("^(?=.{1,64}$)[a-z]+$", "^[a-z]{1,64}$"),
    ("^[a-z-]*(?<!-)$", "^([a-z-]*[a-z])?$"),
    (r"^a\b", r"^a(\W|$)"),
    (r"^(?<year>\d{4})$", r"^\d{4}$"),
    (r"^\p{Nd}$", r"^\p{gc=Nd}$"),
    (r"^[^\p{L}]$", r"^\P{L}$"),
    ("^[a-z]{1,253}$", "^[a-z]([a-z]{0,251}[a-z])?$"),
    (r"^[\s\S]*$", ""),
    ("a|^b|c$", "c$|a|^b"),
]
WITHIN = [
    ("^[a-z]{3}$", "^[a-z]{1,5}$"),
    ("^abc$", "abc"),
    ("^[0-9]+$", "^[0-9a-f]+$"),
    ("^https://x", "^https?://"),
    (r"^[\w.-]+@x\.com$", "^.+@.+$"),
    ("^[a-z]{1,253}$", "^[a-z]{1,255}$"),
    (r"^arn:aws:[a-z]+:\d{12}:.{1,512}$", r"^arn:aws:[a-z]+:\d{12}:.{1,1024}$"),
    ("^[A-Za-z0-9_-]{1,256}$", "^[A-Za-z0-9._-]{1,256}$"),
    ("^(?!admin)[a-z]+$", "^[a-z]+$"),
    (r"^(?=.*[A-Z])(?=.*\d).{8,64}$", r"^(?=.*\d).{8,64}$"),
    (r"\bfoo\b", "foo"),
]
UNKNOWN = [
    (r"^(?=a)ab$", "^b?(?!c)ab$"),
    (r"^(a)\1$", r"^(?:a)(a)\b$"),
    ("^(?i:a)$", "^[aA]$"),
    ("^(a{1,100}){1,100}$", "^a+$"),
    ("a.{40}b", "a.{0,41}b"),
]


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


def test_a_repeat_beyond_all_bounds_is_not_expanded() -> None:
    assert patterns.included(_one("^a{1,50000}$"), _one("^a{1,60000}$")) == "unknown"


def test_categories_of_unicode() -> None:
    assert patterns.included(_one(r"^\p{Lu}+$"), _one(r"^\p{L}+$")) == "yes"
    assert patterns.included(_one(r"^\p{L}+$"), _one("^[A-Za-z]+$")) == "no"
    assert patterns.included(_one(r"^\p{Unheard}+$"), _one("^a$")) == "unknown"
    assert patterns.all_match(_one(r"^\p{Lu}$"), "É")
    assert not patterns.all_match(_one(r"^\p{Lu}$"), "é")


def test_a_witness_has_the_length_that_is_asked_for() -> None:
    text = patterns.witness(_one("^[a-z]+$"), _one("^[a-y]+$"), 300, 400)
    assert text is not None
    assert 300 <= len(text) <= 400
    assert "z" in text


@pytest.mark.parametrize(("a", "b"), [("^a*$", "^a?$"), ("^[ab]{2,}$", "^(ab)+$")])
def test_a_witness_is_a_shortest_one(a: str, b: str) -> None:
    assert len(automata.find([a], [b], 0, None) or "") == 2


_PIECES = st.sampled_from(["a", "b", "0", "-", "[ab]", "[^a]", r"\d", r"\w", r"\W", ".", "^", "$", r"\b"])
_PATTERNS = st.recursive(
    _PIECES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
        inner.map(lambda one: f"^(?:{one})$"),
        st.tuples(inner, inner).map(lambda two: f"^(?!{two[0]})(?:{two[1]})"),
    ),
    max_leaves=8,
)
_TEXTS = ["".join(text) for length in range(4) for text in itertools.product("ab0-", repeat=length)]


@given(_PATTERNS, _PATTERNS)
def test_automata_agree_with_searching(wide: str, tight: str) -> None:
    try:
        found = automata.find([wide], [tight], 0, None)
    except automata.UnsupportedError:
        assume(False)
    alone = [text for text in _TEXTS if re.search(wide, text) and not re.search(tight, text)]
    if found is None:
        assert alone == []
    else:
        assert re.search(wide, found)
        assert not re.search(tight, found)
        assert not alone or len(found) <= len(alone[0])
