"""Telling ASGI from WSGI, and calls that would never end."""

import asyncio

import pytest

from driftcheck.openapi.loading import inprocess
from driftcheck.openapi.loading.inprocess import first_answer, is_asgi


async def asgi(scope, receive, send): ...


def wsgi(environ, start_response): ...


class Asgi:
    async def __call__(self, scope, receive, send): ...


class Wrapped:
    def __call__(self, scope, receive, send): ...


class Wsgi:
    def __call__(self, environ, start_response): ...


@pytest.mark.parametrize(
    ("app", "expected"),
    [(asgi, True), (Asgi(), True), (Wrapped(), True), (wsgi, False), (Wsgi(), False), (dict, False)],
)
def test_kinds(app, expected):
    assert is_asgi(app) is expected


def accept(body):
    return {"body": body} if body else None


def test_an_application_that_never_answers_is_left(monkeypatch):
    async def stuck(scope, receive, send):
        await asyncio.Event().wait()

    monkeypatch.setattr(inprocess, "_PATIENCE", 0.05)
    problems = []
    assert first_answer(stuck, ["/a", "/b"], accept, problems) is None
    assert problems[0].startswith("GET /a failed: TimeoutError")


def test_the_client_stays_connected_while_it_is_answered():
    async def streaming(scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 200})
        disconnected = asyncio.create_task(receive())
        await asyncio.sleep(0)
        assert not disconnected.done()
        disconnected.cancel()
        await send({"type": "http.response.body", "body": b"x"})

    assert first_answer(streaming, ["/a"], accept, []) == {"body": b"x"}


def test_the_body_of_a_wsgi_answer_is_closed():
    closed = []

    class Body(list):
        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response("200 OK", [])
        return Body([b"x"])

    assert first_answer(app, ["/a"], accept, []) == {"body": b"x"}
    assert closed == [True]


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "500 Oops"])
def test_only_a_200_is_an_answer(status):
    def app(environ, start_response):
        start_response(status, [])
        return [b"x"]

    assert first_answer(app, ["/a"], accept, []) is None
