"""`scan_recordings`: secrets and personal data that stand in recordings in clear, with file and line.

A scan is a redaction whose result is thrown away; no finding ever holds the value itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from driftcheck.config import Config
from driftcheck.config_file import config_from
from driftcheck.difference import Change, Difference, Location, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report, Skipped
from driftcheck.judge import judge
from driftcheck.traffic.anonymise import is_binary, through
from driftcheck.traffic.exchange import Unreadable
from driftcheck.traffic.readers.files import found_files, shown
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.zipped import is_zip, unpacked
from driftcheck.traffic.redact import Found, Redactor, fresh_key
from driftcheck.traffic.rules import RULES
from driftcheck.traffic.secrets import may_hold


@dataclass(slots=True)
class _Seen:
    """One kind of secret in one file."""

    file: str
    kind: str
    what: str
    line: int
    length: int
    count: int = 0
    values: set[int] = field(default_factory=set)  # hashes, to count different ones


def scan_recordings(paths: Sequence[str], *, config: Config | Mapping[str, Any] | None = None) -> Report:
    """Secrets in files, folders and globs; files in no known format are searched as JSON, YAML or text.

    DriftcheckError where there is nothing to search.
    """
    settings = config if isinstance(config, Config) else config_from(config or {})
    seen: dict[tuple[str, str, str], _Seen] = {}
    broken: list[Unreadable] = []
    files = 0
    for path in paths:
        for file, _ in found_files(path, beside=True):
            files += 1
            broken += _scan(file, seen)
    if not files:
        raise DriftcheckError("there are no recordings to search", "give files, or folders that hold some")
    differences = [*map(_difference, seen.values()), *(_unreadable(item) for item in broken if item.wrong)]
    findings, ignored = judge(differences, RULES, settings)
    placed = tuple(finding.located(finding.difference.locations) for finding in findings)
    skipped = (*(Skipped(item.file, item.why) for item in broken if not item.wrong), *ignored)
    return Report("traffic scan", ", ".join(paths), "nothing secret", placed, skipped, settings.fail_on)


def _scan(file: Path, seen: dict[tuple[str, str, str], _Seen]) -> Iterator[Unreadable]:
    """Searches a file; what could not be searched comes back."""
    name = shown(file)
    try:
        if is_zip(file):
            with unpacked(file) as folder:
                for member in sorted(path for path in folder.rglob("*") if path.is_file()):
                    if not is_binary(member):
                        _search(member, name, seen)
        elif file.suffix == ".gob" or is_binary(file):
            yield Unreadable(name, None, "a binary file, not searched", wrong=False)
        else:
            _search(file, name, seen)
    except RecordingError as problem:
        yield Unreadable(name, problem.line, problem.why)
    except (OSError, EOFError, UnicodeError) as error:
        yield Unreadable(name, None, getattr(error, "strerror", None) or "the file cannot be read")


def _search(file: Path, name: str, seen: dict[tuple[str, str, str], _Seen]) -> None:
    found: list[Found] = []
    redactor = Redactor(fresh_key(), found.append)

    def change(value: Any, text: str, line: int) -> Any:
        if may_hold(text):
            redactor.json(value)
            for one in found:
                if one.sure:
                    _note(seen, name, one, text, line)
            found.clear()
        return value

    through(file, change, lambda _: None)


def _note(seen: dict[tuple[str, str, str], _Seen], file: str, one: Found, text: str, line: int) -> None:
    key = (file, one.kind, one.what.lower())
    known = seen.get(key)
    if known is None:
        known = _Seen(file, one.kind, one.what, line + _lines_before(text, one.value), len(one.value))
        seen[key] = known
    known.count += 1
    known.values.add(hash(one.value))


def _lines_before(text: str, value: str) -> int:
    """How many lines of a part stand above a value, however it is escaped there; 0 where it is not found."""
    escaped = value
    for _ in range(3):  # as it is, in JSON, in JSON in JSON
        at = text.find(escaped)
        if at >= 0:
            return text.count("\n", 0, at)
        escaped = json.dumps(escaped)[1:-1]
    return 0


def _difference(one: _Seen) -> Difference:
    return Difference(
        subject="recording",
        kind="exchange",
        object=one.file,
        change=Change.EXTRA,
        attribute=one.kind,
        cause=f"{one.file} {one.what.lower()}",
        name=one.what,
        facts={"count": one.count, "different": len(one.values), "length": one.length},
        locations=(Location(Side.EXPECTED, one.file, one.line),),
    )


def _unreadable(item: Unreadable) -> Difference:
    return Difference(
        subject="recording",
        kind="exchange",
        object=item.file,
        change=Change.CHANGED,
        attribute="readable",
        cause=f"{item.file} {item.line or ''} {item.why}",
        facts={"why": item.why},
        locations=(Location(Side.EXPECTED, item.file, item.line),),
    )
