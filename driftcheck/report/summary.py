"""The Markdown of markdown.py for a job summary of GitHub, of which a step may write 1 MiB."""

from __future__ import annotations

from driftcheck.finding import Report
from driftcheck.report import Layout
from driftcheck.report.markdown import within

SUMMARY_LIMIT = 900 * 1024
"""Bytes; the rest of the mebibyte is for what else the step has to say."""


def render(report: Report, layout: Layout) -> str:
    """The report for a job summary."""
    return within(report, layout, SUMMARY_LIMIT, _bytes)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
