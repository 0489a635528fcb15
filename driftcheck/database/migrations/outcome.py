"""What the replay of a history has shown."""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.difference import Difference
from driftcheck.finding import Skipped


@dataclass(frozen=True, slots=True)
class Outcome:
    """`differences` are about revisions, `models` about models and head; `label` names the models.
    `unchanged` are the revisions that ran and left the schema as it was."""

    differences: tuple[Difference, ...] = ()
    models: tuple[Difference, ...] = ()
    notes: tuple[Skipped, ...] = ()
    label: str = ""
    engine: str = ""
    ran: bool = False
    unchanged: frozenset[str] = frozenset()
