"""Turns a disagreement inside a schema into a Difference: place, subject, kind, effect and words."""

from __future__ import annotations

from driftcheck.difference import (
    Anchor,
    Change,
    Counterexample,
    Difference,
    Effect,
    Flow,
    Severity,
    Side,
)
from driftcheck.openapi.node import escape
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.site import Site
from driftcheck.openapi.schema.walk import Pair, harm

_KINDS = {"body": "schema", "parameter": "parameter", "header": "header", "property": "property"}


def express(
    site: Site,
    steps: tuple[tuple[Pair, tuple[str, ...]], ...],
    pair: Pair,
    local: Local,
    owner: str | None,
    cause: str,
    operations: tuple[str, ...],
    at_most: Severity | None,
    counterexample: Counterexample | None,
) -> Difference:
    """The Difference for a disagreement found at the end of `steps` from a site."""
    path = [step for _, step in steps] + ([local.step] if local.step else [])
    named = [step[1] for step in path if step[0] == "properties"]
    subject = f"{site.subject.split('-')[0]}-property" if named else site.subject
    hurts = harm(local, pair.flow)
    return Difference(
        subject=subject,
        kind=_KINDS[subject.rsplit("-", 1)[1]],
        object=owner or site.operation,
        change=local.change,
        cause=cause,
        attribute=local.attribute,
        name=local.name or (named[-1] if named else site.name),
        expected=local.expected,
        actual=local.actual,
        flow=pair.flow,
        effect=_effect(local, pair.flow, hurts),
        operation=site.operation,
        pointer=site.pointer + "".join("/" + "/".join(map(escape, step)) for step in path),
        operations=operations,
        rename=local.rename,
        counterexample=counterexample,
        note=_note(local, hurts, counterexample),
        at_most=at_most,
        facts={
            **(local.facts or {}),
            "soft": _is_soft(local),
            "where": _where(site, [step for _, step in steps], local),
        },
        anchors=_anchors(pair, local),
    )


def _anchors(pair: Pair, local: Local) -> tuple[Anchor, ...]:
    """Where it stands on both sides; the schema that lacks it, where it stands on one side only."""
    terms = (pair.expected, pair.actual)
    nodes = [node or next(iter(term.nodes), None) for node, term in zip(local.nodes, terms, strict=True)]
    return tuple(node.anchor(side) for side, node in zip(Side, nodes, strict=True) if node is not None)


def _is_soft(local: Local) -> bool:
    """Also told of harmless directions, so that each has its own rule ("format added" in a response)."""
    return local.soft_narrows or local.soft_widens


def _effect(local: Local, flow: Flow, hurts: bool | None) -> Effect | None:
    if local.change is Change.RENAMED:
        return Effect.NARROWED if flow is Flow.SENT else Effect.WIDENED
    if hurts is None:
        return Effect.UNCLEAR
    if hurts:
        return Effect.NARROWED if flow is Flow.SENT else Effect.WIDENED
    other = local.widens if flow is Flow.SENT else local.narrows
    if other is False:
        return None
    return Effect.WIDENED if flow is Flow.SENT else Effect.NARROWED


def _note(local: Local, hurts: bool | None, counterexample: Counterexample | None) -> str:
    if counterexample is not None or hurts is False:
        return ""
    if local.note:
        return local.note
    if hurts is None:
        return "not decided: neither a proof that it is harmless nor an example that it is not was found"
    return "no small example was found"


def _where(site: Site, steps: list[tuple[str, ...]], local: Local) -> str:
    """The place in words: "field a.b[].c", "parameter limit", "the body"."""
    text = ""
    for step in [*steps, *([local.step] if local.step else [])]:
        kind = step[0]
        if kind == "properties":
            text += f".{step[1]}"
        elif kind in ("items", "prefixItems", "unevaluatedItems"):
            text += f"[{step[1]}]" if len(step) > 1 else "[]"
        elif kind == "additionalProperties":
            text += ".*"
        elif kind == "patternProperties":
            text += f".<{step[1]}>"
    text = text.lstrip(".")
    if site.name is not None:
        place = "header" if site.subject.endswith("header") else "parameter"
        joint = "" if not text or text.startswith("[") else "."
        return f"{place} {site.name}{joint}{text}"
    if not text:
        return "the body"
    return f"field {text}" if not text.startswith("[") else f"element {text}"
