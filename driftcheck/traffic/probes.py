"""Whether a recorded call is hit by a difference of two descriptions: one probe for each finding.

A probe says why a call is hit, in words without values, or None. It asks whether the thing itself occurs:
a field in the answer, a value that the new schema refuses, a parameter, a status.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from driftcheck.difference import Anchor, Change, Difference, Flow, Side
from driftcheck.finding import Finding
from driftcheck.openapi.node import Node, unescape
from driftcheck.traffic.contract import Contract, Promise
from driftcheck.traffic.gauge import Gauge
from driftcheck.traffic.media import Unjudged, chosen, header, value_of
from driftcheck.traffic.plan import Key
from driftcheck.traffic.seen import Seen
from driftcheck.traffic.values import holds

Probe: TypeAlias = "Callable[[Seen], str | None]"

_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "schemas", "dependentSchemas"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties", "schema", "not", "if", "then", "else", "contains"})


def schema_place(anchor: Anchor, attribute: str | None = None) -> Key:
    """The schema that a pointer is in or is: a keyword at its end (the `attribute`) is taken off."""
    tokens = anchor.pointer.split("/")
    if (
        attribute is not None and len(tokens) > 3 and tokens[-2] == attribute
    ):  # a branch of oneOf that is gone
        return anchor.source, "/".join(tokens[:-2])
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
    _promises: dict[tuple[str, str], Promise] = field(default_factory=dict)

    def probe(self, finding: Finding) -> Probe | None:
        """None for what does not show on the wire."""
        d = finding.difference
        if finding.category != "wire":
            return None
        tokens = [unescape(token) for token in (d.pointer or "").split("/")[1:]]
        first = tokens[0] if tokens else ""
        inside = d.change is not Change.CHANGED and "properties" in tokens[3:]
        if first == "parameters" and len(tokens) > 2 and not inside:
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
        promise = self._new_promise(old)
        many = () if promise is None else promise.parameters.get(key[0], ())
        return next((one.gauge for one in many if one.described.key == key), None)

    def _new_promise(self, old: Promise) -> Promise | None:
        """The operation of the new description in the same place."""
        if not self._promises:
            self._promises.update((_place(promise), promise) for promise in self.new.promises)
        return self._promises.get(_place(old))

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
            if any(name not in value for value in objects) and not self._accepted(seen):
                return f"does not send field {name}"
            if unless is not None and seen.values(Flow.RECEIVED, unless):
                return f"got field {name}"
            return None

        return probe

    def _accepted(self, seen: Seen) -> bool:
        """Whether the new description certainly takes the body, as where the other branch was sent."""
        body = seen.exchange.request.body
        promise = self._new_promise(seen.promise)
        if promise is None or promise.body is None or body.state != "present" or not body.content:
            return False
        written = body.media_type or header(seen.exchange.request.headers, "content-type") or ""
        media = chosen(promise.body.content, written)
        gauge = None if media is None else promise.body.carrier(media).gauge
        if media is None or gauge is None:
            return False
        value = value_of(body.content, written, media, gauge, seen.exchange.placeholders)
        return not isinstance(value, Unjudged) and gauge.accepts(value)

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


def _place(promise: Promise) -> tuple[str, str]:
    return promise.operation.method, promise.operation.template


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
