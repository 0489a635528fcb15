"""Records what an httpx client sends: `httpx.Client(transport=RecordingTransport(recorder))`."""

from __future__ import annotations

import time

import httpx

from driftcheck.traffic.record.asgi import current_test
from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of, texts
from driftcheck.traffic.record.recorder import Recorder


class RecordingTransport(httpx.BaseTransport):
    """Around another transport (default: the network). Answers are read whole before they are handed on."""

    def __init__(
        self, recorder: Recorder, inner: httpx.BaseTransport | None = None, *, limit: int = LIMIT
    ) -> None:
        self.recorder = recorder
        self.inner = inner if inner is not None else httpx.HTTPTransport()
        self.limit = limit

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What httpx calls."""
        started = time.time()
        sent = request.read()
        response = self.inner.handle_request(request)
        response.request = request
        response.read()
        _write(self.recorder, request, response, sent, started, self.limit)
        return response

    def close(self) -> None:
        """Close the inner one."""
        self.inner.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient`."""

    def __init__(
        self, recorder: Recorder, inner: httpx.AsyncBaseTransport | None = None, *, limit: int = LIMIT
    ) -> None:
        self.recorder = recorder
        self.inner = inner if inner is not None else httpx.AsyncHTTPTransport()
        self.limit = limit

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """What httpx calls."""
        started = time.time()
        sent = await request.aread()
        response = await self.inner.handle_async_request(request)
        response.request = request
        await response.aread()
        _write(self.recorder, request, response, sent, started, self.limit)
        return response

    async def aclose(self) -> None:
        """Close the inner one."""
        await self.inner.aclose()


def _write(
    recorder: Recorder,
    request: httpx.Request,
    response: httpx.Response,
    sent: bytes,
    started: float,
    limit: int,
) -> None:
    asked, got = Gathered(limit), Gathered(limit)
    asked.add(sent)
    got.add(response.content)  # httpx has undone the content-encoding
    plain = tuple(pair for pair in texts(response.headers.raw) if pair[0].lower() != "content-encoding")
    answer = (response.status_code, plain, got)
    url = str(request.url)
    given = (texts(request.headers.raw), asked)
    recorder.add(exchange_of(request.method, url, given, answer, time=started, test=current_test()))
