"""The one service that a recording proxy forwards to, and what is rewritten so that neither side notices."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.record.messages import HOP_BY_HOP, TEST_HEADER
from driftcheck.traffic.record.wire import Wire

_UNDONE = (b"gzip", b"deflate", b"identity", b"*")  # content-encodings that the recording can undo
_HOP = frozenset(name.encode() for name in HOP_BY_HOP)
_OWN = _HOP | {b"host", b"expect", TEST_HEADER.encode()}
_NAMES_US = (b"origin", b"referer")
_NAMES_TARGET = (b"location", b"content-location", b"access-control-allow-origin")
Pairs = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Target:
    """Where requests go. `origin` is as users write it, without a path."""

    origin: str
    scheme: str
    host: str
    port: int
    authority: str

    async def connect(self) -> Wire:
        """A connection of its own for each call; OSError where nobody answers.

        None is used again: a service that hangs up on an idle one, as many do without a word, would make
        the next call fail that had nothing to do with it.
        """
        secure = ssl.create_default_context() if self.scheme == "https" else None
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=secure)
        return Wire(reader, writer, h11.CLIENT)

    def request_headers(self, headers: Pairs, proxy: bytes) -> Pairs:
        """What is sent on: nothing that is between the client and the proxy only; `proxy` is its origin."""
        named = _named_by_connection(headers)
        ours = self.origin.encode()
        passed: Pairs = [(b"Host", self.authority.encode())]
        for name, value in headers:
            lowered = name.lower()
            if lowered in _OWN or lowered in named:
                continue
            if lowered == b"accept-encoding":
                passed.append((name, _undoable(value)))
            elif lowered in _NAMES_US:
                passed.append((name, _renamed(value, proxy, ours)))
            else:
                passed.append((name, value))
        return passed

    def response_headers(self, headers: Pairs, proxy: bytes) -> Pairs:
        """What is sent back: every header (each Set-Cookie), with the target's address made the proxy's."""
        named = _named_by_connection(headers)
        ours = self.origin.encode()
        passed: Pairs = []
        for name, value in headers:
            lowered = name.lower()
            if lowered in _HOP or lowered in named:
                continue
            passed.append((name, _renamed(value, ours, proxy) if lowered in _NAMES_TARGET else value))
        return passed


def target_of(url: str) -> Target:
    """DriftcheckError for anything that is not the origin of an HTTP service."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DriftcheckError(f"{url!r} is no URL", "for example http://127.0.0.1:8000") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DriftcheckError(f"{url!r} is no http:// or https:// URL", "for example http://127.0.0.1:8000")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise DriftcheckError(
            f"the target {url!r} has a path", "give scheme, host and port only; paths stay as they are sent"
        )
    if parts.username or parts.password:
        raise DriftcheckError("the target has credentials in it", "give them with a header instead")
    authority = parts.netloc.lower()
    usual = 443 if parts.scheme == "https" else 80
    return Target(f"{parts.scheme}://{authority}", parts.scheme, parts.hostname, port or usual, authority)


def _named_by_connection(headers: Pairs) -> set[bytes]:
    """Headers that `Connection` names are between two hops, too (RFC 9110, section 7.6.1)."""
    return {
        part.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for part in value.split(b",")
    }


def _undoable(value: bytes) -> bytes:
    """Of the encodings that the client takes, those that the recording can undo."""
    kept = [part.strip() for part in value.split(b",") if part.split(b";")[0].strip().lower() in _UNDONE]
    return b", ".join(kept) or b"identity"


def _renamed(value: bytes, old: bytes, new: bytes) -> bytes:
    """`value` with one origin in place of another; not where the port only begins alike."""
    if value.lower().startswith(old.lower()) and value[len(old) : len(old) + 1] in (b"", b"/", b"?", b"#"):
        return new + value[len(old) :]
    return value
