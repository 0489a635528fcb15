"""driftcheck's own format: what is written is read again, and its schema says what is written."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftcheck.traffic.exchange import Body, Exchange, Noise, Request, Response, Source
from driftcheck.traffic.readers.ndjson import exchange_from, line_of
from driftcheck.traffic.readers.problem import RecordingError

SCHEMA = json.loads(files("driftcheck.traffic.readers").joinpath("exchange.schema.json").read_text("utf-8"))
HERE = Source("calls.ndjson", "ndjson", 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BODIES = st.one_of(
    st.builds(Body, st.just("present"), st.binary(max_size=20), TEXTS),
    st.builds(Body, st.sampled_from(["absent", "truncated", "external"]), st.just(b""), TEXTS),
    st.builds(Body, st.just("binary"), st.binary(max_size=20), TEXTS),
)
HEADERS = st.lists(st.tuples(TEXTS.filter(lambda t: t and t[0] != ":"), TEXTS), max_size=3).map(tuple)
EXCHANGES = st.builds(
    Exchange,
    source=st.just(HERE),
    request=st.builds(Request, st.sampled_from(["GET", "POST"]), TEXTS, HEADERS, BODIES),
    response=st.none() | st.builds(Response, st.integers(100, 599), HEADERS, BODIES),
    provenance=st.sampled_from(["recorded", "example", "stub", "contract"]),
    consumer=TEXTS,
    provider=TEXTS,
    test=TEXTS,
    time=st.none() | st.floats(0, 2e9),
    noise=st.lists(st.builds(Noise, TEXTS, st.lists(TEXTS, max_size=2).map(tuple)), max_size=2).map(tuple),
    placeholders=st.lists(TEXTS, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(EXCHANGES)
def test_what_is_written_is_read_again_and_fits_the_schema(exchange):
    line = line_of(exchange)
    assert "\n" not in line
    value = json.loads(line)
    jsonschema_rs.validate(SCHEMA, value)
    again = exchange_from(value, HERE)
    bare = Body(exchange.request.body.state, exchange.request.body.content, again.request.body.media_type)
    assert again.request.body == bare
    assert again.request.headers == exchange.request.headers
    assert (again.noise, again.time, again.placeholders) == (
        exchange.noise,
        exchange.time,
        exchange.placeholders,
    )
    assert (again.response is None) == (exchange.response is None)
    if not exchange.request.headers and not (exchange.response and exchange.response.headers):
        assert again == exchange


def test_the_fixture(fixture_of):
    first, second = fixture_of("ndjson").calls
    assert (first.consumer, first.test, first.time) == ("web", "orders can be made", 1772352000.5)
    assert (second.source.line, second.response.body.state) == (2, "binary")
    assert second.noise == (Noise("body.id", (r"^\d+$",)),)


@pytest.mark.parametrize(
    ("body", "state", "content"),
    [
        ({"json": {"a": 1}}, "present", b'{"a":1}'),
        ({"text": "x"}, "present", b"x"),
        ({"text": ""}, "present", b""),
        ({"base64": "eA=="}, "present", b"x"),
        ({}, "absent", b""),
        ({"state": "truncated"}, "truncated", b""),
        (None, "absent", b""),
    ],
    ids=str,
)
def test_bodies_may_be_written_in_many_ways(body, state, content):
    value = {"request": {"method": "get", "url": "/a", "headers": {"A": ["1", "2"]}, "body": body}}
    found = exchange_from(value, HERE)
    assert (found.request.body.state, found.request.body.content) == (state, content)
    assert found.request.headers == (("A", "1"), ("A", "2"))


@pytest.mark.parametrize(
    "value",
    [
        3,
        {},
        {"request": {}},
        {"request": {"method": "GET"}},
        {"request": {"method": "GET", "url": "/"}, "driftcheck": 2},
        {"request": {"method": "GET", "url": "/"}, "response": {}},
        {"request": {"method": "GET", "url": "/"}, "response": {"status": True}},
        {"request": {"method": "GET", "url": "/"}, "provenance": "rumour"},
        {"request": {"method": "GET", "url": "/"}, "noise": [{}]},
        {"request": {"method": "GET", "url": "/", "body": {"state": "lost"}}},
    ],
    ids=str,
)
def test_what_is_wrong_is_said(value):
    with pytest.raises(RecordingError):
        exchange_from(value, HERE)


def test_a_bad_line_does_not_stop_the_next_one(written):
    good = '{"driftcheck": 1, "request": {"method": "GET", "url": "/a"}}'
    read = written("a.ndjson", f"{good}\n\ntorn\n{good[:-1]}\n{good}\n")
    assert [call.source.line for call in read.calls] == [1, 5]
    assert [item.line for item in read.wrong] == [3, 4]


def test_newman_fixture(fixture_of):
    read = fixture_of("newman")
    sent, dead = read.calls
    assert (sent.consumer, sent.test) == ("shop", "new order")
    assert sent.request.url == "http://127.0.0.1:8080/orders?dry=1"
    assert sent.request.headers == (("Content-Type", "application/json"),)
    assert sent.response.body.content == b"{}"
    assert dead.response is None
    assert ([item.line for item in read.notes], read.wrong) == ([38], [])
