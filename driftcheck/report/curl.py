"""A finding's counterexample as a curl line, ready to paste: a request that the new version refuses.

Where a value cannot be written safely there is no line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from driftcheck.difference import JSON, Side
from driftcheck.finding import Finding
from driftcheck.report.curl_line import line
from driftcheck.report.json import dumps

_OPERATION = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (/\S*)")
_NAME_IN_PATH = re.compile(r"\{([^{}]*)\}")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class _Request:
    """The parts of a curl line; `path` and `query` are encoded, `options` not quoted yet."""

    method: str
    path: str
    query: str = ""
    options: tuple[str, ...] = ()


def curl(finding: Finding) -> str | None:
    """The command, with $BASE_URL for the server; None where the finding is not of a request's value."""
    d = finding.difference
    sent = (d.facts or {}).get("curl")  # a request that was really made
    if isinstance(sent, str):
        return sent
    shown = d.counterexample
    found = _OPERATION.fullmatch(d.operation or "")
    if shown is None or shown.accepted_by is not Side.EXPECTED or found is None or d.pointer is None:
        return None
    method, path = found.groups()
    place = [token.replace("~1", "/").replace("~0", "~") for token in d.pointer.split("/")[1:]]
    build = _BUILDERS.get(place[0])
    request = build(method, path, place, shown.value) if build is not None else None
    if request is None:
        return None
    return line(request.method, request.path + request.query, request.options)


def _with_body(method: str, path: str, place: list[str], value: JSON) -> _Request | None:
    if place[1:2] != ["content"] or place[3:4] != ["schema"] or not _fits(place[4:], value):
        return None
    media = place[2].split(";")[0].strip().lower()
    data = _data(media, value)
    if data is None:
        return None
    header = () if media in _FORMS else ("-H", f"Content-Type: {_concrete(place[2])}")
    return _Request(method, _filled(path), options=(*header, *data))


def _fits(below: list[str], value: JSON) -> bool:
    """Whether the value is one of the whole body, and not only of the place deep inside of it."""
    if below[:1] == ["properties"]:
        return isinstance(value, dict)
    return below[:1] != ["items"] or isinstance(value, list)


def _data(media: str, value: JSON) -> tuple[str, ...] | None:
    if media == "application/x-www-form-urlencoded":
        from urllib.parse import urlencode

        fields = list(_fields(value))
        return ("--data-raw", urlencode(fields)) if fields else None
    if media == "multipart/form-data":
        return (
            tuple(part for name, text in _fields(value) for part in ("--form-string", f"{name}={text}"))
            or None
        )
    if media.endswith("json") or media in ("*/*", "application/*"):
        return ("--data-raw", _ascii_json(value))
    return ("--data-raw", value) if media.startswith("text/") and isinstance(value, str) else None


_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _with_parameter(method: str, path: str, place: list[str], value: JSON) -> _Request | None:
    if len(place) < 4:
        return None
    where, name = place[1:3]
    values = [_ascii_json(value)] if place[3] == "content" else list(_texts(value))
    if where == "query":
        from urllib.parse import urlencode

        return _Request(method, _filled(path), "?" + urlencode([(name, text) for text in values]))
    joined = ",".join(values)
    if where == "path":
        return _Request(method, _filled(path, name, joined)) if joined else None
    if where == "header":
        return _Request(method, _filled(path), options=("-H", f"{name}: {joined}" if joined else f"{name};"))
    return _Request(method, _filled(path), options=("-b", f"{name}={joined}")) if where == "cookie" else None


_BUILDERS: dict[str, Callable[[str, str, list[str], JSON], _Request | None]] = {
    "requestBody": _with_body,
    "parameters": _with_parameter,
}


def _filled(path: str, name: str | None = None, value: str = "") -> str:
    """The path, percent-encoded, with `value` for the parameter called `name` and 1 for all others."""
    from urllib.parse import quote as encoded

    parts = _NAME_IN_PATH.split(path)  # text and names in turn
    for at, part in enumerate(parts):
        if at % 2 == 0:
            parts[at] = encoded(part, safe="/:@%+,;=~")
        else:
            parts[at] = encoded(value, safe="") if part == name else "1"
    return "".join(parts)


def _concrete(media: str) -> str:
    return "application/json" if "*" in media else media


def _fields(value: JSON) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            for text in _texts(member):
                yield str(name), text


def _texts(value: JSON) -> Iterator[str]:
    """A value as it is written in URLs, headers and forms; an array gives one text for each element."""
    if isinstance(value, list):
        yield from (_text(element) for element in value)
    else:
        yield _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _ascii_json(value)


def _ascii_json(value: JSON) -> str:
    """JSON in which only printable ASCII is left, so that neither shell nor terminal can stumble."""
    return _UNPRINTABLE.sub(lambda found: _escaped(found.group()), dumps(value))


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
