"""Compares how the fields of a form are encoded (Encoding Object), with the unwritten defaults.

OpenAPI 3.2, "Encoding Object": contentType defaults by the field's type, style to form, explode to true.
"""

from __future__ import annotations

from driftcheck.difference import JSON, Change, Effect, Flow
from driftcheck.openapi.comparing.field import Spot
from driftcheck.openapi.comparing.fields import compare_fields
from driftcheck.openapi.comparing.media import covers
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.comparing.serialization import ARRAY, OBJECT, value_kinds, written
from driftcheck.openapi.model import Encoding, Field, MediaType
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, text

_NONE = Encoding()


def compare_encodings(run: Run, place: Place, old: MediaType, new: MediaType, flow: Flow) -> None:
    """Compare the encodings of the fields that both sides have; `place` is that of the media type."""
    before, after = old.encodings or {}, new.encodings or {}
    for name in sorted(before.keys() | after.keys()):
        schemas = _property(run.expected, old.schema, name), _property(run.actual, new.schema, name)
        if None in schemas and (old.schema is None) == (new.schema is None):
            continue  # the field itself came or went, which is said of the field
        pair = before.get(name, _NONE), after.get(name, _NONE)
        nodes = pair[0].node or old.node, pair[1].node or new.node
        _compare(run, place.at("encoding", name), name, pair, schemas, nodes, flow, old.key)
    _positional(run, place, old, new, flow)


def _positional(run: Run, place: Place, old: MediaType, new: MediaType, flow: Flow) -> None:
    """3.2: parts without names, by position and for all that follow."""
    count = max(len(old.prefix_encodings), len(new.prefix_encodings))
    for index in range(count):
        sides = [
            media.prefix_encodings[index] if index < len(media.prefix_encodings) else media.item_encoding
            for media in (old, new)
        ]
        at = place.at("prefixEncoding", str(index))
        _part(run, at, str(index), sides[0], sides[1], old, new, flow)
    _part(run, place.at("itemEncoding"), "items", old.item_encoding, new.item_encoding, old, new, flow)


def _part(
    run: Run,
    place: Place,
    name: str,
    before: Encoding | None,
    after: Encoding | None,
    old: MediaType,
    new: MediaType,
    flow: Flow,
) -> None:
    pair = before or _NONE, after or _NONE
    nodes = pair[0].node or old.node, pair[1].node or new.node
    _compare(run, place, name, pair, (None, None), nodes, flow, old.key)


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
    run: Run,
    place: Place,
    name: str,
    pair: tuple[Encoding, Encoding],
    schemas: tuple[Node | None, Node | None],
    nodes: tuple[Node, Node],
    flow: Flow,
    media: str,
) -> None:
    subject = "request-encoding" if flow is Flow.SENT else "response-encoding"
    before, after = (
        encoding.content_types or _default_types(source, schema)
        for encoding, schema, source in zip(pair, schemas, (run.expected, run.actual), strict=True)
    )
    effect = _effect(before, after, flow)
    if (pair[0].content_types or pair[1].content_types) and effect is not None:
        run.report(
            place,
            subject,
            "media_type",
            Change.CHANGED,
            nodes=(nodes[0], nodes[1]),
            attribute="contentType",
            name=name,
            values=(_listed(before), _listed(after)),
            flow=flow,
            effect=effect,
        )
    if media.startswith("application/x-www-form-urlencoded") or pair[0].style or pair[1].style:
        _serialization(run, place, name, pair, schemas, nodes, flow, subject)
    compare_fields(run, Spot(place, flow, "header"), pair[0].headers, pair[1].headers)


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


def _serialization(
    run: Run,
    place: Place,
    name: str,
    pair: tuple[Encoding, Encoding],
    schemas: tuple[Node | None, Node | None],
    nodes: tuple[Node, Node],
    flow: Flow,
    subject: str,
) -> None:
    fields = [_as_field(name, encoding, node) for encoding, node in zip(pair, nodes, strict=True)]
    kinds = value_kinds(run.expected, schemas[0]) & value_kinds(run.actual, schemas[1])
    for kind in (ARRAY, OBJECT):
        if kind in kinds and written(fields[0], kind) != written(fields[1], kind):
            attribute = "style" if fields[0].style != fields[1].style else "explode"
            values: list[JSON] = [field.style for field in fields]
            if attribute == "explode":
                values = [field.explode for field in fields]
            run.report(
                place,
                subject,
                "media_type",
                Change.CHANGED,
                nodes=(nodes[0], nodes[1]),
                attribute=attribute,
                name=name,
                values=(values[0], values[1]),
                flow=flow,
                effect=Effect.NARROWED if flow is Flow.SENT else Effect.WIDENED,
                facts={"kind": kind, "old": written(fields[0], kind), "new": written(fields[1], kind)},
            )
            return


def _as_field(name: str, encoding: Encoding, node: Node) -> Field:
    """A form field is written like a query parameter."""
    style = encoding.style or "form"
    explode = encoding.explode if encoding.explode is not None else style == "form"
    return Field("query", name, node, style=style, explode=explode)
