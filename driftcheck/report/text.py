"""The report for people: grouped by operation or component, the most important first, in 80 columns.

Everything that comes from a document passes through `printable`; nothing else may be written to the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from driftcheck.difference import Change, Location, Severity, Side
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout
from driftcheck.report.curl import curl
from driftcheck.report.escape import printable
from driftcheck.report.json import dumps

_COLORS = {Severity.BREAKING: "31;1", Severity.RISKY: "33;1", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"
_SHOWN_OPERATIONS = 3
_VALUE_LIMIT = 300  # characters of a value; the JSON report has all of it

# Kinds of findings whose object is an operation (which has a space), or else a component's name.
_IN_COMPONENTS = {"schema", "property", "parameter", "request_body", "response", "header"}

# What the two sides are called in a command's report.
_SIDES = {"api": {Side.EXPECTED: "the old version", Side.ACTUAL: "the new version"}}
# Which of three sides is wrong, in the findings of a database.
_ATTRIBUTIONS = {
    "model-ahead": "No migration makes it so: the models are ahead.",
    "not-applied": "A migration that is not applied yet makes it so.",
    "hand-made": "Made by hand: no migration did this to the live database.",
    "migrations-wrong": "Models and live database agree: the migrations make something else.",
}
_DEFAULT_SIDES = {Side.EXPECTED: "the expected side", Side.ACTUAL: "the actual side"}


def render(report: Report, layout: Layout) -> str:
    """The report as lines for a terminal or a log."""
    return "\n".join(_Writer(report, layout).lines()) + "\n"


class _Writer:
    """Writes one report; holds what every line needs to know."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self.report = report
        self.layout = layout
        self.sides = _SIDES.get(report.command, _DEFAULT_SIDES)

    def lines(self) -> Iterator[str]:
        report = self.report
        if self.layout.verbosity >= 0:
            yield self.paint(f"{printable(report.expected)} -> {printable(report.actual)}", _BOLD)
            for title, findings in _groups(report.findings):
                yield ""
                yield self.paint(printable(title), _BOLD)
                for finding in findings:
                    yield from self.finding(finding)
            yield from self.skipped()
            yield ""
            if report.findings:
                yield f"More on a rule: driftcheck explain {report.findings[0].rule}"
        yield self.verdict()

    def finding(self, finding: Finding) -> Iterator[str]:
        level = self.paint(f"{finding.severity:<8}", _COLORS[finding.severity])
        yield f"  {level}  {finding.rule}"
        yield from self.paragraph(finding.message)
        if finding.difference.attribution is not None:
            yield from self.paragraph(_ATTRIBUTIONS[finding.difference.attribution])
        yield from self.reach(finding)
        yield from self.identity(finding)
        yield from self.places(finding.locations)
        yield from self.values(finding)
        yield from self.proof(finding)

    def reach(self, finding: Finding) -> Iterator[str]:
        names = finding.difference.operations
        if not names or names == (finding.difference.object,):
            return
        shown = names if self.layout.verbosity > 0 else names[:_SHOWN_OPERATIONS]
        more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        noun = "database" if self.report.command == "db" else "operation"
        count = f"1 {noun}" if len(names) == 1 else f"{len(names)} {noun}s"
        yield from self.paragraph(f"reaches {count}: {', '.join(shown)}{more}")

    def identity(self, finding: Finding) -> Iterator[str]:
        if self.layout.verbosity > 0:
            if finding.difference.pointer:
                yield f"    at {printable(finding.difference.pointer)}"
            yield f"    fingerprint {finding.fingerprint}"

    def places(self, locations: tuple[Location, ...]) -> Iterator[str]:
        places = [_place(location) for location in locations if location.line is not None]
        if places:
            yield from self.paragraph(" -> ".join(places), _DIM)

    def values(self, finding: Finding) -> Iterator[str]:
        d = finding.difference
        if d.change is not Change.CHANGED:
            return  # of what came, went or was renamed the message tells the name
        if any(value is not None and dumps(value) not in finding.message for value in (d.expected, d.actual)):
            yield from self.paragraph(f"{_value(d.expected)} -> {_value(d.actual)}")

    def proof(self, finding: Finding) -> Iterator[str]:
        shown = finding.difference.counterexample
        if shown is not None:
            yield from self.paragraph(f"proof: {_value(shown.value)}")
            accepts, refuses = self.sides[shown.accepted_by], self.sides[shown.refused_by]
            yield from self.paragraph(f"{accepts} accepts it, {refuses} refuses it: {shown.reason}")
        elif finding.difference.note:
            yield from self.paragraph(finding.difference.note)
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
        report = self.report
        counts = [f"{report.count(level)} {level}" for level in Severity]
        if report.skipped:
            counts.append(f"{len(report.skipped)} skipped")
        failed = report.exit_code != 0
        word = self.paint("FAIL" if failed else "PASS", "31;1" if failed else "32;1")
        return f"{word}: {', '.join(counts)} (fails on: {report.fail_on})"

    def paragraph(self, text: str, code: str = "", indent: str = "    ") -> Iterator[str]:
        width = self.layout.width
        for line in wrap(
            printable(text),
            width,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_on_hyphens=False,
        ):
            yield self.paint(line, code) if code else line

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.layout.color else text


def _groups(findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    """By object, in the order of each one's first (worst) finding."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_title(finding), []).append(finding)
    return list(groups.items())


def _title(finding: Finding) -> str:
    d = finding.difference
    return f"Component {d.object}" if d.kind in _IN_COMPONENTS and " " not in d.object else d.object


def _place(location: Location) -> str:
    parts = [location.file, location.line, location.column]
    return ":".join(str(part) for part in parts if part is not None)


def _value(value: object) -> str:
    text = "(nothing)" if value is None else dumps(value)
    return text if len(text) <= _VALUE_LIMIT else f"{text[:_VALUE_LIMIT]}... ({len(text)} characters)"
