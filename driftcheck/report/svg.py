"""What both pictures are drawn with. Text is measured as if every character were of one width."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

CHARACTER = 7.3
"""Pixels of a character at the 12 px that html.css gives text in pictures."""


def fitted(of: str, pixels: float) -> str:
    """The text, or as much of its beginning as fits."""
    room, kept = int(pixels / CHARACTER), 0
    for number, character in enumerate(of):
        kept += _cells(character)
        if kept > room:
            return f"{of[: max(number - 1, 1)]}…"
    return of


def length(of: str) -> float:
    """How many pixels the text is wide."""
    return sum(map(_cells, of)) * CHARACTER


def mark(id: str) -> str:
    """The definition of an arrow's tip, to be used as a marker."""
    return (
        f'<defs><marker id="{id}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
    )


def _cells(character: str) -> int:
    if combining(character):
        return 0
    if not character.isprintable():
        return 6  # it will be written as a code
    return 2 if east_asian_width(character) in "WF" else 1
