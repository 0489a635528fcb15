"""Compares one operation with its counterpart; the same for paths, webhooks and callbacks.

In webhooks and callbacks the consumer is called: what is a request there is received, a response is sent.
"""

from __future__ import annotations

from dataclasses import replace

from driftcheck.difference import Flow
from driftcheck.openapi.comparing.bodies import PAYLOAD, REQUEST, compare_bodies
from driftcheck.openapi.comparing.callbacks import compare_callbacks
from driftcheck.openapi.comparing.clients import compare_identifiers
from driftcheck.openapi.comparing.docs import compare_docs
from driftcheck.openapi.comparing.extensions import compare_extensions
from driftcheck.openapi.comparing.field import Spot
from driftcheck.openapi.comparing.fields import compare_fields
from driftcheck.openapi.comparing.lifecycle import compare_lifecycle
from driftcheck.openapi.comparing.responses import compare_responses
from driftcheck.openapi.comparing.run import Place, Run
from driftcheck.openapi.model import Field, Operation
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.fields import parameters
from driftcheck.openapi.reading.responses import responses


def unchanged(run: Run, old: Operation, new: Operation) -> bool:
    """Whether the two mean the same beyond doubt, apart from what the document says for all operations."""
    if old.names != new.names or not run.unchanged.same(old.node, new.node):
        return False
    before = [node.get("parameters") for node in old.item.nodes]
    after = [node.get("parameters") for node in new.item.nodes]
    return len(before) == len(after) and all(
        a is b is None or (a is not None and b is not None and run.unchanged.same(a, b))
        for a, b in zip(before, after, strict=True)
    )


def compare_operation(run: Run, place: Place, old: Operation, new: Operation) -> None:
    """Compare everything an operation has of its own."""
    turned = old.turned
    compare_lifecycle(run, place, old.node, new.node, "operation")
    compare_identifiers(run, place, old, new)
    flow = Flow.RECEIVED if turned else Flow.SENT
    before, after = parameters(run.expected, old), _in_old_names(parameters(run.actual, new), old, new)
    compare_fields(run, Spot(place, flow, "parameter"), before, after)
    role = PAYLOAD if turned else REQUEST
    compare_bodies(run, place.at("requestBody"), body(run.expected, old), body(run.actual, new), role)
    compare_responses(run, place, responses(run.expected, old), responses(run.actual, new), turned)
    compare_callbacks(run, place, old, new, compare_operation)
    compare_extensions(run, place, old.node, new.node)
    compare_docs(run, place, "operation", old.node, new.node)


def _in_old_names(fields: tuple[Field, ...], old: Operation, new: Operation) -> list[Field]:
    """Path parameters belong together by their position in the path."""
    if old.names == new.names or len(old.names) != len(new.names):
        return list(fields)
    names = dict(zip(new.names, old.names, strict=True))
    return [
        replace(field, name=names.get(field.name, field.name)) if field.place == "path" else field
        for field in fields
    ]
