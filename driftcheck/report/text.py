"""The report for people: grouped by operation or component, the most important first, in 80 columns.

Everything that comes from a document passes through `printable`; nothing else may be written to the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.curl import curl
from driftcheck.report.escape import printable, tame
from driftcheck.report.excerpts import Excerpt, carets, excerpts
from driftcheck.report.wording import Area

_COLORS = {Severity.BREAKING: "31;1", Severity.RISKY: "33;1", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"
_SIGN_COLORS = {"-": "31", "+": "32"}
_SHOWN = 3  # operations and recorded calls; all of them with -v
_VALUE_LIMIT = 300  # characters of a value; the JSON report has all of it
_GUTTER = 11  # columns in front of a line of a file


def render(report: Report, layout: Layout) -> str:
    """The report as lines for a terminal or a log."""
    return "\n".join(map(tame, _Writer(report, layout).lines())) + "\n"


class _Writer:
    """Writes one report; holds what every line needs to know."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self.report = report
        self.layout = layout
        self.shown = None if layout.verbosity > 0 else _SHOWN

    def lines(self) -> Iterator[str]:
        report = self.report
        if self.layout.verbosity >= 0:
            yield from self.paragraph(f"{report.expected} -> {report.actual}", _BOLD, "")
            for (of, title), findings in self.groups():
                yield ""
                yield self.paint(printable(title), _BOLD)
                for finding in findings:
                    yield from self.finding(finding, of)
            yield from self.skipped()
            yield ""
            if report.findings:
                yield f"More on a rule: driftcheck explain {report.findings[0].rule}"
        yield self.verdict()

    def groups(self) -> list[tuple[tuple[Area, str], list[Finding]]]:
        """By object, in the order of each one's first (worst) finding."""
        groups: dict[tuple[Area, str], list[Finding]] = {}
        for finding in self.report.findings:
            of = wording.area(finding, self.report)
            groups.setdefault((of, wording.heading(finding, of)), []).append(finding)
        return list(groups.items())

    def finding(self, finding: Finding, of: Area) -> Iterator[str]:
        level = self.paint(f"{finding.severity:<8}", _COLORS[finding.severity])
        yield f"  {level}  {finding.rule}"
        yield from self.paragraph(finding.message)
        for line in (
            wording.attribution(finding.difference),
            wording.reach(finding, of, self.shown),
            wording.used(finding, self.shown),
        ):
            yield from self.paragraph(line)
        yield from self.identity(finding)
        yield from self.places(finding)
        yield from self.values(finding)
        yield from self.proof(finding, of)

    def identity(self, finding: Finding) -> Iterator[str]:
        if self.layout.verbosity > 0:
            if finding.difference.pointer:
                yield f"    at {printable(finding.difference.pointer)}"
            yield f"    fingerprint {finding.fingerprint}"

    def places(self, finding: Finding) -> Iterator[str]:
        """file:line:column of both sides, and the lines themselves where they can be had."""
        places = [wording.place(location) for location in finding.locations if location.line is not None]
        if places:
            yield from self.paragraph(" -> ".join(places), _DIM)
        for excerpt in excerpts(finding, self.layout.sources, self.layout.width - _GUTTER - 1):
            yield from self.excerpt(excerpt)

    def excerpt(self, excerpt: Excerpt) -> Iterator[str]:
        color = _SIGN_COLORS[excerpt.sign]
        head = f"{excerpt.line:>8} {excerpt.sign}"
        yield self.paint(f"{head} {printable(excerpt.text)}", color)
        if excerpt.length:
            yield self.paint(f"{'|':>{len(head)}} {carets(excerpt)}", color)

    def values(self, finding: Finding) -> Iterator[str]:
        if wording.values_say_more(finding):
            d = finding.difference
            expected, actual = (wording.value(each, _VALUE_LIMIT) for each in (d.expected, d.actual))
            yield from self.paragraph(f"{expected} -> {actual}")

    def proof(self, finding: Finding, of: Area) -> Iterator[str]:
        shown = finding.difference.counterexample
        if shown is not None:
            yield from self.paragraph(f"proof: {wording.value(shown.value, _VALUE_LIMIT)}")
            accepts, refuses = (wording.side(each, of) for each in (shown.accepted_by, shown.refused_by))
            yield from self.paragraph(f"{accepts} accepts it, {refuses} refuses it: {shown.reason}")
        yield from self.paragraph(wording.note(finding))
        line = curl(finding)
        if line is not None:
            yield f"    {line}"

    def skipped(self) -> Iterator[str]:
        if not self.report.skipped:
            return
        yield ""
        yield self.paint(f"Skipped ({len(self.report.skipped)})", _BOLD)
        for item in self.report.skipped:
            yield from self.paragraph(f"{item.what}: {item.why}", indent="  ")

    def verdict(self) -> str:
        failed = self.report.exit_code != 0
        word = self.paint("FAIL" if failed else "PASS", "31;1" if failed else "32;1")
        return f"{word}: {wording.verdict(self.report)}"

    def paragraph(self, text: str, code: str = "", indent: str = "    ") -> Iterator[str]:
        for line in wrap(
            printable(text),
            self.layout.width,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_on_hyphens=False,
        ):
            yield self.paint(line, code) if code else line

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.layout.color else text
