"""Replaces what is secret or personal in calls and in parsed files, keeping types, formats and structure.

`found` hears of every replacement: the scanner is a redactor whose result is thrown away.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets as random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote_plus

from driftcheck.traffic.exchange import Body, Exchange, Headers
from driftcheck.traffic.placeholder import number_for, placeholder_for
from driftcheck.traffic.secrets import (
    MARK,
    NULL_JWT,
    Kind,
    is_redacted,
    plausible,
    secret_name,
    session_cookie,
    shapes_in,
)
from driftcheck.traffic.splice import spliced_json

_USERINFO = re.compile(r"(?<=://)([^\s/?#@:\"'<>{}]*):([^\s/?#@\"'<>{}]+)(?=@)")
_PAIR = re.compile(r"(?:(?<=[?&;])|^)([\w.~%\[\]+-]{1,80})=([^&#\s\"'<>;]+)")
_FORM = re.compile(r"[\w.~%\[\]+-]{1,80}=[^&\s]*(?:&[\w.~%\[\]+-]{1,80}=[^&\s]*)*")
_PART = re.compile(r'(\bname="([^"\r\n]+)"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)([^\r\n]+)')
_ELEMENT = re.compile(r"(<([A-Za-z][\w:.-]{1,60})(?: [^<>]*)?>)([^<>]{1,4000})(?=</\2>)")
_ATTRIBUTE = re.compile(r"(expires|path|domain|max-age|samesite|secure|httponly|partitioned|priority)", re.I)
_COOKIES = frozenset({"cookie", "set-cookie", "set-cookie2"})
# Rules about values, not values: a pattern of an Authorization header is no credential.
_ABOUT = frozenset({"matchingRules", "generators", "noise", "matchers", "transformers", "$schema"})
_LONGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was replaced. `sure` is False where it is replaced for safety only (any cookie)."""

    kind: Kind
    what: str
    value: str
    sure: bool = True


def fresh_key() -> bytes:
    """A key for one recording; it is not kept, so that nobody can try values out against placeholders."""
    return random.token_bytes(32)


