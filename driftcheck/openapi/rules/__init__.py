"""The rules of the API half: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.openapi.rules import (
    bodies,
    calls,
    clients,
    docs,
    documents,
    encodings,
    headers,
    keywords,
    lifecycle,
    operations,
    parameters,
    payloads,
    properties,
    responses,
    schema_subjects,
    schemes,
    security,
    servers,
)
from driftcheck.openapi.rules.registry import RULES

__all__ = [
    "RULES",
    "bodies",
    "calls",
    "clients",
    "docs",
    "documents",
    "encodings",
    "headers",
    "keywords",
    "lifecycle",
    "operations",
    "parameters",
    "payloads",
    "properties",
    "responses",
    "schema_subjects",
    "schemes",
    "security",
    "servers",
]
