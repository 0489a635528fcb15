"""GitLab Code Quality: an array of issues, each with a path, a line and a fingerprint of its own.

The format is the part of Code Climate's that GitLab reads; fingerprints must not repeat in a file.
"""

from __future__ import annotations

import hashlib
from typing import Any

from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.escape import printable
from driftcheck.report.json import dumps_lines
from driftcheck.report.places import Placer

LEVELS = {Severity.BREAKING: "critical", Severity.RISKY: "major", Severity.INFO: "info"}
_TEXT_LIMIT = 600


def render(report: Report, layout: Layout) -> str:
    """The findings as a JSON array; what was skipped has no place in this format."""
    placer = Placer(report, layout)
    seen: dict[str, int] = {}
    issues = [_issue(finding, report, placer, seen) for finding in report.findings]
    return dumps_lines(issues) + "\n"


def _issue(finding: Finding, report: Report, placer: Placer, seen: dict[str, int]) -> dict[str, Any]:
    place = placer.places(finding)[0]
    of = wording.area(finding, report)
    text = f"{wording.heading(finding, of)}: {finding.message}"
    return {
        "description": printable(wording.cut(text, _TEXT_LIMIT)),
        "check_name": finding.rule,
        "fingerprint": _unique(finding.fingerprint, seen),
        "severity": LEVELS[finding.severity],
        "location": {"path": printable(place.path), "lines": {"begin": place.line}},
    }


def _unique(fingerprint: str, seen: dict[str, int]) -> str:
    """The fingerprint, or one made from it where the same one was written before."""
    again = seen.get(fingerprint, 0)
    seen[fingerprint] = again + 1
    return hashlib.sha256(f"{fingerprint} {again}".encode()).hexdigest()[:16] if again else fingerprint
