"""The rules of the API half: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.openapi.rules import documents, keywords, properties, schema_subjects
from driftcheck.openapi.rules.registry import RULES

__all__ = ["RULES", "documents", "keywords", "properties", "schema_subjects"]
