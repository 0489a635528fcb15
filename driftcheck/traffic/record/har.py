"""A call as an entry of a HAR 1.2, as the reader beside the other readers takes it back.

Bodies that were cut off are left out, with their size: a reader must not take half of one for the whole.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response
from driftcheck.traffic.readers.bodies import header


def entry_of(exchange: Exchange) -> dict[str, Any]:
    """All that HAR demands, and the test's name as the comment."""
    started = datetime.fromtimestamp(exchange.time or 0.0, UTC).isoformat(timespec="microseconds")
    entry: dict[str, Any] = {
        "startedDateTime": started.replace("+00:00", "Z"),
        "time": 0,
        "request": _request(exchange.request),
        "response": _response(exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }
    if exchange.test:
        entry["comment"] = exchange.test
    return entry


def _request(request: Request) -> dict[str, Any]:
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True, errors="replace")
    written: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": len(request.body.content) if request.body.state == "present" else -1,
    }
    body = request.body
    if body.state in ("present", "binary") and body.content:
        text, packed = _text(body)
        written["postData"] = {"mimeType": body.media_type, "text": text}
        if packed:
            written["postData"]["_encoding"] = "base64"
    return written


def _response(response: Response | None) -> dict[str, Any]:
    """Status 0 where nothing came back, as browsers write it."""
    if response is None:
        response = Response(0)
    body = response.body
    content: dict[str, Any] = {"size": len(body.content), "mimeType": body.media_type}
    if body.state in ("present", "binary"):
        text, packed = _text(body)
        content["text"] = text
        if packed:
            content["encoding"] = "base64"
    elif body.state == "truncated":
        content["comment"] = "longer than what is kept"
    return {
        "status": response.status,
        "statusText": _reason(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(response.headers),
        "content": content,
        "redirectURL": header(response.headers, "location"),
        "headersSize": -1,
        "bodySize": -1,
    }


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: Body) -> tuple[str, bool]:
    if body.state != "binary":
        try:
            return body.content.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body.content).decode(), True


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
