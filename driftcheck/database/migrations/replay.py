"""Runs migrations in a scratch database, behind the fence, through Alembic's own machinery."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.environment import Environment, quiet
from driftcheck.database.migrations.fence import Fence, Refused, fenced
from driftcheck.database.migrations.history import History, location
from driftcheck.database.migrations.presumed.search import Presumed
from driftcheck.database.model import Database
from driftcheck.database.scratch.roles import ROLE
from driftcheck.database.sources.build import needed_extension, prepare
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

T = TypeVar("T")

_UNDEFINED = ("does not exist", "no such table", "doesn't exist")


class Presumes(DriftcheckError):
    """The first revisions need tables that no revision makes; `base` says whether it is the very first, `at`
    is its file and line, and `failed` is the same seen as a mistake."""

    def __init__(self, message: str, failed: ReplayFailed, at: tuple[str, int | None], *, base: bool) -> None:
        super().__init__(message)
        self.failed, self.at, self.base = failed, at, base


class ReplayFailed(DriftcheckError):
    """A revision raised, perhaps only because another driver was meant to run it."""


class NeedsExtension(Exception):
    """A revision uses an extension that an administrator was to install, or a role: "role NAME"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def refusal(self) -> DriftcheckError:
        """What to say where it cannot be had."""
        what = self.name if self.name.startswith(ROLE) else f"extension {self.name}"
        return DriftcheckError(
            f"the migrations need the {what}, which scratch does not have",
            "give a prepared database with --scratch URL",
        )


def print_nothing(_text: str) -> None:
    """Tell nobody about the steps."""


@dataclass(slots=True)
class Replay:
    """One scratch database that goes through the revisions; `told` hears of each step. `presumed` are tables
    that were there before the first one."""

    history: History
    environment: Environment
    connection: Connection
    told: Callable[[str], None] = print_nothing
    presumed: Presumed | None = None
    _current: Any = None
    _begun: bool = False

    def upgrade(self, destination: str | tuple[str, ...]) -> None:
        """Run the revisions up to `destination`; the one that fails is named with its line."""
        from alembic.util import CommandError

        fence = Fence(self.connection.engine.url)
        self._current = None
        try:
            with quiet(), fenced(fence):
                self._begin()
                self._run(destination)
        except Refused as error:
            raise DriftcheckError(f"{self._place(error)}: {error.message}", error.hint) from None
        except CommandError as error:
            raise DriftcheckError(
                f"{self.history.label}: {error}", "check the revisions with `alembic history`"
            ) from None
        except (Exception, SystemExit) as error:
            raise self._failed(error) from error
        if fence.refused:
            raise fence.refuse(fence.refused[0])

    def _begin(self) -> None:
        if self.presumed is not None and not self._begun:
            self.presumed.create(self.connection)
        self._begun = True

    def _run(self, destination: str | tuple[str, ...]) -> None:
        from alembic.runtime.environment import EnvironmentContext

        script = self.history.script

        def steps(revision: Any, _context: Any) -> list[Any]:
            found = script._upgrade_revs(destination, revision)  # type: ignore[arg-type]  # as command.upgrade does
            return [self._watched(step, number, len(found)) for number, step in enumerate(found, 1)]

        context = EnvironmentContext(self.history.config, script, fn=steps, destination_rev=destination)
        with context:
            context.configure(connection=self.connection, **self.environment.options)
            with context.begin_transaction():
                context.run_migrations(**self.environment.arguments)
        if self.connection.in_transaction():
            self.connection.commit()

    def _watched(self, step: Any, number: int, count: int) -> Any:
        run = step.migration_fn

        @wraps(run)
        def watched(**options: Any) -> Any:
            self._current = step.revision
            self.told(f"revision {number} of {count}")
            return run(**options)

        step.migration_fn = watched
        return step

    def _place(self, error: BaseException) -> str:
        if self._current is None:
            return self.history.label
        file, line = self._at(error)
        return f"revision {self._current.revision} ({file}{f':{line}' if line else ''})"

    def _at(self, error: BaseException) -> tuple[str, int | None]:
        """The file of the current revision, and the line that raised."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(self._current.path)]
        return location(self._current), lines[-1] if lines else None

    def _failed(self, error: BaseException) -> Exception:
        from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

        origin = getattr(error, "orig", None) or error
        lines = connect.masked(origin).splitlines() or [""]
        message = lines[0]
        if isinstance(error, NoSuchTableError):  # of op.batch_alter_table, which reflects first
            message = f"no such table: {message}"
        extension = needed_extension(message)
        if extension is not None:
            return NeedsExtension(extension)
        reason = message if isinstance(error, SQLAlchemyError) else f"{type(error).__name__}: {message}"
        place = self._place(error)
        failed = ReplayFailed(
            f"{place} failed in scratch: {reason}",
            "run `alembic upgrade head` on an empty database to see it",
        )
        undefined = isinstance(error, SQLAlchemyError) and any(word in message for word in _UNDEFINED)
        if undefined and self._current is not None:
            said = f"{place} presumes something that no revision before it makes: {reason}"
            return Presumes(said, failed, self._at(error), base=self._current.is_base)
        return failed


def read_replayed(connection: Connection, scope: Scope) -> Database:
    """The schema as it is at this point of a replay."""
    url = connection.engine.url
    with connect.opened(url, 120) as reading:
        return connect.read_built(reading, scope)


def over(url: URL, driver: str, extensions: Sequence[str], body: Callable[[Connection], T]) -> T:
    """Run `body` over a connection to the scratch database, extensions installed.

    The driver is the one that the user's env.py uses: asyncpg takes statements that others refuse.
    """
    from sqlalchemy.engine import make_url

    if driver == "asyncpg":
        return _over_asyncpg(make_url(url).set(drivername="postgresql+asyncpg"), extensions, body)
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(_with_driver(url, driver), poolclass=NullPool)
    with engine.connect() as connection:
        return _prepared(connection, extensions, body)


def _with_driver(url: URL, driver: str) -> URL:
    usable = driver in {"psycopg", "psycopg2", "pg8000", "pymysql", "mysqldb"}
    return url.set(drivername=f"{url.get_backend_name()}+{driver}") if usable else url


def _prepared(connection: Connection, extensions: Sequence[str], body: Callable[[Connection], T]) -> T:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    prepare(connection, extensions)
    connection.commit()
    return body(connection)


def _over_asyncpg(url: URL, extensions: Sequence[str], body: Callable[[Connection], T]) -> T:
    import asyncio

    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    async def main() -> T:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            return await connection.run_sync(_prepared, extensions, body)

    return asyncio.run(main())
