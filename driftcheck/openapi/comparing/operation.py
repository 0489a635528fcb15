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
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.fields import parameters
from driftcheck.openapi.reading.responses import responses


def unchanged(run: Run, old: Operation, new: Operation) -> bool:
    """Whether the two mean the same beyond doubt, apart from what the document says for all operations."""
    same = old.names == new.names and run.unchanged.same(old.node, new.node)
    if run.expected.legacy:
        roots = (run.expected.root,), (run.actual.root,)
        same = same and all(_same_members(run, name, *roots) for name in ("consumes", "produces"))
    return same and _same_members(run, "parameters", old.item.nodes, new.item.nodes)


def _same_members(run: Run, name: str, old: tuple[Node, ...], new: tuple[Node, ...]) -> bool:
    before, after = [node.get(name) for node in old], [node.get(name) for node in new]
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
    modern = not run.expected.legacy  # in 2.0, bodies are parameters, and media types stand elsewhere
    nodes = (old.node, *old.item.nodes), (new.node, *new.item.nodes)
    if old.names != new.names or not _same_members(run, "parameters", *nodes):
        before, after = parameters(run.expected, old), _in_old_names(parameters(run.actual, new), old, new)
        compare_fields(run, Spot(place, flow, "parameter"), before, after)
    if not modern or not _same_members(run, "requestBody", (old.node,), (new.node,)):
        role = PAYLOAD if turned else REQUEST
        compare_bodies(run, place.at("requestBody"), body(run.expected, old), body(run.actual, new), role)
    if not modern or not _same_members(run, "responses", (old.node,), (new.node,)):
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
