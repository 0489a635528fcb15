"""What a reader raises where a file or the part at hand cannot be read; `reading` makes it Unreadable."""

from __future__ import annotations


class RecordingError(Exception):
    """`why` is a sentence without values of the recording; `line` counts from 1 (None where unknown)."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
