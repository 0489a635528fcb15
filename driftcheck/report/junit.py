"""JUnit XML as Jenkins, GitLab and most readers of test results take it: what fails the run fails a test.

Only what the schema of Jenkins' xUnit plugin (junit-10.xsd) allows is written: no file, no line, no counts
of skipped tests at the root. Names are unique, because GitLab keeps the first of equal ones only.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.curl import curl
from driftcheck.report.escape import printable

_NAME_LIMIT = 250
_TEXT_LIMIT = 1_000


def render(report: Report, layout: Layout) -> str:  # noqa: ARG001  the same for every layout
    """The report as one document of testsuites."""
    suites = list(_suites(report))
    totals = {name: sum(suite.totals[name] for suite in suites) for name in _TOTALS[:3]}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', _open("testsuites", {"name": "driftcheck", **totals})]
    for suite in suites:
        lines += suite.lines()
    return "\n".join([*lines, "</testsuites>"]) + "\n"


_TOTALS = ("tests", "failures", "errors", "skipped")


class _Suite:
    """The tests of one area."""

    def __init__(self, name: str) -> None:
        self.name = f"driftcheck {name}"
        self.totals = dict.fromkeys(_TOTALS, 0)
        self._tests: list[str] = []
        self._names: set[tuple[str, str]] = set()
        self._next: dict[tuple[str, str], int] = {}

    def add(self, name: str, group: str, body: str = "", outcome: str = "") -> None:
        """One test; `outcome` is failures, skipped or "" and `body` the XML inside."""
        name, group = _short(name), _short(group)
        name = self._unique(group, name)
        self.totals["tests"] += 1
        if outcome:
            self.totals[outcome] += 1
        head = f'<testcase classname={quoteattr(group)} name={quoteattr(name)} time="0"'
        self._tests.append(f"    {head}>{body}</testcase>" if body else f"    {head}/>")

    def _unique(self, group: str, name: str) -> str:
        unique = name
        while (group, unique) in self._names:
            number = self._next.get((group, name), 2)
            self._next[group, name] = number + 1
            unique = f"{name} ({number})"
        self._names.add((group, unique))
        return unique

    def lines(self) -> Iterator[str]:
        yield "  " + _open("testsuite", {"name": self.name, **self.totals, "time": "0"})
        yield from self._tests
        yield "  </testsuite>"


def _suites(report: Report) -> Iterator[_Suite]:
    first = wording.area_of(report)
    suites = {first: _Suite(wording.AREA_TITLES[first] if first != "driftcheck" else report.command)}
    suites[first].add(f"{report.expected} is compared with {report.actual}", "driftcheck")
    for finding in report.findings:
        of = wording.area(finding, report)
        suite = suites.setdefault(of, _Suite(wording.AREA_TITLES[of]))
        _add(suite, finding, report)
    for item in report.skipped:
        body = f"<skipped message={quoteattr(_short(item.why, _TEXT_LIMIT))}/>"
        suites[first].add(item.what, "driftcheck", body, "skipped")
    yield from suites.values()


def _add(suite: _Suite, finding: Finding, report: Report) -> None:
    of = wording.area(finding, report)
    d = finding.difference
    name = " ".join(part for part in (finding.rule, d.pointer or "", d.attribute or "") if part)
    text = escape("\n".join(_lines(finding, report)))
    if wording.fails(finding, report):
        message = quoteattr(_short(finding.message, _TEXT_LIMIT))
        body = f'<failure message={message} type="{finding.severity}">{text}</failure>'
        suite.add(name, wording.heading(finding, of), body, "failures")
    else:
        suite.add(name, wording.heading(finding, of), f"<system-out>{text}</system-out>")


def _lines(finding: Finding, report: Report) -> Iterator[str]:
    of = wording.area(finding, report)
    d = finding.difference
    lines = [f"{finding.severity}: {finding.message}", wording.attribution(d)]
    lines += [wording.reach(finding, of, 5), wording.used(finding, 5)]
    lines.append(" -> ".join(wording.place(at) for at in finding.locations if at.line is not None))
    if wording.values_say_more(finding):
        lines.append(f"{wording.value(d.expected, 300)} -> {wording.value(d.actual, 300)}")
    shown = d.counterexample
    if shown is not None:
        accepts, refuses = (wording.side(each, of) for each in (shown.accepted_by, shown.refused_by))
        lines.append(f"proof: {wording.value(shown.value, 500)}")
        lines.append(f"{accepts} accepts it, {refuses} refuses it: {shown.reason}")
    lines.append(curl(finding) or "")
    lines.append(f"fingerprint {finding.fingerprint}")
    return (_short(line, _TEXT_LIMIT) for line in lines if line)


def _open(tag: str, attributes: dict[str, object]) -> str:
    given = " ".join(f"{name}={quoteattr(str(each))}" for name, each in attributes.items())
    return f"<{tag} {given}>"


def _short(text: str, limit: int = _NAME_LIMIT) -> str:
    return printable(wording.cut(text, limit))
