"""Ignores and baselines are looked after too: what expired, has no reason, or serves nothing is a finding.

Pure; `Written` is the one shape of all ignores, wherever they are written (configuration, comments, specs).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from driftcheck.difference import Change, Difference, Location, Severity, Side
from driftcheck.rule import Example, RuleSet

RULES = RuleSet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An ignore as somebody wrote it, for one rule (a glob, or "" where none is named).

    `what` is what it is called in reports; `where` tells it from equal ones, without line numbers, so that
    fingerprints last; `location` is where it can be mended. `no_day` is what stands in the place of the last
    day and is none: better no ignore than one that never ends.
    """

    rule: str
    what: str
    where: str
    reason: str = ""
    until: date | None = None
    no_day: str = ""
    location: Location | None = None
    needs_reason: bool = True


def fault(entry: Written, today: date, known: Collection[str]) -> Difference | None:
    """Why an ignore does not count, if it does not: then it silences nothing."""
    if entry.rule not in known and not _names_rules(entry.rule, known):
        return _difference(entry, "rule", entry.rule or None)
    if entry.needs_reason and not entry.reason.strip():
        return _difference(entry, "reason", None)
    if entry.no_day:
        return _difference(entry, "until", entry.no_day)
    if entry.until is not None and entry.until < today:
        return _difference(entry, "until", entry.until.isoformat())
    return None


def unmatched(entry: Written) -> Difference:
    """The difference of an ignore that silences nothing."""
    return _difference(entry, None, None, Change.EXTRA)


def covers(rule: str, judged: Collection[str], known: Collection[str]) -> bool:
    """Whether a run that looked for the rules `judged` would have found whatever `rule` (a glob) names."""
    named = [id for id in known if fnmatchcase(id, rule)]
    return bool(named) and all(id in judged for id in named)


def _names_rules(glob: str, known: Collection[str]) -> bool:
    return bool(glob.strip("*?")) and any(fnmatchcase(id, glob) for id in known)


def _difference(
    entry: Written, attribute: str | None, actual: str | None, change: Change = Change.CHANGED
) -> Difference:
    return Difference(
        subject="ignore",
        kind="ignore",
        object=entry.what,
        change=change,
        attribute=attribute,
        name=entry.rule or None,
        actual=actual,
        cause=f"{entry.where} {entry.what}",
        locations=() if entry.location is None else (entry.location,),
    )


def location(file: str, line: int | None = None, column: int | None = None) -> Location:
    """Where an ignore is written. Neither side of a comparison wrote it; reports need one all the same."""
    return Location(Side.EXPECTED, file, line, column)


# The examples: first the findings of a run (rule and object), then the configuration of that run. The day
# is 2026-06-01.
_FOUND = "column-missing orders.note"
_GOOD = Example(
    _FOUND,
    '[[ignore]]\nrule = "column-missing"\nplace = "orders.*"\nreason = "dropped in March, see #12"\n'
    "until = 2026-12-31",
)


@RULES.rule(
    "ignore-expired",
    on=("ignore", Change.CHANGED, "until"),
    category="housekeeping",
    severity=Severity.RISKY,
    title="Ignore has expired",
    why="Somebody promised to mend this until a day that is past; from then on it is reported again.",
    fix="Mend what is ignored, or agree on another day, and say why.",
    bad=Example(_FOUND, _GOOD.actual.replace("2026-12-31", "2026-05-31").replace("orders", "invoices")),
    good=_GOOD,
)
def _expired(d: Difference) -> str:
    try:
        date.fromisoformat(str(d.actual))
    except ValueError:
        return f"The ignore of {d.object} says until {d.actual}, which is no day: it silences nothing."
    return f"The ignore of {d.object} ended on {d.actual}: it silences nothing any more."


@RULES.rule(
    "ignore-unmatched",
    on=("ignore", Change.EXTRA),
    category="housekeeping",
    severity=Severity.INFO,
    shown=True,
    title="Ignore silences nothing",
    why="What it was written for is mended, or it never matched; left in place it hides the next one.",
    fix="Remove it, or correct its rule or place if it should match.",
    bad=Example("column-missing orders.total", _GOOD.actual.replace("orders.*", "invoices.*")),
    good=_GOOD,
)
def _unmatched(d: Difference) -> str:
    return f"The ignore of {d.object} silences nothing."


@RULES.rule(
    "ignore-without-reason",
    on=("ignore", Change.CHANGED, "reason"),
    category="housekeeping",
    severity=Severity.RISKY,
    title="Ignore has no reason",
    why="Nobody can tell later whether it still holds, so it does not count until it says why.",
    fix="Write the reason beside it, for people who were not there.",
    bad=Example(_FOUND, '[[ignore]]\nrule = "column-missing"\nplace = "invoices.*"'),
    good=_GOOD,
)
def _without_reason(d: Difference) -> str:
    return f"The ignore of {d.object} gives no reason, so it silences nothing."


@RULES.rule(
    "ignore-without-rule",
    on=("ignore", Change.CHANGED, "rule"),
    category="housekeeping",
    severity=Severity.RISKY,
    title="Ignore in a file names no rule",
    why="An ignore of everything also hides what nobody has thought of; so does one of a misspelt rule.",
    fix="Name the rule that is meant, as the report and `driftcheck rules` have it.",
    bad=Example(_FOUND, "# driftcheck: ignore[*] all is fine"),
    good=Example(_FOUND, "# driftcheck: ignore[column-missing] dropped in March, see #12"),
)
def _without_rule(d: Difference) -> str:
    said = f"names the rule {d.actual!r}, which does not exist" if d.actual else "names no rule"
    if d.actual and not str(d.actual).strip("*?"):
        said = f"names all rules ({d.actual})"
    return f"The ignore at {d.object} {said}, so it silences nothing."


@RULES.rule(
    "baseline-fixed",
    on=("baseline", Change.MISSING),
    category="housekeeping",
    severity=Severity.INFO,
    shown=True,
    title="Finding of the baseline is gone",
    why="As long as the baseline holds it, the same problem may come back without being told.",
    fix="Take it out of the baseline: `driftcheck baseline write`.",
    bad=Example("column-missing orders.total", "# baseline\ncolumn-missing orders.note"),
    good=Example("column-missing orders.note", "# baseline\ncolumn-missing orders.note"),
)
def _fixed(d: Difference) -> str:
    times = f" ({d.expected} times)" if isinstance(d.expected, int) and d.expected > 1 else ""
    return f"The accepted {d.name} at {d.object} is gone{times}."


def failed(part: str, message: str, hint: str) -> Difference:
    """The difference of a part of a check that could not be done."""
    return Difference(
        subject="part",
        kind="part",
        object=part,
        change=Change.MISSING,
        cause=part,
        actual=message,
        note=hint,
    )


@RULES.rule(
    "part-failed",
    on=("part", Change.MISSING),
    category="housekeeping",
    severity=Severity.BREAKING,
    title="Part of the check could not be done",
    why="What was not looked at is no pass; the exit status is 2 whatever the other parts found.",
    fix="Mend what the message says, or run the part alone to see more.",
    bad=Example("db", "db: the server cannot be reached"),
    good=Example("db", "db: done"),
)
def _failed(d: Difference) -> str:
    return f"{d.object} could not be checked: {d.actual}"
