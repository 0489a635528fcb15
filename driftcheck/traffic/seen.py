"""What occurs in a recorded call, by places of the old description; looked up once for all probes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from driftcheck.difference import Flow
from driftcheck.traffic.contract import Promise
from driftcheck.traffic.decode import MISSING, cookie_pairs, from_header, from_path, from_query, query_pairs
from driftcheck.traffic.exchange import Body, Exchange
from driftcheck.traffic.gauge import Gauge
from driftcheck.traffic.media import Unjudged, chosen, header, value_of
from driftcheck.traffic.plan import Key, Plan
from driftcheck.traffic.route import Routed


@dataclass(slots=True, eq=False)
class Seen:
    """One recorded call; only values at `wanted` places are kept."""

    exchange: Exchange
    routed: Routed
    query: str
    wanted: frozenset[Key]
    _sent: dict[Key, list[Any]] | None = None
    _received: dict[Key, list[Any]] | None = None
    _parameters: dict[tuple[str, str], Any] | None = None

    @property
    def promise(self) -> Promise:
        """The old operation."""
        return self.routed.promise

    def values(self, flow: Flow, key: Key) -> list[Any]:
        """The values that stood at a place of the old description."""
        if flow is Flow.SENT:
            if self._sent is None:
                self._sent = self._in_request()
            return self._sent.get(key, [])
        if self._received is None:
            self._received = self._in_response()
        return self._received.get(key, [])

    def parameters(self) -> Mapping[tuple[str, str], Any]:
        """The parameters that were sent, by place and name (headers in lower case), with their values."""
        if self._parameters is None:
            self._parameters = dict(self._read_parameters())
        return self._parameters

    def sends(self, place: str, name: str) -> bool:
        """Whether a parameter is sent, also one that the old description does not have."""
        if (place, name) in self.parameters():
            return True
        if place == "query":
            return any(key.partition("[")[0] == name for key, _ in query_pairs(self.query))
        if place == "header":
            return header(self.exchange.request.headers, name) is not None
        cookies = cookie_pairs(header(self.exchange.request.headers, "cookie") or "")
        return place == "cookie" and name in dict(cookies)

    def _read_parameters(self) -> Iterable[tuple[tuple[str, str], Any]]:
        pairs = query_pairs(self.query)
        headers = {name.lower(): value for name, value in self.exchange.request.headers}
        for place, many in self.promise.parameters.items():
            for one in many:
                described, value = one.described, MISSING
                if place == "query":
                    value, _ = from_query(described, one.plan, pairs)
                elif place == "header" and described.name.lower() in headers:
                    value = from_header(described, one.plan, headers[described.name.lower()])
                elif place == "path" and described.name in self.routed.values:
                    value = from_path(described, one.plan, self.routed.values[described.name])
                elif place == "cookie":
                    value, _ = from_query(described, one.plan, cookie_pairs(headers.get("cookie", "")))
                if value is not MISSING:
                    yield described.key, value

    def _in_request(self) -> dict[Key, list[Any]]:
        found: dict[Key, list[Any]] = {}
        payload, request = self.promise.body, self.exchange.request
        if payload is not None:
            written = request.body.media_type or header(request.headers, "content-type") or ""
            media = chosen(payload.content, written)
            if media is not None:
                self._visit_body(request.body, written, payload.carrier(media).gauge, media, found)
        for many in self.promise.parameters.values():
            for one in many:
                value = self.parameters().get(one.described.key, MISSING)
                if value is not MISSING and one.plan is not None:
                    visit(one.plan, value, self.wanted, found)
        return found

    def _in_response(self) -> dict[Key, list[Any]]:
        found: dict[Key, list[Any]] = {}
        response = self.exchange.response
        answer = None if response is None else self.promise.answer(response.status)
        if response is None or answer is None:
            return found
        written = response.body.media_type or header(response.headers, "content-type") or ""
        media = chosen(answer.payload.content, written)
        if media is not None:
            self._visit_body(response.body, written, answer.payload.carrier(media).gauge, media, found)
        return found

    def _visit_body(
        self, body: Body, written: str, gauge: Gauge | None, media: Any, found: dict[Key, list[Any]]
    ) -> None:
        if body.state != "present" or not body.content or gauge is None:
            return
        value = value_of(body.content, written, media, gauge, self.exchange.placeholders)
        if not isinstance(value, Unjudged):
            with suppress(RecursionError):  # nested beyond any schema: what is near the root was found
                visit(gauge.plan, value, self.wanted, found)

    def sent_media(self) -> str | None:
        """The entry of the old description for the body that was sent."""
        payload, request = self.promise.body, self.exchange.request
        if payload is None or not request.body.content:
            return None
        written = request.body.media_type or header(request.headers, "content-type") or ""
        media = chosen(payload.content, written)
        return None if media is None else media.name

    def received_media(self) -> str | None:
        """The entry of the old description for the body that came back."""
        response = self.exchange.response
        answer = None if response is None else self.promise.answer(response.status)
        if response is None or answer is None or not response.body.content:
            return None
        written = response.body.media_type or header(response.headers, "content-type") or ""
        media = chosen(answer.payload.content, written)
        return None if media is None else media.name

    def status(self) -> str | None:
        """The response of the old description that came back ("200", "4XX", "default")."""
        response = self.exchange.response
        answer = None if response is None else self.promise.answer(response.status)
        return None if answer is None else answer.status


def visit(plan: Plan | None, value: Any, wanted: frozenset[Key], found: dict[Key, list[Any]]) -> None:
    """Collect the values at wanted places, along the plan."""
    if plan is None:
        return
    for key in plan.keys & wanted:
        found.setdefault(key, []).append(value)
    if isinstance(value, dict):
        for name, inner in value.items():
            visit(plan.child(name), inner, wanted, found)
    elif isinstance(value, list):
        items = plan.items()
        for element in value:
            visit(items, element, wanted, found)
