"""HAR: what is a call, which bodies are there, and what is only absent."""

from __future__ import annotations

import json

import pytest


def har(request=None, response=None, **entry):
    request = {"method": "GET", "url": "http://shop.test/a", "headers": [], **(request or {})}
    if response is not None:
        response = {"status": 200, "headers": [], "content": {}, **response}
        entry["response"] = response
    return json.dumps({"log": {"entries": [{"request": request, **entry}]}})


def body(content, **response):
    return har(response={"content": content, **response})


def test_the_fixture(fixture_of):
    read = fixture_of("har")
    assert not read.wrong
    assert [item.why for item in read.notes] == [
        "1 entry: not sent over HTTP (data:, blob: and the like)",
        "1 entry: websockets are not checked",
    ]
    first, form, logo, aborted = read.calls
    assert (first.source.line, first.source.pointer) == (7, "/log/entries/0")
    assert first.request.url == "https://api.shop.test/v1/orders/7?full=true"
    assert first.request.headers == (
        ("accept", "application/json"),
        ("cookie", "theme=dark"),
        ("cookie", "lang=en"),
    )
    assert json.loads(first.response.body.content) == {"id": 7, "name": "Käse"}
    assert first.response.body.media_type == "application/json; charset=utf-8"
    assert first.time == 1772359200.5
    assert form.request.body.content == b"user=mona&note=a%26b+c"
    assert (form.response.status, form.response.body.state) == (204, "present")
    assert (logo.response.body.state, logo.response.body.content) == ("binary", b"\x89PNG")
    assert aborted.response is None


def test_the_fixture_is_a_har(fixture_of):
    from tests.traffic.readers.conftest import FIXTURES

    log = json.loads((FIXTURES / "har" / "shop.har").read_text("utf-8"))["log"]
    assert {"version", "creator", "entries"} <= log.keys()


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ({"text": "{}", "mimeType": "application/json", "size": 2}, "present"),
        ({"mimeType": "application/json", "size": 2}, "absent"),
        ({"mimeType": "application/json", "size": -1}, "absent"),
        ({"mimeType": "application/json"}, "absent"),
        ({}, "absent"),
        ({"text": "", "mimeType": "application/json", "size": 20}, "absent"),
        ({"text": "", "mimeType": "application/json", "size": 0}, "present"),
        ({"text": '{"a": "bc', "mimeType": "application/json", "size": 20}, "truncated"),
        ({"text": '{"a": "b"}', "mimeType": "application/json", "size": 9999}, "present"),
        ({"text": "\x00\x01", "mimeType": "application/octet-stream"}, "binary"),
        ({"text": "e30=", "mimeType": "application/json", "encoding": "base64"}, "present"),
        ({"text": "e3=0=!", "mimeType": "application/json", "encoding": "base64"}, "truncated"),
        ({"_file": "gone.json", "mimeType": "application/json"}, "external"),
        ({"_file": "../../etc/passwd", "mimeType": "text/plain"}, "external"),
    ],
    ids=str,
)
def test_bodies_of_answers(content, state, written):
    assert written("a.har", body(content)).only.response.body.state == state


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_has_an_empty_one(status, written):
    assert written("a.har", body({"size": -1}, status=status)).only.response.body.state == "present"


def test_the_answer_to_head_has_none_either(written):
    assert written("a.har", har({"method": "HEAD"}, {})).only.response.body.state == "present"


@pytest.mark.parametrize(
    ("request_", "state", "content"),
    [
        ({"method": "POST", "postData": {"mimeType": "a/json", "text": "{}"}}, "present", b"{}"),
        ({"method": "POST", "bodySize": 5}, "absent", b""),
        ({"method": "POST", "bodySize": 0}, "present", b""),
        ({"method": "POST"}, "present", b""),
        ({"method": "POST", "headers": [{"name": "Content-Length", "value": "3"}]}, "absent", b""),
        ({"method": "POST", "headers": [{"name": "Content-Type", "value": "a/json"}]}, "absent", b""),
        ({"method": "DELETE", "headers": [{"name": "Content-Type", "value": "a/json"}]}, "present", b""),
        ({"method": "POST", "bodySize": 9, "postData": {"mimeType": "a/json", "text": ""}}, "absent", b""),
        ({"method": "POST", "postData": {"mimeType": "multipart/form-data", "params": [{}]}}, "absent", b""),
        (
            {"method": "POST", "postData": {"mimeType": "a/json", "text": "e30=", "encoding": "base64"}},
            "present",
            b"{}",
        ),
    ],
    ids=str,
)
def test_bodies_of_requests(request_, state, content, written):
    sent = written("a.har", har(request_, {})).only.request.body
    assert (sent.state, sent.content) == (state, content)


def test_a_body_beside_the_har_is_read(written, tmp_path):
    (tmp_path / "body.json").write_text('{"a": 1}')
    read = written("a.har", body({"_file": "body.json", "mimeType": "application/json"}))
    assert read.only.response.body.content == b'{"a": 1}'


def test_bodies_that_playwright_attached_are_no_strange_files(tmp_path, reading):
    (tmp_path / "a.har").write_text(har(response={}))
    (tmp_path / f"{'0f' * 20}.json").write_text("{}")
    assert not reading(tmp_path).notes


@pytest.mark.parametrize(
    "url", ["data:text/plain,hi", "blob:http://a/1", "chrome-extension://a/b", "about:blank", "file:///a"]
)
def test_what_is_not_sent_over_http_is_counted(url, written):
    read = written("a.har", har({"url": url}, {}))
    assert not read.calls
    assert not read.wrong
    assert len(read.notes) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (har({"method": ""}, {}), "no method"),
        (har({"url": 3}, {}), "URL"),
        (har(response={"status": "200"}), "no status"),
        ('{"log": {"entries": [3]}}', "URL"),
    ],
)
def test_a_broken_entry_is_told_with_its_line(text, why, written):
    read = written("a.har", text)
    assert not read.calls
    assert [(item.line, why in item.why) for item in read.wrong] == [(1, True)]


def test_a_broken_entry_does_not_stop_the_next_one(written):
    good = json.loads(har(response={}))["log"]["entries"][0]
    read = written("a.har", json.dumps({"log": {"entries": [{}, good]}}))
    assert (len(read.wrong), len(read.calls)) == (1, 1)


@pytest.mark.parametrize("text", ["not a time", 3, None, "2026-03-01T10:00:00.1234567Z"])
def test_odd_times_are_no_problem(text, written):
    assert written("a.har", har(response={}, startedDateTime=text)).only.request.method == "GET"


def test_numbers_as_values_of_headers_are_text(written):
    read = written("a.har", har({"headers": [{"name": "A", "value": 3}, {"name": "B"}, "odd"]}, {}))
    assert read.only.request.headers == (("A", "3"), ("B", ""))
