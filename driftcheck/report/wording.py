"""What all reports for people call things: areas, headings, sides, values. Text comes out unescaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from driftcheck.difference import JSON, Change, Difference, Location, Severity, Side
from driftcheck.finding import Finding, Report
from driftcheck.report.json import dumps

Area: TypeAlias = Literal["api", "database", "migrations", "traffic", "service", "driftcheck"]

# By category and kind, and not by command: one report may hold the findings of several commands.
_BY_CATEGORY: dict[str, Area] = {
    "reads": "database",
    "writes": "database",
    "schema": "database",
    "history": "migrations",
    "danger": "migrations",
    "recordings": "traffic",
    "service": "service",
    "housekeeping": "driftcheck",
}
_BY_KIND: dict[str, Area] = {"exchange": "traffic", "revision": "migrations", "migration": "migrations"}
_IN_DATABASES = frozenset(
    "table column primary_key foreign_key unique check exclusion index enum domain type sequence view"
    " materialized_view trigger event function policy extension partition comment".split()
)
AREA_TITLES: dict[Area, str] = {
    "api": "API",
    "database": "Database",
    "migrations": "Migrations",
    "traffic": "Traffic",
    "service": "Service",
    "driftcheck": "driftcheck",
}
_OF_APIS = ("wire", "clients", "docs")
_OF_COMMANDS: dict[str, Area] = {
    "api": "api",
    "db": "database",
    "migrations": "migrations",
    "traffic": "traffic",
    "fuzz": "service",
}

# Kinds of findings whose object is an operation (which has a space), or else a component's name.
_IN_COMPONENTS = {"schema", "property", "parameter", "request_body", "response", "header"}

# What the two sides are called, by area.
_SIDES: dict[Area, tuple[str, str]] = {
    "api": ("the old version", "the new version"),
    "database": ("the code", "the database"),
    "migrations": ("what is expected", "the migrations"),
    "traffic": ("the recording", "the description"),
    "service": ("the description", "the service"),
}
_DEFAULT_SIDES = ("the expected side", "the actual side")

# Which of three sides is wrong, in the findings of a database.
_ATTRIBUTIONS = {
    "model-ahead": "No migration makes it so: the models are ahead.",
    "not-applied": "A migration that is not applied yet makes it so.",
    "hand-made": "Made by hand: no migration did this to the live database.",
    "migrations-wrong": "Models and live database agree: the migrations make something else.",
}
_ATTRIBUTIONS_OF_EXTRA = {
    "model-ahead": "No migration takes it away: the models are ahead.",
    "not-applied": "A migration that is not applied yet takes it away.",
}


def area(finding: Finding, report: Report) -> Area:
    """Which kind of contract drifted."""
    kind = finding.difference.kind
    found = _BY_CATEGORY.get(finding.category) or _BY_KIND.get(kind)
    if found is not None:
        return found
    if kind in _IN_DATABASES:
        return "database"
    if kind == "schema" and finding.difference.pointer is None and finding.difference.subject == "schema":
        return "database"
    return "api" if finding.category in _OF_APIS else area_of(report)


def area_of(report: Report) -> Area:
    """What the command as a whole is about; "driftcheck" where it is about several things."""
    return _OF_COMMANDS.get(report.command.partition(" ")[0], "driftcheck")


def heading(finding: Finding, of: Area) -> str:
    """What a finding is grouped under: an operation, a component, a table or what is in it."""
    d = finding.difference
    if of in ("api", "service") and d.kind in _IN_COMPONENTS and " " not in d.object:
        return of_job(f"Component {d.object}", finding)
    is_revision = d.kind == "revision" and not d.object.endswith(".py")
    return of_job(f"Revision {d.object}" if is_revision else d.object, finding)


def of_job(name: str, finding: Finding) -> str:
    """The name, and whose it is: two services may both have a table of that name."""
    return f"{name} ({finding.job})" if finding.job else name


def side(which: Side, of: Area) -> str:
    """What one of the two sides is called in the middle of a sentence."""
    names = _SIDES.get(of, _DEFAULT_SIDES)
    return names[0] if which is Side.EXPECTED else names[1]


def attribution(d: Difference) -> str:
    """Which of three sides is wrong, in a sentence; "" where that was not asked."""
    said = d.attribution or ""
    extra = _ATTRIBUTIONS_OF_EXTRA.get(said) if d.change is Change.EXTRA else None
    return extra or _ATTRIBUTIONS.get(said, "")


def note(finding: Finding) -> str:
    """What else is told of a finding that has no proof, unless the message tells it."""
    d = finding.difference
    return "" if d.counterexample is not None or d.note in finding.message else d.note


def value(of: object, limit: int) -> str:
    """A value as JSON, cut to `limit` characters."""
    return cut("(nothing)" if of is None else dumps(of), limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and how long it is."""
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"


