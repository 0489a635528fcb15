"""Runs driftcheck on a case and says what is right: verdict, place, rename, counterexample, count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import driftcheck
from driftcheck.config import Config
from tests.openapi import oracle
from tests.openapi.table import Case

_RANK = {"breaking": 0, "risky": 1, "info": 2}
_WORST = {"breaking": {0}, "risky": {1}, "flagged": {0, 1}, "info": {2}, "silent": {3}}
MEASURES = ("verdict", "place", "rename", "witness", "count")


@dataclass(frozen=True, slots=True)
class Outcome:
    """For each measure True, False, or None where the case does not ask; `found` is for people."""

    verdict: bool
    place: bool | None
    rename: bool | None
    witness: bool | None
    count: bool | None
    found: tuple[str, ...]
    reasons: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Everything that was asked is right."""
        return all(getattr(self, measure) is not False for measure in MEASURES)


@cache
def outcome(case_id: str) -> Outcome:
    """The outcome of the case of that id (kept: several tests ask)."""
    from tests.openapi.table import all_cases

    return judge(next(case for case in all_cases() if case.id == case_id))


def judge(case: Case) -> Outcome:
    """Compare both documents of a case and score what was found."""
    changelog = case.verdict == "info"
    config = Config(protect=case.protect, changelog=changelog)  # type: ignore[arg-type]
    findings = driftcheck.check_api(case.old, case.new, config=config).to_dict()["findings"]
    if not changelog:
        findings = [finding for finding in findings if finding["severity"] != "info"]
    worst = min((_RANK[finding["severity"]] for finding in findings), default=3)
    wanted = _WORST[case.verdict]
    verdict = worst in wanted
    found = tuple(_shown(finding) for finding in findings)
    if not case.fires:
        return Outcome(verdict, None, None, None, None, found)
    matching = [f for f in findings if _RANK[f["severity"]] in wanted and _at_place(case, f)]
    wrong: list[str] = []
    return Outcome(
        verdict,
        bool(matching),
        _rename(case, findings),
        _witnessed(case, matching or findings, wrong) if case.witness else None,
        _counted(case, findings) if verdict and case.count is not None else None,
        found,
        tuple(wrong),
    )


def _rename(case: Case, findings: list[dict[str, Any]]) -> bool | None:
    """The rename asked for; where none is, none may be reported."""
    found = [(f["rename"]["from"], f["rename"]["to"]) for f in findings if f["rename"]]
    if case.rename is None:
        return False if found else None
    return None if case.rename == "any" else case.rename in found


def _counted(case: Case, findings: list[dict[str, Any]]) -> bool:
    if case.verdict == "info":
        return True
    return sum(_RANK[finding["severity"]] in _WORST[case.verdict] for finding in findings) == case.count


def _at_place(case: Case, finding: dict[str, Any]) -> bool:
    places = (finding["operation"], finding["object"], *finding["operations"])
    if case.operation is not None and case.operation not in places:
        return False
    if case.at is not None and not _ends(str(finding["pointer"] or ""), case.at):
        return False
    return all(
        wanted is None or finding[name] == wanted
        for name, wanted in (("change", case.change), ("attribute", case.attribute), ("kind", case.kind))
    )


def _ends(pointer: str, wanted: str) -> bool:
    """The pointer ends as wanted, or goes on to a keyword or a branch of the same value."""
    _, found, after = pointer.rpartition(wanted)
    deeper = after.split("/")
    return bool(found) and deeper[0] == "" and not {"properties", "items"} & set(deeper)


def _witnessed(case: Case, findings: list[dict[str, Any]], wrong: list[str]) -> bool:
    shown = [finding for finding in findings if finding["counterexample"]]
    if not shown:
        wrong.append("no counterexample")
        return False
    return all(_true(case, finding, wrong) for finding in shown)


def _true(case: Case, finding: dict[str, Any], wrong: list[str]) -> bool:
    """Whether the value really is taken by the one side and refused by the other."""
    shown = finding["counterexample"]
    if case.roots is None:
        return True
    flow = finding["flow"]
    encoding = "json" if finding["kind"] not in ("parameter", "header") else "text"
    answers = {
        "expected": oracle.accepts(case.old, case.roots[0], shown["value"], flow, encoding),
        "actual": oracle.accepts(case.new, case.roots[1], shown["value"], flow, encoding),
    }
    harmed = ("expected", "actual") if flow == "sent" else ("actual", "expected")
    if (shown["accepted_by"], shown["refused_by"]) != harmed:
        wrong.append(f"counterexample the wrong way round: {shown}")
        return False
    if not answers[shown["accepted_by"]] or answers[shown["refused_by"]]:
        wrong.append(f"counterexample is none: {shown['value']!r}; accepted: {answers}")
        return False
    return True


def _shown(finding: dict[str, Any]) -> str:
    rename = finding["rename"]
    arrow = f" {rename['from']}→{rename['to']}" if rename else ""
    example = finding["counterexample"]
    value = f" e.g. {example['value']!r:.60}" if example else ""
    place = finding["operation"] or finding["object"]
    return f"{finding['severity']} {finding['rule']}{arrow} @ {place} {finding['pointer']}{value}"
