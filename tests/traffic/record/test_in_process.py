"""Recording without a proxy: ASGI and WSGI applications, httpx and requests."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
import requests

from driftcheck.traffic.readers import read
from driftcheck.traffic.record import Recorder
from driftcheck.traffic.record.asgi import ASGIRecorder
from driftcheck.traffic.record.httpx_transport import AsyncRecordingTransport, RecordingTransport
from driftcheck.traffic.record.requests_adapter import record_session
from driftcheck.traffic.record.wsgi import WSGIRecorder
from tests.traffic.replay.service import ok, serving

SENT = {"name": "Käse", "password": "kL9mNq2rSt8x"}


@pytest.fixture
def output(tmp_path):
    return tmp_path / "run.ndjson"


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        await send({"type": "other"})
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = [(b"content-type", b"application/json"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"got": ', "more_body": True})
    await send({"type": "http.response.body", "body": str(len(body)).encode() + b"}"})


def wsgi(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    headers = [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    start_response("201 Created", headers)
    return iter([b'{"got": ', str(len(body)).encode() + b"}"])


def assert_recorded(output, answer):
    (call,) = read([str(output)])
    assert answer.status_code == call.response.status == 201
    assert answer.json() == json.loads(call.response.body.content)
    assert call.request.method == "POST"
    assert call.request.url == "http://shop/orders/a%20b?x=1&y=%2F"
    sent = json.loads(call.request.body.content)
    assert sent["name"] == "Käse"
    assert sent["password"].startswith("dc_redacted_")
    assert len([name for name, _ in call.response.headers if name.lower() == "set-cookie"]) == 2
    assert "test_in_process.py::test_" in call.test


def test_asgi(output):
    async def run(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
            return await client.post("/orders/a%20b?x=1&y=%2F", json=SENT)

    with Recorder(output) as recorder:
        answer = asyncio.run(run(ASGIRecorder(asgi, recorder)))
    assert_recorded(output, answer)


def test_asgi_lets_everything_else_pass(output):
    sent = []

    async def send(message):
        sent.append(message)

    with Recorder(output) as recorder:
        asyncio.run(ASGIRecorder(asgi, recorder)({"type": "websocket"}, None, send))
        assert (sent, recorder.calls) == ([{"type": "other"}], 0)


def test_an_asgi_answer_that_breaks_off_is_cut(output):
    async def failing(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionResetError

    async def send(message):
        pass

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with Recorder(output) as recorder, pytest.raises(ConnectionResetError):
        asyncio.run(ASGIRecorder(failing, recorder)(scope, None, send))
    (call,) = read([str(output)])
    assert (call.request.url, call.response.status, call.response.body.state) == ("/", 200, "truncated")


def test_wsgi(output):
    with Recorder(output) as recorder:
        transport = httpx.WSGITransport(WSGIRecorder(wsgi, recorder))
        with httpx.Client(transport=transport, base_url="http://shop") as client:
            answer = client.post("/orders/a%20b?x=1&y=%2F", json=SENT)
    assert_recorded(output, answer)


def test_a_wsgi_answer_that_nobody_reads_to_its_end_is_cut(output):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "x", "wsgi.input": None}

    def endless(environ, start_response):
        start_response("200 OK", [])
        while True:
            yield b"x"

    with Recorder(output) as recorder:
        answer = WSGIRecorder(endless, recorder)(environ, lambda *arguments: None)
        assert next(iter(answer)) == b"x"
        answer.close()
    (call,) = read([str(output)])
    assert call.response.body.state == "truncated"


@pytest.fixture
def service():
    with serving(
        lambda asked: ok({"got": len(asked.body)}, 201, ["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"])
    ) as url:
        yield url


def same(call, service):
    assert call.request.url == f"{service}/orders"
    assert json.loads(call.request.body.content) == {"qty": 1}
    assert json.loads(call.response.body.content) == {"got": len(call.request.body.content)}
    assert len([name for name, _ in call.response.headers if name.lower() == "set-cookie"]) == 2
    return True


def test_httpx(service, output):
    with Recorder(output) as recorder, httpx.Client(transport=RecordingTransport(recorder)) as client:
        assert client.post(f"{service}/orders", json={"qty": 1}).status_code == 201
    (call,) = read([str(output)])
    assert same(call, service)


def test_httpx_async(service, output):
    async def run(recorder):
        async with httpx.AsyncClient(transport=AsyncRecordingTransport(recorder)) as client:
            return await client.post(f"{service}/orders", json={"qty": 1})

    with Recorder(output) as recorder:
        assert asyncio.run(run(recorder)).status_code == 201
    (call,) = read([str(output)])
    assert same(call, service)


def test_requests(service, output):
    with Recorder(output) as recorder, requests.Session() as session:
        record_session(session, recorder)
        assert session.post(f"{service}/orders", json={"qty": 1}).json()["got"] > 0
    (call,) = read([str(output)])
    assert same(call, service)
