"""YAML in parts: cut where only structure can stand, each part with its line."""

from __future__ import annotations

import io

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.yaml_parts import Part, documents, items, parsed

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n-: #'\""), max_size=30
)
VALUES = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans() | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.fixed_dictionaries({"spec": VALUES}), min_size=1, max_size=4))
def test_documents_are_those_of_the_stream(values):
    text = yaml.safe_dump_all(values, allow_unicode=True, sort_keys=False)
    parts = list(documents(io.StringIO(text)))
    assert [parsed(part) for part in parts] == values
    lines = text.splitlines(keepends=True)
    for part in parts:
        assert "".join(lines[part.line - 1 :]).startswith(part.text)


@given(st.lists(st.fixed_dictionaries({"request": VALUES, "x": TEXTS}), min_size=1, max_size=4))
def test_items_are_those_of_the_list(values):
    text = yaml.safe_dump({"before": 1, "list": values, "version": 1}, allow_unicode=True, sort_keys=False)
    found = [part for where, part in items(io.StringIO(text), "list") if where]
    if "&id" not in text:
        assert [parsed(part) for part in found] == [[value] for value in values]
    assert len(found) == len(values)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a: 1\n", 1),
        ("---\na: 1\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n---\n---\nb: 2\n...\n", 2),
        ("a: |\n  ---\n  b\n", 1),
        ("a: '\n  ---\n  b'\n", 1),
        ("a: 1\n--- # more\n", 1),
        ("# nothing\n", 1),
        ("", 0),
        ("a: 1\r\n---\r\nb: 2\r\n", 2),
    ],
)
def test_where_documents_end(text, count):
    assert len(list(documents(io.StringIO(text)))) == count


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 2026-03-01T10:00:00Z", {"a": "2026-03-01T10:00:00Z"}),
        ("a: !!binary aGk=", {"a": b"hi"}),
        ("a: !!python/unicode hi", {"a": "hi"}),
        ("a: !!python/tuple [1, 2]", {"a": [1, 2]}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: 'x & y !! z'", {"a": "x & y !! z"}),
        ("", None),
    ],
)
def test_values(text, value):
    assert parsed(Part(text, 1)) == value


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: &x\n  b: *x",
        "a: *gone",
        "a: !!python/object/apply:os.system [x]\nb: [",
        "a: 'x",
        "[" * 50_000,
        "- " * 50_000,
        "a: " + "{b: " * 50_000,
    ],
)
def test_what_cannot_be_read_is_told_with_a_line(text):
    with pytest.raises(RecordingError) as problem:
        parsed(Part(text, 5))
    assert problem.value.line is not None


def test_nothing_that_a_tag_names_is_run():
    assert parsed(Part("a: !!python/object/apply:os.system ['exit 1']", 1)) == {"a": ["exit 1"]}


@pytest.mark.parametrize("name", ["python/object/new:os.system", "python/name:os.system", "python/module:os"])
def test_no_tag_gives_anything_but_its_value(name):
    assert parsed(Part(f"a: !!{name} ''", 1)) == {"a": ""}
