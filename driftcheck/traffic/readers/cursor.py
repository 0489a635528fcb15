"""A cursor through JSON text of any length: containers are walked, what is wanted of them is decoded in C.

Only the value being decoded is held in memory, and `line` is the line it begins on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from driftcheck.traffic.readers.problem import RecordingError

_CHUNK = 1 << 20
_LONGEST = 1 << 28  # characters of one value; longer ones are no recording of a call
_SPACE = " \t\r\n"
# Some tools write control characters into strings as they are.
_DECODE = json.JSONDecoder(strict=False).raw_decode


class Cursor:
    """Walks once, from the beginning to the end: every member and element must be taken in its turn.

    RecordingError where the text is no JSON or ends too early.
    """

    __slots__ = ("_at", "_copying", "_counted", "_ended", "_file", "_kept", "_lines", "_text")

    def __init__(self, file: TextIO, copying: bool = False) -> None:
        self._copying = copying
        self._kept = 0
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False
        self._lines = 1
        self._counted = 0

    @property
    def line(self) -> int:
        """The line of the next value, from 1."""
        self.peek()
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            text, at, length = self._text, self._at, len(self._text)
            while at < length and text[at] in _SPACE:
                at += 1
            self._at = at
            if at < length:
                return text[at]
            if not self._fill(_CHUNK):
                return ""

    def members(self) -> Iterator[str]:
        """The names of an object, each with the cursor on its value."""
        self._take("{")
        while self.peek() != "}":
            name = self.value()
            if not isinstance(name, str):
                raise self._broken("a name was expected")
            self._take(":")
            self.peek()
            yield name
            if self.peek() == ",":
                self._at += 1
            elif self.peek() != "}":
                raise self._broken("a comma or } was expected")
        self._at += 1

    def elements(self) -> Iterator[int]:
        """The indexes of an array, each with the cursor on its element."""
        self._take("[")
        index = 0
        while self.peek() != "]":
            yield index
            index += 1
            if self.peek() == ",":
                self._at += 1
            elif self.peek() != "]":
                raise self._broken("a comma or ] was expected")
        self._at += 1

    def value(self) -> Any:
        """The next value, decoded."""
        return self.text()[0]

    def text(self) -> tuple[Any, str]:
        """The next value with the text that it was written in."""
        self.peek()
        while True:
            try:
                value, end = _DECODE(self._text, self._at)
            except RecursionError:
                raise RecordingError("nested too deeply", self.line) from None
            except ValueError as error:  # perhaps only because the rest of it is not here yet
                if len(self._text) - self._at > _LONGEST:
                    raise RecordingError("one value is longer than 256 MiB", self.line) from None
                if not self._fill(max(_CHUNK, len(self._text) - self._at)):
                    raise self._explained(error) from None
                continue
            if len(self._text) - end < 3 and not self._text[end:].strip(".eE+-") and self._fill(_CHUNK):
                continue  # a number may go on
            written = self._text[self._at : end]
            self._at = end
            return value, written

    def passed(self) -> str:
        """The text since the last call, as it was written; only of a cursor that is copying."""
        text = self._text[self._kept : self._at]
        self._kept = self._at
        return text

    def end(self) -> None:
        """Asserts that nothing follows."""
        if self.peek():
            raise self._broken("more follows after the end of the value")

    def _take(self, character: str) -> None:
        if self.peek() != character:
            raise self._broken(f"{character} was expected")
        self._at += 1

    def _fill(self, size: int) -> bool:
        """Reads on; False at the end of the file. What was taken already is forgotten."""
        if self._ended:
            return False
        more = self._file.read(size)
        if not more:
            self._ended = True
            return False
        self._lines += self._text.count("\n", self._counted, self._at)
        start = self._kept if self._copying else self._at
        self._text = self._text[start:] + more
        self._at -= start
        self._counted = self._at
        self._kept = 0
        return True

    def _broken(self, why: str) -> RecordingError:
        if not self.peek():
            return RecordingError("the JSON ends in the middle: the file was cut off", self.line)
        return RecordingError(f"no valid JSON: {why}", self.line)

    def _explained(self, error: ValueError) -> RecordingError:
        if not isinstance(error, json.JSONDecodeError):
            return RecordingError("no valid JSON: a number with too many digits", self.line)
        line = self.line + self._text.count("\n", self._at, error.pos)
        cut = error.pos >= len(self._text.rstrip()) or error.msg.startswith("Unterminated")
        if cut:
            return RecordingError("the JSON ends in the middle: the file was cut off", line)
        return RecordingError(f"no valid JSON: {error.msg}", line)
