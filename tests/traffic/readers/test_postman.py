"""Postman: variables, URLs, auth, bodies and saved examples, of v2.1 and v2.0."""

from __future__ import annotations

import json

import pytest

from driftcheck.traffic.readers import ReadOptions
from driftcheck.traffic.readers.postman_request import body_of, headers_of, url_of
from driftcheck.traffic.readers.postman_variables import filled

INFO = {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}


def collection(request, **more):
    return json.dumps({"info": INFO, "item": [{"name": "r", "request": request}], **more})


def test_the_fixture(fixture_of):
    read = fixture_of("postman")
    order, made, one, ping = read.calls
    assert {call.provenance for call in read.calls} == {"example"}
    assert {call.consumer for call in read.calls} == {"shop"}
    assert order.test == "orders / new order"
    assert made.test == "orders / new order: made"
    assert order.request.url == "http://shop.test:8080/v2/orders?dry=1&q=a%20b%26c"
    assert order.request.headers == (
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer {{token}}"),
    )
    assert order.request.body.content == b'{"name":"from the environment","id":"{{$guid}}"}'
    assert order.placeholders == ("{{token}}", "{{$guid}}")
    assert (made.response.status, made.response.body.content) == (201, b'{"id": 1}')
    assert made.request.url == "http://shop.test:8080/v2/orders?dry=1"
    assert one.request.url == "http://shop.test:8080/orders/7%2F8/{{part}}"
    assert one.request.headers == ()
    assert one.placeholders == ("{{part}}",)
    assert ping.request.url == "http://ping.test/up"
    assert [call.source.line for call in read.calls] == [11, 32, 45, 60]
    assert one.source.pointer == "/item/0/item/1/request"
    assert [(item.line, "status" in item.why) for item in read.wrong] == [(42, True)]
    assert not read.notes, "the environment beside the collection belongs to it"


def test_environments_can_be_named(tmp_path, written):
    for number in (1, 2):
        values = [{"key": "host", "value": f"h{number}.test"}, {"key": f"only{number}", "value": "x"}]
        (tmp_path / f"{number}.json").write_text(json.dumps({"name": "e", "values": values}))
    text = collection("http://{{host}}/{{only1}}/{{only2}}")
    options = ReadOptions((str(tmp_path / "1.json"), str(tmp_path / "2.json")))
    assert written("c.json", text, options=options).only.request.url == "http://h2.test/x/x"
    assert written("c.json", text).only.placeholders == ("{{host}}", "{{only1}}", "{{only2}}")


@pytest.mark.parametrize(("content", "why"), [("{", "no valid JSON"), ("{}", "no Postman environment")])
def test_a_broken_environment_is_told(content, why, tmp_path, written):
    (tmp_path / "e.json").write_text(content)
    read = written("c.json", collection("http://a"), options=ReadOptions((str(tmp_path / "e.json"),)))
    assert [why in item.why for item in read.wrong] == [True]


def test_two_environments_beside_a_collection_are_not_chosen_from(tmp_path, written):
    for name in "ab":
        values = {"name": name, "values": [{"key": "host", "value": name}]}
        (tmp_path / f"{name}.postman_environment.json").write_text(json.dumps(values))
    assert written("c.json", collection("http://{{host}}/")).only.placeholders == ("{{host}}",)


@pytest.mark.parametrize(
    ("value", "variables", "text"),
    [
        ("{{a}}", {"a": "1"}, "1"),
        ("{{ a }}", {"a": "1"}, "1"),
        ("{{a}}", {"a": "{{b}}", "b": "2"}, "2"),
        ("{{a}}", {"a": "{{a}}"}, "{{a}}"),
        ("{{a}}{{b}}", {"a": "{{b}}", "b": "{{a}}"}, None),
        ("{{b}}", {"a": "1"}, "{{b}}"),
        ("{a}", {"a": "1"}, "{a}"),
    ],
)
def test_variables(value, variables, text):
    found = filled(value, variables)
    assert found == text if text is not None else "{{" in found


