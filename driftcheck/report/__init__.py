"""Formats of the report, one module each; all of them read the same Report.

A format's module has `render(report, layout) -> str`, pure and deterministic, and is imported when used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, TypeAlias, cast

from driftcheck.finding import Report


class Lines(Protocol):
    """The lines of a text, from index 0 on; a list is one, and so is what decodes them when asked for."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> str: ...
    def __iter__(self) -> Iterator[str]: ...


Sources: TypeAlias = Callable[[str], Lines | None]
"""The lines of a file by the name that locations give it; None where they cannot be had."""


def no_sources(_file: str) -> None:
    """The look-up that knows no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a report looks, and what it may know of the world; a renderer asks nothing else.

    `verbosity` is -1 (the verdict only), 0, or 1 (everything). `sources` gives the lines for excerpts.
    Systems that want paths from the repository's root get those of locations below `below_root`, and
    `home` (relative like a location) for findings without a file.
    """

    width: int = 80
    color: bool = False
    verbosity: int = 0
    sources: Sources = no_sources
    below_root: str = ""
    home: str = "pyproject.toml"


class Renderer(Protocol):
    """What a format's module provides."""

    def render(self, report: Report, layout: Layout) -> str:
        """The whole report as text that ends with a newline."""
        ...


# One format is one line here.
FORMATS = {
    "text": "driftcheck.report.text",
    "json": "driftcheck.report.json",
    "html": "driftcheck.report.html",
    "markdown": "driftcheck.report.markdown",
    "summary": "driftcheck.report.summary",
    "github": "driftcheck.report.github",
    "gitlab": "driftcheck.report.gitlab",
    "sarif": "driftcheck.report.sarif",
    "junit": "driftcheck.report.junit",
}


def render(report: Report, format: str = "text", layout: Layout | None = None) -> str:
    """The report in one of FORMATS; KeyError for another one."""
    renderer = cast("Renderer", import_module(FORMATS[format]))
    return renderer.render(report, layout or Layout())
