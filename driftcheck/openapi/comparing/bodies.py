"""Compares what messages carry: bodies, and their media types one by one.

Roles: request (sent), response (received, negotiated by Accept), and in webhooks and callbacks payload
(received) and reply (sent). The subject of a rule is the role's, the schema engine's that of the flow.
"""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.difference import Change, Effect, Flow
from driftcheck.openapi.comparing.docs import compare_docs
from driftcheck.openapi.comparing.encodings import compare_encodings
from driftcheck.openapi.comparing.field import encoding_of
from driftcheck.openapi.comparing.media import pair_media
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.model import Body, Content, MediaType
from driftcheck.openapi.node import Node


@dataclass(frozen=True, slots=True)
class Role:
    """What a message is to the consumer. `subject` begins the ids of its rules."""

    subject: str
    flow: Flow
    kind: str

    @property
    def schema_subject(self) -> str:
        """The subject under which the schema engine reports."""
        return "request-body" if self.flow is Flow.SENT else "response-body"


REQUEST = Role("request-body", Flow.SENT, "request_body")
RESPONSE = Role("response-body", Flow.RECEIVED, "response")
PAYLOAD = Role("response-payload", Flow.RECEIVED, "request_body")
REPLY = Role("request-reply-body", Flow.SENT, "response")


def compare_bodies(run: Run, place: Place, old: Body | None, new: Body | None, role: Role) -> None:
    """Compare a request body (or a webhook's payload); `place` is that of the body."""
    if old is None or new is None:
        _one_side(run, place, old, new, role)
        return
    before, after = old, new
    if run.unchanged.same(before.node, after.node) and _types(before) == _types(after):
        return

    def compare(at: Place) -> None:
        _required(run, at, before, after, role)
        compare_content(run, at, before.content, after.content, role, (before.node, after.node))
        compare_docs(run, at, role.kind, before.node, after.node)

    run.shared(place, role.subject, (before.home, after.home), role.flow, compare)


def _types(body: Body) -> tuple[object, ...]:
    """In 2.0 the media types are written elsewhere than the body."""
    return (body.content.unspecified, *(media.key for media in body.content.media))


def _one_side(run: Run, place: Place, old: Body | None, new: Body | None, role: Role) -> None:
    if old is not None:
        gathered = run.gathered(place, f"{role.subject} removed", old.home)
        run.report(
            gathered,
            role.subject,
            role.kind,
            Change.MISSING,
            nodes=(old.node, None),
            flow=role.flow,
            effect=Effect.NARROWED if role.flow is Flow.SENT else Effect.WIDENED,
            facts={"required": old.required},
        )
    elif new is not None:
        harmful = role.flow is Flow.SENT and new.required
        gathered = run.gathered(place, f"{role.subject} added", new.home)
        run.report(
            gathered,
            role.subject,
            role.kind,
            Change.EXTRA,
            nodes=(None, new.node),
            flow=role.flow,
            effect=Effect.NARROWED if harmful or role.flow is Flow.RECEIVED else Effect.WIDENED,
            facts={"required": new.required},
        )


def _required(run: Run, place: Place, old: Body, new: Body, role: Role) -> None:
    if old.required != new.required and not (old.implied and new.implied):
        run.report(
            place,
            role.subject,
            role.kind,
            Change.CHANGED,
            nodes=(old.node, new.node),
            attribute="required",
            values=(old.required, new.required),
            flow=role.flow,
            effect=Effect.NARROWED if new.required else Effect.WIDENED,
        )


def compare_content(
    run: Run, place: Place, old: Content, new: Content, role: Role, nodes: tuple[Node, Node]
) -> None:
    """Compare the media types of a message; `nodes` are the messages themselves."""
    if not old.media and not new.media:
        return
    if not old.media or not new.media:
        if role in (RESPONSE, REPLY):
            _content_one_side(run, place, role, nodes, gone=bool(old.media))
        return
    pairs, gone, fresh = pair_media(old, new, role.flow)
    for before, after in pairs:
        _compare_media(run, place.at("content", before.name), before, after, role)
    replaced = not pairs
    for media in gone:
        if role is PAYLOAD and replaced:
            continue  # told once, as the type that takes over
        run.report(
            place.at("content", media.name),
            f"{role.subject}-media-type",
            "media_type",
            Change.MISSING,
            nodes=(media.node, nodes[1]),
            name=media.name,
            values=(media.name, None),
            flow=role.flow,
            effect=_effect(role, Effect.NARROWED),
            facts={"replaced": replaced},
        )
    for media in fresh:
        run.report(
            place.at("content", media.name),
            f"{role.subject}-media-type",
            "media_type",
            Change.EXTRA,
            nodes=(nodes[0], media.node),
            name=media.name,
            values=(None, media.name),
            flow=role.flow,
            effect=_effect(role, Effect.WIDENED),
            facts={"replaced": replaced, "old": [item.name for item in old.media]},
        )


def _effect(role: Role, effect: Effect) -> Effect:
    """In a response the client chooses the type, so that one fewer is a lost promise and one more is none."""
    if role is not RESPONSE:
        return effect
    return Effect.WIDENED if effect is Effect.NARROWED else Effect.NARROWED


def _content_one_side(run: Run, place: Place, role: Role, nodes: tuple[Node, Node], gone: bool) -> None:
    """A response (or reply) had content and has none, or the other way round."""
    harm = Effect.WIDENED if role is RESPONSE else Effect.UNCLEAR
    run.report(
        place.at("content"),
        role.subject,
        "media_type",
        Change.MISSING if gone else Change.EXTRA,
        nodes=(nodes[0], nodes[1]),
        flow=role.flow,
        effect=harm if gone == (role is RESPONSE) else Effect.NARROWED,
    )


def _compare_media(run: Run, place: Place, old: MediaType, new: MediaType, role: Role) -> None:
    if run.unchanged.same(old.node, new.node):
        return
    before, after = _whole(old, new), _whole(new, old)
    encoding = encoding_of(old.key)
    run.schema(before, after, place.at("schema"), role.flow, role.schema_subject, encoding)
    if old.item_schema is not None and new.item_schema is not None:
        run.schema(
            old.item_schema, new.item_schema, place.at("itemSchema"), role.flow, role.schema_subject, "json"
        )
    compare_encodings(run, place, old, new, role.flow)
    if not run.expected.legacy and not run.actual.legacy:
        compare_docs(run, place, "media_type", old.node, new.node)


def _whole(media: MediaType, other: MediaType) -> Node | None:
    """The schema of the whole content; where only one side describes its items, the list of them."""
    one_sided = media.item_schema is not None and other.item_schema is None and other.schema is not None
    if media.schema is None and media.item_schema is not None and one_sided:
        item = media.item_schema
        return Node({"type": "array", "items": item.value}, item.resource, item.pointer)
    return media.schema
