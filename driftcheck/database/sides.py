"""Builds the sides that are not live: models, migrations at head and as stamped, snapshots, DDL files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.database import cache, connect
from driftcheck.database.compare import Selection
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations import kept_schemas
from driftcheck.database.migrations.environment import learn
from driftcheck.database.migrations.history import History
from driftcheck.database.migrations.migrated import Migrated
from driftcheck.database.migrations.nearest import Nearest, nearest, plausible
from driftcheck.database.migrations.presumed.search import Presumed
from driftcheck.database.migrations.presumed.shapes import Presumption
from driftcheck.database.migrations.presumed.upon import Upon, digest
from driftcheck.database.migrations.replay import (
    NeedsExtension,
    Presumes,
    Replay,
    ReplayFailed,
    over,
    read_replayed,
)
from driftcheck.database.model import Database
from driftcheck.database.relation_kinds import with_declared_views
from driftcheck.database.scratch import Scratch, Wanted, bare_url, engine_version, open_scratch
from driftcheck.database.scratch.mysql import make_databases
from driftcheck.database.sources import left_types
from driftcheck.database.sources.build import Built, build_models, schemas_of, without_extensions
from driftcheck.database.sources.models import Models
from driftcheck.database.sources.outline import outline
from driftcheck.database.sources.statements import Compiled, compiled, ddl_of
from driftcheck.difference import Difference
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, MetaData

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sides:
    """All that was loaded, and what to say about it."""

    live: Database | None
    models: Built | None
    migrated: Migrated | None
    against: Database | None
    source: Models | None
    wanted: Wanted
    scope: Scope
    notes: tuple[Skipped, ...] = ()

    def expected(self) -> Database | None:
        """The schema that others are measured by."""
        models = self.models.database if self.models is not None else None
        head = self.migrated.head if self.migrated is not None else None
        return models or head or self.against

    def databases(self) -> tuple[Database | None, ...]:
        """Every schema that was read or built."""
        models = self.models.database if self.models is not None else None
        head = self.migrated.head if self.migrated is not None else None
        return (models, head, self.against, self.live)


@dataclass(slots=True)
class Builder:
    """Builds sides in one scratch engine, started when first needed and stopped with `stack`; `asks_env`
    says that the models are those of env.py, or that it may import modules of them, `modelled` is the
    metadata of other models."""

    choice: str | None
    told: Callable[[str], None]
    cache: bool
    stack: ExitStack
    live_url: Any = None
    asks_env: bool = True
    modelled: Sequence[MetaData] = ()
    notes: list[Skipped] = field(default_factory=list)
    _scratch: Scratch | None = None
    _built: dict[object, Built] = field(default_factory=dict)
    _replayed: dict[object, Migrated] = field(default_factory=dict)

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
            versions = f"live is {wanted.dialect} {theirs[0]}, scratch is {ours[0]}"
            said = f"{versions}: some expressions may be spelled otherwise"
            self.notes.append(Skipped("an equal scratch version", said))

    def models(self, models: Models, wanted: Wanted, scope: Scope, live: Database | None) -> Built:
        """Models, built and read back: from the cache if built before, and once for many databases."""
        memo = (wanted.dialect, wanted.schema, scope)
        if memo not in self._built:
            self._built[memo] = self._models(models, wanted, scope, live)
        return self._built[memo]

    def _models(self, models: Models, wanted: Wanted, scope: Scope, live: Database | None) -> Built:
        self.told(f"building {models.tables} tables of the models")
        extensions = live.extensions if live else ()
        url = self._speaking(wanted)
        outlined = digest = outline(models.metadatas, url)
        made = None if outlined else compiled(models.metadatas, url)
        if made is not None:
            digest = made.digest
        key = self._key(digest, wanted, scope, (*extensions, *left_types.told(models.metadatas)))
        built: list[Built] = []

        def build() -> Database:
            ordered = _to_run(made, models, url, plain=bool(outlined))
            made_for = url.get_driver_name()
            scratch = self.scratch(wanted)
            built.append(build_models(models.metadatas, scratch, scope, extensions, ordered, made_for))
            return built[0].database

        database = cache.remembered(key, build, live, lambda: not (built[0].left_out or built[0].notes))
        found = built[0] if built else Built(database)
        return replace(found, database=with_declared_views(found.database, models.metadatas))

    def _speaking(self, wanted: Wanted) -> URL:
        """What models are compiled for: the engine, and the driver of the live URL or of env.py."""
        known = (
            connect.driver_of(self.live_url),
            *(each.environment.driver for each in self._replayed.values()),
        )
        return bare_url(wanted, next(filter(None, known), ""))

    def _key(self, digest: str | None, wanted: Wanted, scope: Scope, extensions: Sequence[str]) -> str | None:
        """A name in the cache, if the engine that would build it is known without starting it."""
        version = self._version(wanted) if digest is not None else None
        if digest is None or version is None:
            return None
        return cache.key_of((wanted, version, scope, extensions, digest))

    def _version(self, wanted: Wanted) -> tuple[int, ...] | None:
        """The version of the engine that builds; None where nothing is to be kept or it is not known."""
        if not self.cache:
            return None
        if self.choice in {None, "auto"}:
            return engine_version(wanted)
        return self.scratch(wanted).version or None

    def migrated(self, history: History, wanted: Wanted, live: Database | None, scope: Scope) -> Migrated:
        """Migrations, replayed; extensions that they presume are installed first, if live has them."""
        stamps = _stamps(history, live)
        memo = (wanted.dialect, wanted.schema, scope, stamps)
        if memo not in self._replayed:
            version = self._version(wanted)
            key = kept_schemas.key_of(history, (wanted, version, scope, stamps)) if version else None
            known = kept_schemas.load(key, live) if key else None
            if known is not None and known.upon in {"", digest(live)}:
                self._replayed[memo] = self._known(known, history, wanted)
            else:
                found = self._with_some_driver(history, wanted, live, scope)
                self._replayed[memo] = found
                if key:
                    kept_schemas.store(key, history, _to_remember(found, live))
        return self._replayed[memo]

    def _known(self, known: kept_schemas.Remembered, history: History, wanted: Wanted) -> Migrated:
        """A replay that was made before. env.py runs again if its functions or its metadata are asked for."""
        environment = known.environment
        if known.hooks or self.asks_env:
            with self.scratch(wanted).database() as url:
                environment = over(url, "", [], lambda connection: learn(history, connection))
        why, at = known.incomplete, known.incomplete_at
        return Migrated(environment, known.head, known.stamped, why, known.notes, incomplete_at=at)

    def _with_some_driver(
        self, history: History, wanted: Wanted, live: Database | None, scope: Scope
    ) -> Migrated:
        """The driver that env.py or the live URL names; where a revision fails, others that are installed:
        some send '0' for an integer as text and leave the rest to the server, others do not."""
        named = connect.driver_of(self.live_url)
        try:
            return self._with_extensions(history, wanted, live, scope, named)
        except ReplayFailed as error:
            for driver in connect.other_drivers(wanted.backend or wanted.dialect, named):
                with suppress(DriftcheckError):
                    return self._with_extensions(history, wanted, live, scope, driver)
            raise error from None

    def _with_extensions(
        self, history: History, wanted: Wanted, live: Database | None, scope: Scope, driver: str
    ) -> Migrated:
        extensions: list[str] = []
        while True:
            try:
                return self._migrated(history, wanted, live, scope, extensions, driver)
            except NeedsExtension as need:
                if need.name in extensions:
                    raise need.refusal() from None
                extensions.append(need.name)

    def _migrated(
        self,
        history: History,
        wanted: Wanted,
        live: Database | None,
        scope: Scope,
        extensions: list[str],
        driver: str,
    ) -> Migrated:
        with self.scratch(wanted).database() as url:
            environment = over(url, "", extensions, lambda connection: learn(history, connection))
            if driver and environment.driver in {"", connect.default_driver(url)}:
                environment = replace(environment, driver=driver)
        scope = Scope(scope.schemas, environment.version_table)

        def run(tables: Presumed | None) -> Migrated:
            def replayed(connection: Connection) -> Migrated:
                told = lambda text: self.told(f"replaying {text}")  # noqa: E731
                make_databases(connection, schemas_of((*self.modelled, *environment.metadatas)))
                replay = Replay(history, environment, connection, told, tables)
                return _replayed(replay, _stamps(history, live), scope, extensions)

            with self.scratch(wanted).database() as url:
                return over(url, environment.driver, extensions, replayed)

        try:
            return run(None)
        except Presumes as error:
            scratch = self.scratch(wanted)
            upon = Upon(history, environment, (*self.modelled, *environment.metadatas), live, self.live_url)
            return upon.replayed(error, scratch, run)

    def presumed(
        self, history: History, wanted: Wanted, live: Database | None, scope: Scope
    ) -> Presumed | None:
        """The tables that no revision makes, if known; a kept schema does not say what it was made upon."""
        return self._with_some_driver(history, wanted, live, scope).presumed

    def nearest(
        self, history: History, sides: Sides, selection: Selection, now: Sequence[Difference]
    ) -> Nearest | None:
        """The revision that live really has, where `now` differs from the one it is stamped with."""
        live, migrated = sides.live, sides.migrated
        if live is None or migrated is None or migrated.head is None:
            return None
        stamps = live.versions or ()
        if len(stamps) != 1 or not history.knows(stamps[0]) or not plausible(history, stamps[0], now):
            return None
        scope = Scope(sides.scope.schemas, migrated.version_table)
        tables = migrated.presumed
        if migrated.incomplete and tables is None:
            tables = self.presumed(history, sides.wanted, live, scope)
        self.told("looking for the revision that the live schema is of")

        def search(connection: Connection) -> Nearest | None:
            replay = Replay(history, migrated.environment, connection, presumed=tables)
            return nearest(replay, live, stamps[0], selection, scope, len(now))

        prepared = list(live.extensions)
        while True:
            try:
                with self.scratch(sides.wanted).database() as url:
                    return over(url, migrated.environment.driver, prepared, search)
            except NeedsExtension as need:
                if need.name in prepared:
                    return None
                prepared.append(need.name)

    def against(self, source: str, wanted: Wanted, scope: Scope) -> Database:
        """The other side of --against: a snapshot, a file of DDL, or another database."""
        from driftcheck.database.sources.ddl import build_ddl
        from driftcheck.database.sources.snapshot import load_snapshot

        if "://" not in source and source.endswith(".json"):
            return load_snapshot(Path(source))
        if "://" not in source and source.endswith(".sql"):
            everything = Scope((*scope.schemas, "*"), scope.version_table)
            return build_ddl(Path(source), self.scratch(wanted), everything)
        with connect.opened(source) as connection:
            return connect.read(connection, scope)


def _to_run(made: Compiled | None, models: Models, url: URL, *, plain: bool) -> list[str] | None:
    """What to run in place of create_all, where the engine takes many statements at a time; `plain` models
    have not been compiled yet."""
    if url.get_backend_name() != "postgresql":
        return None
    made = compiled(models.metadatas, url) if plain else made
    if made is None:
        return None
    return made.statements() or ddl_of(models.metadatas, url)


def _replayed(replay: Replay, stamps: tuple[str, ...], scope: Scope, extensions: list[str]) -> Migrated:
    environment = replay.environment
    stamped = None
    if stamps and set(stamps) != set(replay.history.heads):
        replay.upgrade(stamps)
        stamped = without_extensions(read_replayed(replay.connection, scope), extensions)
    replay.upgrade("heads")
    head = without_extensions(read_replayed(replay.connection, scope), extensions)
    return Migrated(environment, head, stamped, "", environment.notes)


def _to_remember(found: Migrated, live: Database | None) -> kept_schemas.Remembered:
    upon = digest(live) if isinstance(found.presumed, Presumption) else ""
    return kept_schemas.Remembered(
        found.environment,
        True,
        found.head,
        found.stamped,
        found.incomplete,
        found.notes,
        upon,
        found.incomplete_at,
    )


def _stamps(history: History, live: Database | None) -> tuple[str, ...]:
    if live is None or not live.versions:
        return ()
    return tuple(stamp for stamp in live.versions if history.knows(stamp))
