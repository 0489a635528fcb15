"""Pacts of all three versions: what is sent and promised, and what matching rules loosen."""

from __future__ import annotations

import json

import pytest

from driftcheck.traffic.exchange import Noise


def pact(request=None, response=None, **more):
    interaction = {"description": "d", "request": {"method": "GET", "path": "/a", **(request or {})}}
    interaction["response"] = {"status": 200, **(response or {})}
    return json.dumps(
        {"consumer": {"name": "web"}, "interactions": [interaction], "provider": {"name": "p"}, **more}
    )


def test_version_2(fixture_of):
    call = fixture_of("pact/v2.json").only
    assert (call.consumer, call.provider, call.provenance, call.test) == (
        "web",
        "shop",
        "contract",
        "one order",
    )
    assert (call.request.method, call.request.url) == ("GET", "/orders/7?full=true")
    assert json.loads(call.response.body.content) == {"id": 7, "lines": [{"sku": "a"}]}
    assert call.noise == (
        Noise("body.id"),
        Noise("body.id.**"),
        Noise("body.lines.*.sku", ("^[a-z]$",)),
        Noise("header.Content-Type", ("application/json.*",)),
    )


def test_version_3(fixture_of):
    read = fixture_of("pact/v3.json")
    assert read.only.request.url == "/orders?tag=a+b&tag=c"
    assert read.only.request.body.content == b'{"qty": 2}'
    assert {noise.path for noise in read.only.noise} == {
        "body.id",
        "body.id.**",
        "header.content-type",
        "body.made",
    }
    assert [item.why for item in read.notes] == ["1 message: only calls over HTTP are checked"]


def test_version_4(fixture_of):
    read = fixture_of("pact/v4.json")
    assert (read.only.request.body.state, read.only.request.body.content) == ("binary", b"\x89PNG")
    assert read.only.response.body.content == b'{"ok": true}'
    assert read.only.response.body.media_type == "application/json"
    assert [item.line for item in read.wrong] == [12]
    assert len(read.notes) == 1


@pytest.mark.parametrize(
    ("response", "state", "content"),
    [
        ({}, "absent", b""),
        ({"body": None}, "present", b""),
        ({"body": ""}, "present", b""),
        ({"body": "plain", "headers": {"Content-Type": "text/plain"}}, "present", b"plain"),
        ({"body": "a", "headers": {"Content-Type": "application/json"}}, "present", b'"a"'),
        ({"body": '{"a":1}', "headers": {"Content-Type": "application/json"}}, "present", b'{"a":1}'),
        ({"body": [1]}, "present", b"[1]"),
        ({"body": {"content": 1}}, "present", b'{"content": 1}'),
        ({"body": {"content": "x", "contentType": "text/plain", "encoded": False}}, "present", b"x"),
        ({"body": {"content": None, "contentType": "*/*", "encoded": False}}, "present", b""),
    ],
    ids=str,
)
def test_bodies(response, state, content, written):
    body = written("p.json", pact(response=response)).only.response.body
    assert (body.state, body.content) == (state, content)


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("a=1&b=2", "/a?a=1&b=2"),
        ("?a=1", "/a?a=1"),
        ({"a": ["1", "2"]}, "/a?a=1&a=2"),
        ({"a": "1"}, "/a?a=1"),
        ("", "/a"),
        ({}, "/a"),
        (None, "/a"),
    ],
)
def test_queries(query, url, written):
    assert written("p.json", pact({"query": query})).only.request.url == url


@pytest.mark.parametrize(
    ("rules", "paths"),
    [
        ({}, []),
        ({"$.body": {"match": "type"}}, ["body", "body.**"]),
        ({"$.body['a b'][0]": {"match": "regex", "regex": "x"}}, ["body.a b.0"]),
        ({"body": {"$": {"matchers": [{"match": "equality"}]}}}, ["body"]),
        ({"body": {"$.a": {"matchers": []}}}, ["body.a"]),
        ({"status": {"matchers": []}, "body": 3}, []),
        ("odd", []),
    ],
    ids=str,
)
def test_matching_rules(rules, paths, written):
    call = written("p.json", pact(response={"matchingRules": rules})).only
    assert [noise.path for noise in call.noise] == paths


@pytest.mark.parametrize("interaction", [3, {}, {"request": {}}, {"request": {"path": 3}, "response": {}}])
def test_a_broken_interaction_does_not_stop_the_others(interaction, written):
    value = json.loads(pact())
    value["interactions"].insert(0, interaction)
    read = written("p.json", json.dumps(value))
    assert (len(read.wrong), len(read.calls)) == (1, 1)


def test_a_pact_of_messages_only_is_a_note(written):
    text = json.dumps({"consumer": {"name": "a"}, "messages": [{}, {}], "provider": {"name": "b"}})
    read = written("p.json", text)
    assert [item.why[:10] for item in read.notes] == ["2 messages"]
    assert not read.wrong
