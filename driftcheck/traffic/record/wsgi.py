"""Records calls to a WSGI application in its own process: `app = WSGIRecorder(app, recorder)`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from driftcheck.traffic.exchange import Headers
from driftcheck.traffic.record.asgi import current_test
from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of
from driftcheck.traffic.record.recorder import Recorder

Environ = dict[str, Any]


class _Input:
    """The request's body, gathered as the application reads it."""

    def __init__(self, stream: Any, gathered: Gathered) -> None:
        self._stream = stream
        self._gathered = gathered

    def _kept(self, data: bytes) -> bytes:
        self._gathered.add(data)
        return data

    def read(self, *size: int) -> bytes:
        return self._kept(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._kept(self._stream.readline(*size))

    def readlines(self, *hint: int) -> list[bytes]:
        return [self._kept(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        return (self._kept(line) for line in self._stream)


class _Answer:
    """The application's answer on its way; recorded when it is through."""

    def __init__(self, parts: Iterable[bytes], got: Gathered, write: Callable[[], None]) -> None:
        self._parts = parts
        self._pieces = iter(parts)
        self._got = got
        self._write = write
        self._through = False

    def __iter__(self) -> _Answer:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._through = True
            raise
        self._got.add(piece)
        return piece

    def close(self) -> None:
        """WSGI's servers call this in any case, also where the client has left half-way."""
        self._got.cut = self._got.cut or not self._through
        self._write()
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


class WSGIRecorder:
    """Wraps an application; what it is asked and answers is given to `recorder`."""

    def __init__(
        self, app: Callable[[Any, Any], Iterable[bytes]], recorder: Recorder, *, limit: int = LIMIT
    ) -> None:
        self.app = app
        self.recorder = recorder
        self.limit = limit

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI's own signature."""
        sent, got = Gathered(self.limit), Gathered(self.limit)
        started = time.time()
        first: list[tuple[str, Headers]] = []

        def starting(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            first[:] = [(status, tuple((str(name), str(value)) for name, value in headers))]
            write = start_response(status, headers, *error)

            def written(data: bytes) -> Any:
                got.add(data)
                return write(data)

            return written

        def record() -> None:
            if not first:
                return
            status, headers = first[0]
            answer = (int(status.split(" ", 1)[0]), headers, got)
            given = (headers_of(environ), sent)
            self.recorder.add(
                exchange_of(
                    environ["REQUEST_METHOD"],
                    url_of(environ),
                    given,
                    answer,
                    time=started,
                    test=current_test(),
                )
            )

        inner = {**environ, "wsgi.input": _Input(environ["wsgi.input"], sent)}
        return _Answer(self.app(inner, starting), got, record)


def headers_of(environ: Environ) -> Headers:
    """The request's headers, in the names that WSGI leaves of them."""
    found = {
        name[5:]: str(value) for name, value in environ.items() if name.startswith("HTTP_") and value != ""
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name] = str(environ[name])
    return tuple((name.replace("_", "-").title(), value) for name, value in found.items())


def url_of(environ: Environ) -> str:
    """The URL that was called (PEP 3333, "URL Reconstruction")."""
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
    query = environ.get("QUERY_STRING", "")
    written = quote(path, safe="/%:@!$&'()*+,;=~")
    origin = f"{environ.get('wsgi.url_scheme', 'http')}://{host}" if host else ""
    return f"{origin}{written}{'?' + query if query else ''}"
