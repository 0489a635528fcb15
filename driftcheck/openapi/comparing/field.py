"""Compares one parameter or header with its counterpart: presence rules, how it is written, its values.

Flow decides the subject: what the consumer sends is a "request-parameter", what it reads a
"response-header", also in webhooks and callbacks (their parameters are read, the headers of replies sent).
"""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.difference import JSON, Change, Effect, Flow
from driftcheck.openapi.comparing.docs import compare_docs
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.comparing.serialization import rewritten, value_kinds
from driftcheck.openapi.model import Field
from driftcheck.openapi.schema import Encoding

SUBJECTS = {Flow.SENT: "request-parameter", Flow.RECEIVED: "response-header"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where fields are compared: their parent's place, the flow, and the kind in the report."""

    place: Place
    flow: Flow
    kind: str  # "parameter" or "header"

    def of(self, field: Field) -> Place:
        """The place of one field."""
        if self.kind == "parameter":
            return self.place.at("parameters", field.place, field.name)
        return self.place.at("headers", field.name)

    @property
    def subject(self) -> str:
        """The place in rule ids."""
        return SUBJECTS[self.flow]

    @property
    def harm(self) -> Effect:
        """The effect that breaks in this flow."""
        return Effect.NARROWED if self.flow is Flow.SENT else Effect.WIDENED

    @property
    def relief(self) -> Effect:
        """The effect that is fine in this flow."""
        return Effect.WIDENED if self.flow is Flow.SENT else Effect.NARROWED


def described(field: Field) -> dict[str, JSON]:
    """What messages say of a field."""
    return {"in": field.place, "required": field.required}


def compare_field(run: Run, spot: Spot, old: Field, new: Field, matched: bool = True) -> None:
    """Compare one field; `matched` is False for one renamed or moved."""
    if matched and old.place == new.place and run.unchanged.same(old.node, new.node):
        return

    def compare(place: Place) -> None:
        _attributes(run, spot, place, old, new)
        if old.place == new.place:
            compare_serialization(run, spot, place, old, new)
        _values(run, spot, place, old, new)
        compare_docs(run, place, spot.kind, old.node, new.node)

    homes = (old.home, new.home) if matched else (None, None)
    run.shared(spot.of(old), f"{spot.kind}s", homes, spot.flow, compare)


def _attributes(run: Run, spot: Spot, place: Place, old: Field, new: Field) -> None:
    if old.deprecated != new.deprecated:
        run.report(
            place,
            "parameter",
            spot.kind,
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute="deprecated",
            name=old.name,
            values=(old.deprecated, new.deprecated),
            facts=described(old),
        )
    tightening = (spot.flow is Flow.SENT) == new.required
    checks = [("required", old.required, new.required, spot.harm if tightening else spot.relief)]
    if spot.flow is Flow.SENT and old.place == "query":
        for name, before, after in (
            ("allowReserved", old.allow_reserved, new.allow_reserved),
            ("allowEmptyValue", old.allow_empty, new.allow_empty),
        ):
            checks.append((name, before, after, Effect.NARROWED if before else Effect.WIDENED))
    for name, before, after, effect in checks:
        if before != after:
            run.report(
                place,
                spot.subject,
                spot.kind,
                Change.CHANGED,
                nodes=(old.node, new.node),
                attribute=name,
                name=old.name,
                values=(before, after),
                flow=spot.flow,
                effect=effect,
                facts=described(old),
            )


def compare_serialization(run: Run, spot: Spot, place: Place, old: Field, new: Field) -> None:
    """Report a value that is written otherwise for some value both sides allow: one finding at most."""
    if old.media is not None or new.media is not None:
        _compare_media(run, spot, place, old, new)
        return
    if (old.style, old.explode) == (new.style, new.explode):
        return
    kinds = value_kinds(run.expected, old.schema) & value_kinds(run.actual, new.schema)
    found = rewritten(old, new, kinds)
    if found is not None:
        run.report(
            place,
            spot.subject,
            spot.kind,
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute=found.attribute,
            name=old.name,
            values=found.values,
            flow=spot.flow,
            effect=spot.harm,
            facts={**described(old), **found.facts},
        )


def _compare_media(run: Run, spot: Spot, place: Place, old: Field, new: Field) -> None:
    names = [field.media.name if field.media is not None else None for field in (old, new)]
    keys = [field.media.key if field.media is not None else "text/plain" for field in (old, new)]
    if keys[0] == keys[1]:
        return
    run.report(
        place,
        spot.subject,
        spot.kind,
        Change.CHANGED,
        nodes=(old.node, new.node),
        attribute="content",
        name=old.name,
        values=(names[0], names[1]),
        flow=spot.flow,
        effect=spot.harm,
        facts=described(old),
    )


def _values(run: Run, spot: Spot, place: Place, old: Field, new: Field) -> None:
    if old.place == "path" and None in (old.schema, new.schema) and old.media is new.media is None:
        return  # an undeclared path parameter says nothing
    required = old.required or new.required
    if old.media is None and new.media is None:
        at = place.at("schema")
        run.schema(old.schema, new.schema, at, spot.flow, spot.subject, "text", old.name, required)
    elif old.media is not None and new.media is not None and old.media.key == new.media.key:
        below = place.at("content", old.media.name, "schema")
        encoding: Encoding = encoding_of(old.media.key)
        run.schema(
            old.media.schema, new.media.schema, below, spot.flow, spot.subject, encoding, old.name, required
        )


def encoding_of(key: str) -> Encoding:
    """How values are written in a media type, as the schema engine wants to know it."""
    kind = key.split(";", maxsplit=1)[0]
    if kind == "application/x-www-form-urlencoded" or kind.startswith("multipart/"):
        return "form"
    if kind.endswith(("/xml", "+xml")):
        return "xml"
    if kind.startswith("text/") and kind != "text/event-stream" and not kind.endswith("json"):
        return "text"
    if "json" in kind or kind in ("*/*", "application/*", "text/event-stream", "application/yaml"):
        return "json"
    return "binary"
