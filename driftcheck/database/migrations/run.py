"""Runs single revisions, up or down, in a scratch database behind the fence, and knows what each one sent.

Each runs in a transaction of its own, which can be taken back: then nothing of it stays where the engine's
DDL is transactional and the revision did not commit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from driftcheck.database import connect
from driftcheck.database.migrations.batches import Call, Noted, nearest, noted, sending
from driftcheck.database.migrations.environment import Environment, quiet
from driftcheck.database.migrations.fence import Fence, Refused, fenced
from driftcheck.database.migrations.history import History, relative
from driftcheck.database.sources.build import needed_extension

if TYPE_CHECKING:
    from alembic.script import Script
    from sqlalchemy import Connection


class Place(NamedTuple):
    """A line of a revision's file, relative to the working directory; the line of the `op` call. Of a
    table that a batch rebuilds it is the line of the `with`, and `calls` are those in the block."""

    file: str
    line: int | None
    calls: tuple[Call, ...] = ()

    def about(self, names: Iterable[str]) -> Place:
        """The call of the batch that is about one of these names, where there is one."""
        line = nearest(self.calls, names)
        return self if line is None else Place(self.file, line)


class Observer(Protocol):
    """Looks on while a revision runs on `connection`; its own statements there are not captured."""

    def before(self, revision: Script, connection: Connection) -> None:
        """The revision is about to run, its transaction is open."""

    def statement(self, sql: str, parameters: Any, place: Place) -> AbstractContextManager[object]:
        """Entered before a statement is sent; left afterwards, with the exception if it failed."""

    def after(self, revision: Script, connection: Connection) -> None:
        """The revision has run; its transaction, with the locks it holds, is still open."""


class Statement(NamedTuple):
    """What a revision sent, and from where."""

    sql: str
    place: Place


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a revision stopped: the database's own words, or the exception of the revision's code.

    `database` tells the two apart, `sqlstate` is PostgreSQL's code or the number of MariaDB's error, and
    `extension` the PostgreSQL extension that was missing.
    """

    message: str
    place: Place
    database: bool
    sqlstate: str = ""
    statement: str = ""
    extension: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of one revision. `committed` says that it ended its transaction itself, so nothing was
    taken back."""

    statements: tuple[Statement, ...]
    failure: Failure | None = None
    committed: bool = False


class _Undo(Exception):
    """Raised when the revision has run, so that its transaction is rolled back."""


@dataclass(slots=True)
class Runner:
    """One scratch database through which revisions go. To be used within `running()`."""

    history: History
    environment: Environment
    connection: Connection
    observer: Observer | None = field(default=None, init=False)
    _revision: Any = None
    _statements: list[Statement] = field(default_factory=list)
    _open: AbstractContextManager[object] | None = None
    _busy: bool = False
    _commits: int = 0
    _memo: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[Runner]:
        """The fence is up, and statements are captured."""
        from sqlalchemy import event

        fence = Fence(self.connection.engine.url)
        listeners = (
            ("before_cursor_execute", self._sending),
            ("after_cursor_execute", self._sent),
            ("handle_error", self._failing),
            ("commit", self._committing),
        )
        engine = self.connection.engine
        for name, heard in listeners:
            event.listen(engine, name, heard)
        try:
            with quiet(), fenced(fence), noted(self._line):
                yield self
        finally:
            for name, heard in listeners:
                event.remove(engine, name, heard)

    def order(self) -> list[Script]:
        """All revisions in the order of an upgrade of an empty database."""
        steps: Any = self.history.script._upgrade_revs("heads", None)  # type: ignore[arg-type]
        return [step.revision for step in steps]

    def upgrade(self, revision: Script, observer: Observer | None = None) -> Ran:
        """Run upgrade(), and the observer over it."""
        return self._run(revision, True, observer, None)

    def straight(self, revisions: Sequence[Script], told: Callable[[int], None]) -> bool:
        """Run upgrade() of all of them in one go, as `alembic upgrade` does; whether it went well.

        Nothing is captured, and what a failure leaves behind is not known.
        """
        from alembic.runtime.environment import EnvironmentContext
        from alembic.runtime.migration import RevisionStep

        script = self.history.script
        steps = [RevisionStep(script.revision_map, revision, True) for revision in revisions]
        for number, step in enumerate(steps, 1):
            step.migration_fn = _announced(step.migration_fn, number, told)
        context = EnvironmentContext(
            self.history.config, script, fn=lambda *_: steps, destination_rev=revisions[-1].revision
        )
        try:
            with context:
                context.configure(connection=self.connection, **self.environment.options)
                self._remember(context)
                with context.begin_transaction():
                    context.run_migrations(**self.environment.arguments)
        except (Exception, SystemExit):  # noqa: BLE001 - a revision may raise anything
            self._leave(False)
            return False
        self._leave(True)
        return True

    def _remember(self, context: Any) -> None:
        """`alembic upgrade head` makes an enum of PostgreSQL once, however many of its revisions name it:
        what it has made is remembered from revision to revision."""
        context.get_context().impl.memo = self._memo

    def forget(self) -> None:
        """The database was emptied, or something was taken back."""
        self._memo = {}

    def downgrade(self, revision: Script) -> Ran:
        """Run downgrade()."""
        self.forget()
        return self._run(revision, False, None, None)

    def rehearse(self, revision: Script, first: Callable[[], None], inside: Callable[[], None]) -> Ran:
        """Run downgrade() in a transaction that is taken back; `first` is called at its start, `inside`
        at its end."""
        return self._run(revision, False, None, inside, first)

    def _run(
        self,
        revision: Script,
        up: bool,
        observer: Observer | None,
        inside: Callable[[], None] | None,
        first: Callable[[], None] | None = None,
    ) -> Ran:
        self._statements, self._commits = [], 0
        failure, memo = None, _copied(self._memo)
        try:
            self._step(revision, up, observer, inside, first)
        except _Undo:
            pass
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a revision may raise anything
            failure = self._why(revision, error)
            self._memo = memo
        finally:
            self._revision = None
            if self.connection.in_transaction():
                self._leave(failure is None and inside is None)
        return Ran(tuple(self._statements), failure, self._commits > 0)

    def _leave(self, whole: bool) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        if whole:
            self.connection.commit()
            return
        with suppress(SQLAlchemyError):
            self.connection.rollback()

    def _step(
        self,
        revision: Script,
        up: bool,
        observer: Observer | None,
        inside: Callable[[], None] | None,
        first: Callable[[], None] | None,
    ) -> None:
        from alembic.runtime.environment import EnvironmentContext
        from alembic.runtime.migration import RevisionStep

        script = self.history.script
        step = RevisionStep(script.revision_map, revision, up)
        step.migration_fn = self._watched(revision, step.migration_fn, observer, inside, first)
        options = {**self.environment.options, "transaction_per_migration": True}
        context = EnvironmentContext(
            self.history.config, script, fn=lambda *_: [step], destination_rev=revision.revision
        )
        with context:
            context.configure(connection=self.connection, **options)
            if up:
                self._remember(context)
            with context.begin_transaction():
                context.run_migrations(**self.environment.arguments)

    def _watched(
        self,
        revision: Script,
        run: Callable[..., Any],
        observer: Observer | None,
        inside: Callable[[], None] | None,
        first: Callable[[], None] | None,
    ) -> Callable[..., Any]:
        @wraps(run)
        def watched(**options: Any) -> None:
            self.observer = observer
            if first is not None:
                first()
            if observer is not None:
                observer.before(revision, self.connection)
            self._revision = revision
            try:
                run(**options)
            finally:
                self._revision = None
            if observer is not None:
                observer.after(revision, self.connection)
            if inside is not None:
                inside()
                raise _Undo

        return watched

    def _sending(
        self, _connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        if self._revision is None or self._busy:
            return
        place = self._place(sys._getframe())
        self._statements.append(Statement(sql, place))
        if self.observer is not None:
            with self._unobserved():
                self._open = self.observer.statement(sql, parameters, place)
                self._open.__enter__()

    def _sent(self, *_: Any) -> None:
        self._close(None)

    def _failing(self, context: Any) -> None:
        self._close(context.original_exception)

    def _close(self, error: BaseException | None) -> None:
        opened = self._open
        if opened is None or self._busy:
            return
        self._open = None
        with self._unobserved():
            opened.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)

    @contextmanager
    def _unobserved(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _committing(self, _connection: Any) -> None:
        if self._revision is not None:
            self._commits += 1

    def _place(self, frame: Any) -> Place:
        """The innermost line of the revision's own file among the callers."""
        path, batch = str(self._revision.path), None
        while frame is not None:
            if frame.f_code.co_filename == path:
                return _in_batch(path, frame.f_lineno, batch)
            batch = sending(frame) or batch
            frame = frame.f_back
        return Place(relative(path), None)

    def _line(self, frame: Any) -> int | None:
        return self._place(frame).line if self._revision is not None else None

    def _why(self, revision: Script, error: BaseException) -> Failure:
        from sqlalchemy.exc import SQLAlchemyError

        path, place, batch = str(revision.path), Place(relative(str(revision.path)), None), None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == path:
                place, batch = Place(place.file, trace.tb_lineno), None
            batch = sending(trace.tb_frame) or batch
            trace = trace.tb_next
        place = _in_batch(path, place.line, batch).about(re.findall(r"\w+", str(error)))
        if isinstance(error, Refused):
            return Failure(error.message, place, False, refused=True)
        origin = getattr(error, "orig", None) or error
        said = _said(origin)
        if not isinstance(error, SQLAlchemyError):
            return Failure(f"{type(error).__name__}: {said}".rstrip(": "), place, False)
        sql = str(getattr(error, "statement", None) or "")
        return Failure(said, place, True, _code(origin), sql, needed_extension(said))


