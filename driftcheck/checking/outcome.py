"""What comes of one part: its report, or why it could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from driftcheck.finding import Report


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that could not be done; the words are those of a DriftcheckError.

    `said` is what its process said before it crashed: for standard error, and too long for a report.
    """

    message: str
    hint: str = ""
    said: str = ""


Outcome: TypeAlias = Report | Problem
