"""Records calls to an ASGI application in its own process: `app = ASGIRecorder(app, recorder)`."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of, texts
from driftcheck.traffic.record.recorder import Recorder

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ASGIRecorder:
    """Wraps an application; what it is asked and answers over HTTP is given to `recorder`.

    A call is written before the last piece of its answer is sent. Websockets and lifespan pass by.
    """

    def __init__(
        self, app: Callable[[Any, Any, Any], Awaitable[None]], recorder: Recorder, *, limit: int = LIMIT
    ) -> None:
        self.app = app
        self.recorder = recorder
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's own signature."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent, got = Gathered(self.limit), Gathered(self.limit)
        started = time.time()
        first: dict[str, Any] = {}

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                sent.add(message.get("body", b""))
            return message

        def write() -> None:
            answer = (int(first["status"]), texts(first.get("headers", ())), got)
            headers = texts(scope["headers"])
            self.recorder.add(
                exchange_of(
                    scope["method"], url_of(scope), (headers, sent), answer, time=started, test=current_test()
                )
            )

        async def passed_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                first.update(message)
            elif message["type"] == "http.response.body":
                got.add(message.get("body", b""))
                if not message.get("more_body", False):
                    write()
                    first.clear()
            await send(message)

        try:
            await self.app(scope, received, passed_on)
        finally:
            if first:  # the client left, or the application failed half-way
                got.cut = True
                write()


def url_of(scope: Scope) -> str:
    """The URL that was called, as far as ASGI tells it."""
    host = next((value for name, value in scope["headers"] if name.lower() == b"host"), b"")
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"], safe="/%:@!$&'()*+,;=~")
    query = scope.get("query_string", b"").decode("latin-1")
    origin = f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}" if host else ""
    return f"{origin}{path.partition('?')[0]}{'?' + query if query else ''}"


def current_test() -> str:
    """The test that pytest runs, by its node id; empty outside of tests."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
