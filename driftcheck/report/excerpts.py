"""The lines of files that a finding points at, with what to underline in them; raw text, to be escaped.

Lines come from the layout's look-up while rendering, so a file that is gone just has none. Recordings are
never quoted: they may hold secrets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from driftcheck.difference import Location, Side
from driftcheck.finding import Finding
from driftcheck.report import Sources
from driftcheck.report.escape import printable

_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[\w$./-]+|\S")
_WIDTH = 160


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of a file. `start` and `length` say what to underline in `text`; 0 long: nothing."""

    location: Location
    line: int
    text: str
    start: int = 0
    length: int = 0

    @property
    def sign(self) -> str:
        """As in a diff: what was relied on goes, what is provided comes."""
        return "-" if self.location.side is Side.EXPECTED else "+"


def excerpts(finding: Finding, sources: Sources, width: int = _WIDTH) -> list[Excerpt]:
    """One line for each location that has one, the expected side first, indented as little as possible."""
    quotable = (at for at in finding.locations if not _is_recording(finding, at))
    found = [each for at in quotable if (each := _excerpt(at, sources, width)) is not None]
    return sorted(found, key=lambda each: each.location.side is Side.ACTUAL)


def diff_lines(finding: Finding, sources: Sources) -> list[str]:
    """The excerpts as a block that Markdown colors as a diff; nothing if there are none."""
    return [f"{each.sign} {each.line}: {each.text}" for each in excerpts(finding, sources)]


def _is_recording(finding: Finding, at: Location) -> bool:
    recorded = finding.category == "recordings" or finding.difference.kind == "exchange"
    return recorded and at.side is Side.EXPECTED


def _excerpt(at: Location, sources: Sources, width: int) -> Excerpt | None:
    if at.line is None:
        return None
    lines = sources(at.file)
    if lines is None or not 1 <= at.line <= len(lines) or not lines[at.line - 1].strip():
        return None
    raw = lines[at.line - 1].rstrip()
    column = min(at.column - 1, len(raw)) if at.column is not None else None
    first = len(raw) - len(raw.lstrip())
    if column is not None and column > first + width // 2:
        first = column - width // 4  # a long line, as in JSON without line breaks: the part in question
    text = raw[first : first + width]
    if len(raw) > first + width:
        text = f"{text[:-3]}..."
    if column is None or column < first:
        return Excerpt(at, at.line, text)
    word = _WORD.match(text, column - first)
    length = min(len(word.group()), 60) if word else 0
    return Excerpt(at, at.line, text, column - first, length)


def carets(excerpt: Excerpt) -> str:
    """Spaces and carets for the line under the excerpt, where it is written out by `printable`."""
    end = excerpt.start + excerpt.length
    before = sum(map(_cells, excerpt.text[: excerpt.start]))
    return " " * before + "^" * sum(map(_cells, excerpt.text[excerpt.start : end]))


def _cells(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else len(printable(character))
