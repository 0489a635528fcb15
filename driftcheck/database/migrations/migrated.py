"""What a replay of the migrations gives."""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.database.migrations.environment import Environment
from driftcheck.database.migrations.presumed.search import Presumed
from driftcheck.database.model import Database
from driftcheck.finding import Skipped


@dataclass(frozen=True, slots=True)
class Migrated:
    """Migrations as a side. `incomplete` says what they lack, tables that no revision makes, and
    `incomplete_at` the file and line that needs them: these are `presumed`, or else `head` is None. `stamped`
    is the schema of the revision that live is stamped with, None where that is the head."""

    environment: Environment
    head: Database | None
    stamped: Database | None = None
    incomplete: str = ""
    notes: tuple[Skipped, ...] = ()
    presumed: Presumed | None = None
    incomplete_at: tuple[str, int | None] = ("", None)

    @property
    def version_table(self) -> str:
        """The table of stamps."""
        return self.environment.version_table
