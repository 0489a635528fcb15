"""The request of a recorded call as it is sent now: ids of this run, no credentials of the recording."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.exchange import Exchange, Headers, Response
from driftcheck.traffic.media import is_json
from driftcheck.traffic.readers.bodies import header
from driftcheck.traffic.replay.chain import Chain, collection
from driftcheck.traffic.route import address_of
from driftcheck.traffic.secrets import secret_name

_OWN = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer"
    " transfer-encoding upgrade host content-length accept-encoding expect cookie x-driftcheck-test origin"
    " referer".split()
)
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(slots=True, eq=False)
class Sender:
    """Makes requests. `given` are the user's headers, which stand above those of the recording."""

    given: Headers
    chain: Chain = field(default_factory=Chain)
    cookies: dict[str, str] = field(default_factory=dict)
    left_out: int = 0  # calls of which a credential was not sent

    def request(self, item: Exchange) -> Asked:
        """The request, with what this run knows in place of what was recorded."""
        address = address_of(item.request.url)
        recorded = address.path + (f"?{address.query}" if address.query else "")
        target = self.chain.link(recorded)
        body = self._body(item)
        self._note(item, recorded, target, body)
        return Asked(item.request.method, target, self._headers(item), body)

    def heard(self, response: Response) -> None:
        """Keep the cookies that the service sets."""
        for name, value in response.headers:
            if name.lower() == "set-cookie":
                jar = SimpleCookie()
                try:
                    jar.load(value)
                except CookieError:
                    continue
                self.cookies.update({key: morsel.coded_value for key, morsel in jar.items()})

    def _headers(self, item: Exchange) -> Headers:
        ours = {name.lower() for name, _ in self.given}
        made: list[tuple[str, str]] = []
        dropped = False
        for name, value in item.request.headers:
            lowered = name.lower()
            if lowered in _OWN or lowered in ours or lowered.startswith(":"):
                continue
            known = self.chain.text(value)
            if secret_name(lowered) and not self.chain.knows(value):
                dropped = True
                continue
            made.append((name, known))
        self.left_out += dropped
        sent = header(item.request.headers, "cookie")
        names = [pair.partition("=")[0].strip() for pair in sent.split(";")] if sent else []
        jar = "; ".join(f"{name}={self.cookies[name]}" for name in names if name in self.cookies)
        if jar and "cookie" not in ours:
            made.append(("Cookie", jar))
        return (*made, *self.given)

    def _body(self, item: Exchange) -> bytes:
        body = item.request.body
        if not body.content or body.state != "present":
            return body.content
        media_type = body.media_type or header(item.request.headers, "content-type")
        value = parsed(body.content) if is_json(media_type) else None
        if value is not None:
            made = self.chain.value(value, collection(item.request.url))
            return body.content if made == value else json.dumps(made, ensure_ascii=False).encode()
        if "x-www-form-urlencoded" in media_type:
            return self.chain.form(body.content.decode("utf-8", "surrogateescape")).encode(
                "utf-8", "surrogateescape"
            )
        return body.content

    def _note(self, item: Exchange, recorded: str, target: str, body: bytes) -> None:
        """What the consumer names itself, an answer must name as well."""
        self.chain.learn_link(recorded, target)
        old, new = parsed(item.request.body.content), parsed(body)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for name, value in old.items():
                self.chain.learn(name, collection(recorded), value, new.get(name))


def parsed(content: bytes) -> Any:
    """A JSON value; None where it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def headers_from(texts: tuple[str, ...]) -> Headers:
    """Headers as "NAME: VALUE", with ${VARIABLE} taken from the environment."""
    found = []
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise DriftcheckError(
                f"header {name!r}: must be NAME: VALUE", "for example 'Authorization: Bearer ${TOKEN}'"
            )
        found.append((name.strip(), _VARIABLE.sub(_variable, value.strip())))
    return tuple(found)


def _variable(match: re.Match[str]) -> str:
    value = os.environ.get(match[1])
    if value is None:
        raise DriftcheckError(
            f"the environment has no variable {match[1]}", "a header of the replay needs it"
        )
    return value
