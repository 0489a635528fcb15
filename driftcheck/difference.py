"""What differs between the side that relies on a contract and the side that provides it.

A Difference states facts only; whether it is bad is decided later, by a rule and the judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


class Effect(StrEnum):
    """What a difference does to the set of allowed values, going from expected to actual."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    UNCLEAR = "unclear"


class Flow(StrEnum):
    """Which way the values go, seen from the relying side."""

    SENT = "sent"
    RECEIVED = "received"


class Change(StrEnum):
    """MISSING: expected and not there. EXTRA: there and not expected."""

    MISSING = "missing"
    EXTRA = "extra"
    RENAMED = "renamed"
    CHANGED = "changed"


class Side(StrEnum):
    """EXPECTED relies on the contract (old spec, models); ACTUAL provides it (new spec, live database)."""

    EXPECTED = "expected"
    ACTUAL = "actual"


class Severity(StrEnum):
    """SARIF calls these error, warning and note."""

    BREAKING = "breaking"
    RISKY = "risky"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting puts it first."""
        return _RANK[self]


_RANK = {Severity.BREAKING: 0, Severity.RISKY: 1, Severity.INFO: 2}


def severity_of(effect: Effect | None, flow: Flow | None) -> Severity:
    """The theory in one table: narrowing what is sent breaks, and so does widening what is received."""
    if effect is Effect.UNCLEAR:
        return Severity.RISKY
    harmful = {(Effect.NARROWED, Flow.SENT), (Effect.WIDENED, Flow.RECEIVED)}
    return Severity.BREAKING if (effect, flow) in harmful else Severity.INFO


@dataclass(frozen=True, slots=True)
class Rename:
    """The same thing under another name; `confidence` runs from 0 to 1."""

    old: str
    new: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A JSON value, checked by a validator, that one side accepts and the other refuses."""

    value: JSON
    accepted_by: Side
    refused_by: Side
    reason: str


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file, relative to the working directory; `line` and `column` count from 1."""

    side: Side
    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a Location can be found once somebody needs it: `pointer` is a JSON pointer into `source`."""

    side: Side
    source: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference, at one place, with one cause.

    `subject` is the place in rule ids ("response-property"); `kind`, `object`, `attribute`, `expected`
    and `actual` are those of the JSON report. `cause` is a stable name of the place to mend: equal
    causes are one finding, and fingerprints are made from it. `note` says what the values alone do not
    (why it is unclear, why there is no counterexample). `at_most` caps the severity where the contract
    itself promises less (an operation of stability "alpha"). `facts` are further inputs for a rule.
    """

    subject: str
    kind: str
    object: str
    change: Change
    cause: str
    attribute: str | None = None
    name: str | None = None
    expected: JSON = None
    actual: JSON = None
    flow: Flow | None = None
    effect: Effect | None = None
    operation: str | None = None
    pointer: str | None = None
    operations: tuple[str, ...] = ()
    attribution: str | None = None
    rename: Rename | None = None
    counterexample: Counterexample | None = None
    note: str = ""
    at_most: Severity | None = None
    facts: Mapping[str, JSON] | None = None
    anchors: tuple[Anchor, ...] = ()
    locations: tuple[Location, ...] = ()
