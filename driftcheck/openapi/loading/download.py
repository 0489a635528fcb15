"""Documents over HTTP: time and size limited, credentials sent only to the server they were meant for.

Imported where a URL is fetched only: http and ssl are slow to import.
"""

from __future__ import annotations

import base64
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from driftcheck.config import ApiConfig
from driftcheck.openapi.loading.position import printable
from driftcheck.openapi.loading.web import is_url, masked, origin, without_user

_CHUNK = 1 << 16
_PATIENCE = 6  # times the timeout: the longest a whole download may take
_ACCEPT = "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5"


class WebError(Exception):
    """A download that failed; the text says why, without credentials."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came, and from where after redirects (without credentials)."""

    url: str
    content: bytes


def download(url: str, settings: ApiConfig) -> Page:
    """GET an http(s) URL; WebError says why not."""
    try:
        parts = urlsplit(url)
        request = urllib.request.Request(without_user(url), headers=_headers())
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(secret).decode())
        opener = urllib.request.build_opener(_Redirects)
        with opener.open(request, timeout=settings.timeout) as response:
            return Page(without_user(response.url), _content(response, settings))
    except urllib.error.HTTPError as error:
        error.close()
        raise WebError(f"the server answered {error.code} {_first_line(error.reason)}") from None
    except urllib.error.URLError as error:
        raise WebError(_reason(error.reason, settings)) from None
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        raise WebError(_reason(error, settings)) from None


def _headers() -> dict[str, str]:
    return {"User-Agent": "driftcheck", "Accept": _ACCEPT, "Accept-Encoding": "gzip"}


def _reason(error: object, settings: ApiConfig) -> str:
    if isinstance(error, TimeoutError):
        return f"there was no answer within {settings.timeout:g} s"
    if isinstance(error, OSError) and error.strerror:
        return _first_line(error.strerror)
    return _first_line(error) or type(error).__name__


def _first_line(text: object) -> str:
    return printable(str(text).strip().partition("\n")[0])


def _content(response: Any, settings: ApiConfig) -> bytes:
    deadline = time.monotonic() + settings.timeout * _PATIENCE
    unpack = zlib.decompressobj(31) if response.headers.get("Content-Encoding") == "gzip" else None
    found = bytearray()
    while chunk := response.read1(_CHUNK):
        found += unpack.decompress(chunk, settings.max_bytes) if unpack else chunk
        if len(found) > settings.max_bytes or (unpack and unpack.unconsumed_tail):
            raise WebError(f"the document is larger than {settings.max_bytes:,} bytes")
        if time.monotonic() > deadline:
            raise WebError(f"the download took more than {settings.timeout * _PATIENCE:g} s")
    return bytes(found)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only; credentials stay with the server they were meant for."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not is_url(newurl):
            raise WebError(f"the server redirects to {printable(masked(newurl))}, which is not http")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        secret = req.unredirected_hdrs.get("Authorization")
        if following is not None and secret and origin(newurl) == origin(req.full_url):
            following.add_unredirected_header("Authorization", secret)
        return following
