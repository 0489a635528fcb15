"""Refuses every database connection but the scratch one while a user's env.py and migrations run.

SQLAlchemy engines are caught at the dialect, drivers at their connect functions, SQLite and database clients
(psql and the like) by an audit hook.
env.py may open "its" database on the way to context.configure: it gets the scratch one in its place.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from driftcheck.database import connect
from driftcheck.database.migrations import programs
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL

_DRIVERS = (
    ("psycopg", "psycopg", ("connect",)),
    ("psycopg", "psycopg.Connection", ("connect",)),
    ("psycopg", "psycopg.AsyncConnection", ("connect",)),
    ("psycopg2", "psycopg2", ("connect", "_connect")),
    ("asyncpg", "asyncpg", ("connect", "create_pool")),
    ("asyncpg", "asyncpg.connection", ("connect",)),
    ("pg8000", "pg8000", ("connect",)),
    ("pg8000", "pg8000.dbapi", ("connect",)),
    ("pymysql", "pymysql", ("connect", "Connect", "Connection")),
    ("MySQLdb", "MySQLdb", ("connect", "Connect", "Connection")),
    ("aiomysql", "aiomysql", ("connect", "create_pool")),
    ("asyncmy", "asyncmy", ("connect", "create_pool")),
    ("mysql", "mysql.connector", ("connect",)),
    ("mariadb", "mariadb", ("connect",)),
    ("pyodbc", "pyodbc", ("connect",)),
    ("oracledb", "oracledb", ("connect",)),
    ("duckdb", "duckdb", ("connect",)),
)

_HINT = "env.py and migrations must use the connection that alembic gives them (op.get_bind())"
_GIVEN = "it is given the scratch database instead"

_opening = threading.local()  # of all fences: where one stands within another, the outer one opens


class Refused(DriftcheckError):
    """A connection that the fence stopped."""


@dataclass(slots=True)
class Fence:
    """The scratch database that may be opened; `refused` lists what was asked for instead, `driver` is
    the last one that an engine used."""

    scratch: URL
    redirect: bool = False
    refused: list[str] = field(default_factory=list)
    driver: str = ""

    @property
    def lets_through(self) -> bool:
        """Whether this thread is just opening the scratch database."""
        return bool(getattr(_opening, "yes", False))

    def refuse(self, what: str, hint: str = _HINT) -> Refused:
        """Note the attempt, and the error to raise."""
        if what not in self.refused:
            self.refused.append(what)
        return Refused(f"a connection to {what} was refused while migrations are replayed", hint)

    def do_connect(self, dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> Any:
        """SQLAlchemy's hook: open the scratch database, or refuse."""
        own = _arguments(dialect, self.scratch)
        if own is not None:
            self.driver = str(dialect.driver)
        if own == (arguments, parameters) or (dialect.name == "sqlite" and _in_memory(arguments)):
            return self._open(dialect, (arguments, parameters))
        what = _described(dialect, arguments, parameters)
        if own is None and self.redirect and dialect.name == "sqlite":
            # A project that was not told its database falls back to a file: an empty one will do.
            own = ([":memory:", *arguments[1:]], parameters)
        if own is None and self.redirect:
            raise self.refuse(what, f"let env.py find a URL of {self.scratch.get_backend_name()}: {_GIVEN}")
        if own is None or not self.redirect:
            raise self.refuse(what)
        if not _same(dialect, (arguments, parameters), own):
            self.refuse(what)
        return self._open(dialect, own)

    def _open(self, dialect: Any, what: tuple[Any, Any]) -> Any:
        with self.opening():
            return dialect.connect(*what[0], **what[1])

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Let this thread through."""
        before = self.lets_through
        _opening.yes = True
        try:
            yield
        finally:
            _opening.yes = before


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Put the fence up."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    with ExitStack() as stack:
        for package, holder, names in _DRIVERS:
            if find_spec(package) is not None:
                _guard(stack, fence, holder, names)
        event.listen(Engine, "do_connect", fence.do_connect)
        stack.callback(event.remove, Engine, "do_connect", fence.do_connect)
        _audit(stack, fence)
        yield


def _guard(stack: ExitStack, fence: Fence, holder: str, names: tuple[str, ...]) -> None:
    module, _, attribute = holder.partition(".")
    try:
        target = (
            import_module(holder)
            if not attribute[:1].isupper()
            else getattr(import_module(module), attribute)
        )
    except (ImportError, AttributeError):
        return
    for name in names:
        original = getattr(target, name, None)
        if original is not None:
            stack.enter_context(patch.object(target, name, _guarded(fence, holder, original)))


def _guarded(fence: Fence, driver: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def connecting(*arguments: Any, **parameters: Any) -> Any:
        if fence.lets_through:
            return original(*arguments, **parameters)
        place = parameters.get("host") or "a server"
        raise fence.refuse(f"{place} (through {driver.partition('.')[0]})")

    return connecting


_watching: list[Fence] = []
_hooked: list[bool] = []


def _audit(stack: ExitStack, fence: Fence) -> None:
    """An audit hook cannot be taken away again, so there is one, which asks the fences that are up."""
    if not _hooked:
        sys.addaudithook(_heard)
        _hooked.append(True)
    _watching.append(fence)
    stack.callback(_watching.remove, fence)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or (event != "sqlite3.connect" and event not in programs.EVENTS):
        return
    fence = _watching[-1]
    if event in programs.EVENTS:
        client = programs.client(event, arguments)
        if client is not None and not fence.lets_through:
            raise fence.refuse(f"a database (by the program {client})")
        return
    name = str(arguments[0])
    own = fence.scratch.get_backend_name() == "sqlite" and _path(name) == _path(fence.scratch.database or "")
    if not (own or name in {":memory:", ""} or "mode=memory" in name):
        raise fence.refuse(f"sqlite:///{name}")


def _path(name: str) -> str:
    return str(Path(name.removeprefix("file:").partition("?")[0]).resolve())


def _arguments(dialect: Any, scratch: URL) -> tuple[list[Any], dict[str, Any]] | None:
    """How this dialect would open the scratch database; None if it is of another engine."""
    family = {"mariadb": "mysql"}
    if family.get(dialect.name, dialect.name) != family.get(
        scratch.get_backend_name(), scratch.get_backend_name()
    ):
        return None
    url = scratch.set(drivername=f"{dialect.name}+{dialect.driver}")
    arguments, parameters = dialect.create_connect_args(url)
    return list(arguments), dict(parameters)


def _same(dialect: Any, one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether two sets of connect arguments name one database, whatever their other options."""
    if dialect.name == "sqlite":
        return _path(str(one[0][0] if one[0] else "")) == _path(str(other[0][0]))
    names = ("host", "unix_socket", "port", "dbname", "database", "db")
    return all(one[1].get(name) == other[1].get(name) for name in names)


def _in_memory(arguments: list[Any]) -> bool:
    return not arguments or str(arguments[0]) in {"", ":memory:"} or "mode=memory" in str(arguments[0])


def _described(dialect: Any, arguments: list[Any], parameters: dict[str, Any]) -> str:
    if dialect.name == "sqlite":
        return f"sqlite:///{arguments[0] if arguments else ''}"
    host = parameters.get("host") or parameters.get("unix_socket") or ""
    name = parameters.get("dbname") or parameters.get("database") or parameters.get("db") or ""
    return connect.masked(f"{dialect.name}://{host}/{name}")
