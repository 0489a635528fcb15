"""HAR 1.2: of browsers, Playwright, Cypress plugins, mitmproxy and schemathesis; entry after entry.

Names that begin with an underscore are the recorder's own and optional. A missing text is no empty body.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlencode

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.problem import RecordingError

KIND = "har"


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every call over HTTP; the others (data: URLs, websockets) are counted at the end."""
    passed: Counter[str] = Counter()
    with open_text(path) as text:
        cursor = Cursor(text)
        for pointer in _entries(cursor):
            line = cursor.line
            source = Source(file, KIND, line, pointer)
            entry = cursor.value()
            try:
                why = _no_call(entry)
                if why:
                    passed[why] += 1
                else:
                    yield _exchange(entry, source, path.parent)
            except RecordingError as problem:
                yield Unreadable(file, line, problem.why)
        cursor.end()
    for why, count in sorted(passed.items()):
        yield Unreadable(file, None, f"{count} {'entry' if count == 1 else 'entries'}: {why}", wrong=False)


def _entries(cursor: Cursor) -> Iterator[str]:
    for name in cursor.members():
        if name != "log" or cursor.peek() != "{":
            cursor.value()
            continue
        for inner in cursor.members():
            if inner != "entries" or cursor.peek() != "[":
                cursor.value()
                continue
            for index in cursor.elements():
                yield f"/log/entries/{index}"


def _no_call(entry: Any) -> str:
    request = entry.get("request") if isinstance(entry, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(request.get("url"), str):
        raise RecordingError("the entry has no request with a URL")
    scheme = request["url"].partition(":")[0].lower()
    response = entry.get("response")
    status = response.get("status") if isinstance(response, Mapping) else None
    if scheme in ("ws", "wss") or "_webSocketMessages" in entry or status == 101:
        return "websockets are not checked"
    if scheme not in ("http", "https") and "/" not in scheme:
        return "not sent over HTTP (data:, blob: and the like)"
    return ""


def _exchange(entry: Mapping[str, Any], source: Source, folder: Path) -> Exchange:
    request = _request(entry["request"], folder)
    response = entry.get("response")
    comment = entry.get("comment")
    return Exchange(
        source=source,
        request=request,
        response=_response(response, request.method, folder) if isinstance(response, Mapping) else None,
        test=comment if isinstance(comment, str) else "",
        time=_seconds(entry.get("startedDateTime")),
    )


def _seconds(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _request(value: Mapping[str, Any], folder: Path) -> Request:
    method = value.get("method")
    if not isinstance(method, str) or not method:
        raise RecordingError("the request has no method")
    headers = bodies.headers_of(value.get("headers"))
    posted = value.get("postData")
    if isinstance(posted, Mapping):
        body = _posted(posted, headers, folder)
    else:
        body = _unposted(method, _length(value, headers), headers)
    if body == Body("present", b"", body.media_type) and _length(value, headers) > 0:
        body = Body("absent", b"", body.media_type)  # Playwright writes no text where it omits bodies
    return Request(method.upper(), urldefrag(value["url"]).url, headers, body)


def _length(value: Mapping[str, Any], headers: Headers) -> int:
    """How long the body was; -1 where nobody knows."""
    said = bodies.header(headers, "content-length") or value.get("bodySize", -1)
    return int(said) if str(said).isdigit() else -1


def _unposted(method: str, length: int, headers: Headers) -> Body:
    if length > 0:
        return bodies.ABSENT
    typed = bodies.header(headers, "content-type")
    return bodies.ABSENT if typed and not bodies.no_body(method) else bodies.EMPTY


def _posted(posted: Mapping[str, Any], headers: Headers, folder: Path) -> Body:
    media_type = str(posted.get("mimeType") or bodies.header(headers, "content-type"))
    text, params = posted.get("text"), posted.get("params")
    if isinstance(posted.get("_file"), str) and not text:
        return _attached(folder, posted["_file"], media_type)
    if isinstance(text, str) and (text or not params):
        if "base64" in (posted.get("encoding"), posted.get("_encoding")):
            return bodies.from_base64(text, media_type)
        return bodies.body_of(text, media_type)
    if isinstance(params, list) and "multipart" not in media_type.lower():
        pairs = [(str(p.get("name", "")), str(p.get("value", ""))) for p in params if isinstance(p, Mapping)]
        return bodies.body_of(urlencode(pairs), media_type)
    return Body("absent", b"", media_type)  # parts of files are not in a HAR


def _response(value: Mapping[str, Any], method: str, folder: Path) -> Response | None:
    status = value.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise RecordingError("the response has no status")
    if status <= 0:  # aborted, blocked, or from a cache that never answered
        return None
    headers = bodies.headers_of(value.get("headers"))
    content = value.get("content")
    body = _content(content if isinstance(content, Mapping) else {}, headers, folder)
    if body.state == "absent" and bodies.no_body(method, status):
        body = bodies.EMPTY
    return Response(status, headers, body)


def _content(content: Mapping[str, Any], headers: Headers, folder: Path) -> Body:
    media_type = bodies.header(headers, "content-type") or str(content.get("mimeType") or "")
    text, size = content.get("text"), content.get("size")
    if isinstance(text, str) and (text or size in (0, None)):
        if content.get("encoding") == "base64":
            return bodies.from_base64(text, media_type)
        if size == len(text) and not bodies.is_textual(media_type) and not text.isascii():
            with suppress(UnicodeEncodeError):  # mitmproxy writes some bytes as the letters of Latin-1
                return bodies.body_of(text.encode("latin-1"), media_type)
        body = bodies.body_of(text, media_type)
        return Body("truncated", body.content, media_type) if _is_cut(body, size) else body
    if isinstance(content.get("_file"), str):
        return _attached(folder, content["_file"], media_type)
    if size == 0 and bodies.header(headers, "content-length") in ("", "0") and "text" not in content:
        return (
            Body("present", b"", media_type)
            if not bodies.is_textual(media_type)
            else Body("absent", b"", media_type)
        )
    return Body("absent", b"", media_type)


def _is_cut(body: Body, size: Any) -> bool:
    """Sizes are wrong in many a HAR: JSON that is shorter than it says and does not parse was cut off."""
    if not isinstance(size, int) or size <= len(body.content) or "json" not in body.media_type.lower():
        return False
    try:
        json.loads(body.content)
    except (ValueError, RecursionError):
        return True
    return False


def _attached(folder: Path, name: str, media_type: str) -> Body:
    """A body that Playwright wrote beside the HAR; only files below its folder are opened."""
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        return Body("external", b"", media_type)
    try:
        if file.stat().st_size > bodies.MOST:
            return Body("external", b"", media_type)
        return bodies.body_of(file.read_bytes(), media_type)
    except OSError:
        return Body("external", b"", media_type)
