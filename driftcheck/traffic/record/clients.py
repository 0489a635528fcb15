"""Hears what HTTP clients of this process send and get: httpx (TestClient too), requests, Flask, Django.

Classes are patched only while somebody listens, and only those of modules that are loaded; what a test
reads is never consumed before it: a body that streams is left alone and not recorded.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source
from driftcheck.traffic.readers import bodies

Heard: TypeAlias = Callable[[Exchange], object]

INSIDE = Source("", "in-process")  # the application answered in this process
OUTSIDE = Source("", "client")
LOCAL = "localhost"  # the host of calls that never leave the process, where any name would do
_INSIDE = frozenset({"ASGITransport", "WSGITransport", "_TestClientTransport"})
_recursion = threading.local()


class Listening:
    """While it is entered, `heard` gets every call that is answered, at the moment it is."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._undo: dict[tuple[str, str], Callable[[], None]] = {}

    def __enter__(self) -> Self:
        self.look_again()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for undo in self._undo.values():
            undo()
        self._undo.clear()

    def look_again(self) -> None:
        """Patch clients whose modules were loaded since."""
        for (module, path), wrap in _CLIENTS.items():
            loaded = sys.modules.get(module)
            if loaded is None or (module, path) in self._undo:
                continue
            owner_name, _, method = path.partition(".")
            owner = getattr(loaded, owner_name, None)
            original = getattr(owner, "__dict__", {}).get(method)
            if original is not None:
                setattr(owner, method, wrap(original, self._heard))
                self._undo[module, path] = _undoing(owner, method, original)


def load_clients() -> None:
    """Import the clients that are installed, so that code which imports them later is heard as well."""
    for module in ("httpx", "httpx2", "requests", "werkzeug.test"):
        with suppress(ImportError):
            if find_spec(module.partition(".")[0]) is not None:
                __import__(module)


def _undoing(owner: Any, method: str, original: Any) -> Callable[[], None]:
    return lambda: setattr(owner, method, original)


def _httpx(original: Any, heard: Heard) -> Any:
    @wraps(original)
    def send(self: Any, request: Any, **options: Any) -> Any:
        began = time.time()
        response = original(self, request, **options)
        _tell_httpx(self, response, heard, began)
        return response

    return send


def _async_httpx(original: Any, heard: Heard) -> Any:
    @wraps(original)
    async def send(self: Any, request: Any, **options: Any) -> Any:
        began = time.time()
        response = await original(self, request, **options)
        _tell_httpx(self, response, heard, began)
        return response

    return send


def _tell_httpx(client: Any, response: Any, heard: Heard, began: float) -> None:
    kinds = {kind.__name__ for kind in type(getattr(client, "_transport", None)).__mro__}
    inside = bool(kinds & _INSIDE)
    for each in (*response.history, response):
        sent = each.request
        headers = tuple(sent.headers.multi_items())
        answered = tuple(each.headers.multi_items())
        url = str(sent.url)
        heard(
            _exchange(
                sent.method,
                _inside(url) if inside else url,
                headers,
                _sent_by_httpx(sent),
                each.status_code,
                answered,
                each.content if hasattr(each, "_content") else None,
                began,
                INSIDE if inside else OUTSIDE,
            )
        )


def _sent_by_httpx(request: Any) -> bytes | None:
    if hasattr(request, "_content"):
        return bytes(request.content)
    if type(request.stream).__name__ == "MultipartStream":
        with suppress(OSError, ValueError, RuntimeError):  # files that cannot be read again
            return b"".join(request.stream)
    return None


def _requests(original: Any, heard: Heard) -> Any:
    @wraps(original)
    def send(self: Any, request: Any, **options: Any) -> Any:
        busy = _busy()
        if id(self) in busy:  # the hops of a redirect are sent by the same method
            return original(self, request, **options)
        busy.add(id(self))
        began = time.time()
        try:
            response = original(self, request, **options)
        finally:
            busy.discard(id(self))
        for each in (*response.history, response):
            sent, body = each.request, each.request.body
            content = body.encode() if isinstance(body, str) else b"" if body is None else body
            heard(
                _exchange(
                    sent.method or "GET",
                    sent.url or "",
                    tuple(_texts(sent.headers.items())),
                    content if isinstance(content, bytes) else None,
                    each.status_code,
                    _raw_headers(each),
                    each.content if each._content is not False else None,
                    began,
                    OUTSIDE,
                )
            )
        return response

    return send


