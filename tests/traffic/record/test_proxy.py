"""The recording proxy: what passes through it is the same on both sides, and so is what is recorded."""

from __future__ import annotations

import gzip
import json
import socket
import threading

import pytest

from driftcheck.traffic.readers import Exchange
from tests.traffic.record.proxying import answer, ask, calls, proxied


@pytest.fixture(params=["har", "ndjson"])
def output(request, tmp_path):
    return tmp_path / f"run.{request.param}"


def always(*pieces):
    return lambda head, body: pieces


def headers_of(raw):
    return raw.split(b"\r\n\r\n", 1)[0].decode().split("\r\n")[1:]


def test_a_call_passes_and_is_recorded(output):
    with proxied(always(answer("Content-Type: application/json", body=b'{"a":1}')), output) as (
        _,
        port,
        service,
    ):
        raw = ask(
            port, "POST /x?q=1 HTTP/1.1", "Content-Type: application/json", "Content-Length: 2", body=b"{}"
        )
        (call,) = calls(output)  # while everything still runs
    assert raw.startswith(b"HTTP/1.1 200 OK")
    assert raw.endswith(b'{"a":1}')
    assert call.request.method == "POST"
    assert call.request.url == f"{service.url}/x?q=1"
    assert (call.request.body.content, call.response.body.content) == (b"{}", b'{"a":1}')
    assert call.provenance == "recorded"
    assert call.time is not None


def test_hop_by_hop_headers_stay_on_their_hop(output):
    reply = answer("Keep-Alive: timeout=5", "X-Hop: 1", "Connection: x-hop", "X-End: 1", body=b"")
    with proxied(always(reply), output) as (_, port, service):
        raw = ask(port, "GET / HTTP/1.1", "TE: trailers", "Proxy-Authorization: Basic x", "X-Mine: 1")
        sent = service.seen[0][0]
    names = {line.partition(":")[0].lower() for line in sent[1:]}
    assert names == {"host", "x-mine"}
    got = {line.partition(":")[0].lower() for line in headers_of(raw)}
    assert "x-end" in got
    assert not got & {"keep-alive", "x-hop"}


def test_each_cookie_stays_for_itself(output):
    reply = answer("Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; HttpOnly", body=b"")
    with proxied(always(reply), output, redact=False) as (_, port, _):
        raw = ask(port, "GET / HTTP/1.1")
    cookies = [line for line in headers_of(raw) if line.lower().startswith("set-cookie")]
    assert [line.split(": ")[1] for line in cookies] == ["a=1; Path=/", "b=2; HttpOnly"]
    recorded = [value for name, value in calls(output)[0].response.headers if name.lower() == "set-cookie"]
    assert recorded == ["a=1; Path=/", "b=2; HttpOnly"]


def test_both_sides_see_their_own_origin(output):
    def script(head, body):
        host = next(line[6:] for line in head if line.startswith("Host: "))
        yield answer(
            f"Location: http://{host}/next", f"Access-Control-Allow-Origin: http://{host}", status="302 Found"
        )

    with proxied(script, output) as (_, port, service):
        us = f"http://127.0.0.1:{port}"
        raw = ask(port, "GET / HTTP/1.1", f"Origin: {us}", f"Referer: {us}/page")
        sent = service.seen[0][0]
    assert f"Location: {us}/next" in headers_of(raw)
    assert f"Access-Control-Allow-Origin: {us}" in headers_of(raw)
    assert f"Origin: {service.url}" in sent
    assert f"Referer: {service.url}/page" in sent
    location = dict(calls(output)[0].response.headers)["Location"]
    assert location == f"{service.url}/next"


@pytest.mark.parametrize("location", ["/next", "http://elsewhere.test/next", "http://127.0.0.1:1/x"])
def test_other_locations_stay(output, location):
    with proxied(always(answer(f"Location: {location}", status="302 Found")), output) as (_, port, _):
        assert f"Location: {location}" in headers_of(ask(port, "GET / HTTP/1.1"))


