"""Recorded requests as examples in the description: the engine starts from what consumers really send.

Values are redacted first; requests that the recorded service refused are left out.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from driftcheck.config import Config
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Document
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.operations import path_operations
from driftcheck.openapi.reading.source import Source
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.route import Routed, address_of, router_of

_MOST = 5  # examples of one body


def with_recorded(document: dict[str, Any], relied: Document, config: Config) -> dict[str, Any]:
    """A copy of the bundled description with the recorded bodies as examples of JSON media types."""
    bundle = copy.deepcopy(document)
    source = Source(relied)
    operations = {each.label: each for each in path_operations(source)}
    for label, examples in _bodies(relied, config).items():
        found = body(source, operations[label])
        media = next((each.name for each in found.content.media if "json" in each.name), "") if found else ""
        place = _body_of(bundle, operations[label])
        if place is not None and media in (place.get("content") or {}):
            _add(place["content"], media, examples)
    return bundle


def _bodies(relied: Document, config: Config) -> dict[str, list[Any]]:
    """JSON bodies of requests that the service took, by operation."""
    router = router_of(Contract(relied).promises)
    found: dict[str, list[Any]] = {}
    for exchange in _redacted(config):
        if exchange.request.body.state != "present" or (
            exchange.response and exchange.response.status >= 400
        ):
            continue
        address = address_of(exchange.request.url, exchange.placeholders)
        routed = router.find(exchange.request.method, address.path, local=True)
        value = _json(exchange.request.body.content)
        if not isinstance(routed, Routed) or value is None or exchange.placeholders:
            continue
        known = found.setdefault(routed.promise.label, [])
        if value not in known and len(known) < _MOST:
            known.append(value)
    return found


def _redacted(config: Config) -> Iterator[Exchange]:
    from driftcheck.traffic.readers import read
    from driftcheck.traffic.redact import Redactor

    redactor = Redactor(b"driftcheck fuzz")  # the same requests in every run
    for item in read(list(config.fuzz.traffic)):
        if isinstance(item, Exchange):
            yield redactor.exchange(item)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _body_of(bundle: dict[str, Any], operation: Operation) -> dict[str, Any] | None:
    """The request body in the bundle, made the operation's own, since others may share it."""
    item = bundle.get("paths", {}).get(operation.path)
    written = item.get(operation.method.lower()) if isinstance(item, dict) else None
    if not isinstance(written, dict) or not isinstance(written.get("requestBody"), dict):
        return None
    own = copy.deepcopy(_followed(bundle, written["requestBody"]))
    written["requestBody"] = own
    return own


def _followed(bundle: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    from urllib.parse import unquote

    from driftcheck.openapi.node import unescape

    for _ in range(10):
        reference = value.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        target: Any = bundle
        for token in reference[2:].split("/"):
            target = target[unescape(unquote(token))]
        value = target
    return value


def _add(content: dict[str, Any], media: str, examples: list[Any]) -> None:
    written = dict(content[media] or {})
    named = dict(written.get("examples") or {}) if isinstance(written.get("examples"), dict) else {}
    named |= {f"recorded {at + 1}": {"value": value} for at, value in enumerate(examples)}
    written["examples"] = named
    written.pop("example", None)
    content[media] = written
