"""Migrations that build on tables made elsewhere, as a side: upon these, if anybody knows what they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from driftcheck.database import cache, connect
from driftcheck.database.migrations.environment import Environment
from driftcheck.database.migrations.history import History
from driftcheck.database.migrations.migrated import Migrated
from driftcheck.database.migrations.presumed.elsewhere import declared_elsewhere
from driftcheck.database.migrations.presumed.search import Presumed, Unknown, presumed
from driftcheck.database.migrations.presumed.shapes import Presumption
from driftcheck.database.migrations.presumed.words import known_names, missing_table
from driftcheck.database.migrations.replay import Presumes
from driftcheck.database.model import Database
from driftcheck.database.scratch import Scratch
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table


@dataclass(frozen=True, slots=True)
class Upon:
    """Whom to ask what was there before the first revision: models, and live if there is one."""

    history: History
    environment: Environment
    metadatas: Sequence[MetaData]
    live: Database | None
    live_url: Any

    def replayed(self, error: Presumes, scratch: Scratch, run: Callable[[Presumed], Migrated]) -> Migrated:
        """What `run` gives with the tables whose want was `error`; without a head where nobody knows what
        they were. ReplayFailed where nobody knows such a table at all."""
        names = (str(key) for metadata in self.metadatas for key in metadata.tables)
        table = missing_table(error.message)
        if table is not None and table not in known_names((self.live,), names) and not error.base:
            raise error.failed from None
        with scratch.database() as url:
            declared = list(declared_elsewhere(self.history, table, self.metadatas, url)) if table else []
        presumption = Presumption(self._today(), columns_of(self.live))
        tables: Presumed | None
        try:
            found, tables = presumed(
                error.__cause__, run, declared, presumption, lambda each: self._lacks(presumption, each)
            )
            note = tables.note()
        except Unknown as unknown:
            further = f"; with the tables of today {unknown}" if str(unknown) else ""
            note = Skipped("the migrations as a side", f"{error.message}{further}")
            found, tables = Migrated(self.environment, None, notes=self.environment.notes), None
        notes, at = (*found.notes, note), error.at
        return replace(found, incomplete=error.message, incomplete_at=at, notes=notes, presumed=tables)

    def _today(self) -> dict[str, Table]:
        """The tables of the models, else those of live."""
        from sqlalchemy import MetaData as Metadata

        metadatas = self.metadatas
        if not metadatas and self.live_url is not None:
            reflected = Metadata()
            with connect.opened(self.live_url) as connection:
                reflected.reflect(connection)
            metadatas = [reflected]
        return {str(name): table for metadata in metadatas for name, table in metadata.tables.items()}

    def _lacks(self, presumption: Presumption, found: Migrated) -> list[str]:
        """Tables that no revision makes or touches: those that live has, and if there is none, all where the
        first revision does nothing."""
        untouched = presumption.columns or (presumption.known if self.history.begins_empty() else ())
        made = {str(table.name) for table in found.head.tables} if found.head is not None else set()
        return [name for name in presumption.known if name in untouched and name not in made]


def columns_of(live: Database | None) -> dict[str, frozenset[str]] | None:
    """The columns of each table of a live database that is stamped."""
    if live is None or not live.versions:
        return None
    return {str(table.name): frozenset(column.name for column in table.columns) for table in live.tables}


def digest(live: Database | None) -> str:
    """What of live decides which tables were there before the first revision."""
    columns = columns_of(live)
    return cache.key_of([sorted((name, sorted(each)) for name, each in columns.items()) if columns else ""])
