"""Compares how the fields of a form are encoded (Encoding Object), with the unwritten defaults.

OpenAPI 3.2, "Encoding Object": contentType defaults by the field's type, style to form, explode to true.
"""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.difference import JSON, Change, Effect, Flow
from driftcheck.openapi.comparing.field import Spot
from driftcheck.openapi.comparing.fields import compare_fields
from driftcheck.openapi.comparing.media import covers
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.comparing.serialization import ARRAY, OBJECT, rewritten, value_kinds
from driftcheck.openapi.model import Encoding, Field, MediaType
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, text

_NONE = Encoding()


@dataclass(frozen=True, slots=True)
class _Part:
    """One side of a form field: its encoding, its schema as far as it is known, and where it is written."""

    source: Source
    encoding: Encoding
    schema: Node | None
    node: Node

    @property
    def types(self) -> tuple[str, ...] | None:
        """The content types that it may have; None for any."""
        return self.encoding.content_types or _default_types(self.source, self.schema)


def compare_encodings(run: Run, place: Place, old: MediaType, new: MediaType, flow: Flow) -> None:
    """Compare the encodings of the fields that both sides have; `place` is that of the media type."""
    before, after = old.encodings or {}, new.encodings or {}
    for name in sorted(before.keys() | after.keys()):
        schemas = _property(run.expected, old.schema, name), _property(run.actual, new.schema, name)
        if None in schemas and (old.schema is None) == (new.schema is None):
            continue  # the field itself came or went, which is said of the field
        _compare(
            run,
            place.at("encoding", name),
            name,
            _part(run.expected, before.get(name), schemas[0], old),
            _part(run.actual, after.get(name), schemas[1], new),
            flow,
            urlencoded=old.key.startswith("application/x-www-form-urlencoded"),
        )
    _positional(run, place, old, new, flow)


def _part(source: Source, encoding: Encoding | None, schema: Node | None, media: MediaType) -> _Part:
    encoding = encoding or _NONE
    return _Part(source, encoding, schema, encoding.node or media.node)


def _positional(run: Run, place: Place, old: MediaType, new: MediaType, flow: Flow) -> None:
    """3.2: parts without names, by position and for all that follow."""
    for index in range(max(len(old.prefix_encodings), len(new.prefix_encodings))):
        before = _part(run.expected, _at(old, index), None, old)
        after = _part(run.actual, _at(new, index), None, new)
        _compare(run, place.at("prefixEncoding", str(index)), str(index), before, after, flow)
    before = _part(run.expected, old.item_encoding, None, old)
    after = _part(run.actual, new.item_encoding, None, new)
    _compare(run, place.at("itemEncoding"), "items", before, after, flow)


def _at(media: MediaType, index: int) -> Encoding | None:
    return media.prefix_encodings[index] if index < len(media.prefix_encodings) else media.item_encoding


def _property(source: Source, schema: Node | None, name: str) -> Node | None:
    """The schema of a form field, as far as it is declared directly or behind references."""
    found = None if schema is None or not isinstance(schema.value, dict) else source.follow(schema)
    if found is None:
        return None
    properties = source.object(found[0], "properties")
    member = None if properties is None else source.object(properties, name)
    followed = None if member is None else source.follow(member)
    return None if followed is None else followed[0]


def _compare(
    run: Run, place: Place, name: str, old: _Part, new: _Part, flow: Flow, urlencoded: bool = False
) -> None:
    subject = "request-encoding" if flow is Flow.SENT else "response-encoding"
    before, after = old.types, new.types
    effect = _effect(before, after, flow)
    if (old.encoding.content_types or new.encoding.content_types) and effect is not None:
        run.report(
            place,
            subject,
            "media_type",
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute="contentType",
            name=name,
            values=(_listed(before), _listed(after)),
            flow=flow,
            effect=effect,
        )
    if urlencoded or old.encoding.style or new.encoding.style:
        _serialization(run, place, name, old, new, flow)
    compare_fields(run, Spot(place, flow, "header"), old.encoding.headers, new.encoding.headers)


def _serialization(run: Run, place: Place, name: str, old: _Part, new: _Part, flow: Flow) -> None:
    kinds = value_kinds(old.source, old.schema) & value_kinds(new.source, new.schema)
    found = rewritten(_as_field(name, old), _as_field(name, new), kinds)
    if found is not None:
        run.report(
            place,
            "request-encoding" if flow is Flow.SENT else "response-encoding",
            "media_type",
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute=found.attribute,
            name=name,
            values=found.values,
            flow=flow,
            effect=Effect.NARROWED if flow is Flow.SENT else Effect.WIDENED,
            facts=found.facts,
        )


def _as_field(name: str, part: _Part) -> Field:
    """A form field is written like a query parameter."""
    style = part.encoding.style or "form"
    explode = part.encoding.explode if part.encoding.explode is not None else style == "form"
    return Field("query", name, part.node, style=style, explode=explode)


def _listed(types: tuple[str, ...] | None) -> JSON:
    return None if types is None else ", ".join(types)


def _effect(before: tuple[str, ...] | None, after: tuple[str, ...] | None, flow: Flow) -> Effect | None:
    if before == after:
        return None
    if before is None:
        return Effect.UNCLEAR if flow is Flow.SENT else Effect.NARROWED
    if after is None:
        return Effect.WIDENED if flow is Flow.SENT else Effect.UNCLEAR
    lost = [kind for kind in before if not any(covers(other, kind) for other in after)]
    won = [kind for kind in after if not any(covers(other, kind) for other in before)]
    if not lost and not won:
        return None
    if flow is Flow.SENT:
        return Effect.NARROWED if lost else Effect.WIDENED
    return Effect.WIDENED if won else Effect.NARROWED


def _default_types(source: Source, schema: Node | None) -> tuple[str, ...] | None:
    """The content type of a field that names none; None where its schema does not tell (or for files)."""
    if schema is None:
        return None
    items = source.object(schema, "items")
    if text(schema, "type") == "array" and items is not None:
        found = source.follow(items)
        schema = found[0] if found is not None else schema
    kinds = value_kinds(source, schema)
    if kinds in ({OBJECT}, {ARRAY}):
        return ("application/json",)
    kind, form = text(schema, "type"), text(schema, "format")
    if kind in ("number", "integer", "boolean"):
        return ("text/plain",)
    if (
        kind == "string"
        and form not in ("binary", "byte", "base64")
        and "contentEncoding" not in schema.value
    ):
        return ("text/plain",)
    return None
