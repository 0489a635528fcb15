"""Whether a recorded call is hit by a difference of two descriptions: one probe for each finding.

A probe says why a call is hit, in words without values, or None. It asks whether the thing itself occurs:
a field in the answer, a value that the new schema refuses, a parameter, a status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from driftcheck.difference import Anchor, Change, Difference, Flow, Side
from driftcheck.finding import Finding
from driftcheck.openapi.node import Node, unescape
from driftcheck.traffic.contract import Contract, Promise
from driftcheck.traffic.decode import MISSING, from_header, from_path, from_query, query_pairs
from driftcheck.traffic.exchange import Body, Exchange
from driftcheck.traffic.gauge import Gauge
from driftcheck.traffic.media import Unjudged, chosen, header, value_of
from driftcheck.traffic.plan import Key, Plan
from driftcheck.traffic.route import Routed
from driftcheck.traffic.values import holds

Probe: TypeAlias = "Callable[[Seen], str | None]"

_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "schemas", "dependentSchemas"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties", "schema", "not", "if", "then", "else", "contains"})


@dataclass(slots=True, eq=False)
class Seen:
    """One recorded call, and what occurs in it, looked up once for all probes."""

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
        cookies = header(self.exchange.request.headers, "cookie") or ""
        return place == "cookie" and any(part.strip().startswith(f"{name}=") for part in cookies.split(";"))

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
                elif place == "cookie" and f"{described.name}=" in headers.get("cookie", ""):
                    value = None
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
        value = value_of(body.content, written, media, gauge)
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


def schema_place(anchor: Anchor, attribute: str | None = None) -> Key:
    """The schema that a pointer is in or is: a keyword at its end (the `attribute`) is taken off."""
    tokens = anchor.pointer.split("/")
    if len(tokens) > 2 and tokens[-2] in _NAMED:
        return anchor.source, anchor.pointer
    if len(tokens) > 2 and tokens[-1] != attribute and (tokens[-2] in _LISTED or tokens[-1] in _SINGLE):
        return anchor.source, anchor.pointer
    return anchor.source, anchor.pointer.rpartition("/")[0]


@dataclass(slots=True, eq=False)
class Prober:
    """Makes probes. `wanted` gathers the places of the old description that they will ask for."""

    old: Contract
    new: Contract
    wanted: set[Key] = field(default_factory=set)
    _gauges: dict[tuple[Side, Key], Gauge | None] = field(default_factory=dict)

    def probe(self, finding: Finding) -> Probe | None:
        """None for what does not show on the wire."""
        d = finding.difference
        if finding.category != "wire":
            return None
        tokens = [unescape(token) for token in (d.pointer or "").split("/")[1:]]
        first = tokens[0] if tokens else ""
        if first == "parameters" and len(tokens) > 2:
            return self._parameter(d, tokens[1], tokens[2])
        if d.flow is not None and ("schema" in tokens or d.kind in ("property", "schema")):
            return self._schema(finding)
        if first == "responses" and len(tokens) > 1:
            return _response(d, tokens)
        if first == "requestBody":
            return _body(d, tokens)
        return None if d.change is Change.EXTRA and d.kind == "operation" else _any_call

    def _parameter(self, d: Difference, place: str, name: str) -> Probe:
        key = (place, name.lower() if place == "header" else name)
        words = f"{place} parameter {name}"
        if d.attribute in ("required", "default") or d.change is Change.EXTRA:
            return lambda seen: None if seen.sends(*key) else f"does not send {words}"
        if d.change is not Change.CHANGED:
            return lambda seen: f"sends {words}" if key in seen.parameters() else None

        def probe(seen: Seen) -> str | None:
            if key not in seen.parameters():
                return None
            one = self._new_parameter(seen.promise, key)
            if one is None or d.flow is None:
                return f"sends {words}"
            held = next((p.gauge for p in seen.promise.parameters[place] if p.described.key == key), None)
            value = seen.parameters()[key]
            hit = not holds(value, seen.exchange.placeholders) and _refused(held, one, value)
            return f"sends {words} with a value that is refused now" if hit else None

        return probe

    def _new_parameter(self, old: Promise, key: tuple[str, str]) -> Gauge | None:
        operation = old.operation
        for promise in self.new.promises:
            if (promise.operation.method, promise.operation.template) == (
                operation.method,
                operation.template,
            ):
                found = (one for one in promise.parameters.get(key[0], ()) if one.described.key == key)
                return next((one.gauge for one in found), None)
        return None

    def _schema(self, finding: Finding) -> Probe | None:
        d = finding.difference
        anchor = next((at for at in d.anchors if at.side is Side.EXPECTED), None)
        if anchor is None:
            return _any_call
        place = schema_place(anchor, d.attribute)
        both = d.change is not Change.CHANGED or "; also " in finding.message
        flows = tuple(Flow) if both or d.flow is None else (d.flow,)
        name = d.name or unescape(place[1].rpartition("/")[2])
        if d.change is Change.EXTRA:
            return self._missing(place, name) if (d.facts or {}).get("required") else _never
        if d.attribute in ("required", "default") and Flow.SENT in flows:
            parent = (place[0], place[1].rpartition("/properties/")[0])
            return self._missing(parent, name, unless=place if Flow.RECEIVED in flows else None)
        self.wanted.add(place)
        gauges = self._gauges_of(d) if d.change is Change.CHANGED and d.flow is Flow.SENT else None
        words = f"field {d.name}" if d.name else str((d.facts or {}).get("where") or "the body")
        return lambda seen: _occurs(seen, place, words, flows, gauges)

    def _missing(self, parent: Key, name: str, unless: Key | None = None) -> Probe:
        """Hit where the object is sent without the member."""
        self.wanted.add(parent)
        if unless is not None:
            self.wanted.add(unless)

        def probe(seen: Seen) -> str | None:
            objects = (value for value in seen.values(Flow.SENT, parent) if isinstance(value, dict))
            if any(name not in value for value in objects):
                return f"does not send field {name}"
            if unless is not None and seen.values(Flow.RECEIVED, unless):
                return f"got field {name}"
            return None

        return probe

    def _gauges_of(self, d: Difference) -> tuple[Gauge, Gauge] | None:
        """The old and the new schema at the place, for judging what is sent."""
        found = [self._gauge(at, d.attribute) for at in d.anchors]
        old, new = (*found, None, None)[:2]
        return None if old is None or new is None else (old, new)

    def _gauge(self, anchor: Anchor, attribute: str | None) -> Gauge | None:
        place = schema_place(anchor, attribute)
        key = (anchor.side, place)
        if key not in self._gauges:
            contract = self.old if anchor.side is Side.EXPECTED else self.new
            node = _node_at(contract, place)
            self._gauges[key] = None if node is None else contract.gauge(node, Flow.SENT)
        return self._gauges[key]


def _refused(old: Gauge | None, new: Gauge, value: Any) -> bool:
    """Whether the change is what makes the value refused."""
    return not new.accepts(value) and (old is None or old.accepts(value))


def _occurs(
    seen: Seen, place: Key, words: str, flows: tuple[Flow, ...], gauges: tuple[Gauge, Gauge] | None
) -> str | None:
    for flow in flows:
        values = seen.values(flow, place)
        if not values:
            continue
        if flow is Flow.RECEIVED:
            return f"got {words}"
        if gauges is None:
            return f"sends {words}"
        unknown = seen.exchange.placeholders
        if any(_refused(*gauges, value) for value in values if not holds(value, unknown)):
            return f"sends {words} with a value that is refused now"
    return None


def _response(d: Difference, tokens: list[str]) -> Probe:
    status = tokens[1]
    if len(tokens) > 3 and tokens[2] == "headers":
        name = tokens[3].lower()

        def has_header(seen: Seen) -> str | None:
            response = seen.exchange.response
            got = response is not None and header(response.headers, name) is not None
            return f"got header {tokens[3]}" if got and seen.status() == status else None

        return has_header
    if d.change is Change.EXTRA and len(tokens) == 2:
        return lambda _: f"calls the operation, which may now answer {status}"
    if len(tokens) > 3 and tokens[2] == "content":
        media = tokens[3]
        return lambda seen: (
            f"got {media}" if seen.status() == status and seen.received_media() == media else None
        )
    return lambda seen: f"got status {status}" if seen.status() == status else None


def _body(d: Difference, tokens: list[str]) -> Probe:
    if len(tokens) > 2 and tokens[1] == "content":
        media = tokens[2]
        return lambda seen: f"sends {media}" if seen.sent_media() == media else None
    if d.attribute == "required" or d.change is Change.EXTRA:

        def without(seen: Seen) -> str | None:
            body = seen.exchange.request.body
            return "sends no body" if body.state == "present" and not body.content else None

        return without
    return lambda seen: "sends a body" if seen.exchange.request.body.content else None


def _any_call(_: Seen) -> str | None:
    return "calls the operation"


def _never(_: Seen) -> str | None:
    return None


def _node_at(contract: Contract, place: Key) -> Node | None:
    source, pointer = place
    root = contract.document.root
    resource = root if root.uri == source else None
    if resource is None:
        return None
    node: Node | None = Node(resource.data, resource)
    for token in pointer.split("/")[1:]:
        assert node is not None
        value = node.value
        try:
            node = node.child(int(token) if isinstance(value, list) else unescape(token))
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return node
