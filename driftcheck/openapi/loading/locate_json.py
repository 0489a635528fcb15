"""Places of members in JSON text: walks only the objects on the way and skips the rest with the C scanner.

The text is read as Latin-1 (one character a byte), so that offsets are those of the bytes.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from json import decoder
from typing import TYPE_CHECKING, Any

import orjson

from driftcheck.openapi.loading.position import lines_and_columns
from driftcheck.openapi.node import escape

if TYPE_CHECKING:
    from driftcheck.openapi.loading.locate import Place, Wanted

_SCAN: Any = vars(decoder)["scanstring"]  # the standard library's own, in C
_SPACE = re.compile(r"[ \t\n\r]*+")
_OPENED_ANYWAY = 2  # levels; skipping all of `paths` in one go would build it in memory


def places_in_json(text: bytes, wanted: Wanted) -> dict[str, Place]:
    """The place of the name of each member, and of the value of each element, on the way to `wanted`."""
    search = _Search(text.decode("latin-1"), memoryview(text))
    search.value(search.space(0), wanted, "", 0)
    return lines_and_columns(text, search.found)


class _Search:
    """One walk over a text that is known to be valid."""

    def __init__(self, text: str, raw: memoryview) -> None:
        self.found: dict[str, int] = {}
        self._text = text
        self._raw = raw
        self._skip: Any = vars(json.JSONDecoder(strict=False))["scan_once"]

    def space(self, at: int) -> int:
        """The next offset that is no white space."""
        match = _SPACE.match(self._text, at)
        assert match is not None
        return match.end()

    def value(self, at: int, wanted: Wanted, pointer: str, depth: int) -> int:
        """Read the value at an offset and give the offset behind it."""
        opening = self._text[at]
        if opening not in "{[" or not (wanted or (opening == "{" and depth < _OPENED_ANYWAY)):
            return self._behind(at, opening)
        at = self.space(at + 1)
        if self._text[at] in "}]":
            return at + 1
        members = self._members if opening == "{" else self._elements
        return members(at, wanted, pointer, depth + 1)

    def _behind(self, at: int, opening: str) -> int:
        """The offset behind a value that nothing is wanted of.

        In indented text its end is the next line that closes at the indentation of the line that opens;
        orjson, twice as fast as the standard scanner, says whether that is true of this text.
        """
        if opening in "{[" and self._text.startswith("\n", at + 1):
            line = self._text.rfind("\n", 0, at) + 1
            indent = self._text[line : self.space(line)]
            closing = f"\n{indent}{'}' if opening == '{' else ']'}"
            end = self._text.find(closing, at) + len(closing)
            if end > at:
                with suppress(orjson.JSONDecodeError):
                    orjson.loads(self._raw[at:end])
                    return end
        behind: int = self._skip(self._text, at)[1]
        return behind

    def _members(self, at: int, wanted: Wanted, pointer: str, depth: int) -> int:
        while True:
            start = at
            name, at = _SCAN(self._text, at + 1, False)
            name = name if name.isascii() else _utf8(name)
            at = self.space(self.space(at) + 1)
            further = wanted.get(name)
            below = pointer
            if further is not None:
                below = f"{pointer}/{escape(name)}"
                self.found[below] = start
            at = self.space(self.value(at, further or {}, below, depth))
            if self._text[at] == "}":
                return at + 1
            at = self.space(at + 1)

    def _elements(self, at: int, wanted: Wanted, pointer: str, depth: int) -> int:
        index = 0
        while True:
            further = wanted.get(str(index))
            below = f"{pointer}/{index}"
            if further is not None:
                self.found[below] = at
            at = self.space(self.value(at, further or {}, below, depth))
            if self._text[at] == "]":
                return at + 1
            at = self.space(at + 1)
            index += 1


def _utf8(name: str) -> str:
    """A name read as Latin-1, as it is; names that mix raw and escaped characters are not found."""
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name
