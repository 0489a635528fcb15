"""The rules about recorded calls: importing this package registers all of them in RULES."""

from __future__ import annotations

from driftcheck.traffic.rules import (
    calls,
    fields,
    headers,
    mocks,
    parameters,
    queries,
    recordings,
    replay,
    secrets,
)
from driftcheck.traffic.rules.registry import RULES

__all__ = [
    "RULES",
    "calls",
    "fields",
    "headers",
    "mocks",
    "parameters",
    "queries",
    "recordings",
    "replay",
    "secrets",
]
