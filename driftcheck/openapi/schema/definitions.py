"""Schemas of one side as they were written out so far, kept for all documents that need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from driftcheck.openapi.schema.shape import Shape, Term, TermKey

ANY_DEPTH = 10**9


class Uses(NamedTuple):
    """The definitions that another one refers to: for the value itself, and for what is inside of it."""

    here: tuple[str, ...]
    inside: tuple[str, ...]


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
