"""Where a schema is used; the same schema means other things at other sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from driftcheck.difference import Flow, Severity

Encoding: TypeAlias = Literal["json", "text", "form", "xml", "binary"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a schema is used.

    `subject` is "request-body", "request-parameter", "response-body" or "response-header" (by flow: what
    the consumer sends is "request", what it receives "response", also in webhooks and callbacks);
    `pointer` is the JSON pointer of the schema below the operation, `$ref`s followed silently;
    `name` is the parameter's or header's name. `encoding` says how values are written on the wire:
    "text" (parameters, headers: everything is a string), "form" (form fields are strings), "json" ...
    `required` values are never left out, so their default does not matter.
    """

    subject: str
    flow: Flow
    operation: str
    pointer: str
    encoding: Encoding = "json"
    name: str | None = None
    at_most: Severity | None = None
    required: bool = False
