"""Annotations of a GitHub workflow: the first ten of each level, which is all that GitHub shows for a step.

The lines are commands to the runner, so every character that means something to it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.escape import printable, tame
from driftcheck.report.places import Placer

COMMANDS = {Severity.BREAKING: "error", Severity.RISKY: "warning", Severity.INFO: "notice"}
MOST = 10
_TEXT_LIMIT = 1_500
_TITLE_LIMIT = 200


def render(report: Report, layout: Layout) -> str:
    """The annotations, the worst first, and the verdict as a line of the log."""
    return "\n".join(_lines(report, Placer(report, layout))) + "\n"


def _lines(report: Report, placer: Placer) -> Iterator[str]:
    left = []
    for level, command in COMMANDS.items():
        found = (finding for finding in report.findings if finding.severity is level)
        yield from (_annotation(command, finding, report, placer) for finding in islice(found, MOST))
        if report.count(level) > MOST:
            left.append(f"{report.count(level) - MOST:,} more {level}")
    if left:
        yield f"driftcheck: {', '.join(left)} without an annotation; the whole report has them"
    word = "FAIL" if report.exit_code else "PASS"
    yield f"{word}: {wording.verdict(report)}"


def _annotation(command: str, finding: Finding, report: Report, placer: Placer) -> str:
    of = wording.area(finding, report)
    title = f"{finding.rule}: {wording.heading(finding, of)}"
    properties = {}
    if finding.locations:
        place = placer.places(finding)[0]
        properties = {"file": place.path, "line": str(place.line)}
        if place.column is not None:
            properties["col"] = str(place.column)
    properties["title"] = wording.cut(title, _TITLE_LIMIT)
    given = ",".join(f"{name}={_property(text)}" for name, text in properties.items())
    return f"::{command} {given}::{_data(_text(finding, report))}"


def _text(finding: Finding, report: Report) -> str:
    """The message and what else fits; lines of an annotation are parted by %0A, which _data makes of \\n."""
    of = wording.area(finding, report)
    d = finding.difference
    lines = [finding.message, wording.attribution(d), wording.reach(finding, of, 3)]
    lines.append(wording.used(finding, 3))
    if d.counterexample is not None:
        lines.append(f"Proof: {wording.value(d.counterexample.value, 200)}")
    return "\n".join(printable(wording.cut(line, _TEXT_LIMIT)) for line in lines if line)


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return tame(escaped)


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
