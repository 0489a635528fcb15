"""Parts of a Postman request (URL, headers, body) as they go over the wire; newman's report has them, too.

Whatever is disabled is not sent. Variables that nobody filled stay as `{{name}}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

from driftcheck.traffic.exchange import Body, Headers
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.files import as_bytes

_BOUNDARY = "driftcheck-part"
_LEFT = "%:/?#[]@!$&'()*+,;=-._~{}|"
# Comments in JSON are not sent. Texts are matched as well, so that none begins inside of one.
_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LANGUAGES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "javascript": "application/javascript",
    "text": "text/plain",
}


def url_of(value: Any) -> tuple[str, tuple[str, ...]]:
    """The URL, and the placeholders that path variables without a value became."""
    if isinstance(value, str):
        return _escaped(value.partition("#")[0]), ()
    if not isinstance(value, Mapping):
        return "", ()
    segments = value.get("path")
    host = value.get("host")
    if segments is None and host is None and isinstance(value.get("raw"), str):
        return _escaped(value["raw"].partition("#")[0]), ()
    given = {str(v["key"]): v.get("value") for v in enabled(value.get("variable")) if "key" in v}
    unfilled: list[str] = []
    path = "/".join(_segment(text, given, unfilled) for text in _split(segments, "/"))
    query = "&".join(_pair(item) for item in enabled(value.get("query")))
    address = _origin(value, host) + (f"/{path}" if segments is not None else "")
    return _escaped(f"{address}?{query}" if query else address), tuple(unfilled)


def _origin(value: Mapping[str, Any], host: Any) -> str:
    name = ".".join(_split(host, "."))
    if not name:
        return ""
    port = f":{value['port']}" if value.get("port") else ""
    scheme = value.get("protocol") or ("" if name.startswith("{{") or "://" in name else "http")
    return f"{scheme}://{name}{port}" if scheme and "://" not in name else f"{name}{port}"


def _split(value: Any, separator: str) -> list[str]:
    if isinstance(value, str):
        return value.strip("/").split(separator) if value else []
    if not isinstance(value, Sequence):
        return []
    return [str(item.get("value", "")) if isinstance(item, Mapping) else str(item) for item in value]


def _segment(text: str, given: Mapping[str, Any], unfilled: list[str]) -> str:
    if not text.startswith(":") or len(text) == 1:
        return text
    name = text[1:]
    if given.get(name) in (None, ""):
        unfilled.append(f"{{{{{name}}}}}")
        return unfilled[-1]
    return quote(str(given[name]), safe=_LEFT.replace("/", "").replace("?", "").replace("#", ""))


def _pair(item: Mapping[str, Any]) -> str:
    key, value = _text(item.get("key")), item.get("value")
    return _in_query(key) if value is None else f"{_in_query(key)}={_in_query(_text(value))}"


def _in_query(text: str) -> str:
    return quote(text, safe=_LEFT.replace("&", "").replace("#", "").replace("+", ""))


def _escaped(url: str) -> str:
    return quote(url, safe=_LEFT)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def enabled(value: Any) -> Iterator[Mapping[str, Any]]:
    """The entries of a list that are not switched off; v2.0 writes some lists as a mapping."""
    if isinstance(value, Mapping):
        value = [{"key": key, "value": text} for key, text in value.items()]
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping) and not item.get("disabled") and item.get("enabled", True):
            yield item


def headers_of(value: Any) -> Headers:
    """Headers from a list of {key, value}, or from lines of text."""
    if isinstance(value, str):
        lines = (line.partition(":") for line in value.splitlines() if ":" in line)
        return tuple((name.strip(), text.strip()) for name, _, text in lines)
    pairs = ((_text(item.get("key")), _text(item.get("value"))) for item in enabled(value))
    return tuple((name, text) for name, text in pairs if name)


def body_of(value: Any, headers: Headers) -> Body:
    """What a body of any of Postman's modes is on the wire."""
    media_type = bodies.header(headers, "content-type")
    if not isinstance(value, Mapping) or value.get("disabled") or not value.get("mode"):
        return Body("present", b"", media_type)
    mode, content = str(value["mode"]), value.get(str(value["mode"]))
    if mode == "raw":
        language = _language(value)
        text = _text(content)
        if language == "json" or (not language and "json" in media_type.lower()):
            text = _COMMENT.sub(lambda found: found[0] if found[0].startswith('"') else "", text)
        return bodies.body_of(text, media_type or _LANGUAGES.get(language, "text/plain"))
    if mode == "urlencoded":
        pairs = [(_text(item.get("key")), _text(item.get("value"))) for item in enabled(content)]
        encoded = urlencode(pairs, safe="{}")
        return bodies.body_of(encoded, media_type or "application/x-www-form-urlencoded")
    if mode == "formdata":
        return _multipart(content)
    if mode == "graphql" and isinstance(content, Mapping):
        return Body("present", as_bytes(_graphql(content)), media_type or "application/json")
    if mode == "file" and isinstance(content, Mapping) and isinstance(content.get("content"), str):
        return bodies.body_of(content["content"], media_type)
    return Body("external", b"", media_type)


def _language(value: Mapping[str, Any]) -> str:
    options = value.get("options")
    raw = options.get("raw") if isinstance(options, Mapping) else None
    language = raw.get("language") if isinstance(raw, Mapping) else None
    return language if isinstance(language, str) else ""


def _graphql(content: Mapping[str, Any]) -> str:
    sent: dict[str, Any] = {"query": content.get("query", "")}
    if content.get("operationName"):
        sent["operationName"] = content["operationName"]
    variables = content.get("variables")
    if isinstance(variables, str):
        with suppress(ValueError, RecursionError):  # a placeholder stands in it: it is sent as text
            variables = json.loads(variables) if variables.strip() else {}
    sent["variables"] = variables or {}
    return json.dumps(sent, ensure_ascii=False)


def _multipart(content: Any) -> Body:
    """Parts of text as they are sent; contents of files are not in a collection."""
    media_type = f"multipart/form-data; boundary={_BOUNDARY}"
    lines: list[str] = []
    for item in enabled(content):
        if item.get("type") == "file" or "src" in item:
            return Body("external", b"", media_type)
        lines += [f"--{_BOUNDARY}", f'Content-Disposition: form-data; name="{_text(item.get("key"))}"']
        if item.get("contentType"):
            lines.append(f"Content-Type: {item['contentType']}")
        lines += ["", _text(item.get("value"))]
    lines += [f"--{_BOUNDARY}--", ""]
    return Body("present", as_bytes("\r\n".join(lines)), media_type)
