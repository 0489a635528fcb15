"""What was found: plain values, in the order in which they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["models", "migrations", "API", "application", "recordings", "database URL"]

# Folders whose contents show or test something, and are not the thing itself.
_ASIDE = frozenset("test tests testing fixtures fixture examples example samples demo benchmarks".split())


@dataclass(frozen=True, slots=True)
class Found:
    """One thing. `value` is what the configuration calls it, in the folder `project` ("" for the root)."""

    kind: Kind
    value: str
    project: str
    file: str
    line: int | None = None
    note: str = ""

    @property
    def aside(self) -> bool:
        """Whether it lies among tests, examples or documentation: told, and not configured."""
        if self.kind == "recordings":
            return False  # they often lie among tests, and are what they are
        return not _ASIDE.isdisjoint(self.file.lower().split("/")[:-1])

    @property
    def place(self) -> str:
        """Where, for people."""
        return self.file if self.line is None else f"{self.file}:{self.line}"
