"""driftcheck's own format: one exchange a line, as JSON (exchange.schema.json beside this file).

What recorders write and what examples of rules are written in. Reading is more lenient than the schema:
headers may be an object, a body may be given as `json`, and everything but `request` may be left out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from driftcheck.traffic.exchange import (
    Body,
    BodyState,
    Exchange,
    Noise,
    Provenance,
    Request,
    Response,
    Source,
    Unreadable,
)
from driftcheck.traffic.readers.bodies import ABSENT, body_of, from_base64, header, headers_of
from driftcheck.traffic.readers.files import as_bytes, open_text
from driftcheck.traffic.readers.problem import RecordingError

KIND = "ndjson"
VERSION = 1
_LONGEST = 1 << 28


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Line by line; a bad line is Unreadable and the next one goes on."""
    with open_text(path) as lines:
        number = 0
        while line := lines.readline(_LONGEST):
            number += 1
            if not line.strip():
                continue
            try:
                yield exchange_from(_parsed(line), Source(file, KIND, number))
            except RecordingError as problem:
                yield Unreadable(file, number, problem.why)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line, strict=False)
    except RecursionError:
        raise RecordingError("nested too deeply") from None
    except ValueError:
        raise RecordingError("the line is no valid JSON, or was cut off") from None


def exchange_from(value: Any, source: Source) -> Exchange:
    """The exchange that a parsed line describes; RecordingError says what is wrong with it."""
    if not isinstance(value, Mapping) or not isinstance(value.get("request"), Mapping):
        raise RecordingError("the line has no `request`")
    if value.get("driftcheck", VERSION) != VERSION:
        raise RecordingError("the line was written by another version of driftcheck's format")
    response = value.get("response")
    provenance = value.get("provenance", "recorded")
    if provenance not in list(get_args(Provenance)):
        raise RecordingError("`provenance` must be recorded, example, stub or contract")
    time = value.get("time")
    return Exchange(
        source=source,
        request=_request(value["request"]),
        response=_response(response) if isinstance(response, Mapping) else None,
        provenance=provenance,
        consumer=str(value.get("consumer", "")),
        provider=str(value.get("provider", "")),
        test=str(value.get("test", "")),
        time=float(time) if isinstance(time, int | float) else None,
        noise=tuple(_noise(item) for item in _list(value.get("noise"))),
        placeholders=tuple(str(item) for item in _list(value.get("placeholders"))),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _noise(item: Any) -> Noise:
    if not isinstance(item, Mapping) or not isinstance(item.get("path"), str):
        raise RecordingError("an entry of `noise` has no `path`")
    return Noise(item["path"], tuple(str(pattern) for pattern in _list(item.get("patterns"))))


def _request(value: Mapping[str, Any]) -> Request:
    method, url = value.get("method"), value.get("url")
    if not isinstance(method, str) or not isinstance(url, str) or not method:
        raise RecordingError("the request has no `method` or no `url`")
    headers = headers_of(value.get("headers"))
    return Request(method.upper(), url, headers, _body(value.get("body"), headers))


def _response(value: Mapping[str, Any]) -> Response:
    status = value.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise RecordingError("the response has no `status`")
    headers = headers_of(value.get("headers"))
    return Response(status, headers, _body(value.get("body"), headers))


def _body(value: Any, headers: tuple[tuple[str, str], ...]) -> Body:
    if not isinstance(value, Mapping):
        return ABSENT
    media_type = str(value.get("media_type") or header(headers, "content-type"))
    state: BodyState = value.get("state", "present")
    if state not in list(get_args(BodyState)):
        raise RecordingError("`state` of a body is none that there is")
    if "base64" in value:
        body = from_base64(str(value["base64"]), media_type)
        return Body(state, body.content, media_type) if "state" in value else body
    if "json" in value:
        content = json.dumps(value["json"], ensure_ascii=False, separators=(",", ":"))
        return Body(state, as_bytes(content), media_type or "application/json")
    if "text" in value:
        content = str(value["text"])
        return (
            body_of(content, media_type)
            if "state" not in value
            else Body(state, as_bytes(content), media_type)
        )
    return Body("absent" if state == "present" else state, b"", media_type)


def line_of(exchange: Exchange) -> str:
    """The exchange as one line of this format, without the newline; reading it again gives an equal one
    (but for `source`, which says where it was read)."""
    request = exchange.request
    value: dict[str, Any] = {
        "driftcheck": VERSION,
        "request": {"method": request.method, "url": request.url, **_written(request)},
    }
    if exchange.response is not None:
        value["response"] = {"status": exchange.response.status, **_written(exchange.response)}
    value["provenance"] = exchange.provenance
    for name in ("consumer", "provider", "test"):
        if text := getattr(exchange, name):
            value[name] = text
    if exchange.time is not None:
        value["time"] = exchange.time
    if exchange.noise:
        value["noise"] = [{"path": item.path, "patterns": list(item.patterns)} for item in exchange.noise]
    if exchange.placeholders:
        value["placeholders"] = list(exchange.placeholders)
    return json.dumps(value, separators=(",", ":"))


def _written(message: Request | Response) -> dict[str, Any]:
    return {
        "headers": [list(pair) for pair in message.headers],
        "body": _written_body(message.body),
    }


def _written_body(body: Body) -> dict[str, Any]:
    value: dict[str, Any] = {"state": body.state}
    if body.media_type:
        value["media_type"] = body.media_type
    if body.content:
        try:
            value["text"] = body.content.decode()
        except UnicodeDecodeError:
            value["base64"] = base64.b64encode(body.content).decode()
    elif body.state == "present":
        value["text"] = ""
    return value
