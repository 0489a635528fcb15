"""URLs as they are used and as they may be shown; nothing is fetched here.

Credentials are taken out or starred once, here; no other module shows a URL.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_SECRETS = ("token", "key", "secret", "password", "passwd", "pwd", "auth", "sig", "signature", "credential")


def is_url(text: str) -> bool:
    """Whether the text is an http(s) URL."""
    return text[:8].lower().startswith(("http://", "https://"))


def is_valid(url: str) -> bool:
    """Whether the parts of a URL can be told apart at all (`http://[` is none)."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return False
    return port is None or port > 0


def join_urls(base: str, written: str) -> str:
    """RFC 3986's resolution; what is no valid reference is left as it is."""
    try:
        return urljoin(base, written)
    except ValueError:
        return written


def without_user(url: str) -> str:
    """The URL without user and password; ValueError where it is not valid."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def origin(url: str) -> tuple[str, str]:
    """Scheme and host with port: what credentials belong to."""
    if not is_valid(url):
        return "", url
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()


def masked(url: str) -> str:
    """The URL as it may be shown: user, password and secret-looking query values are stars."""
    if not is_valid(url):
        return "(not a valid URL)"
    parts = urlsplit(url)
    _, at, host = parts.netloc.rpartition("@")
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(_is_secret(name) for name, _ in pairs):
        shown = [(name, "***" if _is_secret(name) else value) for name, value in pairs]
        query = urlencode(shown, safe="*")
    return urlunsplit(parts._replace(netloc=("***@" if at else "") + host, query=query, fragment=""))


def _is_secret(name: str) -> bool:
    return name.lower().replace("-", "_").rpartition("_")[2].endswith(_SECRETS)
