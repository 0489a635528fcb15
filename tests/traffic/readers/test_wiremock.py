"""WireMock: a request that fits the stub, and its answer."""

from __future__ import annotations

import json

import pytest


def mapping(request=None, response=None, **more):
    request = {"method": "GET", "urlPath": "/a", **(request or {})}
    return json.dumps({"request": request, "response": {"status": 200, **(response or {})}, **more})


def test_the_fixture(fixture_of):
    read = fixture_of("wiremock")
    order, lines, items, whatever, outside, one = read.calls
    assert {call.provenance for call in read.calls} == {"stub"}
    assert one.request.url == "/orders/7/lines/{{line}}?full=true&tag=a&tag=b&page={{page}}"
    assert one.request.headers == (("Accept", "application/json"), ("X-Id", "{{X-Id}}"))
    assert one.response.body.content == b'{"id": 7, "at": "{{now}}"}\n'
    assert one.response.headers[1:] == (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert one.placeholders == ("{{line}}", "{{page}}", "{{X-Id}}", "{{now}}")
    assert order.placeholders == ("${json-unit.any-number}",)
    assert order.response.body.content == b'{"id": 1}'
    assert lines.request.url == "/orders/{{2}}/lines"
    assert items.request.url == "/v1.0/items?page={{page}}&size=10"
    assert whatever.request.method == "ANY"
    assert outside.response.body.state == "external"
    assert [item.line for item in read.wrong] == [10]
    assert [item.line for item in read.notes] == [7, 8]


@pytest.mark.parametrize(
    ("request_", "url"),
    [
        ({"url": "/a?b=1", "urlPath": None}, "/a?b=1"),
        ({"urlPath": None, "urlPattern": "/a/b"}, "/a/b"),
        ({"urlPath": None, "urlPattern": r"^/a/\d+$"}, "/a/{{2}}"),
        ({"urlPath": None, "urlPathPattern": "/a/[^/]+/b"}, "/a/{{2}}/b"),
        ({"urlPath": None, "urlPathPattern": r"/a/(x|y)/b\.json"}, "/a/{{2}}/b.json"),
        ({"urlPath": None, "urlPathTemplate": "/a/{b}"}, "/a/{{b}}"),
        ({"queryParameters": {"q": {"equalTo": "a b"}}}, "/a?q=a%20b"),
        ({"queryParameters": {"q": {"contains": "a"}}}, "/a?q={{q}}"),
        ({"queryParameters": {"q": {"absent": True}}}, "/a"),
    ],
    ids=str,
)
def test_urls(request_, url, written):
    assert written("m.json", mapping(request_)).only.request.url == url


@pytest.mark.parametrize(
    "request_",
    [
        {"urlPath": None},
        {"urlPath": None, "urlPattern": ".*"},
        {"urlPath": None, "urlPathPattern": "/.*"},
        {"urlPath": None, "urlPathPattern": "/a/(b/c"},
    ],
    ids=str,
)
def test_a_stub_that_fits_too_much_is_no_call(request_, written):
    read = written("m.json", mapping(request_))
    assert (read.calls, read.wrong, len(read.notes)) == ([], [], 1)


@pytest.mark.parametrize(
    ("response", "state", "content"),
    [
        ({}, "present", b""),
        ({"body": "x"}, "present", b"x"),
        ({"jsonBody": {"a": None}}, "present", b'{"a": null}'),
        ({"base64Body": "AAE="}, "binary", b"\x00\x01"),
        ({"bodyFileName": "gone.json"}, "external", b""),
        ({"bodyFileName": "/etc/passwd"}, "external", b""),
    ],
    ids=str,
)
def test_bodies_of_answers(response, state, content, written):
    body = written("m.json", mapping(response=response)).only.response.body
    assert (body.state, body.content) == (state, content)


@pytest.mark.parametrize(
    ("patterns", "state", "content"),
    [
        ([{"equalToJson": '{"a":1}'}], "present", b'{"a":1}'),
        ([{"equalToJson": {"a": 1}}], "present", b'{"a": 1}'),
        ([{"equalToJson": '{"a":1}', "ignoreExtraElements": True}], "absent", b""),
        ([{"equalTo": "x"}], "present", b"x"),
        ([{"equalToXml": "<a/>"}], "present", b"<a/>"),
        ([{"matchesJsonPath": "$.a"}], "absent", b""),
        ([], "absent", b""),
    ],
    ids=str,
)
def test_bodies_of_requests(patterns, state, content, written):
    body = written("m.json", mapping({"method": "POST", "bodyPatterns": patterns})).only.request.body
    assert (body.state, body.content) == (state, content)


def test_a_body_in_files_is_found_from_deep_mappings(written, tmp_path):
    (tmp_path / "__files").mkdir()
    (tmp_path / "__files" / "a.json").write_text("{}")
    text = mapping(response={"bodyFileName": "a.json"})
    assert written("mappings/deep/er/m.json", text).only.response.body.content == b"{}"


@pytest.mark.parametrize("response", [{"fault": "EMPTY_RESPONSE"}, {"proxyBaseUrl": "http://b"}])
def test_a_stub_without_an_answer_of_its_own_is_a_note(response, written):
    read = written("m.json", mapping(response=response))
    assert (read.calls, len(read.notes)) == ([], 1)
