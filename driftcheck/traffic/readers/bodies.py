"""Bodies from what recordings keep of them: decoded, typed, and told apart from those that are not there."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from driftcheck.traffic.exchange import Body, Headers
from driftcheck.traffic.readers.files import as_bytes

EMPTY = Body("present")
ABSENT = Body()
_TEXTUAL = (
    "json",
    "xml",
    "text",
    "javascript",
    "x-www-form-urlencoded",
    "multipart",
    "graphql",
    "yaml",
    "html",
)
_BODILESS = frozenset({204, 205, 304})
MOST = 1 << 26  # bytes that a packed body may unpack to
_STEP = 256  # bytes


def header(headers: Headers, name: str) -> str:
    """The first value of a header (its name in lower case); empty where there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def headers_of(value: Any) -> Headers:
    """Headers from a mapping of names to one or many values, or from a list of pairs or {name, value}."""
    if isinstance(value, Mapping):
        return tuple((str(name), text) for name, one in value.items() for text in _texts(one))
    pairs = []
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            name, text = item.get("name", item.get("key")), item.get("value")
        elif isinstance(item, list | tuple) and len(item) == 2:
            name, text = item
        else:
            continue
        if isinstance(name, str) and name and not name.startswith(":"):
            pairs.append((name, "" if text is None else str(text)))
    return tuple(pairs)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, list | tuple):
        return [item.decode("latin-1") if isinstance(item, bytes) else str(item) for item in value]
    return () if value is None else (str(value),)


def is_textual(media_type: str) -> bool:
    """Whether a body of this type is text by its nature."""
    lowered = media_type.lower()
    return any(word in lowered for word in _TEXTUAL)


def body_of(content: bytes | str, media_type: str, encoding: str = "") -> Body:
    """A body that is there: content-encoding undone, and marked binary where it is nothing to read."""
    raw = as_bytes(content) if isinstance(content, str) else content
    for one in reversed(encoding.lower().split(",")):
        unpacked = _unpacked(raw, one.strip())
        if unpacked is None:
            return Body("binary", raw, media_type)
        raw = unpacked
    if not is_textual(media_type) and (media_type or not _is_text(raw)) and raw:
        return Body("binary", raw, media_type)
    return Body("present", raw, media_type)


def from_base64(text: str, media_type: str, encoding: str = "") -> Body:
    """A body kept as base64; `truncated` where that is cut or broken."""
    try:
        return body_of(base64.b64decode("".join(text.split()), validate=True), media_type, encoding)
    except (binascii.Error, ValueError):
        return Body("truncated", b"", media_type)


def no_body(method: str, status: int | None = None) -> bool:
    """Whether such a message has no body, so that none in the recording means an empty one."""
    if status is None:
        return method.upper() in ("GET", "HEAD", "DELETE", "OPTIONS", "TRACE")
    return method.upper() == "HEAD" or status in _BODILESS or 100 <= status < 200


def _is_text(raw: bytes) -> bool:
    if b"\0" in raw:
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unpacked(raw: bytes, encoding: str) -> bytes | None:
    """Most recorders have undone the encoding and left its header; None where it cannot be undone."""
    if encoding in ("", "identity", "chunked"):
        return raw
    if encoding in ("gzip", "x-gzip"):
        return _inflated(raw, 31) if raw[:2] == b"\x1f\x8b" else raw
    if _is_text(raw):
        return raw
    if encoding == "deflate":
        unpacked = _inflated(raw, 15)
        return _inflated(raw, -15) if unpacked is None else unpacked
    if encoding == "zstd":
        return _from_zstandard(raw)
    return _from_brotli(raw) if encoding == "br" else None


def _from_brotli(raw: bytes) -> bytes | None:
    try:
        import brotli
    except ImportError:
        return None
    machine = brotli.Decompressor()
    try:
        unpacked = _in_steps(raw, machine.process)
    except brotli.error:
        return None
    return unpacked if machine.is_finished() else None


def _from_zstandard(raw: bytes) -> bytes | None:
    try:
        import zstandard
    except ImportError:
        return None
    machine = zstandard.ZstdDecompressor().decompressobj()
    try:
        unpacked = _in_steps(raw, machine.decompress)
    except zstandard.ZstdError:
        return None
    return unpacked if machine.eof else None


def _in_steps(raw: bytes, step: Callable[[bytes], bytes]) -> bytes | None:
    """Unpacked a little at a time, so that a small body cannot become an endless one."""
    parts: list[bytes] = []
    size = 0
    for start in range(0, len(raw), _STEP):
        parts.append(step(raw[start : start + _STEP]))
        size += len(parts[-1])
        if size > MOST:
            return None
    return b"".join(parts)


def _inflated(raw: bytes, bits: int) -> bytes | None:
    machine = zlib.decompressobj(bits)
    try:
        unpacked = machine.decompress(raw, MOST)
    except zlib.error:
        return None
    return None if machine.unconsumed_tail else unpacked
