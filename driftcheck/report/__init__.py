"""Formats of the report, one module each; all of them read the same Report.

A format's module has `render(report, layout) -> str`, pure and deterministic, and is imported when used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from driftcheck.finding import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a report for people looks; `verbosity` is -1 (the verdict only), 0, or 1 (everything)."""

    width: int = 80
    color: bool = False
    verbosity: int = 0


class Renderer(Protocol):
    """What a format's module provides."""

    def render(self, report: Report, layout: Layout) -> str:
        """The whole report as text that ends with a newline."""
        ...


# One format is one line here.
FORMATS = {
    "text": "driftcheck.report.text",
    "json": "driftcheck.report.json",
}


def render(report: Report, format: str = "text", layout: Layout | None = None) -> str:
    """The report in one of FORMATS; KeyError for another one."""
    renderer = cast("Renderer", import_module(FORMATS[format]))
    return renderer.render(report, layout or Layout())
