"""A reverse proxy on loopback that streams both ways and writes down every call before its last byte is out.

So whoever has a whole answer has it recorded: ending the proxy in any way loses nothing that was answered.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import h11

from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of, texts
from driftcheck.traffic.record.recorder import Recorder
from driftcheck.traffic.record.target import Pairs, Target
from driftcheck.traffic.record.wire import Wire

MARKER = b"/__driftcheck/test"
_BROKEN = (OSError, h11.ProtocolError, EOFError)
_NAMED = 4096  # bytes of a test's name
_LINGER = 1.0  # seconds to take the rest of a request that was answered before its end


@dataclass(slots=True)
class Proxy:
    """What was forwarded. `refused` counts what was not, by reason; `dead` the calls that nobody answered."""

    target: Target
    recorder: Recorder
    limit: int = LIMIT
    test: str = ""
    dead: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, request after request."""
        client = Wire(reader, writer, h11.SERVER)
        try:
            while await self._next(client):
                pass
        except h11.RemoteProtocolError as error:
            with suppress(*_BROKEN):
                await _answer(client, error.error_status_hint or 400, f"driftcheck: {error}")
        except (*_BROKEN, asyncio.CancelledError):
            pass
        finally:
            client.close()

    async def _next(self, client: Wire) -> bool:
        """Serves one request; whether another may follow."""
        request = await client.event()
        if not isinstance(request, h11.Request):
            return False
        why = self._refusal(request)
        if why:
            self.refused[why] += 1
            await _answer(client, 501, f"driftcheck: {why}")
            return False
        if request.target.split(b"?")[0] == MARKER:
            await self._named(client)
        else:
            await Relay(self, client, request).run()
        return client.reusable()

    def _refusal(self, request: h11.Request) -> str:
        headers = dict(request.headers)
        if b"websocket" in headers.get(b"upgrade", b"").lower():
            return "websockets are not recorded, connect to the service itself"
        if request.method == b"CONNECT" or not request.target.startswith((b"/", b"*")):
            return f"this proxy forwards to {self.target.origin} only; use it as a base URL"
        return ""

    async def _named(self, client: Wire) -> None:
        """What runs now: calls that follow belong to this test, until another is named (or none)."""
        name = bytearray()
        while isinstance(event := await client.event(), h11.Data):
            name += event.data[: _NAMED - len(name)]
        self.test = name.decode("utf-8", "replace").strip()
        await client.send([h11.Response(status_code=204, headers=[]), h11.EndOfMessage()])


