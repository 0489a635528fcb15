"""GETs paths from an ASGI or WSGI application without a server: one call of the application for each.

The lifespan (which may open databases) is only run where the application answers nothing without it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, TypeAlias
from wsgiref.util import setup_testing_defaults

from driftcheck.openapi.loading.usercode import noting, run

Answer: TypeAlias = Mapping[str, Any] | None
Accept: TypeAlias = Callable[[bytes], Answer]
_Message: TypeAlias = MutableMapping[str, Any]

_PATIENCE = 10.0  # seconds for one answer, and for starting up
_VERSIONS = {"version": "3.0", "spec_version": "2.3"}


def first_answer(app: Any, paths: Iterable[str], accept: Accept, problems: list[str]) -> Answer:
    """The first body of a 200 answer that `accept` makes something of; failures go to `problems`."""
    if is_asgi(app):
        found: Answer = run(_first_asgi(app, list(paths), accept, problems))
        return found
    for path in paths:
        with noting(problems, f"GET {path}"):
            if (found := accept(_get_wsgi(app, path))) is not None:
                return found
    return None


def is_asgi(app: Any) -> bool:
    """Whether the application takes (scope, receive, send) rather than (environ, start_response)."""
    call = app if inspect.isroutine(app) else app.__call__
    if inspect.iscoroutinefunction(call):
        return True
    try:
        return len(inspect.signature(call).parameters) == 3
    except (TypeError, ValueError):
        return False


def _get_wsgi(app: Any, path: str) -> bytes:
    environ: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    written: list[bytes] = []

    def start_response(status: str, *_: object) -> Callable[[bytes], None]:
        statuses.append(status)
        return written.append

    body = app(environ, start_response)
    try:
        content = b"".join((*written, *body))
    finally:
        if hasattr(body, "close"):
            body.close()
    return content if statuses and statuses[-1].startswith("200") else b""


async def _first_asgi(app: Any, paths: list[str], accept: Accept, problems: list[str]) -> Answer:
    found = await _ask_all(app, paths, accept, problems)
    if found is None and problems:
        with noting(problems, "starting it"):
            async with _Lifespan(app):
                found = await _ask_all(app, paths, accept, problems)
    return found


async def _ask_all(app: Any, paths: list[str], accept: Accept, problems: list[str]) -> Answer:
    for path in paths:
        with noting(problems, f"GET {path}"):
            body = await asyncio.wait_for(_get_asgi(app, path), _PATIENCE)
            if (found := accept(body)) is not None:
                return found
    return None


async def _get_asgi(app: Any, path: str) -> bytes:
    asked = False
    status = 0
    body = bytearray()

    async def receive() -> _Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # the client stays connected
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: _Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(_scope(path), receive, send)
    return bytes(body) if status == 200 else b""


def _scope(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": _VERSIONS,
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json, */*")],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
        "state": {},
    }


class _Lifespan:
    """Starts the application as a server would, and shuts it down again."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._asked: asyncio.Queue[_Message] = asyncio.Queue()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._asked.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.create_task(self._live())
        await asyncio.wait_for(self._settled.wait(), _PATIENCE)

    async def __aexit__(self, *problem: object) -> None:
        self._asked.put_nowait({"type": "lifespan.shutdown"})
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_PATIENCE)
            self._task.cancel()

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": _VERSIONS, "state": {}}
        with noting([], "lifespan"):
            await self._app(scope, self._asked.get, self._send)
        self._settled.set()

    async def _send(self, message: _Message) -> None:
        if message["type"].startswith("lifespan.startup"):
            self._settled.set()
