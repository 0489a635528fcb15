"""WireMock mappings: the stub's answer, and a request that it would match, as far as the matchers say.

Matchers that fit many values become placeholders; a stub that fits any path or any method is no call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import as_bytes, open_text
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.url_patterns import AnyCallError, unrolled

KIND = "wiremock"
_TEMPLATE = re.compile(r"\{\{\{?.*?\}?\}\}", re.DOTALL)
_JSON_UNIT = re.compile(r"\$\{json-unit\.[^}]+\}")


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """The mapping of the file, or all those that it lists."""
    with open_text(path) as text:
        cursor = Cursor(text)
        single: dict[str, Any] = {}
        for name in cursor.members():
            if name != "mappings" or cursor.peek() != "[":
                single[name] = cursor.value()
                continue
            for index in cursor.elements():
                source = Source(file, KIND, cursor.line, f"/mappings/{index}")
                yield _guarded(cursor.value(), source, path)
        cursor.end()
    if "request" in single:
        yield _guarded(single, Source(file, KIND, 1), path)


def _guarded(mapping: Any, source: Source, path: Path) -> Exchange | Unreadable:
    try:
        return _exchange(mapping, source, path)
    except AnyCallError as reason:
        return Unreadable(source.file, source.line, str(reason), wrong=False)
    except RecordingError as problem:
        return Unreadable(source.file, source.line, problem.why)


def _exchange(mapping: Any, source: Source, path: Path) -> Exchange:
    request = mapping.get("request") if isinstance(mapping, Mapping) else None
    response = mapping.get("response") if isinstance(mapping, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(response, Mapping):
        raise RecordingError("the mapping has no request or no response")
    if "proxyBaseUrl" in response or "fault" in response:
        raise AnyCallError("the stub passes the call on or breaks it, and has no answer of its own")
    sent = _request(request)
    answer = _response(response, path)
    texts = [sent.url, *(text for _, text in sent.headers), *(text for _, text in answer.headers)]
    texts += [body.content.decode("utf-8", "replace") for body in (sent.body, answer.body)]
    left = [found for text in texts for found in (*_TEMPLATE.findall(text), *_JSON_UNIT.findall(text))]
    return Exchange(
        source=source,
        request=sent,
        response=answer,
        provenance="stub",
        test=str(mapping.get("name") or ""),
        placeholders=tuple(dict.fromkeys(left)),
    )


def _request(value: Mapping[str, Any]) -> Request:
    method = str(value.get("method", "ANY")).upper()
    url = _url(value)
    query = list(_query(value.get("queryParameters")))
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    headers = tuple(_matched(value.get("headers")))
    return Request(method, url, headers, _sent(value, method, headers))


def _url(value: Mapping[str, Any]) -> str:
    for name in ("url", "urlPath"):
        if isinstance(value.get(name), str):
            return str(value[name])
    if isinstance(value.get("urlPathTemplate"), str):
        given = value.get("pathParameters")
        return re.sub(r"\{([^{}]+)\}", lambda m: _parameter(m.group(1), given), value["urlPathTemplate"])
    pattern = value.get("urlPathPattern", value.get("urlPattern"))
    if not isinstance(pattern, str):
        raise AnyCallError("the stub answers any URL")
    return unrolled(pattern)


def _parameter(name: str, given: Any) -> str:
    matcher = given.get(name) if isinstance(given, Mapping) else None
    value = matcher.get("equalTo") if isinstance(matcher, Mapping) else None
    return quote(str(value), safe="") if value is not None else f"{{{{{name}}}}}"


def _query(value: Any) -> Iterator[str]:
    for name, matcher in value.items() if isinstance(value, Mapping) else ():
        if not isinstance(matcher, Mapping) or matcher.get("absent"):
            continue
        exact = matcher.get("equalTo")
        many = matcher.get("hasExactly", matcher.get("includes"))
        if isinstance(many, list):
            found = [item.get("equalTo") for item in many if isinstance(item, Mapping)]
            yield from (f"{quote(name)}={quote(str(text))}" for text in found if text is not None)
        else:
            yield f"{quote(name)}={quote(str(exact)) if exact is not None else f'{{{{{name}}}}}'}"


def _matched(value: Any) -> Iterator[tuple[str, str]]:
    for name, matcher in value.items() if isinstance(value, Mapping) else ():
        if isinstance(matcher, Mapping) and not matcher.get("absent"):
            exact = matcher.get("equalTo")
            yield name, str(exact) if exact is not None else f"{{{{{name}}}}}"


def _sent(value: Mapping[str, Any], method: str, headers: Headers) -> Body:
    media_type = bodies.header(headers, "content-type")
    media_type = "" if "{{" in media_type else media_type
    patterns = value.get("bodyPatterns")
    for pattern in patterns if isinstance(patterns, list) else ():
        if not isinstance(pattern, Mapping):
            continue
        if "equalToJson" in pattern and not pattern.get("ignoreExtraElements"):
            wanted = pattern["equalToJson"]
            text = wanted if isinstance(wanted, str) else json.dumps(wanted, ensure_ascii=False)
            return Body("present", as_bytes(text), media_type or "application/json")
        if isinstance(pattern.get("equalTo"), str):
            return bodies.body_of(pattern["equalTo"], media_type)
        if isinstance(pattern.get("equalToXml"), str):
            return Body("present", as_bytes(pattern["equalToXml"]), media_type or "application/xml")
    return bodies.EMPTY if bodies.no_body(method) and not value.get("bodyPatterns") else bodies.ABSENT


def _response(value: Mapping[str, Any], path: Path) -> Response:
    status = value.get("status", 200)
    if not isinstance(status, int):
        raise RecordingError("the response has no status")
    headers = bodies.headers_of(value.get("headers"))
    return Response(status, headers, _answer(value, headers, path))


def _answer(value: Mapping[str, Any], headers: Headers, path: Path) -> Body:
    media_type = bodies.header(headers, "content-type")
    if "jsonBody" in value:
        text = json.dumps(value["jsonBody"], ensure_ascii=False)
        return Body("present", as_bytes(text), media_type or "application/json")
    if isinstance(value.get("body"), str):
        return bodies.body_of(value["body"], media_type)
    if isinstance(value.get("base64Body"), str):
        return bodies.from_base64(value["base64Body"], media_type)
    if isinstance(value.get("bodyFileName"), str):
        return _from_file(value["bodyFileName"], media_type, path)
    return Body("present", b"", media_type)


def _from_file(name: str, media_type: str, path: Path) -> Body:
    """From `__files` beside `mappings`, however deep the mapping lies; never from outside of it."""
    for parent in list(path.resolve().parents)[:5]:
        folder = parent / "__files"
        file = (folder / name).resolve()
        if file.is_relative_to(folder) and file.is_file() and file.stat().st_size <= bodies.MOST:
            return bodies.body_of(file.read_bytes(), media_type)
    return Body("external", b"", media_type)
