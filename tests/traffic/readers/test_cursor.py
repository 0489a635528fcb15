"""The JSON cursor: positions, lines and broken text, whatever the size of the chunks it reads."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.traffic.readers import cursor as module
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.problem import RecordingError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(params=[1, 3, 1 << 20], ids=["chunk 1", "chunk 3", "chunk 1 MiB"])
def chunk(request, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", request.param)
    return request.param


def walked(cursor):
    """The value, taken apart as far as it goes."""
    if cursor.peek() == "{":
        return {name: walked(cursor) for name in cursor.members()}
    if cursor.peek() == "[":
        return [walked(cursor) for _ in cursor.elements()]
    return cursor.value()


@given(VALUES, st.sampled_from([None, 2]), st.sampled_from([1, 7, 1 << 20]))
def test_walking_and_decoding_give_what_json_gives(value, indent, size):
    text = json.dumps(value, indent=indent)
    before, module._CHUNK = module._CHUNK, size
    try:
        cursor = Cursor(io.StringIO(text))
        assert walked(cursor) == value
        cursor.end()
        assert Cursor(io.StringIO(text)).value() == value
    finally:
        module._CHUNK = before


@given(VALUES, st.sampled_from([1, 7, 1 << 20]))
def test_what_passed_is_the_whole_text(value, size):
    text = json.dumps({"a": [value, value], "b": value}, indent=1)
    before, module._CHUNK = module._CHUNK, size
    try:
        cursor = Cursor(io.StringIO(text), copying=True)
        pieces = []
        for name in cursor.members():
            pieces.append(cursor.passed())
            if name == "a":
                for _ in cursor.elements():
                    pieces.append(cursor.passed())
                    cursor.value()
            else:
                cursor.value()
        pieces.append(cursor.passed())
        assert "".join(pieces) == text
    finally:
        module._CHUNK = before


def test_lines_are_those_of_the_values(chunk):
    cursor = Cursor(io.StringIO('{\n"a": [\n1,\n\n{"b":\n2}]\n}'))
    lines = []
    for _ in cursor.members():
        for _ in cursor.elements():
            lines.append(cursor.line)
            cursor.value()
    assert lines == [3, 5]


def test_a_number_at_the_edge_of_a_chunk_is_whole(chunk):
    assert Cursor(io.StringIO("[12345678901234567890]")).value() == [12345678901234567890]
    assert Cursor(io.StringIO("1234567")).value() == 1234567


@pytest.mark.parametrize("text", ['{"a": 1', '{"a"', "[1, 2", '["abc', "", "{"])
def test_text_that_ends_too_early_is_said_to_be_cut_off(text, chunk):
    with pytest.raises(RecordingError, match="cut off"):
        walked(Cursor(io.StringIO(text)))


@pytest.mark.parametrize("text", ["{1: 2}", '{"a" 1}', "[1 2]", '{"a": 1 "b": 2}', "[tru]", "{'a': 1}"])
def test_text_that_is_no_json_is_said_to_be_none(text, chunk):
    with pytest.raises(RecordingError, match="no valid JSON"):
        walked(Cursor(io.StringIO(text)))


def test_what_follows_is_refused():
    cursor = Cursor(io.StringIO("{} {}"))
    cursor.value()
    with pytest.raises(RecordingError, match="more follows"):
        cursor.end()


def test_nesting_has_an_end():
    with pytest.raises(RecordingError, match="nested too deeply"):
        Cursor(io.StringIO("[" * 200_000)).value()


def test_control_characters_in_strings_are_forgiven():
    assert Cursor(io.StringIO('"a\tb"')).value() == "a\tb"
