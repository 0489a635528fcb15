"""Builds the sides that are not live: models, migrations at head and as stamped, snapshots, DDL files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.environment import Environment, learn
from driftcheck.database.migrations.history import History
from driftcheck.database.migrations.replay import (
    NeedsExtension,
    Presumes,
    Replay,
    read_replayed,
    scratch_connection,
)
from driftcheck.database.model import Database
from driftcheck.database.scratch import Scratch, Wanted, open_scratch
from driftcheck.database.sources.build import Built, build_models
from driftcheck.database.sources.models import Models
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Migrated:
    """Migrations as a side. `head` is None where they cannot be replayed, `incomplete` says why; `stamped`
    is the schema of the revision that live is stamped with, None where that is the head."""

    environment: Environment
    head: Database | None
    stamped: Database | None = None
    incomplete: str = ""
    notes: tuple[Skipped, ...] = ()

    @property
    def version_table(self) -> str:
        """The table of stamps."""
        return self.environment.version_table


@dataclass(frozen=True, slots=True)
class Sides:
    """All that was loaded, and what to say about it."""

    live: Database | None
    models: Built | None
    migrated: Migrated | None
    against: Database | None
    notes: tuple[Skipped, ...] = ()


@dataclass(slots=True)
class Builder:
    """Builds sides in one scratch engine, started when first needed and stopped with `stack`."""

    choice: str | None
    told: Callable[[str], None]
    cache: bool
    stack: ExitStack
    live_url: object = None
    notes: list[Skipped] = field(default_factory=list)
    _scratch: Scratch | None = None

    def scratch(self, wanted: Wanted) -> Scratch:
        """The engine; a note where it is not of the live one's major version."""
        if self._scratch is None:
            self.told("starting a scratch database")
            live = connect.parse(self.live_url) if isinstance(self.live_url, str) else None
            self._scratch = self.stack.enter_context(open_scratch(wanted, self.choice, live))
            self._compare_versions(wanted, self._scratch)
        return self._scratch

    def _compare_versions(self, wanted: Wanted, scratch: Scratch) -> None:
        ours, theirs = scratch.version[:1], wanted.version[:1]
        if ours and theirs and ours != theirs and wanted.dialect != "sqlite":
            said = f"live is {wanted.dialect} {theirs[0]}, scratch is {ours[0]}: some expressions may be spelled otherwise"
            self.notes.append(Skipped("an equal scratch version", said))

    def models(self, models: Models, wanted: Wanted, scope: Scope, live: Database | None) -> Built:
        """Models, built and read back."""
        self.told(f"building {models.tables} tables of the models")
        return build_models(models.metadatas, self.scratch(wanted), scope, live.extensions if live else ())

    def migrated(self, history: History, wanted: Wanted, live: Database | None, scope: Scope) -> Migrated:
        """Migrations, replayed; extensions that they presume are installed first, if live has them."""
        extensions: list[str] = []
        while True:
            try:
                return self._migrated(history, wanted, live, scope, extensions)
            except NeedsExtension as need:
                if need.name in extensions:
                    raise DriftcheckError(
                        f"the migrations need the extension {need.name}, which the scratch server does not have",
                        "give a prepared database with --scratch URL",
                    ) from None
                extensions.append(need.name)

    def reread(
        self, before: Migrated, history: History | None, wanted: Wanted, live: Database | None, scope: Scope
    ) -> Migrated:
        """The same in another scope: replayed again only if the scope reads more."""
        if history is None or not scope.schemas or before.head is None:
            return before
        return self.migrated(history, wanted, live, scope)

    def _migrated(
        self, history: History, wanted: Wanted, live: Database | None, scope: Scope, extensions: list[str]
    ) -> Migrated:
        with self.scratch(wanted).database() as url, scratch_connection(url, extensions) as connection:
            environment = learn(history, connection)
            scope = Scope(scope.schemas, environment.version_table)
            replay = Replay(history, environment, connection, lambda text: self.told(f"replaying {text}"))
            stamped = None
            try:
                stamps = _stamps(history, live)
                if stamps and set(stamps) != set(history.heads):
                    replay.upgrade(stamps)
                    stamped = read_replayed(connection, scope)
                replay.upgrade("heads")
            except Presumes as error:
                note = Skipped("the migrations as a side", error.message)
                return Migrated(environment, None, None, error.message, (*environment.notes, note))
            return Migrated(environment, read_replayed(connection, scope), stamped, "", environment.notes)

    def against(self, source: str, wanted: Wanted, scope: Scope) -> Database:
        """The other side of --against: a snapshot, a file of DDL, or another database."""
        from driftcheck.database.sources.ddl import build_ddl
        from driftcheck.database.sources.snapshot import load_snapshot

        if "://" not in source and source.endswith(".json"):
            return load_snapshot(Path(source))
        if "://" not in source and source.endswith(".sql"):
            return build_ddl(Path(source), self.scratch(wanted), scope)
        with connect.opened(source) as connection:
            return connect.read(connection, scope)


def _stamps(history: History, live: Database | None) -> tuple[str, ...]:
    if live is None or not live.versions:
        return ()
    return tuple(stamp for stamp in live.versions if history.knows(stamp))
