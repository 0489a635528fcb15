"""Keploy's recordings: tests of a service, and its calls to other services (Http mocks), of both versions.

Other mocks are counted; their SQL is read by `keploy_sql`. What keploy.yml says holds for all sets below it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.keploy_config import KeployConfig, config_for
from driftcheck.traffic.readers.keploy_noise import noise_of
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.yaml_parts import Part, documents, parsed

KIND = "keploy"
_PLACEHOLDER = re.compile(r"\{\{\s*[^{}]*\.[^{}]+\}\}")
_NO_MOCKS = frozenset({"TestMocksMapping", "MocksMapping", "TestSet", "Report", "CONTROL", "Control"})
_NEWLINED = ("ndjson", "jsonl", "x-json-stream")


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every HTTP test or mock of the file."""
    config = config_for(path)
    passed: Counter[str] = Counter()
    for source, found in parts(path, file):
        try:
            document = parsed(found) if isinstance(found, Part) else found
            kind = str(document.get("kind", "")) if isinstance(document, Mapping) else ""
            if kind in _NO_MOCKS or "mappings" in path.stem:
                continue
            if kind != "Http":
                passed[kind or "a document without `kind`"] += 1
            elif isinstance(document, Mapping) and not config.ignores(path, str(document.get("name", ""))):
                yield _exchange(document, source, path, config)
        except RecordingError as problem:
            yield Unreadable(file, problem.line or source.line, problem.why)
    for kind, count in sorted(passed.items()):
        yield Unreadable(file, None, f"{count} of kind {kind}: only calls over HTTP are checked", wrong=False)


def parts(path: Path, file: str) -> Iterator[tuple[Source, Any]]:
    """The documents of a file of YAML or JSON (`storageFormat: json`: one, many in a row, or a list)."""
    with open_text(path) as text:
        start = text.read(256).lstrip()
    with open_text(path) as text:
        if not start.startswith(("{", "[")):
            for number, part in enumerate(documents(text)):
                yield Source(file, KIND, part.line, f"/{number}" if number else ""), part
            return
        cursor = Cursor(text)
        while opening := cursor.peek():
            if opening == "[":
                for index in cursor.elements():
                    yield Source(file, KIND, cursor.line, f"/{index}"), cursor.value()
            else:
                yield Source(file, KIND, cursor.line), cursor.value()


def _exchange(document: Mapping[str, Any], source: Source, path: Path, config: KeployConfig) -> Exchange:
    spec = document.get("spec")
    request = spec.get("req") if isinstance(spec, Mapping) else None
    response = spec.get("resp") if isinstance(spec, Mapping) else None
    if not isinstance(spec, Mapping) or not isinstance(request, Mapping) or not isinstance(response, Mapping):
        raise RecordingError("the document has no `spec.req` or no `spec.resp`")
    name = str(document.get("name", ""))
    mocked = _is_mock(path, name, spec)
    sent, received = _request(request, path), _response(response, request, path)
    host = bodies.header(sent.headers, "host") or sent.url.partition("://")[2].partition("/")[0]
    texts = [sent.url, *(text for _, text in (*sent.headers, *received.headers))]
    texts += [body.content.decode("utf-8", "replace") for body in (sent.body, received.body)]
    left = dict.fromkeys(found for text in texts for found in _PLACEHOLDER.findall(text))
    return Exchange(
        source=source,
        request=sent,
        response=received,
        consumer=config.name if mocked else "",
        provider=config.service(host) if mocked else config.name,
        test="" if mocked else f"{_test_set(path)}/{name}".strip("/"),
        time=_seconds(request.get("timestamp")),
        noise=() if mocked else noise_of(document, spec, config, _test_set(path)),
        placeholders=tuple(left),
    )


def _is_mock(path: Path, name: str, spec: Mapping[str, Any]) -> bool:
    metadata = spec.get("metadata")
    client = isinstance(metadata, Mapping) and metadata.get("type") == "HTTP_CLIENT"
    return client or path.stem.startswith("mock") or name.startswith("mock")


def _test_set(path: Path) -> str:
    return path.parent.parent.name if path.parent.name == "tests" else path.parent.name