def test_variables_that_grow_without_end_are_given_up():
    assert len(filled("{{a}}", {"a": "{{a}}{{a}}{{a}}{{a}}" * 50})) < 1 << 26


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a/b?c=1#d", "http://a/b?c=1"),
        ({"raw": "http://a/b"}, "http://a/b"),
        ({"host": ["a", "b"], "path": ["c"]}, "http://a.b/c"),
        ({"protocol": "https", "host": "a.b", "port": "8", "path": "c/d"}, "https://a.b:8/c/d"),
        ({"host": ["{{base}}"], "path": ["c", ""]}, "{{base}}/c/"),
        ({"host": ["a"], "path": [{"value": "c"}], "query": [{"key": "d"}]}, "http://a/c?d"),
        ({"host": ["a"], "query": [{"key": "d", "value": ""}, {"key": "e", "value": None}]}, "http://a?d=&e"),
        ({"host": ["a"], "path": [":"], "variable": [{"key": "", "value": "x"}]}, "http://a/:"),
        ({"path": ["b"]}, "/b"),
        ("http://a/ä b", "http://a/%C3%A4%20b"),
        ("http://a/%20", "http://a/%20"),
        (None, ""),
    ],
    ids=str,
)
def test_urls(url, text):
    assert url_of(url) == (text, ())


@pytest.mark.parametrize(
    ("auth", "header", "query"),
    [
        ({"type": "bearer", "bearer": [{"key": "token", "value": "t"}]}, "Bearer t", ""),
        ({"type": "bearer", "bearer": {"token": "t"}}, "Bearer t", ""),
        (
            {
                "type": "basic",
                "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}],
            },
            "Basic dTpw",
            "",
        ),
        ({"type": "basic", "basic": [{"key": "username", "value": "{{u}}"}]}, "Basic {{credentials}}", ""),
        (
            {
                "type": "apikey",
                "apikey": [
                    {"key": "key", "value": "k"},
                    {"key": "value", "value": "v"},
                    {"key": "in", "value": "query"},
                ],
            },
            None,
            "?k=v",
        ),
        ({"type": "oauth2", "oauth2": [{"key": "accessToken", "value": "t"}]}, "Bearer t", ""),
        (
            {
                "type": "oauth2",
                "oauth2": [
                    {"key": "addTokenTo", "value": "queryParams"},
                    {"key": "accessToken", "value": "t"},
                ],
            },
            None,
            "?access_token=t",
        ),
        ({"type": "hawk", "hawk": []}, "{{hawk}}", ""),
        ({"type": "noauth"}, None, ""),
        ({"type": "unheard-of"}, None, ""),
    ],
    ids=str,
)
def test_auth(auth, header, query, written):
    for text in (collection({"url": "http://a/", "auth": auth}), collection("http://a/", auth=auth)):
        sent = written("c.json", text).only.request
        assert dict(sent.headers).get("Authorization") == header
        assert sent.url == f"http://a/{query}"


def test_a_header_that_is_written_out_wins_over_auth(written):
    request = {
        "url": "http://a",
        "header": [{"key": "authorization", "value": "mine"}],
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "t"}]},
    }
    assert written("c.json", collection(request)).only.request.headers == (("authorization", "mine"),)


