"""The JSON Schema of the JSON report, as it ships in the package (schema.json)."""

from __future__ import annotations

from pathlib import Path


def schema_text() -> str:
    """The schema as JSON text."""
    return Path(__file__).with_name("schema.json").read_text(encoding="utf-8")
