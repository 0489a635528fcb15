"""Accepted findings in a file, so that a team can start on an old code base: only what is new fails.

One finding is one line, sorted; fingerprints (finding.py) say what is the same from run to run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driftcheck.difference import Change, Difference
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding
from driftcheck.housekeeping import location

DEFAULT = "driftcheck-baseline.json"
_MARK = "driftcheck-baseline"
_VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Accepted:
    """A finding in a baseline; `object` and `message` are for the reader."""

    rule: str
    object: str
    fingerprint: str
    message: str = ""


Baseline = Mapping[Accepted, int]


def baseline_of(findings: Iterable[Finding]) -> Baseline:
    """What a baseline of these findings holds, and how often. Findings about ignores have no place in it."""
    kept = (each for each in findings if each.category != "housekeeping")
    return Counter(
        Accepted(each.rule, each.difference.object, each.fingerprint, each.message) for each in kept
    )


def dump(baseline: Baseline) -> str:
    """The file's text."""
    lines = ",\n".join(_line(entry, count) for entry, count in sorted(baseline.items()))
    listed = f"[\n{lines}\n]" if lines else "[]"
    return f'{{"{_MARK}": {_VERSION}, "findings": {listed}}}\n'


def _line(entry: Accepted, count: int) -> str:
    fields: dict[str, Any] = {
        "fingerprint": entry.fingerprint,
        "rule": entry.rule,
        "object": entry.object,
        "message": entry.message,
    }
    if count > 1:
        fields["count"] = count
    text = json.dumps(fields, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()  # a lone surrogate, as JSON escapes it


def read(path: str) -> Baseline:
    """The baseline in a file. DriftcheckError where there is none, or the file is something else."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DriftcheckError(
            f"there is no baseline {path}", "`driftcheck baseline write` makes one; then commit it"
        ) from None
    except OSError as error:
        raise DriftcheckError(f"the baseline {path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise _foreign(path, f"it is not JSON: {str(error)[:200]}") from None
    if not isinstance(content, dict) or _MARK not in content:
        raise _foreign(path, f"it has no {_MARK!r}")
    if content[_MARK] != _VERSION:
        raise DriftcheckError(
            f"{path} is a baseline of version {content[_MARK]!r}; this driftcheck reads version {_VERSION}",
            "use the driftcheck that wrote it, or write it anew: driftcheck baseline write",
        )
    findings = content.get("findings")
    if not isinstance(findings, list):
        raise _foreign(path, "it has no list of findings")
    found: Counter[Accepted] = Counter()
    for number, entry in enumerate(findings, 1):
        accepted, count = _entry(entry, path, number)
        found[accepted] += count
    return found


def _entry(entry: Any, path: str, number: int) -> tuple[Accepted, int]:
    fields = entry if isinstance(entry, dict) else {}
    texts = [fields.get(name, "") for name in ("rule", "object", "fingerprint", "message")]
    count = fields.get("count", 1)
    if (
        not all(isinstance(text, str) for text in texts)
        or not texts[2]
        or type(count) is not int
        or count < 1
    ):
        raise _foreign(path, f"finding {number} is not one of a baseline")
    return Accepted(*texts), count


def _foreign(path: str, why: str) -> DriftcheckError:
    hint = "after a merge with conflicts, write it anew: driftcheck baseline write"
    return DriftcheckError(f"{path} is no baseline: {why}", hint)


def split(findings: Iterable[Finding], baseline: Baseline) -> tuple[list[Finding], int, Baseline]:
    """The new findings, how many are accepted, and what of the baseline is gone.

    Of findings that share a fingerprint, those with the accepted wording are taken for the accepted ones.
    """
    left = Counter(baseline)
    undecided: list[Finding] = []
    accepted = 0
    for finding in findings:
        (entry,) = baseline_of([finding]) or (None,)
        if entry is not None and left[entry] > 0:
            left[entry] -= 1
            accepted += 1
        else:
            undecided.append(finding)
    new: list[Finding] = []
    others = _by_fingerprint(left)
    for finding in undecided:
        entries = others.get(finding.fingerprint)
        if entries and finding.category != "housekeeping":
            left[entries.pop()] -= 1
            accepted += 1
        else:
            new.append(finding)
    return new, accepted, +left


def _by_fingerprint(left: Counter[Accepted]) -> dict[str, list[Accepted]]:
    found: dict[str, list[Accepted]] = {}
    for entry in sorted(left.elements(), reverse=True):
        found.setdefault(entry.fingerprint, []).append(entry)
    return found


def fixed(gone: Baseline, judged: Collection[str], file: str) -> list[Difference]:
    """One difference for each entry that is gone, if its rule is one of those that were looked for."""
    return [
        Difference(
            subject="baseline",
            kind="baseline",
            object=entry.object or entry.fingerprint,
            change=Change.MISSING,
            name=entry.rule,
            cause=entry.fingerprint,
            expected=count,
            locations=(location(file),),
        )
        for entry, count in sorted(gone.items())
        if entry.rule in judged
    ]