def _busy() -> set[int]:
    if not hasattr(_recursion, "busy"):
        _recursion.busy = set()
    busy: set[int] = _recursion.busy
    return busy


def _raw_headers(response: Any) -> Headers:
    """Headers with those that stand twice, which requests joins."""
    raw = getattr(response.raw, "headers", None)
    return tuple(_texts((raw or response.headers).items()))


def _texts(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        yield _text(name), _text(value)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _werkzeug(original: Any, heard: Heard) -> Any:
    @wraps(original)
    def run_wsgi_app(self: Any, environ: dict[str, Any], buffered: bool = False) -> Any:
        began, sent = time.time(), _input(environ)
        chunks, status, headers = original(self, environ, buffered)
        content = None
        if buffered or "content-length" in headers:
            chunks = _Kept(chunks)
            content = b"".join(chunks.content)
        code = int(str(status).partition(" ")[0])
        heard(_from_environ(environ, sent, code, tuple(_texts(headers.items())), content, began))
        return chunks, status, headers

    return run_wsgi_app


class _Kept:
    """An answer of WSGI that was read and is there to be read once more."""

    def __init__(self, chunks: Any) -> None:
        self.content = list(chunks)
        self._close = getattr(chunks, "close", None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.content)

    def close(self) -> None:
        """What WSGI promises the application."""
        if self._close is not None:
            self._close()


def _django(original: Any, heard: Heard) -> Any:
    @wraps(original)
    def call(self: Any, environ: dict[str, Any]) -> Any:
        began, sent = time.time(), _input(environ)
        response = original(self, environ)
        content = None if response.streaming else bytes(response.content)
        cookies = (("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values())
        headers = (*_texts(response.items()), *cookies)
        heard(_from_environ(environ, sent, response.status_code, headers, content, began))
        return response

    return call


def _input(environ: dict[str, Any]) -> bytes | None:
    """The body that WSGI will hand to the application, which gets another stream of the same."""
    stream = environ.get("wsgi.input")
    if stream is None:
        return b""
    if type(stream).__name__ not in ("BytesIO", "FakePayload"):
        return None
    content = bytes(stream.read())
    environ["wsgi.input"] = type(stream)(content)
    return content


def _from_environ(
    environ: Mapping[str, Any],
    sent: bytes | None,
    status: int,
    headers: Headers,
    content: bytes | None,
    began: float,
) -> Exchange:
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    query = environ.get("QUERY_STRING", "")
    url = f"http://{LOCAL}{quote(path.encode('latin-1'), safe='/:@!$&()*+,;=~')}{'?' if query else ''}{query}"
    given = [
        (name.removeprefix("HTTP_").replace("_", "-").lower(), str(value))
        for name, value in environ.items()
        if name.startswith("HTTP_")
        or (name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value and (sent or value != "0"))
    ]
    if not sent:  # Django names a type for every body, the empty one as well
        given = [pair for pair in given if pair[0] != "content-type"]
    return _exchange(
        environ["REQUEST_METHOD"], url, tuple(given), sent, status, headers, content, began, INSIDE
    )


def _inside(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(("http", LOCAL, parts.path, parts.query, ""))


def _exchange(
    method: str,
    url: str,
    headers: Headers,
    sent: bytes | None,
    status: int,
    answered: Headers,
    content: bytes | None,
    began: float,
    source: Source,
) -> Exchange:
    """None for a body says that it cannot be had; most clients have undone content-encodings."""
    request = Request(method.upper(), url, headers, _body(sent, headers))
    return Exchange(
        source=source,
        request=request,
        response=Response(int(status), answered, _body(content, answered)),
        time=began,
    )


def _body(content: bytes | None, headers: Headers) -> Body:
    media_type = bodies.header(headers, "content-type")
    if content is None:
        return Body("absent", b"", media_type)
    return bodies.body_of(content, media_type, bodies.header(headers, "content-encoding"))


# Where a client sends a request, and what is put around it.
_CLIENTS: Mapping[tuple[str, str], Callable[[Any, Heard], Any]] = {
    ("httpx", "Client.send"): _httpx,
    ("httpx", "AsyncClient.send"): _async_httpx,
    ("httpx2", "Client.send"): _httpx,
    ("httpx2", "AsyncClient.send"): _async_httpx,
    ("requests", "Session.send"): _requests,
    ("werkzeug.test", "Client.run_wsgi_app"): _werkzeug,
    ("django.test.client", "ClientHandler.__call__"): _django,
}