@pytest.mark.parametrize(
    ("body", "state", "media_type", "content"),
    [
        (None, "present", "", b""),
        ({"mode": "raw", "raw": "x", "disabled": True}, "present", "", b""),
        ({"mode": "raw", "raw": "x"}, "present", "text/plain", b"x"),
        (
            {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}},
            "present",
            "application/json",
            b"{}",
        ),
        (
            {
                "mode": "urlencoded",
                "urlencoded": [{"key": "a", "value": "1 2"}, {"key": "b", "value": "3", "disabled": True}],
            },
            "present",
            "application/x-www-form-urlencoded",
            b"a=1+2",
        ),
        (
            {"mode": "graphql", "graphql": {"query": "{a}", "variables": ""}},
            "present",
            "application/json",
            b'{"query": "{a}", "variables": {}}',
        ),
        (
            {"mode": "graphql", "graphql": {"query": "{a}", "variables": '{"b": {{c}}}'}},
            "present",
            "application/json",
            b'{"query": "{a}", "variables": "{\\"b\\": {{c}}}"}',
        ),
        ({"mode": "file", "file": {"src": "/a"}}, "external", "", b""),
        (
            {"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": "x"}]},
            "external",
            "multipart/form-data; boundary=driftcheck-part",
            b"",
        ),
    ],
    ids=str,
)
def test_bodies(body, state, media_type, content):
    found = body_of(body, ())
    assert (found.state, found.media_type, found.content) == (state, media_type, content)


def test_multipart_bodies_are_those_of_the_wire():
    from email import message_from_bytes

    body = body_of(
        {"mode": "formdata", "formdata": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}, ()
    )
    parts = message_from_bytes(f"Content-Type: {body.media_type}\n\n".encode() + body.content).get_payload()
    assert [part.get_payload() for part in parts] == ["1", "2"]


def test_headers_may_be_text():
    assert headers_of("A: 1\nB: 2:3\nodd") == (("A", "1"), ("B", "2:3"))


def test_an_item_with_neither_request_nor_items_is_an_empty_folder(written):
    text = json.dumps({"info": INFO, "item": [{"name": "f", "item": []}, {"name": "g"}]})
    read = written("c.json", text)
    assert (read.calls, read.wrong) == ([], [])


@pytest.mark.parametrize("request_", [3, {}, {"url": ""}, {"url": {}}])
def test_a_request_without_url_is_told_and_the_others_go_on(request_, written):
    items = [{"name": "bad", "request": request_}, {"name": "good", "request": "http://a"}]
    read = written("c.json", json.dumps({"info": INFO, "item": items}))
    assert (len(read.wrong), len(read.calls)) == (1, 1)


def test_folders_can_be_deep(written):
    text = "http://a"
    item = {"name": "r", "request": text}
    for _ in range(100):
        item = {"name": "f", "item": [item]}
    assert written("c.json", json.dumps({"info": INFO, "item": [item]})).only.request.url == text


def test_an_environment_can_be_given_on_the_command_line(tmp_path, capsys):
    from driftcheck.cli import main

    spec = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {}}}}
    spec["paths"]["/a"]["get"]["responses"] = {"200": {"description": "ok"}}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    (tmp_path / "c.json").write_text(collection("{{base}}/{{path}}"))
    for name in ("a", "b"):
        values = [{"key": "base", "value": "http://localhost"}, {"key": "path", "value": name}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"name": name, "values": values}))
    command = [
        "traffic",
        "check",
        str(tmp_path / "c.json"),
        "--spec",
        str(tmp_path / "spec.json"),
        "--environment",
    ]
    assert main([*command, str(tmp_path / "a.json")]) == 0
    capsys.readouterr()
    assert main([*command, str(tmp_path / "b.json")]) != 0


NOTED = '{\n // "a"\n "url": "http://a/*b*/", /* c\n d */ "n": "\\"//" // end\n}'
BARE = '{\n \n "url": "http://a/*b*/",  "n": "\\"//" \n}'


@pytest.mark.parametrize(
    ("language", "media_type", "sent"),
    [
        ("json", "", BARE),
        ("json", "text/plain", BARE),
        (None, "application/json; charset=utf-8", BARE),
        (None, "", NOTED),
        ("text", "application/json", NOTED),
    ],
)
def test_comments_in_json_are_not_sent(language, media_type, sent):
    """As newman sends them."""
    options = {"options": {"raw": {"language": language}}} if language else {}
    headers = (("Content-Type", media_type),) if media_type else ()
    made = body_of({"mode": "raw", "raw": NOTED, **options}, headers)
    assert made.content.decode() == sent
