"""What a fuzzing run has to tell, in values of our own: the rest never sees Schemathesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from driftcheck.difference import JSON

_BAR = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went out; `target` is path and query, encoded. Without what every client adds.

    A header without a value is one that the user gave, which is not shown. `before` are the calls that
    lead to this one.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str | None], ...] = ()
    body: bytes | None = None
    before: tuple[Sent, ...] = ()

    @property
    def size(self) -> tuple[int, int, int, str, str, bytes]:
        """Sorts the simplest request first, and always the same one."""
        length = sum(len(each.body or b"") + len(each.target) for each in (*self.before, self))
        return (len(self.before), length, len(self.headers), self.method, self.target, self.body or b"")


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception that the application did not handle; `file` is relative to the working directory."""

    error: str
    message: str
    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer that does not keep to the description.

    `name` is a rule's id; `operation` a label as "POST /items". `pointer` is the place below the operation,
    `attribute` what of it. `value` is the part of the answer that proves it, where it is JSON.
    """

    name: str
    operation: str
    pointer: str
    sent: Sent
    status: int | None = None
    attribute: str = ""
    expected: JSON = None
    actual: JSON = None
    value: JSON = None
    reason: str = ""
    crash: Crash | None = None
    facts: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def cause(self) -> tuple[str, ...]:
        """Problems with the same cause are one finding. A crash is told by the line that raised it."""
        crash = self.crash
        where = (crash.error, crash.file, str(crash.line)) if crash else (self.operation, self.pointer)
        return (self.name, *where, self.attribute)


@dataclass(frozen=True, slots=True)
class NotTested:
    """Something that could not be tried, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: what was done last, requests sent so far, and the share of all (0 to 1)."""

    phase: str
    operation: str
    requests: int
    share: float = 0.0

    def __str__(self) -> str:
        """A line with a bar, for a terminal."""
        full = int(self.share * _BAR)
        bar = "#" * full + "-" * (_BAR - full)
        what = f"{self.phase}: {self.operation}" if self.operation else self.phase
        return f"[{bar}] {self.share:.0%} {what}, {self.requests} requests"
