"""Takes a scratch database back to where it was, by the means of its engine.

PostgreSQL rolls back, SQLite is copied back; MariaDB goes up again, and is built anew where that fails.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.run import Failure, Ran, Runner
from driftcheck.database.migrations.sameness import mark
from driftcheck.database.model import Database
from driftcheck.database.sources.build import prepare

if TYPE_CHECKING:
    from alembic.script import Script

_MOST = 10  # times that a history is built anew in one run
_PATIENCE = 60  # twentieths of a second


class CannotRestore(Exception):
    """The database was left half-changed too often."""


@dataclass(frozen=True, slots=True)
class Downgraded:
    """What a downgrade did, the schema it left, and why the upgrade after it failed (where one ran)."""

    ran: Ran
    schema: Database | None
    again: Failure | None = None


class Around(NamedTuple):
    """The schema before a revision, and after it."""

    before: Database
    after: Database
    mark: str | None = None  # of `before`


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(slots=True)
class Restorer:
    """`emptied` says that rows are gone."""

    runner: Runner
    scope: Scope
    extensions: Sequence[str] = ()
    emptied: bool = False
    _rebuilt: int = 0

    @property
    def _dialect(self) -> str:
        return self.runner.connection.dialect.name

    def save(self) -> Any:
        """What `back` needs."""
        if self._dialect != "sqlite":
            return None
        import sqlite3

        copy = sqlite3.connect(":memory:")
        self._file().backup(copy)
        return copy

    def _file(self, anew: bool = False) -> Any:
        """SQLite's own connection; `anew` where a revision that failed may hold unread rows of the other."""
        connection = self.runner.connection
        connection.rollback()
        if anew:
            gc.collect()
            connection.invalidate()
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        return raw

    def back(self, saved: Any, schema: Database, done: Sequence[Script], ran: Ran) -> None:
        """Undo an upgrade that failed, so that the schema is `schema` again."""
        if saved is not None:
            _copy(saved, self._file(anew=True))
        elif (self._dialect != "postgresql" or ran.committed) and self._read() != schema:
            self.rebuild(done)

    def downgrade(
        self, revision: Script, around: Around, done: Sequence[Script], first: Callable[[], None] = _nothing
    ) -> Downgraded:
        """Downgrade, look at the schema, and be back; `done` are the revisions before this one."""
        if self._dialect == "postgresql" and not _commits(revision):
            return self._rehearsed(revision, around, [*done, revision], first)
        if self._dialect == "sqlite":
            return self._copied(revision, first)
        return self._really(revision, around.after, [*done, revision], first)

    def _rehearsed(
        self, revision: Script, around: Around, done: Sequence[Script], first: Callable[[], None]
    ) -> Downgraded:
        seen: list[Database] = []
        connection = self.runner.connection

        def look() -> None:
            same = around.mark is not None and mark(connection) == around.mark
            seen.append(around.before if same else connect.read_within(connection, self.scope))

        ran = self.runner.rehearse(revision, first, look)
        if ran.committed and self._read() != around.after:
            self.rebuild(done)
        return Downgraded(ran, seen[0] if seen else None)

    def _copied(self, revision: Script, first: Callable[[], None]) -> Downgraded:
        saved = self.save()
        first()
        self.runner.connection.commit()
        ran, again = self.runner.downgrade(revision), None
        schema = self._read() if ran.failure is None else None
        if schema is not None:
            again = self.runner.upgrade(revision).failure
        _copy(saved, self._file(anew=ran.failure is not None or again is not None))
        return Downgraded(ran, schema, again)

    def _really(
        self, revision: Script, after: Database, done: Sequence[Script], first: Callable[[], None]
    ) -> Downgraded:
        first()
        self.runner.connection.commit()
        self.emptied = True
        ran = self.runner.downgrade(revision)
        schema = self._read()
        if ran.failure is None:
            again = self.runner.upgrade(revision).failure
            if again is not None or self._read() != after:
                self.rebuild(done)
            return Downgraded(ran, schema, again)
        if schema != after:
            self.rebuild(done)
        return Downgraded(ran, None)

    def rebuild(self, done: Sequence[Script]) -> None:
        """An empty database, and these revisions."""
        self._rebuilt += 1
        if self._rebuilt > _MOST:
            raise CannotRestore(f"the database had to be built anew more than {_MOST} times")
        self.wipe()
        for revision in done:
            failure = self.runner.upgrade(revision).failure
            if failure is not None:
                raise CannotRestore(f"revision {revision.revision} fails the second time: {failure.message}")

    def wipe(self) -> None:
        """An empty database, with the extensions that it began with."""
        from driftcheck.database.scratch.given import clear

        self.emptied = True
        self.runner.forget()
        if self._dialect == "sqlite":
            import sqlite3

            _copy(sqlite3.connect(":memory:"), self._file(anew=True))
            return
        self.runner.connection.rollback()
        clear(self.runner.connection)
        prepare(self.runner.connection, self.extensions)
        self.runner.connection.commit()

    def _read(self) -> Database:
        self.runner.connection.rollback()
        try:
            return connect.read_within(self.runner.connection, self.scope)
        finally:
            self.runner.connection.rollback()


def _copy(source: Any, target: Any) -> None:
    """All of a SQLite database over another; a lock that somebody keeps would hold it up for ever."""
    calls = count(1)

    def patience(_status: int, _remaining: int, _total: int) -> None:
        if next(calls) > _PATIENCE:
            raise CannotRestore("a connection that a revision left open keeps the database locked")

    source.backup(target, progress=patience, sleep=0.05)


def _commits(revision: Any) -> bool:
    """Whether a revision may end its transaction itself, so that nothing could be rolled back."""
    code = revision.module.downgrade.__code__
    names = {*code.co_names, *(str(constant).upper() for constant in code.co_consts)}
    return (
        "autocommit_block" in names or "isolation_level" in names or any("COMMIT" in name for name in names)
    )
