"""What the replay of a history has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from driftcheck.difference import Difference
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import MetaData


@dataclass(frozen=True, slots=True)
class Outcome:
    """`differences` are about revisions, `models` about models and head; `label` names the models."""

    differences: tuple[Difference, ...] = ()
    models: tuple[Difference, ...] = ()
    notes: tuple[Skipped, ...] = ()
    label: str = ""
    engine: str = ""
    metadatas: tuple[MetaData, ...] = ()
    ran: bool = False
