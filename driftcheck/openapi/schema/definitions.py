"""Schemas of one side as they were written out so far, kept for all documents that need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from driftcheck.openapi.schema.shape import Shape, Term, TermKey

Reach: TypeAlias = "tuple[frozenset[str] | None, ...] | None"
"""The values that a document is exact for: for each level of nesting, from the outermost on, the names that
members may have (None: any). Values must not be nested deeper than it is long. None: all values."""


class Uses(NamedTuple):
    """The definitions that another one refers to: for the value itself, and for what is inside of it, with
    the name of the member that it is about (None: other members, or elements)."""

    here: tuple[str, ...]
    inside: tuple[tuple[str | None, str], ...]


@dataclass(slots=True, eq=False)
class Definitions:
    """Everything of one side that was written out so far, shared by all documents that need it."""

    bodies: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, Uses] = field(default_factory=dict)
    names: dict[TermKey, str] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    leaves: dict[TermKey, Any] = field(default_factory=dict)  # what has no subschemas, as written out
    hidden: dict[int, tuple[Shape, frozenset[str]]] = field(default_factory=dict)  # by id of the shape

    def name(self, term: Term) -> str:
        """The name of the definition of a term."""
        name = self.names.get(term.key)
        if name is None:
            name = self.names[term.key] = f"d{len(self.names)}"
            self.terms[name] = term
        return name


def only(body: Any, names: frozenset[str]) -> Any:
    """The definition without what it says of members with other names; they stay declared."""
    members = body.get("properties") if isinstance(body, dict) else None
    if not members or members.keys() <= names:
        return body
    kept = {name: schema if schema is False or name in names else True for name, schema in members.items()}
    return {**body, "properties": kept}