def _in_batch(path: str, line: int | None, batch: Noted | None) -> Place:
    if batch is None:
        return Place(relative(path), line)
    if batch.at is not None:
        return Place(relative(path), batch.at.line or line)
    return Place(relative(path), line, tuple(batch.calls))


def _copied(memo: Mapping[str, Any]) -> dict[str, Any]:
    return {key: set(value) if isinstance(value, set) else value for key, value in memo.items()}


def _announced(run: Callable[..., Any], number: int, told: Callable[[int], None]) -> Callable[..., Any]:
    @wraps(run)
    def announced(**arguments: Any) -> None:
        told(number)
        run(**arguments)

    return announced


def _said(error: Any) -> str:
    """The first line of an error, without MariaDB's number."""
    arguments: tuple[Any, ...] = getattr(error, "args", ())
    numbered = len(arguments) == 2 and isinstance(arguments[0], int)
    lines = connect.masked(arguments[1] if numbered else error).strip().splitlines()
    return lines[0] if lines else ""


def _code(error: Any) -> str:
    """SQLSTATE, MariaDB's number, or SQLite's name of an error."""
    arguments = getattr(error, "args", ())
    if arguments and isinstance(arguments[0], int):
        return str(arguments[0])
    found = (getattr(error, name, None) for name in ("sqlstate", "pgcode", "sqlite_errorname"))
    return str(next((code for code in found if code), ""))


def first_line(revision: Script, function: str) -> Place:
    """Where a revision defines `function`; its first line if it does not."""
    code = getattr(getattr(revision.module, function, None), "__code__", None)
    own = code is not None and Path(code.co_filename) == Path(str(revision.path))
    return Place(relative(str(revision.path)), code.co_firstlineno if code is not None and own else 1)
