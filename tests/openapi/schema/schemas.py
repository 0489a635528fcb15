"""Schemas without documents around them: canonical shapes and comparisons for tests of the schema engine."""

from __future__ import annotations

from typing import Any

from driftcheck.difference import Difference, Flow, Side
from driftcheck.openapi.node import Document, Node, Resource, UnresolvedError
from driftcheck.openapi.schema import SchemaComparison, Site
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.shape import Shape, Term
from driftcheck.openapi.unchanged import Unchanged


def document(schema: Any, schemas: dict[str, Any] | None = None, version: str = "3.1", side=Side.EXPECTED):
    def fetch(uri: str, reference: str) -> Resource:
        raise UnresolvedError(reference, "there is no other file")

    data = {"schema": schema, "components": {"schemas": schemas or {}}}
    return Document(side, str(side), version, Resource(f"memory:{side}", str(side), data), fetch)


def term(schema: Any, schemas: dict[str, Any] | None = None, version: str = "3.1") -> tuple[Canon, Term]:
    canon = Canon(document(schema, schemas, version))
    return canon, canon.term(canon.document.node.child("schema"))


def shape(schema: Any, schemas: dict[str, Any] | None = None, version: str = "3.1") -> Shape:
    canon, found = term(schema, schemas, version)
    return canon.shape(found)


def node(schema: Any) -> Node:
    return document(schema).node.child("schema")


def differences(
    old: Any,
    new: Any,
    flow: Flow = Flow.SENT,
    *,
    schemas: dict[str, Any] | None = None,
    new_schemas: dict[str, Any] | None = None,
    version: str = "3.1",
    encoding="json",
    thorough: bool = False,
) -> list[Difference]:
    sides = (
        document(old, schemas, version, Side.EXPECTED),
        document(new, schemas if new_schemas is None else new_schemas, version, Side.ACTUAL),
    )
    comparison = SchemaComparison(*sides, Unchanged(*sides), thorough=thorough)
    subject = "request-body" if flow is Flow.SENT else "response-body"
    site = Site(subject, flow, "POST /items", "/body", encoding)
    comparison.compare(sides[0].node.child("schema"), sides[1].node.child("schema"), site)
    return comparison.differences()
