"""Where systems that annotate files put a finding: a path from the root of the repository, and a line.

A finding may have places in files, in git revisions, on other hosts, or none; each still gets one here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from driftcheck.difference import Location, Side
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout

_IN_GIT = re.compile(r"[^:/\\]{2,}[^:]*:(?P<path>[^:]+)")
_LIKE_A_PATH = re.compile(r"[^\0]*(?:/|\.[A-Za-z]\w{0,9}$)[^\0]*")


@dataclass(frozen=True, slots=True)
class Place:
    """`path` from the root of the repository, with slashes; `line` and `column` count from 1."""

    path: str
    line: int = 1
    column: int | None = None


class Placer:
    """Finds the places of one report's findings; remembers what it learned of files."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self._report = report
        self._layout = layout
        self._carried: dict[tuple[str, str], list[int] | None] = {}

    def places(self, finding: Finding) -> list[Place]:
        """At least one place, the best first: the new side before the old one."""
        ordered = sorted(finding.locations, key=lambda at: at.side is Side.EXPECTED)
        found = [place for at in ordered if (place := self._place(at)) is not None]
        return list(dict.fromkeys(found)) or [Place(self._rooted(self._layout.home) or "pyproject.toml")]

    def _place(self, location: Location) -> Place | None:
        name, line, column = location.file, location.line, location.column
        if "://" in name or not _LIKE_A_PATH.fullmatch(name):
            return None
        in_git = _IN_GIT.fullmatch(name)
        if in_git is not None:
            now = self._today(in_git["path"])
            path = self._rooted(now)
            if path is None:
                return None
            moved = self._line_today(name, now, line)
            return Place(path, moved or line or 1, column if moved is None else None)
        path = self._rooted(name)
        return None if path is None else Place(path, line or 1, column)

    def _today(self, path: str) -> str:
        """The file of the working tree that became of a file in a git revision."""
        if self._layout.sources(path) is None and self._layout.sources(self._report.actual) is not None:
            return path if _IN_GIT.fullmatch(self._report.actual) else self._report.actual
        return path

    def _line_today(self, name: str, now: str, line: int | None) -> int | None:
        """Where the line is in today's file, or where it was taken out of it."""
        key = (name, now)
        if key not in self._carried:
            before, after = self._layout.sources(name), self._layout.sources(now)
            self._carried[key] = None if before is None or after is None else _carried(before, after)
        lines = self._carried[key]
        return None if lines is None or line is None else lines[min(line, len(lines)) - 1]

    def _rooted(self, path: str) -> str | None:
        """The path from the repository's root; None where it is not in it."""
        if path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", path):
            return None
        joined = posixpath.normpath(posixpath.join(self._layout.below_root, path))
        return None if joined.startswith("..") or joined == "." else joined


def _carried(before: Iterable[str], after: Iterable[str]) -> list[int]:
    """For each old line the line of the new file: itself, or the nearest one above that is still there.

    Lines that occur once in each file are what both are held together by.
    """
    once_before, once_after = _once(before), _once(after)
    carried, last = [], 1
    for text in before:
        if text in once_before and text in once_after:
            last = once_after[text]
        carried.append(last)
    return carried or [1]


def _once(lines: Iterable[str]) -> dict[str, int]:
    """The lines that occur exactly once, with their numbers."""
    seen: dict[str, int] = {}
    for number, text in enumerate(lines, 1):
        seen[text] = 0 if text in seen else number
    return {text: number for text, number in seen.items() if number and text.strip()}
