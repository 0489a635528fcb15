"""Names a place in a text, for error sentences: everything a loader refuses is refused through `refuse`.

Pieces of the text itself may hold terminal escapes, so they are shown through `quoted` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from driftcheck.errors import DriftcheckError

_LONGEST = 60
_LONGEST_MESSAGE = 400


class TextError(DriftcheckError):
    """A text that cannot be read, and where: `label:line:column: message`."""


def line_and_column(text: bytes, offset: int) -> tuple[int, int]:
    """The line and column (in characters) of a byte offset, both from 1."""
    start = text.rfind(b"\n", 0, offset) + 1
    column = len(text[start:offset].decode("utf-8", "replace")) + 1
    return text.count(b"\n", 0, offset) + 1, column


def lines_and_columns(text: bytes, offsets: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The places of many byte offsets, counting each line once."""
    found: dict[str, tuple[int, int]] = {}
    line, seen = 1, 0
    for name, offset in sorted(offsets.items(), key=lambda item: item[1]):
        line += text.count(b"\n", seen, offset)
        seen = offset
        start = text.rfind(b"\n", 0, offset) + 1
        found[name] = (line, len(text[start:offset].decode("utf-8", "replace")) + 1)
    return found


def refuse(label: str, place: tuple[int, int] | None, message: str, hint: str = "") -> NoReturn:
    """Raise a TextError for a place (line, column), or for the whole text."""
    where = f"{label}:{place[0]}:{place[1]}" if place else label
    raise TextError(f"{where}: {message}", hint)


def quoted(text: str) -> str:
    """A piece of untrusted text in backticks: printable and short."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return f"`{printable(cut)}`"


def printable(text: str) -> str:
    """Untrusted text with control characters written as escapes, cut to a few lines' length."""
    cut = text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
