"""What Postman's `auth` adds to a request. Signatures cannot be known: those become placeholders."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from driftcheck.traffic.exchange import Headers
from driftcheck.traffic.readers.postman_request import enabled

_SIGNING = frozenset({"awsv4", "digest", "edgegrid", "hawk", "jwt", "ntlm", "oauth1", "asap"})


def inherited(auth: Any, above: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The auth of an item below a folder: its own (`noauth` included), else the folder's."""
    return auth if isinstance(auth, Mapping) and auth.get("type") else above


def with_auth(url: str, headers: Headers, auth: Mapping[str, Any] | None) -> tuple[str, Headers]:
    """URL and headers with the credentials in their place; headers that are written out win."""
    if auth is None or any(name.lower() == "authorization" for name, _ in headers):
        return url, headers
    kind = str(auth.get("type"))
    given = {str(item.get("key")): item.get("value") for item in enabled(auth.get(kind))}
    if kind == "apikey":
        name, value = str(given.get("key", "")), str(given.get("value", ""))
        if given.get("in") == "query":
            return _with_query(url, name, value), headers
        return url, (*headers, (name, value)) if name else headers
    if kind == "oauth2" and given.get("addTokenTo") == "queryParams":
        return _with_query(url, "access_token", str(given.get("accessToken", "{{accessToken}}"))), headers
    value = _authorization(kind, given)
    return url, (*headers, ("Authorization", value)) if value else headers


def _authorization(kind: str, given: Mapping[str, Any]) -> str:
    if kind == "bearer":
        return f"Bearer {given.get('token', '')}"
    if kind == "basic":
        pair = f"{given.get('username', '')}:{given.get('password', '')}"
        if "{{" in pair:
            return "Basic {{credentials}}"
        return "Basic " + base64.b64encode(pair.encode("utf-8", "replace")).decode()
    if kind == "oauth2":
        prefix = str(given.get("headerPrefix", "Bearer")).strip()
        return f"{prefix} {given.get('accessToken', '{{accessToken}}')}".strip()
    return f"{{{{{kind}}}}}" if kind in _SIGNING else ""


def _with_query(url: str, name: str, value: str) -> str:
    pair = f"{quote(name, safe='{}')}={quote(value, safe='{}')}"
    return f"{url}{'&' if '?' in url else '?'}{pair}" if name else url
