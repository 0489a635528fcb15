"""YAML 1.2 by both readers: the fast one must say what the exact one says, or leave it to that one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftcheck.openapi.loading.position import TextError
from driftcheck.openapi.loading.yaml_exact import load_exact
from driftcheck.openapi.loading.yaml_text import load_yaml

BOTH = pytest.mark.parametrize("load", [load_yaml, load_exact])

SCALARS = """
on off yes no null ~ Null true True FALSE nULL y n 1 -1 +1 01 0777 090 0o7 0o8 0x1F 0xg 1.0 1.10 .5 5.
1e3 1E+3 1.e5 +.5 1e e1 0x 00 -0 -0.0 1_000 _1 1_ 1__0 0b1 0B1 0X1F -0x1 2020-01-01 2020_01 12:30 12:30:45 = http://x/y#z
a#b a,b é 😀 0.1e-5 123456789012345678901234567890 1:2 1,000 .inf.x .info x.nan 0x1_0
1e1_0 2001-12-14t21:59:43.10-05:00
""".split()


def answer(load, text):
    try:
        return load(text, "s")
    except TextError as error:
        return error.message.partition(": ")[2]


def same(one, other):
    """Equal, and of the same types: 1 is not 1.0, nor True."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize(
    "form", ["a: {}\n", "- {}\n", "a: [{}]\n", "enum: [x, {}]\n", "{}: x\n", "x: 1\n{}: x\n"]
)
def test_the_readers_agree_on_every_kind_of_scalar(scalar, form):
    if "," in scalar and "[" in form:
        return
    text = form.format(scalar).encode()
    assert same(answer(load_yaml, text), answer(load_exact, text))


KEYS = st.sampled_from(["a", "b", "c", "200", "'200'", "404", "null", "on", "1.10", "0200", "x-y", "/a/{b}"])
LEAVES = st.sampled_from([word for word in SCALARS if "," not in word] + ["''", '"a\\n"', "'it''s'"])


def blocks(depth=3):
    """Block YAML as lists of lines."""
    if depth == 0:
        return LEAVES.map(lambda leaf: [leaf])
    inner = blocks(depth - 1)
    pairs = st.lists(st.tuples(KEYS, inner), min_size=1, max_size=3)
    items = st.lists(inner, min_size=1, max_size=3)
    return LEAVES.map(lambda leaf: [leaf]) | pairs.map(mapping) | items.map(sequence)


def mapping(pairs):
    lines = []
    for key, value in pairs:
        lines += (
            [f"{key}: {value[0]}"]
            if len(value) == 1 and ": " not in value[0]
            else [f"{key}:", *indented(value)]
        )
    return lines


def sequence(items):
    return [line for item in items for line in ("- " + item[0], *indented(item[1:]))]


def indented(lines):
    return ["  " + line for line in lines]


@settings(max_examples=300)
@given(blocks())
def test_the_readers_agree_on_documents(lines):
    text = "\n".join([*lines, ""]).encode()
    assert same(answer(load_yaml, text), answer(load_exact, text))


@BOTH
@pytest.mark.parametrize(
    "word", ["on", "off", "yes", "no", "y", "N", "2020-01-01", "12:30", "12:30:45", "1_000"]
)
def test_what_only_yaml_1_1_converts_stays_text(load, word):
    assert load(f"enum: [{word}, x]\nvalue: {word}\n".encode(), "s") == {"enum": [word, "x"], "value": word}


@BOTH
@pytest.mark.parametrize(
    "key", ["200", "0200", "null", "~", "true", "False", "1.10", "1e3", "2020-01-01", "on", "+1"]
)
def test_keys_keep_the_text_they_are_written_with(load, key):
    assert load(f"responses:\n  {key}: x\n".encode(), "s") == {"responses": {key: "x"}}
    assert load(f"{key}: x".encode(), "s") == {key: "x"}


@BOTH
def test_keys_that_differ_as_text_are_two_keys(load):
    assert load(b"1.0: a\n1.00: b\n1: c\n", "s") == {"1.0": "a", "1.00": "b", "1": "c"}


@BOTH
@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"a: 1\nb: 2\na: 3\n", "3:1"),
        (b"a: 1\n'a': 2\n", "2:1"),
        (b"x:\n  200: a\n  '200': b\n", "3:3"),
        (b"{a: 1, a: 2}", "1:8"),
        (b"'\\u00e9': 1\nb: 1\n? b\n: 2\n", "3:3"),
    ],
)
def test_a_repeated_key_is_refused_where_it_stands(load, text, place):
    with pytest.raises(TextError, match=rf"^s:{place}: the key .* appears twice in one mapping"):
        load(text, "s")


