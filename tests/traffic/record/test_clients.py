"""Calls of every client are heard whole, once each, and reach the caller as if nobody listened."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import flask
import httpx
import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from driftcheck.traffic.record.clients import INSIDE, OUTSIDE, Listening, load_clients


async def echo(request):
    return JSONResponse({"got": (await request.body()).decode("latin-1")}, 201)


def moved(request):
    return RedirectResponse("/echo", 307)


def streamed(request):
    return StreamingResponse(iter([b"[1,", b"2]"]), media_type="application/json")


WEB = Starlette(
    routes=[
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/moved", moved, methods=["POST"]),
        Route("/streamed", streamed),
    ]
)


@contextmanager
def listening():
    heard = []
    load_clients()
    with Listening(heard.append):
        yield heard


def one(heard):
    (call,) = heard
    return call


def test_a_test_client_is_heard_with_both_bodies():
    with listening() as heard:
        answer = TestClient(WEB).post("/echo?a=1", json={"b": 2})
    assert answer.json() == {"got": '{"b":2}'}
    call = one(heard)
    assert (call.request.method, call.request.url) == ("POST", "http://localhost/echo?a=1")
    assert call.request.body.content == b'{"b":2}'
    assert call.request.body.media_type == "application/json"
    assert call.response.status == 201
    assert json.loads(call.response.body.content) == answer.json()
    assert call.source == INSIDE
    assert call.time > 0


def test_every_hop_of_a_redirect_is_a_call():
    with listening() as heard:
        TestClient(WEB).post("/moved", content=b"x")
    assert [(call.request.url, call.response.status) for call in heard] == [
        ("http://localhost/moved", 307),
        ("http://localhost/echo", 201),
    ]


def test_async_clients_are_heard():
    async def call():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(WEB), base_url="http://any") as client:
            return await client.post("/echo", content=b"hello")

    with listening() as heard:
        answer = asyncio.run(call())
    assert answer.status_code == 201
    assert one(heard).request.url == "http://localhost/echo"
    assert one(heard).request.body.content == b"hello"


def test_files_are_heard():
    with listening() as heard:
        TestClient(WEB).post("/echo", files={"f": ("a.txt", b"content", "text/plain")})
    body = one(heard).request.body
    assert body.media_type.startswith("multipart/form-data")
    assert b"content" in body.content


def test_an_answer_that_streams_is_left_to_its_reader():
    with listening() as heard, TestClient(WEB).stream("GET", "/streamed") as answer:
        assert b"".join(answer.iter_bytes()) == b"[1,2]"
    assert one(heard).response.body.state == "absent"


def test_foreign_hosts_keep_their_names():
    transport = httpx.MockTransport(lambda request: httpx.Response(204))
    with listening() as heard:
        httpx.Client(transport=transport).get("https://api.example.com/x")
    assert one(heard).request.url == "https://api.example.com/x"
    assert one(heard).source == OUTSIDE


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("Location", "/echo")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_):
        pass


@pytest.fixture
def url():
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_requests_is_heard_once_for_each_hop(url):
    with listening() as heard:
        answer = requests.post(f"{url}/moved", json={"a": 1}, timeout=10)
    assert answer.json() == {"a": 1}
    assert [call.response.status for call in heard] == [307, 200]
    last = heard[-1]
    assert last.request.url == f"{url}/echo"
    assert last.request.body.content == b'{"a": 1}'
    assert [value for name, value in last.response.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_requests_that_stream_are_left_to_their_reader(url):
    with listening() as heard, requests.post(f"{url}/echo", data="abc", stream=True, timeout=10) as answer:
        assert answer.raw.read() == b"abc"
    assert one(heard).response.body.state == "absent"
    assert one(heard).request.body.content == b"abc"


@pytest.fixture
def flask_app():
    app = flask.Flask("shop")

    @app.post("/echo")
    def answer():
        return {"got": flask.request.get_json()}, 201

    @app.get("/moved")
    def moved():
        return flask.redirect("/there?q=1")

    @app.get("/there")
    def there():
        return "here"

    @app.get("/endless")
    def endless():
        def numbers():
            while True:
                yield b"1"

        return flask.Response(numbers(), mimetype="text/plain")

    return app


def test_flask_is_heard(flask_app):
    with listening() as heard:
        answer = flask_app.test_client().post("/echo?x=%C3%A9", json={"a": 1}, headers={"X-A": "b"})
    assert answer.json == {"got": {"a": 1}}
    call = one(heard)
    assert call.request.url == "http://localhost/echo?x=%C3%A9"
    assert json.loads(call.request.body.content) == {"a": 1}
    assert ("x-a", "b") in call.request.headers
    assert json.loads(call.response.body.content) == answer.json


def test_what_an_application_packs_is_unpacked_in_the_recording(flask_app):
    packed = gzip.compress(b'{"a": 1}')

    @flask_app.get("/packed")
    def answered():
        return flask.Response(packed, mimetype="application/json", headers={"Content-Encoding": "gzip"})

    with listening() as heard:
        answer = flask_app.test_client().get("/packed")
    assert answer.data == packed
    assert one(heard).response.body.content == b'{"a": 1}'


def test_flask_follows_redirects_as_ever(flask_app):
    with listening() as heard:
        answer = flask_app.test_client().get("/moved", follow_redirects=True)
    assert answer.text == "here"
    assert [call.request.url for call in heard] == ["http://localhost/moved", "http://localhost/there?q=1"]


def test_an_endless_answer_of_flask_is_not_waited_for(flask_app):
    with listening() as heard:
        answer = flask_app.test_client().get("/endless")
        assert next(answer.iter_encoded()) == b"1"
        answer.close()
    assert one(heard).response.body.state == "absent"


def test_django_is_heard():
    django = pytest.importorskip("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False)
        django.setup()
    from django.test import Client

    with listening() as heard:
        answer = Client().post("/django/1", data={"a": 1}, content_type="application/json")
        Client().get("/django/2?x=1")
    assert answer.json() == {"got": {"a": 1}}
    sent, got = heard
    assert json.loads(sent.request.body.content) == {"a": 1}
    assert (got.request.method, got.request.url) == ("GET", "http://localhost/django/2?x=1")
    assert "content-type" not in dict(got.request.headers)
    assert json.loads(got.response.body.content) == {"got": None}


def django_view(request, number):
    from django.http import JsonResponse

    return JsonResponse({"got": json.loads(request.body) if request.body else None})


def urls():
    from django.urls import path

    return [path("django/<int:number>", django_view)]


def __getattr__(name):  # Django asks the module for its routes, when there is one
    if name == "urlpatterns":
        return urls()
    raise AttributeError(name)


def test_nobody_listens_afterwards():
    before = httpx.Client.send, requests.Session.send
    with listening() as heard:
        assert httpx.Client.send is not before[0]
    assert (httpx.Client.send, requests.Session.send) == before
    TestClient(WEB).get("/echo")
    assert heard == []


def test_two_may_listen_one_within_the_other():
    with listening() as outer, listening() as inner:
        TestClient(WEB).get("/echo")
    assert len(outer) == len(inner) == 1


def test_what_a_call_raises_passes_through():
    def broken(request):
        raise httpx.ConnectError("no")

    with listening() as heard, pytest.raises(httpx.ConnectError):
        httpx.Client(transport=httpx.MockTransport(broken)).get("http://a.example/")
    assert heard == []