class Redactor:
    """Equal values become equal placeholders, as long as the key is the same."""

    __slots__ = ("_found", "_key")

    def __init__(self, key: bytes, found: Callable[[Found], object] | None = None) -> None:
        self._key = key
        self._found = found

    def exchange(self, exchange: Exchange) -> Exchange:
        """The same call without secrets: for recorders, before anything is written."""
        request = replace(
            exchange.request,
            url=self.text(exchange.request.url),
            headers=self.headers(exchange.request.headers),
            body=self.body(exchange.request.body),
        )
        answer = exchange.response
        if answer is not None:
            answer = replace(answer, headers=self.headers(answer.headers), body=self.body(answer.body))
        return replace(exchange, request=request, response=answer)

    def headers(self, headers: Headers) -> Headers:
        """Every header, by its name and by what it holds."""
        return tuple((name, self.named(name, value)) for name, value in headers)

    def body(self, body: Body) -> Body:
        """Text of any kind; bytes that are none are left alone."""
        if not body.content or body.state == "binary":
            return body
        try:
            text = body.content.decode()
        except UnicodeDecodeError:
            return body
        redacted = self.text(text)
        return body if redacted is text or redacted == text else replace(body, content=redacted.encode())

    def named(self, name: str, value: str) -> str:
        """A value that stands under a name: a header, a field of JSON, a parameter."""
        if name.lower() in _COOKIES:
            return self._cookies(value, name.lower() == "cookie")
        known = secret_name(name)
        if known and plausible(known, value):
            return self._replaced(Found("secret", name, value))
        return self.text(value)

    def json(self, value: Any, name: str = "", parent: str = "") -> Any:
        """A parsed value; the very same object where there was nothing to replace."""
        if isinstance(value, str):
            listed = parent in ("cookies", "cookie")
            made = self._cookie(name, value) if listed else self.named(name, value)
            return value if made == value else made
        if isinstance(value, dict):
            return self._object(value, name)
        if isinstance(value, list):
            items = [self.json(item, name, parent) for item in value]
            return value if all(a is b for a, b in zip(items, value, strict=True)) else items
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, name)
        return value

    def text(self, text: str) -> str:
        """Any text: JSON, a form, a URL or prose; the very same one where there was nothing to replace."""
        made = self._text(text) if len(text) > 3 else text
        return text if made == text else made

    def _text(self, text: str) -> str:
        first = text.lstrip()[:1]
        if first in ("{", "[") and len(text) < _LONGEST and (redacted := self._json_text(text)) is not None:
            return redacted
        if "=" in text:
            text = self._pairs(text)
        if "://" in text:
            text = _USERINFO.sub(self._userinfo, text)
        if 'name="' in text:
            text = _PART.sub(self._part, text)
        if first == "<":
            text = _ELEMENT.sub(self._part, text)
        for shape in shapes_in(text):
            text = shape.pattern.sub(
                lambda m, shape=shape: (  # type: ignore[misc]
                    self._replaced(Found(shape.kind, shape.what, m.group()))
                    if shape.holds(m.group()) and not is_redacted(m.group())
                    else m.group()
                ),
                text,
            )
        return text

    def _object(self, value: dict[Any, Any], name: str) -> Any:
        packed = self._packed(value)
        if packed is not None:
            return packed
        label = value.get("name", value.get("key"))
        if name == "apikey" and label == "value":
            label = "apikey"
        elif value.get("type") == "secret":
            label = "secret"
        paired = label if "value" in value and isinstance(label, str) else None
        changed = {}
        same = True
        for key, item in value.items():
            if key in _ABOUT:
                changed[key] = item
                continue
            if key == "value" and paired is not None:
                made = self.json(item, paired, name)
            elif key == "equalTo":
                made = self.json(item, name)
            else:  # beside a `value`, as the path of a listed cookie, nothing is a value itself
                made = self.json(item, str(key), name if paired is None else "")
            fresh = self.text(key) if isinstance(key, str) and "@" in key else key
            same = same and made is item and fresh is key
            changed[fresh] = made
        return value if same else changed

    def _packed(self, value: dict[Any, Any]) -> Any:
        """Bodies that formats keep as base64 or as a list of bytes."""
        if value.get("type") == "Buffer" and isinstance(value.get("data"), list):
            try:
                raw = bytes(value["data"])
            except (TypeError, ValueError):
                return None
            made = self._bytes(raw)
            return value if made is raw else {**value, "data": list(made)}
        if not any(
            sign in value for sign in ("encoding", "encoded", "base64", "base64_string", "base64Body")
        ):
            return None
        for name in ("text", "base64", "base64_string", "base64Body", "string", "content"):
            packed = "base64" in name or "base64" in (value.get("encoding"), value.get("encoded"))
            if packed and isinstance(value.get(name), str):
                raw = _unpacked(value[name])
                made = self._bytes(raw)
                if made is not raw:
                    return {**self.json({**value, name: ""}), name: base64.b64encode(made).decode()}
        return None

    def _bytes(self, raw: bytes) -> bytes:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return raw
        made = self.text(text)
        return raw if made == text else made.encode()

    def _number(self, value: int | float, name: str) -> int | float:
        known = secret_name(name)
        if known and known != "session" and plausible(known, str(value)):
            self._tell(Found("secret", name, str(value), sure=False))
            return number_for(self._key, value)
        return value

    def _json_text(self, text: str) -> str | None:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        try:
            made = self.json(value)
        except RecursionError:
            return None
        return text if made is value else spliced_json(text, value, made)

    def _pairs(self, text: str) -> str:
        """Parameters of URLs and forms; prose with an equals sign has none."""
        if "?" not in text and not _FORM.fullmatch(text):
            return text
        return _PAIR.sub(self._pair, text)

    def _pair(self, match: re.Match[str]) -> str:
        name, value = unquote_plus(match.group(1)), unquote_plus(match.group(2))
        known = secret_name(name) or ("apikey" if name.lower() in ("key", "code", "state") else "")
        if known == "apikey" and not (len(value) >= 20 and re.search(r"\d", value) and value.isascii()):
            known = secret_name(name)
        if not known or not plausible(known, value):
            return match.group()
        return f"{match.group(1)}={quote(self._replaced(Found('secret', name, value)), safe=' @')}".replace(
            " ", "+"
        )

    def _userinfo(self, match: re.Match[str]) -> str:
        if not plausible("password", match.group(2)) or MARK in match.group():
            return match.group()
        return f"{match.group(1)}:{self._replaced(Found('secret', 'the password of a URL', match.group(2)))}"

    def _part(self, match: re.Match[str]) -> str:
        known = secret_name(match.group(2).rpartition(":")[2])
        if not known or not plausible(known, match.group(3)):
            return match.group()
        return match.group(1) + self._replaced(Found("secret", match.group(2), match.group(3)))

    def _cookies(self, value: str, sent: bool) -> str:
        """All cookies of a Cookie header; of Set-Cookie the first pair only, the rest are attributes."""
        pairs = value.split(";")
        for index, pair in enumerate(pairs if sent else pairs[:1]):
            name, equals, text = pair.partition("=")
            if equals and not _ATTRIBUTE.fullmatch(name.strip()):
                pairs[index] = f"{name}={self._cookie(name.strip(), text)}"
        return ";".join(pairs)

    def _cookie(self, name: str, value: str) -> str:
        if len(value) < 2 or is_redacted(value) or value.lower() in ("deleted", "true", "false"):
            return value
        return self._replaced(Found("secret", f"the cookie {name}", value, session_cookie(name, value)))

    def _replaced(self, found: Found) -> str:
        bare = found.value.split(" ", 1)[-1]
        if is_redacted(bare) or MARK.encode() in _unpacked(bare) or bare.startswith(NULL_JWT):
            return found.value
        self._tell(found)
        return placeholder_for(self._key, found.value)

    def _tell(self, found: Found) -> None:
        if self._found is not None:
            self._found(found)


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
