"""Literals of JavaScript: what they are, and what is left unknown."""

from __future__ import annotations

import re

import pytest

from driftcheck.traffic.readers.javascript import Pattern, Unknown, UnreadableScriptError, script_of


def value(text, before=""):
    script = script_of(before + text)
    return script.value(len(before))[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("'a\\'b'", "a'b"),
        ('"\\u00e9\\x41\\u{1F600}\\n"', "éA\U0001f600\n"),
        ("`a ${'b'} ${1}`", "a b 1"),
        ("`a ${b.c()}/d`", "a {{unknown}}/d"),
        ("-1.5e3", -1500.0),
        ("1_000", 1000),
        ("0xff", 255),
        ("true", True),
        ("null", None),
        ("[1, 'a', [],]", [1, "a", []]),
        ("{a: 1, 'b-c': {d: null}, 3: [], /* no */ }", {"a": 1, "b-c": {"d": None}, "3": []}),
        ("/\\/a[/]\\d+$/gi", Pattern("\\/a[/]\\d+$")),
        ("'a' + 'b' + 1", "ab1"),
        ("'a/' + id", "a/{{unknown}}"),
        ("env('x').trim() + '/a'", "{{unknown}}/a"),
        ("{a: 1} as const", {"a": 1}),
        ("'a' as string", "a"),
        ("<div>", Unknown("<div>")),
    ],
)
def test_values(text, meant):
    assert value(f"{text}, 1") == meant


@pytest.mark.parametrize(
    "text",
    [
        "f(1, 2)",
        "a ? 1 : 2",
        "(x) => { return {a: 1}; }",
        "x => x",
        "async function () { }",
        "1 - a",
        "[1][0]",
    ],
)
def test_what_is_no_literal_is_unknown_and_stepped_over(text):
    found, end = script_of(f"{text}, 1)").value(0)
    assert found == Unknown(text)
    assert end == len(text)


def test_constants():
    before = "const api = '/v1', x = 2;\nlet user = { id: 7, name: { first: 'a' } };\n"
    assert value("`${api}/users/${user.id}` ", before) == "/v1/users/7"
    assert value("{ ...user, user, id: 8 } ", before) == {
        "id": 8,
        "name": {"first": "a"},
        "user": {"id": 7, "name": {"first": "a"}},
    }
    assert value("user.nick ", before) == Unknown("user.nick")
    assert value("api ", "const api = '/v1';\nconst api = '/v2';\n") == Unknown("api")


def test_objects_of_which_not_all_is_known_are_unknown():
    assert isinstance(value("{ ...rest, a: 1 }"), Unknown)
    assert isinstance(value("{ [name]: 1 }"), Unknown)
    assert value("{ a: rest }") == {"a": Unknown("rest")}


def test_code_is_found_outside_of_comments_and_strings_only():
    text = "// f(1)\n/* f(2) */ 'f(3)' + `f(4)`; a = b / 2; re = /f(5)\"/; xf(6); o.f(7); f(8) // f(9)\nf(10)"
    script = script_of(text)
    places = list(script.places(re.compile(r"f\(")))
    assert [script.arguments(found.end() - 1)[0] for found in places] == [[8], [10]]


@pytest.mark.parametrize("text", ["'abc", "[1, 2", "{a: 1", "f(1", "{a: (1]}", "[" * 100, "`${`"])
def test_what_is_not_closed(text):
    with pytest.raises(UnreadableScriptError):
        value(text)


def test_an_apostrophe_in_the_text_of_jsx():
    script = script_of("mount(<p>don't</p>)\nf(1)\n")
    assert len(list(script.places(re.compile(r"f\(")))) == 1
