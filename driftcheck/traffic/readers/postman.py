"""Postman collections v2.1 and v2.0: every request, and every saved example with the request of its own.

Scripts are not run: what they would set stays a placeholder. newman's report has the real values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from driftcheck.traffic.exchange import Exchange, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.postman_auth import inherited, with_auth
from driftcheck.traffic.readers.postman_request import body_of, headers_of, url_of
from driftcheck.traffic.readers.postman_variables import (
    environments_of,
    filled,
    placeholders_in,
    values_of,
)
from driftcheck.traffic.readers.problem import RecordingError

KIND = "postman"


@dataclass(slots=True)
class _Item:
    """A folder or a request, as written, with the lines of what can be reported."""

    source: Source
    fields: dict[str, Any] = field(default_factory=dict)
    children: list[_Item] = field(default_factory=list)
    examples: list[tuple[Source, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an item inherits."""

    folders: tuple[str, ...]
    environment: Mapping[str, str]
    variables: Mapping[str, str]
    auth: Mapping[str, Any] | None
    consumer: str


def read(path: Path, file: str, environments: tuple[str, ...] = ()) -> Iterator[Exchange | Unreadable]:
    """Requests in the order of the collection, each before its examples."""
    with open_text(path) as text:
        cursor = Cursor(text)
        collection = _item(cursor, Source(file, KIND, 1))
        cursor.end()
    local, everywhere = environments_of(path, environments)
    info = collection.fields.get("info")
    name = str(info.get("name", "")) if isinstance(info, Mapping) else ""
    scope = _Scope((), local, everywhere, None, name)
    yield from _within(collection, scope)


def _item(cursor: Cursor, source: Source) -> _Item:
    item = _Item(source)
    for name in cursor.members():
        if name == "item" and cursor.peek() == "[":
            for index in cursor.elements():
                where = replace(source, line=cursor.line, pointer=f"{source.pointer}/item/{index}")
                if cursor.peek() == "{":
                    item.children.append(_item(cursor, where))
                else:
                    cursor.value()
        elif name == "response" and cursor.peek() == "[":
            for index in cursor.elements():
                where = replace(source, line=cursor.line, pointer=f"{source.pointer}/response/{index}")
                item.examples.append((where, cursor.value()))
        else:
            item.fields[name] = cursor.value()
    return item


def _within(folder: _Item, above: _Scope) -> Iterator[Exchange | Unreadable]:
    scope = replace(
        above,
        variables={**above.variables, **values_of(folder.fields.get("variable"))},
        auth=inherited(folder.fields.get("auth"), above.auth),
    )
    for child in folder.children:
        name = str(child.fields.get("name", ""))
        inner = replace(scope, folders=(*scope.folders, name))
        try:
            if "request" in child.fields:
                yield from _exchanges(child, inner)
            else:
                yield from _within(child, inner)
        except RecordingError as problem:
            yield Unreadable(child.source.file, child.source.line, problem.why)


def _exchanges(item: _Item, scope: _Scope) -> Iterator[Exchange | Unreadable]:
    own = Exchange(
        source=replace(item.source, pointer=f"{item.source.pointer}/request"),
        request=Request("GET", ""),
        provenance="example",
        consumer=scope.consumer,
        test=" / ".join(scope.folders),
    )
    yield _with_request(own, item.fields["request"], scope)
    for source, example in item.examples:
        try:
            yield _example(replace(own, source=source), example, item, scope)
        except RecordingError as problem:
            yield Unreadable(source.file, source.line, problem.why)


def _with_request(own: Exchange, value: Any, scope: _Scope) -> Exchange:
    value = filled(value, {**scope.variables, **scope.environment})
    if isinstance(value, str):
        value = {"url": value}
    if not isinstance(value, Mapping):
        raise RecordingError("the request is neither text nor an object")
    url, unfilled = url_of(value.get("url"))
    if not url:
        raise RecordingError("the request has no URL")
    headers = headers_of(value.get("header"))
    auth = filled(inherited(value.get("auth"), scope.auth), {**scope.variables, **scope.environment})
    url, headers = with_auth(url, headers, auth)
    body = body_of(value.get("body"), headers)
    texts = (url, *(text for _, text in headers), body.content.decode("utf-8", "replace"))
    request = Request(str(value.get("method") or "GET").upper(), url, headers, body)
    left = dict.fromkeys((*unfilled, *placeholders_in(*texts)))
    return replace(own, request=request, placeholders=(*own.placeholders, *left))


def _example(own: Exchange, value: Any, item: _Item, scope: _Scope) -> Exchange:
    if not isinstance(value, Mapping):
        raise RecordingError("a saved example is no object")
    exchange = _with_request(own, value.get("originalRequest") or item.fields["request"], scope)
    status = value.get("code")
    if not isinstance(status, int) or isinstance(status, bool):
        raise RecordingError("the saved example has no status (`code`)")
    headers = headers_of(value.get("header"))
    media_type = bodies.header(headers, "content-type")
    content = value.get("body")
    body = bodies.ABSENT if content is None else bodies.body_of(str(content), media_type)
    if body.state == "absent" and bodies.no_body(exchange.request.method, status):
        body = bodies.EMPTY
    left = placeholders_in(body.content.decode("utf-8", "replace"))
    return replace(
        exchange,
        response=Response(status, headers, body),
        placeholders=tuple(dict.fromkeys((*exchange.placeholders, *left))),
        test=f"{exchange.test}: {value.get('name', '')}".strip(": "),
    )