class Relay:
    """One call on its way."""

    def __init__(self, proxy: Proxy, client: Wire, request: h11.Request) -> None:
        self.proxy = proxy
        self.client = client
        self.request = request
        self.started = time.time()
        self.test = proxy.test
        self.sent = Gathered(proxy.limit)
        self.got = Gathered(proxy.limit)
        self.answer: h11.Response | None = None
        host = dict(request.headers).get(b"host", b"")
        self.us = b"http://" + host if host else proxy.target.origin.encode()
        self.raw: Pairs = list(request.headers.raw_items())

    async def run(self) -> None:
        """Both ways at once, until the answer is through or somebody leaves."""
        try:
            upstream = await self.proxy.target.connect()
        except OSError:
            return await self._dead(f"nothing answers at {self.proxy.target.origin}")
        up = asyncio.ensure_future(self._up(upstream))
        down = asyncio.ensure_future(self._down(upstream))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            if not down.done() and not self._left(up):  # the service hung up on the request, and may say why
                await asyncio.wait((down,))
            return await self._ended(upstream, up, down)
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    def _left(self, up: asyncio.Future[bool]) -> bool:
        return up.exception() is not None or up.result()

    async def _ended(self, upstream: Wire, up: asyncio.Future[bool], down: asyncio.Future[None]) -> None:
        if not down.done():  # the client has left
            upstream.close()
            if self.answer is not None:
                self.got.cut = True
                self._record()
            raise ConnectionResetError
        error = down.exception()
        if error is None:
            await self._whole_request(up)
            upstream.close()
            return
        upstream.close()
        if not isinstance(error, _BROKEN):
            raise error
        if self.answer is None:
            await self._dead(f"{self.proxy.target.origin} hung up without an answer")
            return
        self.got.cut = True
        self._record()
        raise ConnectionResetError  # the client must see that the answer is not whole

    async def _whole_request(self, up: asyncio.Future[bool]) -> None:
        """Takes in what the client still sends: hanging up on it would cost it the answer."""
        if self.client.machine.their_state is h11.SEND_BODY:
            await asyncio.wait((up,), timeout=_LINGER)

    async def _up(self, upstream: Wire) -> bool:
        """The request, then waits for the client to leave; False where the service hung up."""
        headers = self.proxy.target.request_headers(self.raw, self.us)
        sized = any(name.lower() == b"content-length" for name, _ in headers)
        chunked = any(name.lower() == b"transfer-encoding" for name, _ in self.raw)
        if chunked and not sized:
            headers.append((b"Transfer-Encoding", b"chunked"))
        head = h11.Request(method=self.request.method, target=self.request.target, headers=headers)
        pieces: list[Any] = [head]
        if self.client.machine.they_are_waiting_for_100_continue:
            await self.client.send([h11.InformationalResponse(status_code=100, headers=[])])
        while isinstance(event := await self.client.event(), h11.Data):
            self.sent.add(event.data)
            pieces.append(h11.Data(data=bytes(event.data)))
            try:
                await upstream.send(pieces)
            except OSError:
                return False
            pieces = []
        if not isinstance(event, h11.EndOfMessage):
            return True
        try:
            await upstream.send([*pieces, h11.EndOfMessage()])
        except OSError:
            return False
        await self.client.gone()
        return True

    async def _down(self, upstream: Wire) -> None:
        """The answer, piece by piece; it is recorded before the piece that completes it."""
        event = await upstream.event()
        while isinstance(event, h11.InformationalResponse):
            if event.status_code != 100:
                await self.client.send([event])
            event = await upstream.event()
        if not isinstance(event, h11.Response):
            raise EOFError
        self.answer = event
        headers = self.proxy.target.response_headers(list(event.headers.raw_items()), self.us)
        pieces: list[Any] = [
            h11.Response(status_code=event.status_code, headers=headers, reason=event.reason)
        ]
        while not upstream.ends_here():
            if pieces and upstream.waits():
                await self.client.send(pieces)
                pieces = []
            event = await upstream.event()
            if isinstance(event, h11.EndOfMessage):
                break
            if not isinstance(event, h11.Data):
                raise EOFError
            self.got.add(event.data)
            pieces.append(h11.Data(data=bytes(event.data)))
        self._record()
        await self.client.send([*pieces, h11.EndOfMessage()])

    async def _dead(self, why: str) -> None:
        self.proxy.dead += 1
        self.proxy.recorder.add(self._exchange(None))
        await _answer(self.client, 502, f"driftcheck: {why}")
        raise ConnectionResetError

    def _record(self) -> None:
        if self.answer is not None:
            headers = texts(self.answer.headers.raw_items())
            self.proxy.recorder.add(self._exchange((self.answer.status_code, headers, self.got)))

    def _exchange(self, answer: Any) -> Any:
        url = self.proxy.target.origin + self.request.target.decode("latin-1")
        headers = texts(self.proxy.target.request_headers(self.raw, self.us))
        named = texts((name, value) for name, value in self.raw if name.lower() == b"x-driftcheck-test")
        return exchange_of(
            self.request.method.decode("latin-1"),
            url,
            ((*headers, *named), self.sent),
            answer,
            time=self.started,
            test=self.test,
        )


async def _answer(client: Wire, status: int, text: str) -> None:
    if client.machine.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
        return
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
    content = f"{text}\n".encode()
    headers.append(("Content-Length", str(len(content))))
    await client.send(
        [h11.Response(status_code=status, headers=headers), h11.Data(data=content), h11.EndOfMessage()]
    )