def values_say_more(finding: Finding) -> bool:
    """Whether the two values tell something that the message does not."""
    d = finding.difference
    if d.change is not Change.CHANGED:
        return False  # of what came, went or was renamed the message tells the name
    if finding.category == "housekeeping":
        return False  # the message is made of them
    return any(each is not None and not _told(each, finding.message) for each in (d.expected, d.actual))


def _told(value: object, message: str) -> bool:
    """Whether the message holds the value, or each sentence of a list as it is."""
    sentences = value if isinstance(value, list) else ()
    told = (isinstance(each, str) and " " in each and each in message for each in sentences)
    return dumps(value) in message or (bool(sentences) and all(told))


def place(location: Location) -> str:
    """file:line:column, as editors and terminals take it."""
    parts = [location.file, location.line, location.column]
    return ":".join(str(part) for part in parts if part is not None)


def counted(number: int, noun: str) -> str:
    """ "1 operation", "2 operations"."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def reach(finding: Finding, of: Area, shown: int | None) -> str:
    """Which operations (or databases) the finding reaches, the first `shown` by name; "" if only its own."""
    names = finding.difference.operations
    if not names or names == (finding.difference.object,):
        return ""
    noun = "database" if of in ("database", "migrations") else "operation"
    listed = names if shown is None else names[:shown]
    more = f" and {len(names) - len(listed):,} more" if len(listed) < len(names) else ""
    return f"reaches {counted(len(names), noun)}: {', '.join(listed)}{more}"


def used(finding: Finding, shown: int | None) -> str:
    """Which recorded calls hit the finding, the first `shown` of those that are told; "" if none is."""
    calls = [_call(call) for call in finding.used_by]
    listed = calls if shown is None else calls[:shown]
    more = f" and {len(calls) - len(listed):,} more" if len(listed) < len(calls) else ""
    return f"used by {', '.join(listed)}{more}" if calls else ""


def calls(finding: Finding) -> list[str]:
    """The recorded calls that hit the finding, with what in them does."""
    return [f"{_call(call)}: {call['why']}" if call.get("why") else _call(call) for call in finding.used_by]


def _call(call: Mapping[str, JSON]) -> str:
    """What tells a call apart, the consumer first."""
    known = [str(call[name]) for name in ("consumer", "test", "method", "path") if call.get(name)]
    line = f":{call['line']}" if call.get("line") else ""
    where = [f"({call['file']}{line})"] if call.get("file") else []
    return " ".join([*known, *where]) or dumps(call)


def verdict(report: Report) -> str:
    """How many of each level, and from which level the run fails."""
    counts = [f"{report.count(level):,} {level}" for level in Severity]
    if report.skipped:
        counts.append(f"{len(report.skipped):,} skipped")
    if report.unread:
        counts.append(f"{report.unread:,} not compared")
    return f"{', '.join(counts)} (fails on: {report.fail_on})"


def fails(finding: Finding, report: Report) -> bool:
    """Whether the finding is one that makes the run fail."""
    return report.fail_on != "never" and finding.severity.rank <= Severity(report.fail_on).rank
