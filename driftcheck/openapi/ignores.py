"""`x-driftcheck-ignore` in descriptions: what it silences, at its place and below, in either version.

Looked for only where findings are left or the text holds the word; a document without it costs one search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import orjson

from driftcheck.catalogue import all_rules
from driftcheck.difference import Anchor, Difference, Side
from driftcheck.finding import Finding, Skipped
from driftcheck.housekeeping import Written, fault, unmatched
from driftcheck.openapi.node import Document, Resource, UnresolvedError, escape, unescape
from driftcheck.openapi.rules import RULES

NAME = "x-driftcheck-ignore"
# Members that hold values or names of the user's, not parts of the description.
_VALUES = frozenset({"example", "examples", "default", "enum", "const", "value"})
_NAMES = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas"})
_MOST_OF_A_DAY = 40  # characters
_METHODS = frozenset("get put post delete options head patch trace query".split())


class Silenced(NamedTuple):
    """The findings that stay, one Skipped for each ignore that silenced some, differences about ignores."""

    kept: list[Finding]
    skipped: list[Skipped]
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Mark:
    """One ignore in a document; `path` and `method` where it stands at a path item or an operation."""

    anchor: Anchor
    in_root: bool
    entry: Written
    path: str | None = None
    method: str | None = None

    def covers(self, operation: str) -> bool:
        """Whether the ignore stands at this operation ("GET /a"), or at its path item."""
        method, _, path = operation.partition(" ")
        return path == self.path and self.method in (None, method.lower())

    def around(self, finding: Finding) -> bool:
        """Whether the finding has this rule and stands here or below.

        A finding that has no place on this side is looked for where it would be.
        """
        if not fnmatchcase(finding.rule, self.entry.rule):
            return False
        anchors = finding.difference.anchors
        here = [at for at in anchors if at.side is self.anchor.side]
        if any(at.source == self.anchor.source and _below(at.pointer, self.anchor.pointer) for at in here):
            return True
        return not here and self.in_root and any(_below(at.pointer, self.anchor.pointer) for at in anchors)


def silence(findings: Iterable[Finding], expected: Document, actual: Document, today: date) -> Silenced:
    """Take out what the ignores in both documents silence; ignores that stand in both count once."""
    found = list(findings)
    marks = [mark for document in (actual, expected) for mark in _marks(document, found)]
    if not marks:
        return Silenced(found, [], [])
    known = {rule.id for rule in all_rules()}
    counting: list[Mark] = []
    differences: list[Difference] = []
    for mark in marks:
        wrong = fault(mark.entry, today, known)
        if wrong is None:
            counting.append(mark)
        elif mark.anchor.side is Side.ACTUAL:
            differences.append(_told(wrong, mark))
    used: dict[tuple[str, str], int] = {}
    kept = [finding for finding in found if not _silenced(finding, counting, used)]
    skipped = [
        Skipped(_counted(count, what), f"ignored: {why}") for (what, why), count in used.items() if count
    ]
    differences += (
        _told(unmatched(mark.entry), mark)
        for mark in counting
        if mark.anchor.side is Side.ACTUAL
        and (mark.entry.what, mark.entry.reason) not in used
        and any(fnmatchcase(id, mark.entry.rule) for id in RULES.ids())
    )
    return Silenced(kept, skipped, differences)


def _told(difference: Difference, mark: Mark) -> Difference:
    at = replace(mark.anchor, pointer=f"{mark.anchor.pointer}/{NAME}")
    return replace(difference, anchors=(at,))


def _silenced(finding: Finding, marks: list[Mark], used: dict[tuple[str, str], int]) -> bool:
    by = [mark for mark in marks if mark.around(finding)][:1] or _of_operations(finding, marks)
    for mark in by[:1]:
        key = (mark.entry.what, mark.entry.reason)
        used[key] = used.get(key, 0) + 1
    for mark in by[1:]:
        used.setdefault((mark.entry.what, mark.entry.reason), 0)
    return bool(by)


def _of_operations(finding: Finding, marks: list[Mark]) -> list[Mark]:
    """The ignores at all operations that the finding reaches; nothing if one of them is not ignored."""
    operations = finding.difference.operations
    fitting = [mark for mark in marks if mark.path is not None and fnmatchcase(finding.rule, mark.entry.rule)]
    by = [next((mark for mark in fitting if mark.covers(name)), None) for name in operations]
    return [mark for mark in by if mark is not None] if by and None not in by else []


def _counted(count: int, what: str) -> str:
    return f"1 finding of {what}" if count == 1 else f"{count} findings of {what}"


def _below(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _marks(document: Document, findings: list[Finding]) -> Iterator[Mark]:
    sources = {document.root.uri: document.root}
    for at in (at for finding in findings for at in finding.difference.anchors):
        if at.side is document.side and at.source not in sources:
            try:
                sources[at.source] = document.fetch(at.source, at.source)
            except UnresolvedError:
                continue
    for resource in dict.fromkeys(sources.values()):
        if _mentioned(resource):
            yield from _in_resource(document, resource)


def _mentioned(resource: Resource) -> bool:
    if resource.text is not None:
        return NAME.encode() in resource.text
    try:
        return NAME.encode() in orjson.dumps(resource.data)
    except TypeError:  # integers beyond 64 bits and the like
        return True


def _in_resource(document: Document, resource: Resource) -> Iterator[Mark]:
    pending: list[tuple[Any, str, bool]] = [(resource.data, "", False)]  # whether members are names
    while pending:
        value, pointer, names = pending.pop()
        if isinstance(value, list):
            pending += ((item, f"{pointer}/{index}", False) for index, item in enumerate(value))
        elif isinstance(value, dict):
            for name, member in value.items():
                below = f"{pointer}/{escape(str(name))}"
                if name == NAME and not names:
                    yield from _at(document, resource, pointer, member)
                elif names or name not in _VALUES:
                    pending.append((member, below, not names and name in _NAMES))


def _at(document: Document, resource: Resource, pointer: str, written: Any) -> Iterator[Mark]:
    tokens = [unescape(token) for token in pointer.split("/")[1:]]
    path, method = None, None
    if len(tokens) in (2, 3) and tokens[0] == "paths":
        path = tokens[1]
        method = tokens[2] if len(tokens) == 3 else None
    if method is not None and method not in _METHODS:
        path = None
    for entry in written if isinstance(written, list) else [written]:
        anchor = Anchor(document.side, resource.uri, pointer)
        yield Mark(anchor, resource is document.root, _entry(entry, pointer), path, method)


def _entry(written: Any, pointer: str) -> Written:
    fields: Mapping[str, Any] = written if isinstance(written, dict) else {}
    rule, reason = (fields.get(name) for name in ("rule", "reason"))
    rule = rule if isinstance(rule, str) else ""
    place = pointer or "/"
    until, no_day = _day(fields.get("until"))
    return Written(
        rule=rule,
        what=f"{rule} at {place}" if rule.strip("*?") else place,
        where="",
        reason=reason if isinstance(reason, str) else "",
        until=until,
        no_day=no_day,
    )


def _day(written: Any) -> tuple[date | None, str]:
    """The day, and what stands there if it is none."""
    if written is None:
        return None, ""
    try:
        return date.fromisoformat(str(written)[:10]), ""
    except ValueError:
        return None, str(written)[:_MOST_OF_A_DAY] or "nothing"