@pytest.mark.parametrize(
    ("method", "status", "reply"),
    [
        ("HEAD", 200, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
        ("GET", 204, b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", 304, b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 7\r\n\r\n"),
    ],
)
def test_answers_without_a_body(output, method, status, reply):
    with proxied(always(reply), output) as (_, port, _):
        raw = ask(port, f"{method} / HTTP/1.1")
    assert raw.endswith(b"\r\n\r\n")
    (call,) = calls(output)
    assert (call.response.status, call.response.body.state, call.response.body.content) == (
        status,
        "present",
        b"",
    )


def test_chunks_pass_as_they_come(output):
    pieces = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"3\r\nabc\r\n",
        b"2\r\nde\r\n",
        b"0\r\n\r\n",
    )
    with proxied(always(*pieces), output) as (_, port, service):
        lines = ("POST / HTTP/1.1", "Content-Type: text/plain", "Transfer-Encoding: chunked")
        raw = ask(port, *lines, body=b"4\r\nwxyz\r\n0\r\n\r\n")
        assert service.seen[0][1] == b"wxyz"
    assert raw.endswith(b"0\r\n\r\n")
    (call,) = calls(output)
    assert (call.request.body.content, call.response.body.content) == (b"wxyz", b"abcde")


def test_events_come_through_before_the_stream_ends(output):
    """The first event arrives while the service is still sending; that the client leaves is recorded."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    def script(_, __):
        yield head
        yield b"9\r\ndata: 1\n\n\r\n"
        gone.wait(10)
        yield None

    gone = threading.Event()
    with proxied(script, output) as (proxy, port, _):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            seen = b""
            while b"data: 1" not in seen:
                seen += connection.recv(1 << 16)
        for _ in range(200):
            if proxy.recorder.calls:
                break
            gone.wait(0.02)
        gone.set()
    (call,) = calls(output)
    assert call.response.body.state in ("truncated", "absent")


def test_big_bodies_pass_and_are_not_kept(output):
    big = bytes(300_000)
    with proxied(always(answer(body=big)), output, limit=1000) as (_, port, service):
        raw = ask(port, "PUT / HTTP/1.1", f"Content-Length: {len(big)}", body=big)
        assert service.seen[0][1] == big
    assert raw.endswith(big)
    (call,) = calls(output)
    assert call.response.body.state in ("truncated", "absent")
    assert call.response.body.content == call.request.body.content == b""


def test_packed_answers_pass_packed_and_are_recorded_unpacked(output):
    packed = gzip.compress(b'{"packed":true}')
    reply = answer("Content-Encoding: gzip", "Content-Type: application/json", body=packed)
    with proxied(always(reply), output) as (_, port, service):
        raw = ask(port, "GET / HTTP/1.1", "Accept-Encoding: br, gzip;q=0.8, zstd")
        assert "Accept-Encoding: gzip;q=0.8" in service.seen[0][0]
    assert raw.endswith(packed)
    assert calls(output)[0].response.body.content == b'{"packed":true}'


@pytest.mark.parametrize(("accepted", "sent"), [("br", "identity"), ("gzip", "gzip"), ("*", "*")])
def test_only_encodings_that_can_be_undone_are_asked_for(output, accepted, sent):
    with proxied(always(answer()), output) as (_, port, service):
        ask(port, "GET / HTTP/1.1", f"Accept-Encoding: {accepted}")
        assert f"Accept-Encoding: {sent}" in service.seen[0][0]


def test_secrets_are_not_written(output):
    reply = answer("Content-Type: application/json", body=b'{"access_token": "k3J9sQ2mV7xT1zB8aa"}')
    with proxied(always(reply), output) as (proxy, port, service):
        raw = ask(port, "GET /?api_key=9fGh2kLm4nPq6rSt8 HTTP/1.1", "Authorization: Bearer k3J9sQ2mV7xT1zB8")
        assert "Authorization: Bearer k3J9sQ2mV7xT1zB8" in service.seen[0][0]
    assert b"k3J9sQ2mV7xT1zB8aa" in raw
    text = output.read_text()
    assert "k3J9sQ2mV7xT1zB8" not in text
    assert "9fGh2kLm4nPq6rSt8" not in text
    assert proxy.recorder.replaced == 3


def test_secrets_are_written_on_request(output):
    with proxied(always(answer()), output, redact=False) as (_, port, _):
        ask(port, "GET / HTTP/1.1", "Authorization: Bearer k3J9sQ2mV7xT1zB8")
    assert "k3J9sQ2mV7xT1zB8" in output.read_text()


def test_websockets_are_refused_plainly(output):
    with proxied(always(answer()), output) as (proxy, port, service):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(
                b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
            )
            raw = connection.recv(1 << 16)
        assert service.seen == []
    assert raw.startswith(b"HTTP/1.1 501")
    assert proxy.refused.total() == 1
    assert [call for call in calls(output) if isinstance(call, Exchange)] == []


@pytest.mark.parametrize(
    "line", ["GET http://elsewhere.test/ HTTP/1.1", "CONNECT elsewhere.test:443 HTTP/1.1"]
)
def test_nothing_goes_anywhere_but_to_the_target(output, line):
    with proxied(always(answer()), output) as (_, port, service):
        assert ask(port, line).startswith(b"HTTP/1.1 501")
        assert service.seen == []


def test_what_is_no_http_gets_an_error(output):
    with proxied(always(answer()), output) as (_, port, service):
        assert ask(port, "no request at all").startswith(b"HTTP/1.1 400")
        assert service.seen == []


def test_a_service_that_is_not_there(output):
    with proxied(always(answer()), output) as (proxy, port, _):
        proxy.target.port = 1
        assert ask(port, "GET / HTTP/1.1").startswith(b"HTTP/1.1 502")
        assert proxy.dead == 1
    assert calls(output)[0].response is None


def test_a_service_that_hangs_up(output):
    with proxied(always(None), output) as (_, port, _):
        assert ask(port, "GET / HTTP/1.1").startswith(b"HTTP/1.1 502")
    assert calls(output)[0].response is None


def test_an_answer_that_breaks_off_is_no_whole_one(output):
    half = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc"
    with proxied(always(half, None), output) as (_, port, _):
        assert ask(port, "GET / HTTP/1.1").endswith(b"abc")
    assert calls(output)[0].response.body.state in ("truncated", "absent")


def test_many_calls_on_one_connection(output):
    def script(head, body):
        yield answer(body=head[0].encode())

    with (
        proxied(script, output) as (_, port, _),
        socket.create_connection(("127.0.0.1", port), 10) as connection,
    ):
        stream = connection.makefile("rb")
        for number in range(20):
            connection.sendall(f"GET /{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b"200" in stream.readline()
            while (line := stream.readline()) != b"\r\n":
                length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else 0
            assert stream.read(length) == f"GET /{number} HTTP/1.1".encode()
    assert [call.request.url.rpartition("/")[2] for call in calls(output)] == [str(n) for n in range(20)]


def test_the_test_that_runs_is_told_by_header_or_beforehand(output):
    with proxied(always(answer()), output) as (_, port, service):
        ask(port, "GET /1 HTTP/1.1", "X-Driftcheck-Test: one")
        ask(port, "POST /__driftcheck/test HTTP/1.1", "Content-Length: 3", body=b"two")
        ask(port, "GET /2 HTTP/1.1")
        ask(port, "POST /__driftcheck/test HTTP/1.1", "Content-Length: 0")
        ask(port, "GET /3 HTTP/1.1")
        assert len(service.seen) == 3
        assert not any("driftcheck" in line.lower() for head, _ in service.seen for line in head)
    assert [call.test for call in calls(output)] == ["one", "two", ""]


def test_a_har_is_whole_after_every_call(tmp_path):
    output = tmp_path / "run.har"
    with proxied(always(answer()), output) as (_, port, _):
        for count in range(4):
            assert len(json.loads(output.read_text())["log"]["entries"]) == count
            ask(port, "GET / HTTP/1.1")
