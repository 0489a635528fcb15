"""Markdown around the report: a name to tell several apart, and what to say where there is none."""

from __future__ import annotations

from driftcheck.report.markdown import MARKER, fenced

_MOST_SAID = 6_000


def titled(markdown: str, name: str) -> str:
    """The report with the name in its hidden first line and in its heading."""
    if not name:
        return markdown
    lines = markdown.split("\n")
    if lines[0] == MARKER:
        lines[0] = MARKER.replace(" -->", f": {name} -->")
        lines[1] = f"{lines[1]} · {name}"
    return "\n".join(lines)


def broken(said: str) -> str:
    """What to say when driftcheck ended without a report."""
    return "\n".join([MARKER, "## ❌ driftcheck could not do its job", "", *_said(said)])


def _said(said: str) -> list[str]:
    text = said.strip()
    return list(fenced(text[-_MOST_SAID:] if text else "driftcheck ended without a word", ""))
