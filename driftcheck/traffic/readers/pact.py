"""Pact v2, v3 and v4: what a consumer believes of a provider. Matching rules become noise: the example's
value is not meant, its type is.

Messages are no calls over HTTP, and are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from driftcheck.traffic.exchange import Body, Exchange, Headers, Noise, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import as_bytes, open_text
from driftcheck.traffic.readers.problem import RecordingError

KIND = "pact"
_STEP = re.compile(r"\.([^.\[\]]+)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\*|\d+)\]")
_CASCADING = frozenset({"type", "integer", "decimal", "number", "boolean"})


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every HTTP interaction. The names of both sides may stand behind the interactions, so that the
    file is read before the first one is given."""
    with open_text(path) as text:
        parts, names, messages = _parts(Cursor(text), file)
    for source, interaction in parts:
        try:
            kind = str(interaction.get("type", "")) if isinstance(interaction, Mapping) else ""
            if "Message" in kind:
                messages += 1
            else:
                yield _exchange(interaction, source, names)
        except RecordingError as problem:
            yield Unreadable(file, source.line, problem.why)
    if messages:
        counted = "1 message" if messages == 1 else f"{messages} messages"
        yield Unreadable(file, None, f"{counted}: only calls over HTTP are checked", wrong=False)


def _parts(cursor: Cursor, file: str) -> tuple[list[tuple[Source, Any]], dict[str, str], int]:
    parts: list[tuple[Source, Any]] = []
    names: dict[str, str] = {}
    messages = 0
    for name in cursor.members():
        if name == "interactions" and cursor.peek() == "[":
            for index in cursor.elements():
                source = Source(file, KIND, cursor.line, f"/interactions/{index}")
                parts.append((source, cursor.value()))
            continue
        value = cursor.value()
        if name == "messages" and isinstance(value, list):
            messages = len(value)
        elif name in ("consumer", "provider") and isinstance(value, Mapping):
            names[name] = str(value.get("name", ""))
    return parts, names, messages


def _exchange(value: Any, source: Source, names: Mapping[str, str]) -> Exchange:
    request = value.get("request") if isinstance(value, Mapping) else None
    response = value.get("response") if isinstance(value, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(response, Mapping):
        raise RecordingError("the interaction has no request or no response")
    status = response.get("status", 200)
    if not isinstance(status, int):
        raise RecordingError("the response has no status")
    headers = _headers(response)
    return Exchange(
        source=source,
        request=_request(request),
        response=Response(status, headers, _body(response, headers)),
        provenance="contract",
        consumer=names.get("consumer", ""),
        provider=names.get("provider", ""),
        test=str(value.get("description", "")),
        noise=tuple(_noise(response)),
    )


def _request(value: Mapping[str, Any]) -> Request:
    path = value.get("path", "/")
    if not isinstance(path, str):
        raise RecordingError("the path of the request is no text")
    method = str(value.get("method", "GET")).upper()
    query = _query(value.get("query"))
    headers = _headers(value)
    body = _body(value, headers)
    if body.state == "absent" and bodies.no_body(method):
        body = bodies.EMPTY
    return Request(method, f"{path}?{query}" if query else path, headers, body)


def _query(value: Any) -> str:
    """Text in v2; names to one or many values since v3."""
    if isinstance(value, Mapping):
        pairs = [
            (name, "" if item is None else str(item))
            for name, many in value.items()
            for item in (many if isinstance(many, list) else [many])
        ]
        return urlencode(pairs)
    return value.lstrip("?") if isinstance(value, str) else ""


def _headers(value: Mapping[str, Any]) -> Headers:
    return bodies.headers_of(value.get("headers"))


def _body(message: Mapping[str, Any], headers: Headers) -> Body:
    if "body" not in message:
        return bodies.ABSENT  # nothing is promised of it
    value = message["body"]
    media_type = bodies.header(headers, "content-type")
    if isinstance(value, Mapping) and "content" in value and {"contentType", "encoded"} & set(value):
        media_type = media_type or str(value.get("contentType", ""))
        if value.get("encoded") == "base64" or value.get("encoded") is True:
            return bodies.from_base64(str(value["content"]), media_type)
        value = value["content"]
    if value is None:
        return Body("present", b"", media_type)
    if isinstance(value, str) and media_type and "json" not in media_type.lower():
        return bodies.body_of(value, media_type)
    if isinstance(value, str) and (not media_type or _is_json(value)):
        return bodies.body_of(value, media_type)
    return Body("present", as_bytes(json.dumps(value, ensure_ascii=False)), media_type or "application/json")


def _is_json(text: str) -> bool:
    """Whether a JSON body was written down as text; `"a"` itself is then a JSON text, and `a` is none."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _noise(response: Mapping[str, Any]) -> Iterator[Noise]:
    rules = response.get("matchingRules")
    for place, path, matchers in _rules(rules if isinstance(rules, Mapping) else {}):
        patterns = tuple(str(m["regex"]) for m in matchers if m.get("match") == "regex" and "regex" in m)
        deep = place == "body" and any(str(m.get("match", "type")) in _CASCADING for m in matchers)
        at = f"{place}{path}"
        yield Noise(at, patterns)
        if deep:
            yield Noise(f"{at}.**")
    generators = response.get("generators")
    body = generators.get("body") if isinstance(generators, Mapping) else None
    for path in body if isinstance(body, Mapping) else ():
        yield Noise(f"body{_dotted(path)}")


def _rules(rules: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Mapping[str, Any]]]]:
    """Place, dotted path and matchers: `$.body.x` in v2, grouped `body -> $.x -> matchers` since v3."""
    for name, value in rules.items():
        if not isinstance(value, Mapping):
            continue
        if name.startswith("$"):
            place, _, path = _dotted(name).lstrip(".").partition(".")
            yield _place(place), f".{path}" if path else "", [value]
            continue
        for path, rule in value.items():
            matchers = rule.get("matchers") if isinstance(rule, Mapping) else None
            if isinstance(matchers, list):
                dotted = _dotted(path) if path.startswith("$") else f".{path.lower()}"
                yield _place(name), dotted, [m for m in matchers if isinstance(m, Mapping)]


def _place(name: str) -> str:
    return "header" if name in ("header", "headers") else name


def _dotted(path: str) -> str:
    """`$.items[*]['a b']` as `.items.*.a b`."""
    return "".join(f".{''.join(groups)}" for groups in _STEP.findall(path))
