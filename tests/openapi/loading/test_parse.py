"""Bytes to values: formats are told by content, and what is hostile ends in one sentence with its place."""

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.parse import parse, read


@pytest.mark.parametrize("hint", [None, True, False])
@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        (b'{"openapi": "3.0.0"}', True),
        (b' \n\t{"openapi": "3.0.0"}\n', True),
        (b"openapi: 3.0.0\n", False),
        (b"# a comment\nopenapi: 3.0.0\n", False),
        (b"---\nopenapi: 3.0.0\n...\n", False),
        (b"\xef\xbb\xbfopenapi: 3.0.0", False),
        (b'\xef\xbb\xbf{"openapi": "3.0.0"}', True),
        ('{"openapi": "3.0.0"}'.encode("utf-16"), True),
        ("openapi: 3.0.0".encode("utf-16"), False),
        ("openapi: 3.0.0".encode("utf-32"), False),
    ],
)
def test_the_format_is_told_by_the_content_whatever_the_name_says(text, is_json, hint):
    parsed = read(text, "spec", hint)
    assert parsed.value == {"openapi": "3.0.0"}
    assert parsed.is_json is is_json


@pytest.mark.parametrize("hint", [None, False])
def test_a_flow_mapping_that_starts_like_json_is_read_as_yaml(hint):
    assert parse(b"{openapi: 3.0.0, paths: {}}", "spec", hint) == {"openapi": "3.0.0", "paths": {}}


def test_the_text_kept_for_places_has_no_byte_order_mark():
    assert read(b"\xef\xbb\xbfa: 1", "spec").text == b"a: 1"
    assert read("a: é".encode("utf-16"), "spec").text == "a: é".encode()


def test_broken_json_is_reported_as_json_unless_the_name_says_yaml():
    broken = b'{"a": [1, 2}'
    with pytest.raises(DriftcheckError, match=r"s:1:12: this is not valid JSON"):
        parse(broken, "s", None)
    with pytest.raises(DriftcheckError, match=r"s:1:12: this is not valid JSON"):
        parse(broken, "s", True)
    with pytest.raises(DriftcheckError, match=r"s:1:12: this is not valid YAML"):
        parse(broken, "s", False)


def test_collection_of_garbage_is_as_before_afterwards():
    import gc

    assert gc.isenabled()
    parse(b"a: 1", "s")
    assert gc.isenabled()
    gc.disable()
    try:
        parse(b"a: 1", "s")
        assert not gc.isenabled()
    finally:
        gc.enable()


DEEP = 20_000
LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n}\n  <<: [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 50)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 400))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(b"", "s: the file is empty", id="empty"),
        pytest.param(b" \n\t\r\n", "s: the file is empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "s: the file is empty", id="only a byte order mark"),
        pytest.param(b"a: 1\nb: x\0y", "s:2:5: there is a NUL byte", id="NUL"),
        pytest.param(b"a: \xff", "s:1:4: the byte 0xff is not valid UTF-8", id="not UTF-8"),
        pytest.param("a: é".encode("latin-1"), "s:1:4: the byte 0xe9", id="Latin-1"),
        pytest.param(b'{"a": "\xff"}', "s:1:8: the byte 0xff is not valid UTF-8", id="JSON not UTF-8"),
        pytest.param(b"\xff\xfe\x00\xd8", "s: this is not valid UTF-16", id="broken UTF-16"),
        pytest.param(b"\x1f\x8b\x08", "s: the file is compressed with gzip", id="gzip"),
        pytest.param(b"<!doctype html><html>", "s: this is an HTML or XML page", id="HTML"),
        pytest.param(b"[" * DEEP, "s:1:251: the document is nested more than 250", id="deep JSON"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, "s:1:251: the document is nested", id="deep JSON, closed"),
        pytest.param(b'{"a":' * DEEP, "s:1:1251: the document is nested", id="deep objects"),
        pytest.param(b"a: " + b"[" * DEEP, "s:1:253: the document is nested", id="deep flow YAML"),
        pytest.param(b"- " * DEEP + b"x", "s:1:501: the document is nested", id="deep lists"),
        pytest.param(b"\xef\xbb\xbf" + b"- " * DEEP, "s:1:501: the document is nested", id="deep with BOM"),
        pytest.param(
            "\n".join(" " * n + "a:" for n in range(2000)).encode(),
            "s:251:251: the document is nested",
            id="deep blocks",
        ),
        pytest.param(CHAIN.encode(), "s:250:14: the document is nested", id="deep through aliases"),
        pytest.param(LAUGHS.encode(), "s:7:10: aliases unfold to more than 1,000,000 nodes", id="laughs"),
        pytest.param(MERGES.encode(), "aliases unfold to more than", id="bomb of merge keys"),
        pytest.param(b'{"a": NaN}', "s:1:7: `NaN` is not a finite JSON number", id="NaN"),
        pytest.param(b'{"a":\n -Infinity}', "s:2:2: `-Infinity` is not a finite", id="-Infinity"),
        pytest.param(b'{"a": 1e999}', "s:1:7: `1e999` is not a finite", id="1e999"),
        pytest.param(b"a: 1e999", "s:1:4: `1e999` is not a finite", id="1e999 in YAML"),
        pytest.param(b"a: -.inf", "s:1:4: `-.inf` is not a finite", id=".inf"),
        pytest.param(b"a:\n  - .NaN", "s:2:5: `.NaN` is not a finite", id=".NaN"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "s:1:6: `9999", id="5,000 digits"),
        pytest.param(b"a: " + b"9" * 5000, "s:1:4: `9999", id="5,000 digits in YAML"),
        pytest.param(b'{"a": "\\ud800"}', "s:1:8: a string holds half of a surrogate pair", id="surrogate"),
        pytest.param(b'a: "\\ud800"', "s:1:7: this is not valid YAML", id="surrogate in YAML"),
        pytest.param(b'{"a": 1, "a": 2}', "s:1:10: the name `a` appears twice", id="twice in JSON"),
        pytest.param(b"a:\n  b: 1\n  b: 2", "s:3:3: the key `b` appears twice", id="twice in YAML"),
        pytest.param(b"a: 1\n---\nb: 2\n", "s:3:1: the file holds more than one YAML document", id="two"),
        pytest.param(b"- a\n---\n- b\n", "s:3:1: the file holds more than one", id="two lists"),
    ],
)
def test_hostile_text_is_refused_in_one_sentence_with_its_place(text, message):
    with pytest.raises(DriftcheckError) as caught:
        parse(text, "s")
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 300


def test_a_text_of_escaped_quotes_without_end_is_refused_at_once():
    with pytest.raises(DriftcheckError, match="unterminated string"):
        parse(b'{"a": "' + b'\\"' * 1_000_000, "s", True)


@pytest.mark.parametrize("text", [b'{"\\u001b[31m": 1, "\\u001b[31m": 2}', b'"\\e[31m": 1\n"\\e[31m": 2'])
def test_terminal_escapes_never_reach_a_message(text):
    with pytest.raises(DriftcheckError) as caught:
        parse(text, "s")
    assert "\x1b" not in str(caught.value)
    assert r"\x1b[31m" in caught.value.message
