"""JSON: orjson's answer where it is right, the strict reading where orjson is lenient."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.openapi.loading.json_text import MAX_DEPTH, JsonSyntaxError, load_json, load_json_text
from driftcheck.openapi.loading.position import TextError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_reads_whatever_json_holds(value, ascii_only):
    try:
        text = json.dumps(value, ensure_ascii=ascii_only).encode()
    except UnicodeEncodeError:  # half a surrogate pair cannot be written
        return
    if ascii_only and any("\ud800" <= c <= "\udfff" for c in json.dumps(value, ensure_ascii=False)):
        return
    assert load_json(text, "s") == value


@given(VALUES, st.sampled_from([None, orjson.OPT_INDENT_2]), st.sampled_from(["", "\n", " \n\n"]))
def test_text_as_orjson_writes_it_is_read_all_the_same(value, option, end):
    try:
        text = orjson.dumps(value, option=option)
    except TypeError:  # half a surrogate pair, or an integer beyond 64 bits
        return
    found, indented = load_json_text(text + end.encode(), "s")
    assert found == value
    assert not indented or text.startswith((b"{\n  ", b"[\n  "))


@pytest.mark.parametrize(
    ("text", "indented"),
    [
        (b'{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}', True),
        (b'{\n  "a": 1\n}\n', True),
        (b'[\n  "a",\n  {}\n]', True),
        (b'{"a":1}', False),  # no lines
        (b'{\n "a": 1\n}', False),  # one space
        (b'{\n    "a": 1\n}', False),  # four
        (b'{\n  "a": [1, 2]\n}', False),  # two elements in a line
        (b'{\n  "a": {\n  "b": 1\n  }\n}', False),  # a level that is not indented
        (b'{\n  "a" : 1\n}', False),
        (b'{\n  "\\u0061": 1\n}', False),  # a name written otherwise
        (b'{\n  "a": 1.50\n}', False),
        (b'{\r\n  "a": 1\r\n}', False),
    ],
)
def test_only_regular_indentation_counts(text, indented):
    assert load_json_text(text, "s") == (json.loads(text), indented)


@pytest.mark.parametrize("text", ['{\n  "a": %d\n}', "[\n  %d\n]"])
def test_integers_beyond_64_bits_are_exact_in_indented_text(text):
    number = 123456789012345678901234567890
    assert load_json((text % number).encode(), "s") in ({"a": number}, [number])


def test_a_name_that_appears_twice_is_refused_in_indented_text():
    with pytest.raises(TextError, match="appears twice"):
        load_json(b'{\n  "a": 1,\n  "a": 2\n}', "s")


@pytest.mark.parametrize(
    "number",
    [2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**30, 123456789012345678901234567890],
)
def test_integers_beyond_64_bits_are_exact(number):
    assert load_json(b'{"maximum": %d}' % number, "s") == {"maximum": number}
    assert type(load_json(b"[%d]" % number, "s")[0]) is int


@pytest.mark.parametrize(
    "text",
    [b'["123456789012345678901234567890"]', b"[0.1234567890123456789012345]", b"[12345678901234567890123e1]"],
)
def test_long_digits_elsewhere_change_nothing(text):
    assert load_json(text, "s") == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": {"b": 1}, "c": {"b": 2}}',
        b'[{"a": 1}, {"a": 1}]',
        b'{"a\\"": 1, "a": 2}',
        b'{"\\u0022a": "\\u0022"}',
        b'{"a": "\\"a\\":", "b": "{\\"x\\":1,\\"x\\":2}"}',
    ],
)
def test_names_that_only_look_repeated_are_fine(text):
    assert load_json(text, "s") == json.loads(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"a": 1, "a": 1}', "1:10"),
        (b'{\n "x": {"a": "1",\n  "\\u0061": "2"}}', "3:3"),
        (b'[{"a": []}, {"b": [], "c": 1, "b": {}}]', "1:31"),
        ('{"é": 1,"ü": 2,"é": 3}'.encode(), "1:16"),
    ],
)
def test_a_repeated_name_is_refused_where_it_stands(text, place):
    with pytest.raises(TextError, match=rf"^s:{place}: the name .* appears twice in one object"):
        load_json(text, "s")


def test_as_deep_as_allowed_is_read_and_one_more_is_not():
    assert load_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "s")
    too_deep = MAX_DEPTH + 10
    with pytest.raises(TextError, match="nested more than"):
        load_json(b"[" * too_deep + b"]" * too_deep, "s")


@pytest.mark.parametrize(
    "text",
    [b'{"a": 1,}', b"{'a': 1}", b'{"a" 1}', b"[1 2]", b'{"a": 01}', b'"a\tb"', b"[1] x", b"[", b"{a: 1}"],
)
def test_what_is_no_json_is_told_apart_from_bad_json(text):
    with pytest.raises(JsonSyntaxError, match=r"^s:1:\d+: this is not valid JSON: [a-z]"):
        load_json(text, "s")


@pytest.mark.parametrize("text", [b'["\\ud83d\\ude00"]', '["😀"]'.encode(), b'["\\\\ud800"]'])
def test_whole_surrogate_pairs_are_fine(text):
    assert load_json(text, "s") == json.loads(text)
