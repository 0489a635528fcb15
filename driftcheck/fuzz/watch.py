"""Wraps an application so that an exception it does not handle is remembered with the line that raised it.

The answer then is a plain 500 that carries the number of the crash in a header; nothing else is changed.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import sys
import sysconfig
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from driftcheck.fuzz.outcome import Crash

Message: TypeAlias = MutableMapping[str, Any]
HEADER = "x-driftcheck-crash"
_ID = b"x-schemathesis-testcaseid"
_ID_IN_WSGI = "HTTP_X_SCHEMATHESIS_TESTCASEID"
_LIBRARIES = tuple(
    {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "purelib", "platlib")}
)


@dataclass(slots=True)
class Watch:
    """The crashes of one application: `crashes` by number, and `broken` by the id that the engine gives every
    request, where the answer has no room for a number: it had begun, or is made by the framework."""

    crashes: dict[str, Crash] = field(default_factory=dict)
    broken: dict[str, Crash] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _raised: threading.local = field(default_factory=threading.local)

    def note(self, error: BaseException) -> str:
        """Remember an exception; its number."""
        number = str(next(self._numbers))
        self.crashes[number] = crash_of(error)
        return number

    def asgi(self, app: Any) -> Any:
        """The application, wrapped (ASGI 3, or 2 through its own adapters)."""
        return _Asgi(app, self)

    def wsgi(self, app: Any) -> Any:
        """The application, wrapped (PEP 3333)."""
        return _Wsgi(app, self)

    @contextlib.contextmanager
    def listening(self, app: Any) -> Iterator[None]:
        """Flask and Django answer 500 themselves, and tell of the exception only by a signal."""
        with contextlib.ExitStack() as stack:
            if _made_by(app, "flask"):
                stack.enter_context(self._flask(app))
            if _made_by(app, "django"):
                stack.enter_context(self._django())
            yield

    @contextlib.contextmanager
    def _flask(self, app: Any) -> Iterator[None]:
        from flask.signals import got_request_exception

        def told(_sender: Any, exception: BaseException | None = None, **_: Any) -> None:
            self._raised.error = exception

        with got_request_exception.connected_to(told, app):
            yield

    @contextlib.contextmanager
    def _django(self) -> Iterator[None]:
        """It may tell in another thread than that of the request, so the request says which it is."""
        signal = importlib.import_module("django.core.signals").got_request_exception

        def told(request: Any = None, **_: Any) -> None:
            error = sys.exc_info()[1]
            if error is not None and request is not None:
                self.broken[request.META.get(_ID_IN_WSGI, "")] = crash_of(error)

        signal.connect(told)
        try:
            yield
        finally:
            signal.disconnect(told)

    def take(self) -> BaseException | None:
        """The exception that was signalled in this thread since the last call."""
        error = getattr(self._raised, "error", None)
        self._raised.error = None
        return error


def _made_by(app: Any, framework: str) -> bool:
    return any(each.__module__.partition(".")[0] == framework for each in type(app).__mro__)


def crash_of(error: BaseException) -> Crash:
    """Told by the innermost frame of the user's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not os.path.realpath(frame.filename).startswith(_LIBRARIES)]
    own = [frame for frame in own if os.path.realpath(frame.filename) != os.path.realpath(__file__)] or own
    frame = (own or list(frames))[-1] if frames else None
    name = type(error).__name__
    if frame is None:
        return Crash(name, str(error), "", 0, "")
    path = os.path.relpath(frame.filename) if os.path.isabs(frame.filename) else frame.filename
    return Crash(name, str(error), path, frame.lineno or 0, frame.name)


def _asgi_request(scope: Message) -> str:
    """The engine's id of a request."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == _ID), "")


async def _lifespan(
    app: Any,
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """An application may know no lifespan, and raise: the ASGI specification wants servers to go on then."""
    told = False

    async def sending(message: Message) -> None:
        nonlocal told
        if message["type"].startswith("lifespan."):
            told = True
            await send(message)

    try:
        await app(scope, receive, sending)
    except Exception:
        if told:  # it does know of it, and could not start
            raise
    if not told:
        await send({"type": "lifespan.startup.complete"})
        while (await receive())["type"] != "lifespan.shutdown":
            pass
        await send({"type": "lifespan.shutdown.complete"})


@dataclass(slots=True)
class _Asgi:
    app: Any
    watch: Watch

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(self.app, scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []  # frameworks answer 500 first and raise then: it waits for its number
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if held or (message["type"] == "http.response.start" and message["status"] >= 500):
                held.append(message)
                return
            started = True
            await send(message)

        number = ""
        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - whatever the application raises is what we look for
            if started:
                self.watch.broken[_asgi_request(scope)] = crash_of(error)
                await send({"type": "http.response.body"})
                return
            number = self.watch.note(error)
            held = held or [
                {"type": "http.response.start", "status": 500, "headers": []},
                {"type": "http.response.body"},
            ]
        if held and number:
            held[0]["headers"] = [*held[0].get("headers", ()), (HEADER.encode(), number.encode())]
        for message in held:
            await send(message)


@dataclass(slots=True)
class _Wsgi:
    app: Any
    watch: Watch

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.watch.take()

        def starting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            error = self.watch.take() if status.startswith("5") else None
            if error is not None:
                headers = [*headers, (HEADER, self.watch.note(error))]
            return start_response(status, headers, *rest)

        try:
            answer: Iterable[bytes] = self.app(environ, starting)
        except Exception as error:  # noqa: BLE001 - as above
            start_response("500 Internal Server Error", [(HEADER, self.watch.note(error))])
            return [b""]
        return self._watched(answer, environ)

    def _watched(self, answer: Iterable[bytes], environ: dict[str, Any]) -> Iterator[bytes]:
        """Generators raise as late as here."""
        try:
            yield from answer
        except Exception as error:  # noqa: BLE001 - as above
            self.watch.broken[environ.get(_ID_IN_WSGI, "")] = crash_of(error)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
