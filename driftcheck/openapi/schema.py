"""Compares schemas as sets of values, in the direction in which values flow.

(Interface; the engine is being written.) `SchemaComparison` collects over a whole run, because a change
in a shared component is one difference however many operations reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from driftcheck.difference import Difference, Flow, Severity
from driftcheck.openapi.node import Document, Node
from driftcheck.openapi.unchanged import Unchanged

Encoding: TypeAlias = Literal["json", "text", "form", "xml", "binary"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a schema is used.

    `subject` is "request-body", "request-parameter", "response-body" or "response-header" (by flow: what
    the consumer sends is "request", what it receives "response", also in webhooks and callbacks);
    `pointer` is the JSON pointer of the schema below the operation, `$ref`s followed silently;
    `name` is the parameter's or header's name. `encoding` says how values are written on the wire:
    "text" (parameters, headers: everything is a string), "form" (form fields are strings), "json" ...
    """

    subject: str
    flow: Flow
    operation: str
    pointer: str
    encoding: Encoding = "json"
    name: str | None = None
    at_most: Severity | None = None


class SchemaComparison:
    """Compares any number of schema pairs of two documents; ask for `differences()` once, at the end."""

    def __init__(self, expected: Document, actual: Document, unchanged: Unchanged) -> None:
        self._expected = expected
        self._actual = actual
        self._unchanged = unchanged

    def compare(self, expected: Node | None, actual: Node | None, site: Site) -> None:
        """Compare two schemas (None: anything goes) at a place of an operation."""

    def covered(self, expected: Node | None, actual: Node | None, flow: Flow) -> bool:
        """Whether going from expected to actual is certainly harmless in that flow."""
        return True

    def differences(self) -> list[Difference]:
        """Everything found, one difference per cause, with all the operations it reaches."""
        return []
