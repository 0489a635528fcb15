"""Cassettes of vcrpy (YAML and JSON) and of schemathesis; also those of Ruby's VCR, which look alike.

Bodies are text, bytes (`!!binary`), base64 or parsed values, according to who wrote them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import as_bytes, open_text
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.yaml_parts import Part, items, parsed

KIND = "vcr"
_LISTS = ("interactions", "http_interactions")


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every interaction; a bad one is Unreadable and the next one goes on."""
    with open_text(path) as text:
        first = text.read(1)
    parts = _json_parts(path, file) if first == "{" else _yaml_parts(path, file)
    for source, found in parts:
        try:
            yield exchange(parsed(found)[0] if isinstance(found, Part) else found, source)
        except RecordingError as problem:
            yield Unreadable(file, problem.line or source.line, problem.why)


def _json_parts(path: Path, file: str) -> Iterator[tuple[Source, Any]]:
    with open_text(path) as text:
        cursor = Cursor(text)
        for name in cursor.members():
            if name not in _LISTS or cursor.peek() != "[":
                cursor.value()
                continue
            for index in cursor.elements():
                yield Source(file, KIND, cursor.line, f"/{name}/{index}"), cursor.value()
        cursor.end()


def _yaml_parts(path: Path, file: str) -> Iterator[tuple[Source, Any]]:
    """Item by item; a cassette whose items share values by aliases is read as a whole."""
    with open_text(path) as text:
        head = text.read(1 << 16)
    name = "http_interactions" if "http_interactions:" in head else "interactions"
    if _shares(path):
        yield from _whole(path, file, name)
        return
    with open_text(path) as text:
        index = 0
        for where, part in items(text, name):
            if where:
                yield Source(file, KIND, part.line, f"/{name}/{index}"), part
                index += 1
            elif name in part.text.partition(":")[0]:  # a list in brackets, on one line
                yield from _listed(parsed(part), file, name, part.line)


def _shares(path: Path) -> bool:
    with open_text(path) as text:
        return any(": *id" in line or "- *id" in line for line in text)


def _whole(path: Path, file: str, name: str) -> Iterator[tuple[Source, Any]]:
    with open_text(path) as text:
        lines = [part.line for where, part in items(text, name) if where]
    with open_text(path) as text:
        yield from _listed(parsed(Part(text.read(), 1)), file, name, 1, lines)


def _listed(
    value: Any, file: str, name: str, line: int, lines: list[int] | None = None
) -> Iterator[tuple[Source, Any]]:
    found = value.get(name) if isinstance(value, Mapping) else None
    for index, item in enumerate(found if isinstance(found, list) else ()):
        at = lines[index] if lines and index < len(lines) else line
        yield Source(file, KIND, at, f"/{name}/{index}"), item


def exchange(value: Any, source: Source) -> Exchange:
    """One interaction."""
    request = value.get("request") if isinstance(value, Mapping) else None
    url = request.get("uri", request.get("url")) if isinstance(request, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(url, str):
        raise RecordingError("the interaction has no request with a `uri`")
    method = str(request.get("method", "GET")).upper()
    headers = bodies.headers_of(request.get("headers"))
    sent = _body(request.get("body"), headers)
    if request.get("body") is None:
        sent = bodies.EMPTY
    response = value.get("response")
    return Exchange(
        source=source,
        request=Request(method, url, headers, sent),
        response=_response(response, method) if isinstance(response, Mapping) else None,
        test=_test(value),
        time=_seconds(value.get("recorded_at")),
    )


def _test(value: Mapping[str, Any]) -> str:
    """schemathesis says in which phase a case ran."""
    phase = value.get("phase")
    name = phase.get("name") if isinstance(phase, Mapping) else None
    return name if isinstance(name, str) else ""


def _seconds(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _response(value: Mapping[str, Any], method: str) -> Response:
    status = value.get("status")
    code = status.get("code") if isinstance(status, Mapping) else status
    if isinstance(code, str) and code.isdigit():
        code = int(code)
    if not isinstance(code, int):
        raise RecordingError("the response has no status")
    headers = bodies.headers_of(value.get("headers"))
    body = _body(value.get("body"), headers)
    if body.state == "absent" and bodies.no_body(method, code):
        body = bodies.EMPTY
    return Response(code, headers, body)


def _body(value: Any, headers: Headers) -> Body:
    media_type = bodies.header(headers, "content-type")
    encoding = bodies.header(headers, "content-encoding")
    if isinstance(value, Mapping):
        for name in ("base64_string", "base64"):
            if isinstance(value.get(name), str):
                return bodies.from_base64(value[name], media_type, encoding)
        if value.get("encoding") == "base64" and isinstance(value.get("string"), str):
            return bodies.from_base64(value["string"], media_type, encoding)
        if set(value) <= {"string", "encoding"}:
            value = value.get("string", "")
    if value is None:
        return Body("absent", b"", media_type)
    if isinstance(value, str | bytes):
        return bodies.body_of(value, media_type, encoding)
    content = json.dumps(value, ensure_ascii=False, default=str)  # somebody's serializer parsed it
    return Body("present", as_bytes(content), media_type or "application/json")
