"""newman's JSON report: what was sent after variables and scripts, and what came back.

Bodies of responses are Buffers (lists of bytes, or base64 since newman 6 writes them so on request).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.postman_request import body_of, headers_of, url_of
from driftcheck.traffic.readers.problem import RecordingError

KIND = "newman"


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every execution, in the order in which newman ran them."""
    with open_text(path) as text:
        cursor = Cursor(text)
        consumer = ""
        for name in cursor.members():
            if name == "run" and cursor.peek() == "{":
                yield from _run(cursor, file, consumer)
                continue
            value = cursor.value()
            if name == "collection" and isinstance(value, Mapping):
                info = value.get("info")
                consumer = str(info.get("name", "")) if isinstance(info, Mapping) else ""
        cursor.end()


def _run(cursor: Cursor, file: str, consumer: str) -> Iterator[Exchange | Unreadable]:
    for name in cursor.members():
        if name != "executions" or cursor.peek() != "[":
            cursor.value()
            continue
        for index in cursor.elements():
            source = Source(file, KIND, cursor.line, f"/run/executions/{index}")
            value = cursor.value()
            if isinstance(value, Mapping) and "request" not in value:  # a script had it left out
                yield Unreadable(file, source.line, "an execution that sent no request", wrong=False)
                continue
            try:
                yield _exchange(value, source, consumer)
            except RecordingError as problem:
                yield Unreadable(file, problem.line or source.line, problem.why)


def _exchange(value: Any, source: Source, consumer: str) -> Exchange:
    request = value.get("request") if isinstance(value, Mapping) else None
    if not isinstance(request, Mapping):
        raise RecordingError("the execution has no request")
    item = value.get("item")
    response = value.get("response")
    method = str(request.get("method", "GET")).upper()
    headers = headers_of(request.get("header"))
    url, _ = url_of(request.get("url"))
    return Exchange(
        source=source,
        request=Request(method, url, headers, body_of(request.get("body"), headers)),
        response=_response(response, method) if isinstance(response, Mapping) else None,
        consumer=consumer,
        test=str(item.get("name", "")) if isinstance(item, Mapping) else "",
    )


def _response(value: Mapping[str, Any], method: str) -> Response:
    status = value.get("code")
    if not isinstance(status, int):
        raise RecordingError("the response has no status")
    headers = headers_of(value.get("header"))
    body = _body(value, headers)
    if body.state == "absent" and bodies.no_body(method, status):
        body = bodies.EMPTY
    return Response(status, headers, body)


def _body(value: Mapping[str, Any], headers: Headers) -> Body:
    media_type = bodies.header(headers, "content-type")
    encoding = bodies.header(headers, "content-encoding")
    stream = value.get("stream")
    data = stream.get("data") if isinstance(stream, Mapping) else None
    if isinstance(data, list):
        try:
            return bodies.body_of(bytes(data), media_type, encoding)
        except (TypeError, ValueError):
            raise RecordingError("the body of the response is no list of bytes") from None
    if isinstance(data, str):
        return bodies.from_base64(data.removeprefix("base64:"), media_type, encoding)
    if isinstance(value.get("body"), str):
        return bodies.body_of(value["body"], media_type, encoding)
    return Body("absent", b"", media_type)
