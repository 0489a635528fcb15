"""Looks on while revisions run: each statement is measured by the engine's meter, with the line it came from.

Statements are measured by listeners of its own, registered after the Runner's, and not in
Observer.statement, because some are sent in another form than they were written (see `rewrite`).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from driftcheck.database.migrations.history import relative
from driftcheck.database.migrations.lint import mysql, postgresql, sqlite
from driftcheck.database.migrations.lint.schema import Schema
from driftcheck.database.migrations.lint.sql import Part, parts
from driftcheck.database.migrations.lint.statement import Lock, Measured, Ran, Statement
from driftcheck.database.migrations.run import Place

if TYPE_CHECKING:
    from alembic.script import Script
    from sqlalchemy import Connection


class Meter(Protocol):
    """How an engine is looked at; one for each connection. `now` is the schema as last seen."""

    now: Schema

    def start(self) -> Schema:
        """A revision begins."""

    def forget(self) -> None:
        """Something ran that was not seen."""

    def rewrite(self, sql: str, parameters: Any, script: tuple[Part, ...], autocommit: bool, /) -> str:
        """The statement is about to be sent; in which form."""

    def measure(self, script: tuple[Part, ...]) -> Measured:
        """It has run."""

    def failed(self) -> None:
        """It has raised."""

    def unmeasured(self) -> None:
        """Another statement went by."""

    def finish(self) -> Schema:
        """The revision has run."""


@dataclass(slots=True)
class Pending:
    """A statement between its start and its end."""

    sql: str
    script: tuple[Part, ...]
    place: Place
    autocommit: bool
    ddl: bool


@dataclass(slots=True)
class Measuring:
    """The observer of `driftcheck migrations`; `ran` holds what it saw, by revision.

    A revision that fails is in `ran` too, as far as it came, with `failing` as the statement that did.
    """

    ran: dict[str, Ran] = field(default_factory=dict)
    failing: dict[str, Statement] = field(default_factory=dict)
    _meter: Meter | None = None
    _of: Any = None
    _last: str | None = None
    _revision: Any = None
    _listening: Any = None
    _connection: Any = None
    _before: Schema = field(default_factory=Schema)
    _statements: list[Statement] = field(default_factory=list)
    _pending: Pending | None = None
    _place: Place | None = None
    _transaction: int = 0
    _held: dict[str, Lock] = field(default_factory=dict)

    def before(self, revision: Script, connection: Connection) -> None:
        """See Observer."""
        self._close()
        raw = connection.connection.dbapi_connection
        if self._meter is None or self._of is not raw:
            self._meter, self._of = _meter(connection), raw
        elif self._last not in _downs(revision):
            self._meter.forget()
        self._revision, self._statements, self._held = revision, [], {}
        self._transaction, self._pending = 0, None
        self._before = self._meter.start()
        self._connection = connection
        self._listen(connection)

    def statement(self, _sql: str, _parameters: Any, place: Place) -> AbstractContextManager[object]:
        """See Observer. It comes just before the listener hears of the same statement."""
        self._place = place
        return nullcontext()

    def after(self, revision: Script, connection: Connection) -> None:
        """See Observer."""
        assert self._meter is not None
        self._stop()
        after = self._meter.finish()
        self.ran[revision.revision] = self._result(revision, connection, after)
        self._last, self._revision = revision.revision, None

    def close(self) -> None:
        """No revision follows."""
        self._close()

    def _close(self) -> None:
        """The revision before did not reach its end."""
        self._stop()
        if self._revision is not None and self._meter is not None:
            self.ran[self._revision.revision] = self._result(
                self._revision, self._connection, self._meter.now, whole=False
            )
            self._meter.forget()
            self._revision = None

    def _result(self, revision: Script, connection: Connection, after: Schema, *, whole: bool = True) -> Ran:
        version = connection.dialect.server_version_info or ()
        options = {}
        if whole and isinstance(self._meter, sqlite.Meter) and self._meter.cascades():
            options["cascades"] = "yes"
        if _sets_timeout(Path(str(revision.path))):
            options["timeout"] = "env.py"
        return Ran(
            revision.revision,
            relative(str(revision.path)),
            connection.dialect.name,
            tuple(int(number) for number in version if isinstance(number, int)),
            tuple(self._statements),
            self._before,
            after,
            options,
        )

    def _listen(self, connection: Connection) -> None:
        from sqlalchemy import event

        engine = connection.engine
        event.listen(engine, "before_cursor_execute", self._sending, retval=True)
        event.listen(engine, "after_cursor_execute", self._sent)
        event.listen(engine, "handle_error", self._failed)
        event.listen(engine, "commit", self._ended)
        event.listen(engine, "rollback", self._ended)
        self._listening = engine

    def _stop(self) -> None:
        from sqlalchemy import event

        engine, self._listening = self._listening, None
        if engine is None:
            return
        event.remove(engine, "before_cursor_execute", self._sending)
        event.remove(engine, "after_cursor_execute", self._sent)
        event.remove(engine, "handle_error", self._failed)
        event.remove(engine, "commit", self._ended)
        event.remove(engine, "rollback", self._ended)

    def _ended(self, _connection: Any) -> None:
        self._transaction += 1
        self._held = {}

    def _sending(
        self, connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        place, self._place = self._place, None
        if place is None:  # a statement of somebody else
            return sql, parameters
        script = parts(sql)
        autocommit = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        autocommit = autocommit or _after_commit(connection)
        ddl = any(part.ddl for part in script)
        self._pending = Pending(sql, script, place, autocommit, ddl)
        if ddl and self._meter is not None:
            return self._meter.rewrite(sql, parameters, script, autocommit), parameters
        return sql, parameters

    def _sent(self, *_: Any) -> None:
        pending, self._pending = self._pending, None
        if pending is None or self._meter is None:
            return
        if not pending.ddl:
            self._meter.unmeasured()
            if not any(part.dml or part.verb in _TRANSACTION for part in pending.script):
                return
        measured = self._meter.measure(pending.script) if pending.ddl else Measured()
        refused = ""
        if isinstance(self._meter, postgresql.Meter) and not pending.autocommit:
            refused = "concurrently" if postgresql.refused(pending.script) else ""
        self._note(pending, measured, refused)

    def _note(self, pending: Pending, measured: Measured, refused: str) -> None:
        if pending.autocommit:
            self._ended(None)
        self._statements.append(
            Statement(
                pending.sql,
                pending.script,
                pending.place.line,
                self._transaction,
                pending.autocommit,
                measured,
                dict(self._held),
                refused,
                pending.place.calls,
            )
        )
        for table, lock in measured.locks.items():
            self._held[table] = max(lock, self._held.get(table, Lock.NONE))
        if pending.autocommit:
            self._ended(None)

    def _failed(self, context: Any) -> None:
        pending, self._pending = self._pending, None
        if pending is None or self._meter is None or self._revision is None:
            return
        self._meter.failed()
        self.failing[self._revision.revision] = Statement(
            pending.sql,
            pending.script,
            pending.place.line,
            self._transaction,
            pending.autocommit,
            refused=str(context.original_exception),
        )


_TRANSACTION = {"begin", "commit", "rollback", "start", "end", "set"}


@lru_cache(maxsize=512)
def _sets_timeout(path: Path) -> bool:
    """Whether the env.py above a revision speaks of a timeout for locks."""
    for folder in list(path.parents)[:4]:
        if (folder / "env.py").is_file():
            return "lock_timeout" in (folder / "env.py").read_text(encoding="utf-8", errors="replace")
    return False


def _downs(revision: Any) -> tuple[str | None, ...]:
    down = revision.down_revision
    return tuple(down) if isinstance(down, tuple | list) else (down,)


def _after_commit(connection: Connection) -> bool:
    """Whether the revision executed COMMIT as a statement: psycopg2 does not notice, and begins no other
    transaction."""
    if connection.dialect.driver != "psycopg2":
        return False
    raw: Any = connection.connection.dbapi_connection
    begun, idle = 2, 0  # psycopg2.extensions.STATUS_BEGIN, TRANSACTION_STATUS_IDLE
    return bool(raw.status == begun and raw.info.transaction_status == idle)


def _meter(connection: Connection) -> Meter:
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        return postgresql.Meter(cursor)
    if connection.dialect.name == "sqlite":
        return sqlite.Meter(cursor)
    return mysql.Meter(cursor)
