"""What a run heard, in a form that goes from xdist's workers to the controller; redacted as it comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.traffic.exchange import Exchange, Source
from driftcheck.traffic.readers.ndjson import exchange_from, line_of
from driftcheck.traffic.redact import Redactor, fresh_key

if TYPE_CHECKING:
    from driftcheck.testing.contract import Holder
    from driftcheck.traffic.record import Recorder

_SHOWN = 5


@dataclass(slots=True)
class Gathered:
    """`path` is where the controller writes; `key` redacts alike in all workers."""

    path: Path | None
    given: str | None = None
    key: bytes = field(init=False)
    heard: int = 0
    operations: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    lines: list[tuple[str, int, str]] = field(default_factory=list)  # test, number within it, the call
    _redactor: Redactor = field(init=False)
    _recorder: Recorder | None = None

    def __post_init__(self) -> None:
        self.key = bytes.fromhex(self.given) if self.given else fresh_key()
        self._redactor = Redactor(self.key)
        if self.path is not None:
            from driftcheck.traffic.record import Recorder

            self._recorder = Recorder(self.path, redact=False)

    def add(self, exchange: Exchange, number: int, *, keep: bool) -> None:
        """One call, the `number`th of its test."""
        self.heard += 1
        if keep:
            self.lines.append((exchange.test, number, line_of(self._redactor.exchange(exchange))))

    def coverage(self, holder: Holder) -> None:
        """Which operations there are, and which were called."""
        for promise in holder.contract.promises:
            self.operations.add(promise.label)
            if promise.calls:
                self.called.add(promise.label)

    def portable(self) -> dict[str, Any]:
        """For `merge` in another process."""
        return {
            "heard": self.heard,
            "operations": sorted(self.operations),
            "called": sorted(self.called),
            "lines": [list(line) for line in self.lines],
        }

    def merge(self, other: Mapping[str, Any] | None) -> None:
        """Add what a worker heard; None for one that crashed."""
        if other is None:
            return
        self.heard += other["heard"]
        self.operations |= set(other["operations"])
        self.called |= set(other["called"])
        self.lines += [(test, number, line) for test, number, line in other["lines"]]

    def write(self) -> None:
        """The recording, in the order of tests' names whatever the order of running."""
        import json

        if self._recorder is None:
            return
        with self._recorder as recorder:
            for _, _, line in sorted(self.lines):
                recorder.add(exchange_from(json.loads(line), Source("", "ndjson")))

    def summary(self, spec: str, record: str) -> Iterator[str]:
        """Lines for the end of the run."""
        calls = "1 call" if self.heard == 1 else f"{self.heard} calls"
        if spec:
            yield f"{calls} held to {spec}"
            never = sorted(self.operations - self.called)
            if never:
                more = f" and {len(never) - _SHOWN} more" if len(never) > _SHOWN else ""
                shown = ", ".join(never[:_SHOWN])
                yield f"{len(never)} of {len(self.operations)} operations were never called: {shown}{more}"
        if record:
            yield f"{calls} recorded in {record}, redacted"
