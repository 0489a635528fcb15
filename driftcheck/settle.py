"""The last step of every command: what the baseline accepts is taken out, and ignores are looked after.

Pure but for reading the baseline; a command calls it once, with its whole report.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date
from pathlib import Path

from driftcheck import baseline
from driftcheck.catalogue import all_rules
from driftcheck.config import Config, Ignore
from driftcheck.difference import Difference
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.housekeeping import RULES, Written, covers, fault, location, unmatched
from driftcheck.judge import judge


def settle(
    report: Report,
    config: Config,
    judged: Iterable[str],
    *,
    partial: bool = False,
    today: date | None = None,
) -> Report:
    """`report` without what the baseline accepts, and with findings about ignores and the baseline.

    `judged` are the ids of the rules that the command looks for; `partial` says that it was told to look at
    a part only, so that what was not found may still be there. DriftcheckError for a bad baseline.
    """
    ids = frozenset(judged)
    findings, skipped, differences = _accepted(report, config, frozenset() if partial else ids)
    differences += _about_ignores(report, config, frozenset() if partial else ids, today or date.today())
    if not differences and findings == report.findings:
        return report
    about, silenced = judge(differences, RULES, config, today=today)
    located = [each.located(each.difference.locations) for each in about]
    return replace(
        report,
        findings=tuple(sorted((*findings, *located), key=lambda each: each.severity.rank)),
        skipped=(*report.skipped, *skipped, *silenced),
    )


def _accepted(
    report: Report, config: Config, judged: Set[str]
) -> tuple[tuple[Finding, ...], list[Skipped], list[Difference]]:
    if not config.baseline:
        return report.findings, [], []
    accepted = baseline.read(config.baseline)
    new, count, gone = baseline.split(report.findings, accepted)
    skipped = []
    if count:
        findings = "1 finding" if count == 1 else f"{count} findings"
        skipped.append(Skipped(findings, f"accepted by the baseline {config.baseline}"))
    return tuple(new), skipped, baseline.fixed(gone, judged, config.baseline)


def _about_ignores(report: Report, config: Config, judged: Set[str], today: date) -> list[Difference]:
    written = [entry for entry in config.ignore if entry.written_in]
    if not written:
        return []
    known = {rule.id for rule in all_rules()}
    used = {item.ignore for item in report.skipped}
    found: list[Difference] = []
    for entry in dict.fromkeys(written):
        wrong = None if entry.counts(today) else fault(_written(entry), today, {*known, entry.rule})
        if wrong is not None:
            found.append(wrong)
        elif entry.what not in used and _looked_for(entry, judged, known):
            found.append(unmatched(_written(entry)))
    return found


def _looked_for(entry: Ignore, judged: Set[str], known: Set[str]) -> bool:
    """Whether the run would have found what the entry silences; unknown where it names no rule."""
    if entry.fingerprint or not entry.rule.strip("*?"):
        return known - set(RULES.ids()) <= judged
    return covers(entry.rule, judged, known)


def _written(entry: Ignore) -> Written:
    return Written(
        rule=entry.rule,
        what=entry.what,
        where=Path(entry.written_in).name,
        reason=entry.reason,
        until=entry.until,
        location=location(entry.written_in, _line(entry)),
    )


def _line(entry: Ignore) -> int | None:
    """The first line of the file that holds most of what the entry says."""
    try:
        lines = Path(entry.written_in).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    wanted = [text for text in (entry.fingerprint, entry.rule, entry.place) if text.strip("*")]
    scores = [sum(text in line for text in wanted) for line in lines]
    best = max(scores, default=0)
    return scores.index(best) + 1 if best else None
