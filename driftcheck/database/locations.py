"""Where in the code a difference can be mended; filled in by later work, one lookup an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from driftcheck.difference import Difference, Location


class Places:
    """Finds the lines of models and revisions."""

    def __init__(self, metadatas: Sequence[Any], history: Any) -> None:
        self.metadatas, self.history = metadatas, history

    def of(self, difference: Difference) -> tuple[Location, ...]:
        """The places of one difference."""
        return difference.locations
