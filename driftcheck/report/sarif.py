"""SARIF 2.1.0 as GitHub code scanning wants it: paths from the repository's root, help, fingerprints, limits.

The specification is OASIS sarif-v2.1.0; GitHub's own limits are those of its page on SARIF support.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from driftcheck._version import VERSION
from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.curl import curl
from driftcheck.report.escape import printable
from driftcheck.report.json import dumps, dumps_lines
from driftcheck.report.places import Place, Placer
from driftcheck.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.BREAKING: "error", Severity.RISKY: "warning", Severity.INFO: "note"}

MOST_RESULTS = 5_000  # of 25,000 that are taken, GitHub shows so many
MOST_PLACES = 20
_MOST_SKIPPED = 200
_MOST_CHARACTERS = 28_000_000
_TEXT_LIMIT = 1_000  # GitHub cuts descriptions of rules at 1,024 characters
_VALUE_LIMIT = 400
_NAME_LIMIT = 300
_OPERATIONS = 20

# A number in braces is a placeholder (section 3.11.5), brackets before parentheses are a link (3.11.6).
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def render(report: Report, layout: Layout) -> str:
    """The report as one run of SARIF."""
    run = _Run(report, layout)
    head = dumps({"$schema": SCHEMA, "version": "2.1.0"}).removesuffix("}")
    about = dumps(run.about(), indent=1).removesuffix("\n}")
    return f'{head}, "runs": [{about},\n "results": {dumps_lines(run.results())}}}]}}\n'


class _Run:
    """One run: what all results refer to."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self.report = report
        self.placer = Placer(report, layout)
        self.shown = _within_budget(report.findings[:MOST_RESULTS])
        self.rules = _rules_of(self.shown)
        self.index = {id: number for number, id in enumerate(self.rules)}

    def about(self) -> dict[str, Any]:
        """All of the run but its results.

        No automationDetails: GitHub's upload takes them for the category, in place of the one that it is
        told, and then two services of a repository could not be told apart.
        """
        return {
            "tool": {
                "driver": {
                    "name": "driftcheck",
                    "semanticVersion": VERSION,
                    "version": VERSION,
                    "rules": [_rule(id, *declared) for id, declared in self.rules.items()],
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
            "invocations": [
                {"executionSuccessful": True, "toolExecutionNotifications": list(self.notifications())}
            ],
            "properties": {
                "expected": _clean(self.report.expected),
                "actual": _clean(self.report.actual),
                "failOn": self.report.fail_on,
            },
        }

    def results(self) -> list[dict[str, Any]]:
        return [self.result(finding) for finding in self.shown]

    def notifications(self) -> Iterable[dict[str, Any]]:
        """What was not checked, and what did not fit."""
        skipped = self.report.skipped
        for item in skipped[:_MOST_SKIPPED]:
            yield _notification(f"Skipped {_clean(item.what)}: {_clean(item.why)}", "note")
        if len(skipped) > _MOST_SKIPPED:
            yield _notification(f"{len(skipped) - _MOST_SKIPPED:,} more were skipped.", "note")
        left = len(self.report.findings) - len(self.shown)
        if left:
            yield _notification(f"{left:,} more findings are left out, none of them worse.", "warning")

    def result(self, finding: Finding) -> dict[str, Any]:
        places = self.placer.places(finding)[:MOST_PLACES]
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self.index[finding.rule],
            "level": LEVELS[finding.severity],
            "message": {"text": _message_text(self.statement(finding))},
            "locations": [_location(finding, places[0])],
            "partialFingerprints": {
                "primaryLocationLineHash": f"{finding.fingerprint}:1",
                "driftcheck/v1": finding.fingerprint,
            },
            "properties": self.properties(finding),
        }
        if len(places) > 1:
            result["relatedLocations"] = [
                {"id": number, **_location(finding, place), "message": {"text": "The other side."}}
                for number, place in enumerate(places[1:], 1)
            ]
        return result

    def statement(self, finding: Finding) -> str:
        """All there is to say, in sentences of one line each."""
        d = finding.difference
        of = wording.area(finding, self.report)
        lines = [f"{wording.heading(finding, of)}: {finding.message}", wording.attribution(d)]
        lines += [wording.reach(finding, of, 3), wording.used(finding, 3)]
        if wording.values_say_more(finding):
            expected, actual = (wording.value(each, _VALUE_LIMIT) for each in (d.expected, d.actual))
            lines.append(f"{expected} -> {actual}")
        shown = d.counterexample
        if shown is not None:
            accepts, refuses = (wording.side(each, of) for each in (shown.accepted_by, shown.refused_by))
            lines.append(f"Proof: {wording.value(shown.value, _VALUE_LIMIT)}")
            lines.append(f"{accepts} accepts it, {refuses} refuses it: {shown.reason}")
        lines.append(wording.note(finding))
        return "\n".join(_clean(line) for line in lines if line)

    def properties(self, finding: Finding) -> dict[str, Any]:
        """What other tools may want to sort and group by."""
        d = finding.difference
        named = {
            "title": finding.title,
            "kind": d.kind,
            "object": d.object,
            "change": str(d.change),
            "attribute": d.attribute,
            "operation": d.operation,
            "pointer": d.pointer,
            "flow": d.flow and str(d.flow),
            "effect": d.effect and str(d.effect),
            "attribution": d.attribution,
            "curl": curl(finding),
        }
        kept: dict[str, Any] = {name: _clean(text) for name, text in named.items() if text}
        if d.operations:
            kept["operations"] = [_clean(name, _NAME_LIMIT) for name in d.operations[:_OPERATIONS]]
            kept["operationCount"] = len(d.operations)
        return kept


def _within_budget(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The first findings, as many as surely keep the file below 10 MB when it is compressed."""
    left = _MOST_CHARACTERS
    for number, finding in enumerate(findings):
        d = finding.difference
        texts = (finding.message, d.object, d.pointer or "", d.note)
        left -= 2_500 + sum(min(len(each), _TEXT_LIMIT) for each in texts)
        left -= sum(min(len(each), _NAME_LIMIT) for each in d.operations[:_OPERATIONS])
        if left < 0:
            return findings[:number]
    return findings


def _rules_of(findings: Iterable[Finding]) -> dict[str, tuple[Rule | None, Finding]]:
    """The rules that found something, in the order of their ids; None where the catalogue lacks one."""
    from driftcheck.catalogue import all_rules

    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    known = {rule.id: rule for rule in all_rules()} if first else {}
    return {id: (known.get(id), first[id]) for id in sorted(first)}


def _rule(id: str, declared: Rule | None, finding: Finding) -> dict[str, Any]:
    title = declared.title if declared else finding.title
    why = declared.why if declared else finding.title
    fix = declared.fix if declared else ""
    help = "\n\n".join(
        text for text in (why, fix and f"What to do: {fix}", f"driftcheck explain {id}") if text
    )
    told = [f"**Why it matters.** {why}", fix and f"**What to do.** {fix}", f"`driftcheck explain {id}`"]
    markdown = "\n\n".join(filter(None, told))
    level = LEVELS[declared.severity if declared else finding.severity]
    return {
        "id": id,
        "name": "".join(word.capitalize() for word in id.split("-")),
        "shortDescription": {"text": _sentence(title)},
        "fullDescription": {"text": _sentence(why)},
        "help": {"text": help, "markdown": markdown},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["drift", declared.category if declared else finding.category],
            "precision": "very-high",
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[level],
        },
    }


def _location(finding: Finding, place: Place) -> dict[str, Any]:
    region = {"startLine": place.line}
    if place.column is not None:
        region["startColumn"] = place.column
    name = _clean(finding.difference.object, _NAME_LIMIT)
    return {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(place.path.encode("utf-8", "replace")),
                "uriBaseId": "%SRCROOT%",
            },
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": name}],
    }


def _notification(text: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _message_text(text)}}


def _message_text(text: str) -> str:
    return _LINK.sub(r"\\[", _PLACEHOLDER.sub(r"{{\1}}", text))


def _sentence(text: str) -> str:
    return _clean(text).rstrip(".") + "."


def _clean(text: str, limit: int = _TEXT_LIMIT) -> str:
    return printable(wording.cut(text, limit))
