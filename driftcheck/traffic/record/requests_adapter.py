"""Records what a requests session sends: `record_session(session, recorder)`."""

from __future__ import annotations

import time
from typing import Any

from driftcheck.traffic.record.asgi import current_test
from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of
from driftcheck.traffic.record.recorder import Recorder


class RecordingAdapter:
    """Around an adapter of requests. Answers are read whole before they are handed on."""

    def __init__(self, recorder: Recorder, inner: Any, *, limit: int = LIMIT) -> None:
        self.recorder = recorder
        self.inner = inner
        self.limit = limit

    def send(self, request: Any, **options: Any) -> Any:
        """What a session calls."""
        started = time.time()
        response = self.inner.send(request, **options)
        sent, got = Gathered(self.limit), Gathered(self.limit)
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            sent.add(body)
        else:
            sent.cut = True  # a stream, which has been read
        got.add(response.content)  # requests has undone the content-encoding
        plain = [pair for pair in _headers(response) if pair[0].lower() != "content-encoding"]
        given = (tuple((str(name), _text(value)) for name, value in request.headers.items()), sent)
        answer = (response.status_code, tuple(plain), got)
        made = exchange_of(request.method, request.url, given, answer, time=started, test=current_test())
        self.recorder.add(made)
        return response

    def close(self) -> None:
        """Close the inner one."""
        self.inner.close()


def record_session(session: Any, recorder: Recorder, *, limit: int = LIMIT) -> None:
    """Let a `requests.Session` record all its calls from now on."""
    for prefix, inner in list(session.adapters.items()):
        session.mount(prefix, RecordingAdapter(recorder, inner, limit=limit))


def _headers(response: Any) -> list[tuple[str, str]]:
    """Each header for itself, where urllib3 has kept them apart."""
    raw = getattr(response.raw, "headers", None)
    pairs = response.headers if raw is None else raw
    return [(str(name), _text(value)) for name, value in pairs.items()]


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
