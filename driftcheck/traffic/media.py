"""What a body carries: the media type that describes it, and its bytes as a value that a schema can judge.

What cannot be judged (XML, streams of records) is an Unjudged with the reason, never a pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import orjson

from driftcheck.openapi.comparing.media import covers
from driftcheck.openapi.model import Content, Encoding, Field, MediaType
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.bodies import media_key
from driftcheck.traffic.decode import MISSING, coerce, from_query, query_pairs
from driftcheck.traffic.exchange import Headers
from driftcheck.traffic.gauge import Gauge
from driftcheck.traffic.plan import Plan

_STREAMS = ("application/x-ndjson", "application/jsonl", "application/json-seq", "text/event-stream")
_DISPOSITION = re.compile(r'name\*?="?([^";]*)"?', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_CHARSET = re.compile(r'charset="?([\w.-]+)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Why a body is not held to its schema; `malformed` where it is not what its media type says."""

    why: str
    malformed: bool = False


def header(headers: Headers, name: str) -> str | None:
    """The first header of that name (given in lower case)."""
    return next((value for key, value in headers if key.lower() == name), None)


def essence(media_type: str) -> str:
    """The type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of that type are one JSON value (RFC 6839, section 3.1 for `+json`)."""
    kind = essence(media_type)
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def chosen(content: Content, media_type: str) -> MediaType | None:
    """The entry that describes a body of this type: itself, then the narrowest range."""
    if not media_type or (content.unspecified and content.media):
        return content.media[0] if len(content.media) == 1 or content.unspecified else None
    key = media_key(media_type)
    kind = essence(media_type)
    fitting = [media for media in content.media if covers(media.key, key) or media.key == kind]
    bare = [media for media in content.media if essence(media.key) == kind]
    ordered = sorted(fitting or bare, key=lambda media: (media.key != key, media.key.count("*"), media.key))
    return ordered[0] if ordered else None


def value_of(
    content: bytes, media_type: str, media: MediaType, gauge: Gauge | None, holders: tuple[str, ...] = ()
) -> Any:
    """The body as a value, or Unjudged. `holders` are placeholders: in JSON they may stand for numbers."""
    kind = essence(media_type) or essence(media.name)
    if media.item_schema is not None or kind in _STREAMS:
        return Unjudged(f"{kind} is a stream of records")
    if is_json(kind):
        value = _json(content, media_type)
        torn = isinstance(value, Unjudged) and bool(holders)
        return _json(_quoted(content, holders), media_type) if torn else value
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(content, media, gauge)
    if kind.startswith("multipart/"):
        return _multipart(content, media_type, gauge)
    if kind.endswith(("/xml", "+xml")):
        return Unjudged(f"bodies of {kind} are not judged")
    if kind.startswith("text/") and gauge is not None:
        return coerce(_text(content, media_type), gauge.plan.kinds)
    return Unjudged("")


def _quoted(content: bytes, holders: tuple[str, ...]) -> bytes:
    """JSON in which placeholders stand for numbers and the like, with those as texts."""
    parts = "|".join(re.escape(holder) for holder in sorted(holders, key=len, reverse=True))
    found = re.compile(rf'"(?:\\.|[^"\\])*"|{parts}', re.DOTALL)
    text = content.decode("utf-8", "surrogateescape")
    made = found.sub(lambda m: m[0] if m[0].startswith('"') else json.dumps(m[0]), text)
    return made.encode("utf-8", "surrogateescape")


def _json(content: bytes, media_type: str) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:  # other encodings, NaN, lone surrogates, numbers beyond 64 bits
        return json.loads(_text(content, media_type))
    except (ValueError, RecursionError):
        return Unjudged("the body is no JSON", malformed=True)


def _text(content: bytes, media_type: str) -> str:
    written = _CHARSET.search(media_type)
    try:
        return content.decode(written[1] if written else "utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        return content.decode("latin-1")


def _urlencoded(content: bytes, media: MediaType, gauge: Gauge | None) -> Any:
    pairs = query_pairs(content.decode("latin-1"))
    if gauge is None:
        return Unjudged("")
    result: dict[str, Any] = {}
    used: set[str] = set()
    for name in gauge.plan.names:
        field = _form_field(name, (media.encodings or {}).get(name), gauge.term.nodes[0])
        value, names = from_query(field, gauge.plan.child(name), pairs)
        used |= names
        if value is not MISSING:
            result[name] = _from_json_member(value, gauge.plan, name)
    for name, text in pairs:
        if name not in used and name.partition("[")[0] not in result:
            result[name] = unquote_plus(text)
    return result


def _from_json_member(value: Any, plan: Plan, name: str) -> Any:
    """An object in a form is written as JSON where no style says otherwise (3.1, 4.8.15)."""
    below = plan.child(name)
    if not isinstance(value, str) or below is None or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _form_field(name: str, encoding: Encoding | None, node: Node) -> Field:
    style = (encoding.style if encoding else None) or "form"
    explode = encoding.explode if encoding is not None and encoding.explode is not None else style == "form"
    return Field("query", name, node, style=style, explode=explode)


def _multipart(content: bytes, media_type: str, gauge: Gauge | None) -> Any:
    boundary = _BOUNDARY.search(media_type)
    if boundary is None or gauge is None:
        return Unjudged("the boundary of its parts is not recorded" if boundary is None else "")
    result: dict[str, Any] = {}
    for name, kind, body in _parts(content, boundary[1].encode("latin-1")):
        plan = gauge.plan.child(name)
        kinds = frozenset({"string"}) if plan is None else plan.kinds
        items = None if plan is None or "array" not in kinds else plan.items()
        value = _part_value(body, kind, kinds if items is None else items.kinds)
        if "array" in kinds and not (is_json(kind) and isinstance(value, list)):
            result.setdefault(name, []).append(value)
        else:
            result[name] = value
    return result


def _parts(content: bytes, boundary: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Name, media type and bytes of each part (RFC 2046, section 5.1)."""
    for piece in content.split(b"--" + boundary)[1:]:
        if piece.startswith(b"--"):
            return
        head, _, body = piece.removeprefix(b"\r\n").replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
        name, kind = "", ""
        for line in head.decode("utf-8", "replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip().lower() == "content-disposition":
                found = _DISPOSITION.search(value.partition(";")[2])
                name = found[1] if found else ""
            elif key.strip().lower() == "content-type":
                kind = value.strip()
        yield name, kind, body.removesuffix(b"\n").removesuffix(b"\r")


def _part_value(body: bytes, kind: str, kinds: frozenset[str]) -> Any:
    if is_json(kind) or (not kind and kinds & {"object", "array"} and "string" not in kinds):
        value = _json(body, kind)
        return value if not isinstance(value, Unjudged) else _text(body, kind)
    if kind and not kind.lower().startswith("text/"):
        return ""  # a file: its bytes are nobody's business here
    return coerce(_text(body, kind), kinds)
