"""One report of several: places seen from where the user stands, the same thing told once, worst first."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from importlib import import_module
from typing import Any

from driftcheck.base_revision import Base
from driftcheck.catalogue import all_rules
from driftcheck.checking.outcome import Outcome, Problem
from driftcheck.checking.plan import Part, Plan
from driftcheck.config import Config
from driftcheck.difference import Location
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.housekeeping import RULES, failed
from driftcheck.judge import judge
from driftcheck.settle import settle

_OWN = {"command", "expected", "actual", "findings", "skipped", "fail_on"}
_RULES = {
    "api": ("driftcheck.openapi.rules",),
    "db": ("driftcheck.database.rules",),
    "migrations": ("driftcheck.database.migrations.rules",),
    "traffic": ("driftcheck.traffic.rules",),
    "fuzz": ("driftcheck.fuzz.rules",),
}


def merged(plan: Plan, outcomes: Mapping[Part, Outcome], base: Base | None, config: Config) -> Report:
    """The report of a check, with the baseline taken out and ignores looked after, once for all parts."""
    several = {name for name, times in Counter(part.command for part in outcomes).items() if times > 1}
    reports = {
        part: _named(each, part.name) if part.command in several else each
        for part, each in outcomes.items()
        if isinstance(each, Report)
    }
    findings = [_seen_from_here(each, part) for part, report in reports.items() for each in report.findings]
    report = Report(
        "check",
        ", ".join(part.name for part in outcomes) or "nothing",
        "working tree" if base is None else f"working tree, against {base.label}",
        _in_order((*_failures(outcomes), *_once(_still_unmatched(findings, reports.values())))),
        (*plan.skipped, *_skipped(outcomes, base)),
        config.fail_on,
    )
    report = replace(report, **_gathered(reports.values()))
    return settle(report, config, _judged(plan, outcomes))


def _named(report: Report, job: str) -> Report:
    """The report with the name of its part on all that is drawn or grouped by name."""
    findings = tuple(replace(each, job=job) for each in report.findings)
    return replace(
        report, findings=findings, relations=tuple(replace(each, job=job) for each in report.relations)
    )


def _failures(outcomes: Mapping[Part, Outcome]) -> Iterator[Finding]:
    """A report must not say PASS of what was not looked at: nobody can ignore or switch these off."""
    problems = {part.name: each for part, each in outcomes.items() if isinstance(each, Problem)}
    yield from judge(
        (failed(name, each.message, each.hint) for name, each in problems.items()), RULES, Config()
    )[0]


def _gathered(reports: Iterable[Report]) -> dict[str, Any]:
    """What reports carry besides findings: lists are joined, counts added, of other things the first."""
    found: dict[str, Any] = {}
    for name in [each.name for each in fields(Report) if each.name not in _OWN]:
        values = [value for report in reports if (value := getattr(report, name)) not in (None, (), 0)]
        if values and isinstance(values[0], tuple):
            found[name] = tuple(dict.fromkeys(item for value in values for item in value))
        elif values and isinstance(values[0], int):
            found[name] = sum(values)
        elif values:
            found[name] = values[0]
    return found


def _judged(plan: Plan, outcomes: Mapping[Part, Outcome]) -> set[str]:
    """The rules that were looked for everywhere: those of commands of which nothing was left out."""
    failed = {part.command for part, each in outcomes.items() if isinstance(each, Problem) or each.unread}
    if plan.whole and not failed:
        return {rule.id for rule in all_rules()}
    if plan.skipped:  # a live database that is not there, for one
        failed |= {"db", "fuzz"}
    done = {part.command for part in outcomes} - failed
    return {rule.id for command in done for module in _RULES[command] for rule in import_module(module).RULES}


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; besides in the order of the parts, each of which knows what weighs most in it."""
    return tuple(sorted(findings, key=lambda finding: finding.severity.rank))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Models and migrations may be compared by two parts; equal findings at equal places are one."""
    seen = set()
    for finding in findings:
        key = (finding.fingerprint, finding.message, finding.locations)
        if key not in seen:
            seen.add(key)
            yield finding


def _still_unmatched(findings: Iterable[Finding], reports: Iterable[Report]) -> Iterator[Finding]:
    """Without ignores that one part calls unmatched while another one matched them (two specs, one file)."""
    used = {item.ignore for report in reports for item in report.skipped if item.ignore}
    for finding in findings:
        if finding.rule != "ignore-unmatched" or finding.difference.object not in used:
            yield finding


def _seen_from_here(finding: Finding, part: Part) -> Finding:
    """The finding with its places relative to the working directory, not to that of the part."""
    here = os.getcwd()
    if os.path.realpath(part.directory) == os.path.realpath(here):
        return finding
    moved = tuple(_moved(at, part.directory, here) for at in finding.locations)
    return replace(finding, locations=moved)


def _moved(at: Location, directory: str, here: str) -> Location:
    """The place of a file in that directory; a git revision's file ("REV:path") keeps its revision."""
    if "://" in at.file or os.path.isabs(at.file):
        return at
    if os.path.exists(os.path.join(directory, at.file)):
        return replace(at, file=os.path.relpath(os.path.join(directory, at.file), here))
    revision, colon, path = at.file.partition(":")
    if colon and "/" not in revision:
        return replace(at, file=f"{revision}:{os.path.relpath(os.path.join(directory, path), here)}")
    return at


def _skipped(outcomes: Mapping[Part, Outcome], base: Base | None) -> Iterator[Skipped]:
    several = len(outcomes) > 1
    for part, outcome in outcomes.items():
        if isinstance(outcome, Problem):
            yield Skipped(part.name, f"could not be done: {outcome.message}")
            continue
        for item in outcome.skipped:
            yield replace(item, what=f"{part.name}: {item.what}") if several else item
    if base is not None and base.here:
        why = f"{base.name} is the present commit, so that only uncommitted changes are compared"
        yield Skipped("commits", why)
