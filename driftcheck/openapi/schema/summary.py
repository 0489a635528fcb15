"""Schemas in short, for reports: their own keywords without what hangs below."""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.difference import JSON
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.shape import Term


def summary(canon: Canon, term: Term) -> JSON:
    """What a property is, in short, for the report: its own keywords without what hangs below."""
    shape = canon.shape(term)
    found: dict[str, JSON] = {}
    if len(kinds := sorted(shape.types)) < 6:
        found["type"] = kinds[0] if len(kinds) == 1 else kinds
    for node in term.nodes[:1]:
        if isinstance(node.value, Mapping):
            found.update(brief(node.value))
    if term.entered:
        found["$ref"] = term.entered
    return found


_BRIEF = ("format", "enum", "const", "maxLength", "minLength", "pattern", "default", "readOnly", "writeOnly")


def brief(value: Mapping[str, JSON]) -> dict[str, JSON]:
    """The keywords that tell most."""
    found = {name: value[name] for name in _BRIEF if name in value}
    if isinstance(value.get("type"), str):
        found = {"type": value["type"], **found}
    return found