def _seconds(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _request(value: Mapping[str, Any], path: Path) -> Request:
    method, url = value.get("method"), value.get("url")
    if not isinstance(method, str) or not isinstance(url, str) or not method:
        raise RecordingError("the request has no `method` or no `url`")
    headers = bodies.headers_of(value.get("header"))
    host = bodies.header(headers, "host")
    if url.startswith("/") and host:  # the host of a mock stands in its header only
        url = f"http://{host}{url}"
    params = value.get("url_params")
    if "?" not in url and isinstance(params, Mapping) and params:
        url += "?" + urlencode([(str(k), str(v)) for k, v in params.items()], safe="{}")
    return Request(method.upper(), url, headers, _sent(value, headers, path))


def _sent(value: Mapping[str, Any], headers: Headers, path: Path) -> Body:
    media_type = bodies.header(headers, "content-type")
    if isinstance(value.get("body_ref"), Mapping):
        return _asset(value["body_ref"], media_type, path)
    form = value.get("form")
    if not value.get("body") and isinstance(form, list) and form:
        return _form([part for part in form if isinstance(part, Mapping)], media_type)
    return _body(value, headers)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _form(parts: list[Mapping[str, Any]], media_type: str) -> Body:
    if any(part.get("paths") for part in parts):
        return Body("external", b"", media_type)
    pairs = [(str(part.get("key", "")), str(text)) for part in parts for text in _listed(part.get("values"))]
    if "multipart" not in media_type:
        return bodies.body_of(urlencode(pairs, safe="{}"), media_type or "application/x-www-form-urlencoded")
    boundary = media_type.partition("boundary=")[2].partition(";")[0].strip('"') or "driftcheck-part"
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in pairs
    ]
    return bodies.body_of(
        "\r\n".join([*lines, f"--{boundary}--", ""]), f"multipart/form-data; boundary={boundary}"
    )


def _response(value: Mapping[str, Any], request: Mapping[str, Any], path: Path) -> Response:
    status = value.get("status_code")
    if not isinstance(status, int) or isinstance(status, bool):
        raise RecordingError("the response has no `status_code`")
    headers = bodies.headers_of(value.get("header"))
    media_type = bodies.header(headers, "content-type")
    if value.get("body_skipped"):
        return Response(status, headers, Body("external", b"", media_type))
    for name in ("body_ref", "stream_ref"):
        if isinstance(value.get(name), Mapping):
            return Response(status, headers, _asset(value[name], media_type, path))
    if isinstance(value.get("body"), list):
        return Response(status, headers, bodies.body_of(_streamed(value["body"], media_type), media_type))
    body = _body(value, headers)
    if not body.content and bodies.no_body(str(request.get("method", "")), status):
        body = bodies.EMPTY
    return Response(status, headers, body)


def _body(value: Mapping[str, Any], headers: Headers) -> Body:
    media_type, text, binary = bodies.header(headers, "content-type"), value.get("body"), value.get("binary")
    if not text and isinstance(binary, str) and binary:
        return bodies.from_base64(binary, media_type)
    if isinstance(text, Mapping):
        raise RecordingError("the body is neither text nor a list of chunks")
    return bodies.body_of("" if text is None else str(text), media_type)


def _streamed(chunks: list[Any], media_type: str) -> str:
    """The text that the time-stamped chunks made on the wire."""
    text = ""
    for chunk in chunks:
        data = chunk.get("data") if isinstance(chunk, Mapping) else None
        if isinstance(data, list):
            pairs = [(i.get("key"), i.get("value")) for i in data if isinstance(i, Mapping)]
        else:
            pairs = list(data.items()) if isinstance(data, Mapping) else [("raw", data)]
        if any(name == "raw" for name, _ in pairs):
            raw = "".join(str(one) for name, one in pairs if name == "raw" and one is not None)
            text += raw if raw.endswith("\n") or not any(w in media_type for w in _NEWLINED) else f"{raw}\n"
        else:
            text += "".join(f"{'' if name == 'comment' else name}: {one}\n" for name, one in pairs) + "\n"
    return text


def _asset(reference: Mapping[str, Any], media_type: str, path: Path) -> Body:
    """A body that Keploy moved to a file of its own; looked for below the test set only."""
    name = str(reference.get("path", ""))
    for folder in (path.parent, path.parent.parent):
        file = (folder / name).resolve()
        if name and file.is_relative_to(folder.resolve()) and file.is_file():
            if file.stat().st_size <= bodies.MOST:
                return bodies.body_of(file.read_bytes(), media_type)
            break
    return Body("external", b"", media_type)
