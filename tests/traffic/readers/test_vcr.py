"""Cassettes: of vcrpy, schemathesis and Ruby; bodies as text, bytes, base64 and packed."""

from __future__ import annotations

import json

import pytest

CASSETTE = """interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: http://a/1
  response:
    body: {string: hi}
    headers: {Content-Type: [text/plain]}
    status: {code: 200, message: OK}
"""


def test_vcrpy(fixture_of):
    first, second = fixture_of("vcr/vcrpy.yaml").calls
    assert (first.source.line, second.source.line) == (2, 26)
    assert first.response.body.content == b'{"id":1}'
    assert [pair for pair in first.response.headers if pair[0] == "Set-Cookie"] == [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    assert second.response.body.content == "café".encode()
    assert second.request.body.state == "present"


def test_schemathesis(fixture_of):
    first, second = fixture_of("vcr/schemathesis.yaml").calls
    assert (first.response.status, first.response.body.content) == (201, b'{"id":1}')
    assert first.test == "coverage"
    assert first.request.body.content == b'{"qty":1}'
    assert second.response is None
    assert second.time == 1772359201.0


def test_ruby(written):
    text = """---
http_interactions:
- request:
    method: get
    uri: http://a/1
    body: {encoding: US-ASCII, string: ''}
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {Content-Type: [application/json]}
    body: {encoding: UTF-8, base64_string: e30=}
    http_version: null
  recorded_at: Sun, 01 Mar 2026 10:00:00 GMT
recorded_with: VCR 6.1.0
"""
    call = written("c.yml", text).only
    assert (call.request.method, call.response.body.content) == ("GET", b"{}")


@pytest.mark.parametrize(
    ("body", "state", "content"),
    [
        ("{string: hi}", "present", b"hi"),
        ("{string: !!binary aGk=}", "present", b"hi"),
        ("hi", "present", b"hi"),
        ("{string: ''}", "present", b""),
        ("{base64_string: aGk=}", "present", b"hi"),
        ("{string: aGk=, encoding: base64}", "present", b"hi"),
        ("null", "absent", b""),
        ("{a: 1}", "present", b'{"a": 1}'),
        ("{string: {a: [1]}}", "present", b'{"a": [1]}'),
        ("!!python/unicode hi", "present", b"hi"),
    ],
)
def test_bodies(body, state, content, written):
    found = written("c.yaml", CASSETTE.replace("{string: hi}", body)).only.response.body
    assert (found.state, found.content) == (state, content)


def test_json_cassettes(written):
    import yaml

    call = written("c.json", json.dumps({"version": 1, **yaml.safe_load(CASSETTE)})).only
    assert call.response.body.content == b"hi"


def test_shared_values_are_read_as_a_whole(written):
    text = CASSETTE.replace("headers: {}", "headers: &id001 {Accept: [a]}")
    text += CASSETTE.partition("\n")[2].replace("headers: {}", "headers: *id001")
    first, second = written("c.yaml", text).calls
    assert first.request.headers == second.request.headers == (("Accept", "a"),)
    assert (first.source.line, second.source.line) == (2, 11)


def test_lists_in_brackets(written):
    text = 'version: 1\ninteractions: [{request: {method: GET, uri: "http://a"}, response: {status: 200}}]\n'
    assert written("c.yaml", text).only.response.status == 200


@pytest.mark.parametrize("indent", ["", "  "])
def test_items_may_be_indented(indent, written):
    head, _, rest = CASSETTE.partition("\n")
    text = "\n".join([head, *(indent + line for line in (rest + rest).splitlines())])
    assert [call.source.line for call in written("c.yaml", text).calls] == [2, 11]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("uri: http://a/1", "uri: 3"),
        ("code: 200", "code: x"),
        ("  response:", "  response: ["),
        ("hi}", "hi"),
    ],
)
def test_a_broken_interaction_does_not_stop_the_others(old, new, written):
    text = CASSETTE.replace(old, new) + CASSETTE.partition("\n")[2]
    read = written("c.yaml", text)
    assert len(read.wrong) == 1
    assert 2 <= read.wrong[0].line <= 11
    assert [call.source.line for call in read.calls] == [11]


def test_bombs_of_aliases_are_refused(written):
    lines = ["bomb:", "- &id000 [x, x, x, x, x, x, x, x]"]
    for n in range(1, 30):
        lines.append(f"- &id{n:03} [{', '.join([f'*id{n - 1:03}'] * 6)}]")
    lines.append(CASSETTE.replace("{string: hi}", "{string: *id029}"))
    read = written("c.yaml", "\n".join(lines))
    assert not read.calls
    assert ["million" in item.why for item in read.wrong] == [True]


def test_aliases_that_stand_for_little_are_fine(written):
    text = "shared: &id001 hi\n" + CASSETTE.replace("{string: hi}", "{string: *id001}")
    assert written("c.yaml", text).only.response.body.content == b"hi"


@pytest.mark.parametrize("old", ["body: {string: hi}", "body: null"])
def test_an_alias_that_holds_itself_is_refused(old, written):
    read = written("c.yaml", CASSETTE.replace(old, "body: &a {string: [*a]}"))
    assert not read.calls
    assert ["alias" in item.why for item in read.wrong] == [True]
