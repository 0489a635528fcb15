"""Reads what an operation promises about its own future: `x-sunset` and `x-stability-level`."""

from __future__ import annotations

from datetime import date

from driftcheck.difference import Severity
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, text

LEVELS = ("draft", "alpha", "beta", "stable")
_PROMISED_NOTHING = ("draft", "alpha")


def sunset(source: Source, node: Node) -> date | None:
    """The day from which it may be gone (RFC 3339); an unreadable one is noted and counts as none."""
    written = text(node, "x-sunset")
    if written is None:
        return None
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        source.skip(node, f"x-sunset {written!r} is not a date (RFC 3339)")
        return None


def stability(source: Source, node: Node) -> str:
    """The stability level, stable where none is written."""
    written = text(node, "x-stability-level")
    if written is None or written in LEVELS:
        return written or "stable"
    source.skip(node, f"x-stability-level {written!r} is none of {', '.join(LEVELS)}")
    return "stable"


def cap_of(source: Source, node: Node) -> Severity | None:
    """Drafts and alphas promise nothing, so that nothing about them is worse than info."""
    return Severity.INFO if stability(source, node) in _PROMISED_NOTHING else None
