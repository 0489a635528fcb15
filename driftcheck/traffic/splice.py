"""Writes changed values into the JSON text they were read from; everything else stays as it was written.

`old` is the parsed text and `made` the changed value: where both are the very same object, nothing changed.
"""

from __future__ import annotations

import json
from typing import Any

_DECODE = json.JSONDecoder(strict=False).raw_decode
_SPACE = " \t\r\n"


def spliced_json(text: str, old: Any, made: Any) -> str:
    """The text with `made` in place of `old`: only changed scalars and names are written anew."""
    if made is old:
        return text
    splicing = _Splicing(text)
    splicing.value(splicing.skip(0), old, made)
    return "".join((*splicing.pieces, text[splicing.copied :]))


class _Splicing:
    __slots__ = ("copied", "pieces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.copied = 0

    def skip(self, at: int) -> int:
        while self.text[at] in _SPACE:
            at += 1
        return at

    def value(self, at: int, old: Any, made: Any) -> int:
        """Handles the value that begins there; returns where it ends."""
        if made is not old and isinstance(old, dict):
            return self._members(at, old, made)
        if made is not old and isinstance(old, list) and len(old) == len(made):  # bytes may be more or less
            return self._elements(at, old, made)
        end = int(_DECODE(self.text, at)[1])
        if made is not old:
            self._put(at, end, made)
        return end

    def _members(self, at: int, old: dict[str, Any], made: dict[str, Any]) -> int:
        pairs = dict(zip(old, made.items(), strict=True))
        at = self.skip(at + 1)
        while self.text[at] != "}":
            name, end = _DECODE(self.text, at)
            fresh, value = pairs[name]
            if fresh is not name and fresh != name:
                self._put(at, end, fresh)
            at = self.skip(self.skip(end) + 1)  # over the colon
            at = self.skip(self.value(at, old[name], value))
            if self.text[at] == ",":
                at = self.skip(at + 1)
        return at + 1

    def _elements(self, at: int, old: list[Any], made: list[Any]) -> int:
        at = self.skip(at + 1)
        for before, after in zip(old, made, strict=True):
            at = self.skip(self.value(at, before, after))
            if self.text[at] == ",":
                at = self.skip(at + 1)
        return at + 1

    def _put(self, start: int, end: int, value: Any) -> None:
        escaped = "\\u" in self.text[start:end]
        self.pieces += [self.text[self.copied : start], json.dumps(value, ensure_ascii=escaped)]
        self.copied = end
