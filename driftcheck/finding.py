"""What a run has to say: findings, what was skipped and why, and the report that holds both.

`Report.to_dict()` is the stable JSON report; its JSON Schema ships as report/schema.json.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from driftcheck._version import VERSION
from driftcheck.difference import JSON, Difference, Location, Severity

FailOn = Literal["breaking", "risky", "info", "never"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not checked. Silence is never a pass, so it is listed and counted.

    `ignore` is what Ignore.what says of the entry that silenced it, if one did.
    """

    what: str
    why: str
    ignore: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A Difference that a rule has judged.

    `job` is the part of a check that found it, where several parts look at the same kind of thing: for
    reports to people, and no part of the JSON report.
    """

    rule: str
    severity: Severity
    title: str
    message: str
    category: str
    difference: Difference
    locations: tuple[Location, ...] = ()
    used_by: tuple[Mapping[str, JSON], ...] = ()
    job: str = ""

    @property
    def fingerprint(self) -> str:
        """Stable over wording and values: made from rule, place, attribute and flow (16 hex digits)."""
        d = self.difference
        parts = (self.rule, d.kind, d.cause, d.attribute or "", d.flow or "")
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def located(self, locations: tuple[Location, ...]) -> Finding:
        """The same finding with its places in files."""
        return replace(self, locations=locations)

    def to_dict(self) -> dict[str, Any]:
        """One entry of the JSON report."""
        d = self.difference
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "title": self.title,
            "message": self.message,
            "fingerprint": self.fingerprint,
            "kind": d.kind,
            "object": d.object,
            "change": str(d.change),
            "attribute": d.attribute,
            "expected": d.expected,
            "actual": d.actual,
            "flow": _text(d.flow),
            "effect": _text(d.effect),
            "operation": d.operation,
            "pointer": d.pointer,
            "operations": list(d.operations),
            "attribution": d.attribution,
            "rename": _rename(d),
            "counterexample": _counterexample(d),
            "locations": [
                {"side": str(at.side), "file": at.file, "line": at.line, "column": at.column}
                for at in self.locations
            ],
            "used_by": [dict(call) for call in self.used_by],
        }


@dataclass(frozen=True, slots=True)
class Relation:
    """A foreign key, for the picture of tables: `columns` of `source` point at rows of `target`.

    `job` is that of the findings that it is drawn with.
    """

    source: str
    target: str
    columns: tuple[str, ...] = ()
    job: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one command. `fail_on` is the level from which the exit status is 1.

    `unread` counts those of many databases that could not be compared: why is among what was skipped.
    `relations` are the foreign keys of tables that have findings: for pictures, and no part of the JSON
    report.
    """

    command: str
    expected: str
    actual: str
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    fail_on: FailOn = "breaking"
    relations: tuple[Relation, ...] = ()
    unread: int = 0

    @property
    def exit_code(self) -> int:
        """0: nothing at or above `fail_on`; 1: something; 2: not all could be compared."""
        if self.unread:
            return 2
        if self.fail_on == "never":
            return 0
        limit = Severity(self.fail_on).rank
        return int(any(finding.severity.rank <= limit for finding in self.findings))

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON report."""
        counts = Counter(str(finding.severity) for finding in self.findings)
        return {
            "driftcheck": VERSION,
            "command": self.command,
            "expected": self.expected,
            "actual": self.actual,
            "summary": {
                **{str(level): counts[str(level)] for level in Severity},
                "skipped": len(self.skipped),
            },
            "findings": [finding.to_dict() for finding in self.findings],
            "skipped": [{"what": item.what, "why": item.why} for item in self.skipped],
        }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _rename(d: Difference) -> dict[str, Any] | None:
    if d.rename is None:
        return None
    return {"from": d.rename.old, "to": d.rename.new, "confidence": round(d.rename.confidence, 2)}


def _counterexample(d: Difference) -> dict[str, Any] | None:
    shown = d.counterexample
    if shown is None:
        return None
    return {
        "value": shown.value,
        "accepted_by": str(shown.accepted_by),
        "refused_by": str(shown.refused_by),
        "reason": shown.reason,
    }