@BOTH
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", {"a": {"b": 1}, "c": {"d": 2, "b": 1}}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: &x {b: 1}\nc: {b: 2, <<: *x}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: &x {b: 1}\ne: &y {b: 2, f: 3}\nc:\n  <<: [*x, *y]\n",
         {"a": {"b": 1}, "e": {"b": 2, "f": 3}, "c": {"b": 1, "f": 3}}),
        ("a:\n  <<: {b: 1}\n", {"a": {"b": 1}}),
        ("a: &x {<<: {b: 1}, c: 2}\nd: {<<: *x}\n", {"a": {"c": 2, "b": 1}, "d": {"c": 2, "b": 1}}),
        ("'<<': 1\n", {"<<": 1}),
        ("a: '<<'\n", {"a": "<<"}),
    ],
)  # fmt: skip
def test_merge_keys(load, text, value):
    assert load(text.encode(), "s") == value


@BOTH
@pytest.mark.parametrize("text", [b"a:\n  <<: x\n", b"a: &x [1]\nb:\n  <<: *x\n"])
def test_only_mappings_are_merged(load, text):
    with pytest.raises(TextError, match=r"^s:\d:\d+: a merge key `<<` takes a mapping"):
        load(text, "s")


@BOTH
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"a: &x 1\nb: *x\n", {"a": 1, "b": 1}),
        (b"a: &x [1]\nb: [*x, *x]\n", {"a": [1], "b": [[1], [1]]}),
        (b"a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        (b"&k a: 1\nb: {*k : 2}\n", {"a": 1, "b": {"a": 2}}),
        (b"a: '*x'\nb: \"&x\"\n", {"a": "*x", "b": "&x"}),
        (b"a: |\n  **bold** &amp; *x &x\n", {"a": "**bold** &amp; *x &x\n"}),
    ],
)
def test_aliases(load, text, value):
    assert load(text, "s") == value


@BOTH
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: *x\n", "s:1:4: the alias `\\*x` has no anchor before it"),
        (b"a: &x [*x]\n", "s:1:8: the alias `\\*x` stands inside the node it refers to"),
        (b"a: &x\n  <<: *x\n", "s:2:7: the alias `\\*x` stands inside"),
        (b"? [a, b]\n: c\n", "s:1:3: a mapping key must be plain text"),
        (b"? {a: [{b: c}]}\n: c\n", "s:1:3: a mapping key must be plain text"),
        (b"a: {[1]: 2}\n", "s:1:5: a mapping key must be plain text"),
        (b"a:\n\tb: 1\n", "s:2:1: this is not valid YAML"),
        (b"a: 'x\n", "s:2:1: this is not valid YAML"),
        (b"a: b: c\n", "s:1:5: this is not valid YAML"),
        (b"a: [1\nb: 2\n", "s:2:2: this is not valid YAML"),
    ],
)
def test_errors_name_the_place(load, text, message):
    with pytest.raises(TextError, match=f"^{message}"):
        load(text, "s")


@BOTH
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"a: !foo bar\n", {"a": "bar"}),
        (b"a: !foo {b: 1}\n", {"a": {"b": 1}}),
        (b"a: !!str 12\n", {"a": "12"}),
        (b"a: !!int '3'\n", {"a": 3}),
        (b"a: !!float 1\n", {"a": 1.0}),
        (b"a: !!null ''\n", {"a": None}),
        (b"a: !!timestamp 2020-01-01\n", {"a": "2020-01-01"}),
        (b"a: !!python/object/apply:os.getcwd []\n", {"a": []}),
        (b"%YAML 1.1\n---\na: yes\n", {"a": "yes"}),
        (b"%TAG !e! tag:example.org,2000:\n---\na: !e!foo x\n", {"a": "x"}),
        (b"a: 1\n---\n", {"a": 1}),
        (b"---\na: 1\n...\n", {"a": 1}),
        (b"a: 1\r\nb:\r\n  - 2\r\n", {"a": 1, "b": [2]}),
        (b"a:\nb: ''\nc: \"\"\n", {"a": None, "b": "", "c": ""}),
        (b'"a\\tb": "\\x41\\u00e9"\n', {"a\tb": "Aé"}),
        (b"a: |\n  x\n   y\nb: >-\n  x\n  y\n", {"a": "x\n y\n", "b": "x y"}),
        (b"# only a comment\n", None),
    ],
)
def test_readings(load, text, value):
    assert same(load(text, "s"), value)


def test_what_only_one_parser_takes_is_taken():
    """PyYAML forgives a continuation line that is not indented; yaml-rs reads surrogate pairs."""
    assert load_yaml(b"a: 'x\ny'\n", "s") == {"a": "x y"}
    assert load_yaml(b'a: "\\ud83d\\ude00"\n', "s") == {"a": "😀"}


def test_a_long_text_of_underscores_and_digits_is_read_the_fast_way_and_right():
    words = " ".join(["x0_0x"] * 20_000)
    assert load_yaml(f"a: {words}\nb: 1_0\n".encode(), "s") == {"a": words, "b": "1_0"}
