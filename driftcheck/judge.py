"""From differences to findings: rule, severity, what is ignored, one finding per cause, and the order.

Pure: the same differences and config give the same findings, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from driftcheck.config import Config, Ignore
from driftcheck.difference import Change, Difference, Severity
from driftcheck.finding import Finding, Skipped
from driftcheck.rule import Rule, RuleSet

_PROTECTED = {"wire": (), "clients": ("clients",), "docs": ("clients", "docs")}


def judge(
    differences: Iterable[Difference], rules: RuleSet, config: Config, *, today: date | None = None
) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
    """The findings, worst first, and one Skipped for each ignore entry that silenced something.

    `today` (default: the present day) decides which ignores have expired.
    """
    ignores = [entry for entry in config.ignore if entry.counts(today or date.today())]
    found: list[Finding] = []
    ignored: dict[Ignore, int] = {}
    for difference in differences:
        rule, message = rules.find(difference)
        severity = _severity(rule, difference, config)
        if severity is None:
            continue
        finding = Finding(rule.id, severity, rule.title, message, rule.category, difference)
        entry = next((item for item in ignores if _silences(item, finding)), None)
        if entry is not None:
            ignored[entry] = ignored.get(entry, 0) + 1
            continue
        if severity is Severity.INFO and not (config.changelog or rule.shown):
            continue
        found.append(finding)
    skipped = tuple(_ignored(entry, count) for entry, count in ignored.items())
    return tuple(sorted(_one_per_cause(found), key=_order)), skipped


def _severity(rule: Rule, difference: Difference, config: Config) -> Severity | None:
    chosen = config.severity.get(rule.id)
    if chosen is not None:
        return None if chosen == "off" else Severity(chosen)
    severity = rule.severity
    if rule.category in _PROTECTED[config.protect]:
        severity = Severity.BREAKING if rule.category == "clients" else Severity.RISKY
    cap = difference.at_most
    return cap if cap is not None and cap.rank > severity.rank else severity


def _silences(entry: Ignore, finding: Finding) -> bool:
    if entry.fingerprint:
        return entry.fingerprint == finding.fingerprint
    if not fnmatchcase(finding.rule, entry.rule):
        return False
    if finding.category == "housekeeping" and not entry.rule.strip("*?"):
        return False  # else an ignore of everything would hide what is wrong with itself
    d = finding.difference
    places = [d.object, f"{d.operation or d.object} {d.pointer or ''}".strip(), *d.operations]
    places += (at.file for at in d.locations)
    return any(fnmatchcase(place, entry.place) for place in places)


def _ignored(entry: Ignore, count: int) -> Skipped:
    findings = "1 finding" if count == 1 else f"{count} findings"
    why = f"ignored: {entry.reason or 'no reason given'}"
    return Skipped(f"{findings} of {entry.what}", why, entry.what)


def _one_per_cause(findings: list[Finding]) -> list[Finding]:
    """Findings of the same change at the same place become the worst of them (a shared component is
    both sent and received, and is still one thing to mend)."""
    groups: dict[tuple[str, str, Change, str | None], list[Finding]] = {}
    for finding in findings:
        d = finding.difference
        groups.setdefault((d.kind, d.cause, d.change, d.attribute), []).append(finding)
    return [_merged(group) for group in groups.values()]


def _merged(group: list[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    worst, *others = sorted(group, key=_worth)
    operations = sorted({name for finding in group for name in finding.difference.operations})
    message = worst.message
    said = {worst.rule}
    for other in others:
        if other.rule not in said:
            said.add(other.rule)
            message += f"; also {other.severity}: {other.title}"
    difference = replace(worst.difference, operations=tuple(operations))
    return replace(worst, message=message, difference=difference)


def _worth(finding: Finding) -> tuple[int, bool, str, str]:
    d = finding.difference
    return (finding.severity.rank, d.counterexample is None, finding.rule, d.pointer or "")


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    d = finding.difference
    return (finding.severity.rank, d.object, d.pointer or "", finding.rule, d.attribute or "")
