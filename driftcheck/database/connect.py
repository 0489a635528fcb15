"""Opens databases: URLs with their passwords masked, async drivers, and the read-only transaction.

Every message passes through `masked`: driver errors like to repeat the whole connection string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from driftcheck.collector import paused
from driftcheck.database.dialects.catalog import Ask, Row, Rows, Scope
from driftcheck.database.model import Database
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_SECRET = re.compile(r"(?i)((?:password|passwd|pwd)=)[^\s&'\";]+|(?<=://)([^/@\s:]*):[^@\s]+@")
_DRIVERS = {
    "postgresql": ("psycopg", "psycopg2", "pg8000", "asyncpg"),
    "mysql": ("pymysql", "mysqldb", "mysqlconnector"),
}
_MODULES = {"mysqldb": "MySQLdb", "mysqlconnector": "mysql.connector"}
_SYNC = {
    "aiosqlite": "",
    "asyncpg": "psycopg",
    "aiomysql": "pymysql",
    "asyncmy": "pymysql",
    "psycopg_async": "psycopg",
}


_ASYNC_ONLY = {
    "async_fallback", "command_timeout", "echo", "max_size", "maxsize", "min_size", "minsize",
    "prepared_statement_cache_size", "prepared_statement_name_func", "server_settings",
    "statement_cache_size", "timeout",
}  # fmt: skip
# drivers raise these about options of the URL that they do not know, and about packages that they lack
_OF_DRIVERS = (TypeError, ValueError, AttributeError, LookupError, OSError, RuntimeError)
_SSL_MODES = {"true": "require", "1": "require", "on": "require", "false": "disable", "0": "disable"}


def masked(text: object) -> str:
    """The text without passwords."""
    return _SECRET.sub(lambda found: f"{found[1]}***" if found[1] else f"{found[2]}:***@", str(text))


def parse(url: str | URL) -> URL:
    """A URL; `postgres://` is understood, and a plain path to a SQLite file too."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not isinstance(url, str):
        return url
    if "://" not in url and url.endswith((".db", ".sqlite", ".sqlite3")):
        url = f"sqlite:///{url}"
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise DriftcheckError(
            f"{masked(url)!r} is not a database URL", "write postgresql://user@host/name or sqlite:///app.db"
        ) from None


def blocking(source: Any) -> Any:
    """The source, or the URL of an AsyncEngine: driftcheck waits for its answers."""
    return source.url if hasattr(source, "sync_engine") else source


def label(url: URL) -> str:
    """How a report names the database; no user, no password, no options."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database or ':memory:'}"
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()}://{url.host or ''}{port}/{url.database or ''}"


def with_sync_driver(url: URL) -> URL:
    """The same database through a driver that is installed and blocks; async ones are swapped."""
    backend, driver = url.get_backend_name(), _driver(url)
    wanted = _SYNC.get(driver, driver)
    if backend == "sqlite":
        return _sqlite(url)
    family = "postgresql" if backend == "postgresql" else "mysql"
    if family not in backend and backend != "mariadb":
        raise DriftcheckError(
            f"driftcheck cannot read {backend} databases", "it reads postgresql, mysql, mariadb and sqlite"
        )
    if wanted and _installed(wanted) and driver not in _SYNC:
        return url
    found = next((name for name in (wanted, *_DRIVERS[family]) if name and _installed(name)), None)
    if found is None:
        raise DriftcheckError(f"no driver for {backend} is installed", f"pip install 'driftcheck[{family}]'")
    if found == driver:
        return url
    return _translated(url.set(drivername=f"{backend}+{found}"))


def driver_of(source: object) -> str:
    """The driver that a URL or an engine names, "" where it leaves the choice open or there is none."""
    if source is None:
        return ""
    url = parse(source) if isinstance(source, str) else getattr(source, "url", source)
    return _driver(url)  # type: ignore[arg-type]


def other_drivers(backend: str, tried: str) -> Iterator[str]:
    """Installed drivers that a replay may try after the one that failed."""
    for name in _DRIVERS.get("postgresql" if backend == "postgresql" else "mysql", ()):
        if name not in {tried, "asyncpg"} and backend != "sqlite" and _installed(name):
            yield name


def default_driver(url: URL) -> str:
    """The driver that connections to `url` are made with."""
    return url.get_driver_name()


def _driver(url: URL) -> str:
    """The driver that the URL names, or "" when it leaves the choice open."""
    return url.drivername.partition("+")[2]


def _sqlite(url: URL) -> URL:
    plain = url.set(drivername="sqlite")
    return plain.update_query_dict({}) if plain.query else plain


def _translated(url: URL) -> URL:
    """Options that only asyncpg or aiomysql understand, in words of the driver that replaces them."""
    query = {key: value for key, value in url.query.items() if key not in _ASYNC_ONLY}
    if "ssl" in query and "postgresql" in url.drivername:
        asked = str(query.pop("ssl"))
        query["sslmode"] = _SSL_MODES.get(asked.lower(), asked)
    return url.set(query=query)


def _installed(driver: str) -> bool:
    from importlib.util import find_spec

    return find_spec(_MODULES.get(driver, driver).partition(".")[0]) is not None


@contextmanager
def opened(source: str | URL | Engine, timeout: float = 30.0) -> Iterator[Connection]:
    """A connection for reading only; what a user can mend becomes a DriftcheckError."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import Engine as EngineClass
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    own = not isinstance(source, EngineClass)
    url = parse(source) if not isinstance(source, EngineClass) else source.url
    target = with_sync_driver(url)
    try:
        engine = (
            create_engine(_read_only(target), poolclass=NullPool, **_options(target, timeout))
            if own
            else source
        )
        assert isinstance(engine, EngineClass)
        connection = engine.connect()
    except (SQLAlchemyError, *_OF_DRIVERS) as error:
        raise unreachable(url, error) from None
    try:
        yield connection
    except SQLAlchemyError as error:
        raise broken(url, error) from None
    finally:
        _leave(connection, own)


def _leave(connection: Connection, own: bool) -> None:
    """Give a connection of the user's own engine back without the settings of our session."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        if not own and connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = OFF")
        elif not own and connection.dialect.name in {"mysql", "mariadb"}:
            connection.invalidate()
        connection.close()
    except SQLAlchemyError:  # it is gone already, and why was said
        connection.invalidate()


def _read_only(url: URL) -> URL:
    """SQLite files are opened with mode=ro, which also refuses to make a missing file."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    if url.database.startswith("file:"):
        return url
    from os import path
    from urllib.parse import quote

    if not path.exists(url.database):
        raise DriftcheckError(f"there is no file {url.database}", "give the path of an existing SQLite file")
    file = "file:" + quote(path.abspath(url.database))
    return url.set(database=file, query={"mode": "ro", "uri": "true"})


def _options(url: URL, timeout: float) -> dict[str, Any]:
    """Options of create_engine; a driver that asks the server about hstore would need a savepoint for it."""
    options: dict[str, Any] = {"connect_args": _arguments(url, timeout)}
    if url.get_backend_name() == "postgresql" and url.get_driver_name() in {"psycopg", "psycopg2"}:
        options["use_native_hstore"] = False
    return options


def _arguments(url: URL, timeout: float) -> dict[str, Any]:
    seconds = max(2, int(timeout))
    if url.get_backend_name() == "sqlite":
        return {"timeout": seconds}
    driver = url.get_driver_name()
    if driver in {"psycopg", "psycopg2", "mysqldb", "pymysql"}:
        return {"connect_timeout": min(seconds, 10)}
    return {"timeout": min(seconds, 10)} if driver == "pg8000" else {}


def unreachable(url: URL, error: Exception) -> DriftcheckError:
    """Why a connection could not be made, in one sentence."""
    why = reason(error)
    lower = why.lower()
    if "cryptography" in lower:
        hint = "pip install cryptography: passwords of MySQL 8 are sent encrypted"
    elif "denied" in lower and "to database" in lower:
        hint = "grant the user rights on that database: SELECT is enough for tables"
    elif "password" in lower or "access denied" in lower or "authentication" in lower:
        hint = "check the user and the password in the URL"
    elif re.search(r'role ".*" does not exist', lower):
        hint = "check the user in the URL"
    elif "does not exist" in lower or "unknown database" in lower:
        hint = "check the name of the database in the URL"
    elif isinstance(error, _OF_DRIVERS) and url.query:
        hint = "check the options of the URL, after the ?"
    else:
        hint = "check the host and the port, and that the server is running"
    return DriftcheckError(f"cannot connect to {label(url)}: {why}", hint)


def broken(url: URL, error: Exception) -> DriftcheckError:
    """Why reading stopped half-way."""
    why = reason(error)
    lower = why.lower()
    hint = "the server went away while it was read: try again"
    if "timeout" in lower or "max_statement_time" in lower or "is locked" in lower:
        hint = "a lock or a slow catalog held the reading up: try again, or raise --timeout"
    elif "permission denied" in lower or "denied" in lower:
        hint = "the role needs CONNECT on the database and USAGE on the schema"
        if url.get_backend_name() != "postgresql":
            hint = "the role needs SELECT on the whole database"
    elif "not a database" in lower:
        hint = "the file is not a SQLite database"
    elif "malformed" in lower:
        hint = "the file is damaged: restore it, or try `sqlite3 FILE .recover`"
    return DriftcheckError(f"cannot read {label(url)}: {why}", hint)


def reason(error: Exception) -> str:
    """What the server or the driver says, without passwords."""
    origin = getattr(error, "orig", None) or error
    arguments: tuple[Any, ...] = getattr(origin, "args", ())
    text = str(arguments[1]) if len(arguments) == 2 and isinstance(arguments[0], int) else str(origin)
    lines = [line.strip() for line in masked(text).splitlines() if line.strip()]
    return lines[-1].removeprefix("Error: ") if lines else type(origin).__name__


def read(connection: Connection, scope: Scope, timeout: float = 30.0) -> Database:
    """Read a schema in a read-only transaction of its own, with the reader of the engine's dialect."""
    for statement in _reader(connection).begin(timeout):
        connection.exec_driver_sql(statement)
    try:
        return read_within(connection, scope)
    finally:
        connection.rollback()


def read_built(connection: Connection, scope: Scope) -> Database:
    """Read a scratch database: what version of an extension the server chose by itself nobody relies on."""
    from driftcheck.database.dialects.postgresql_queries import DEFAULT_VERSIONS

    found = read(connection, scope, 120)
    if not found.extension_versions:
        return found
    chosen = {row[0] for row in connection.exec_driver_sql(DEFAULT_VERSIONS)}
    connection.rollback()
    return replace(
        found, extension_versions=tuple(item for item in found.extension_versions if item not in chosen)
    )


def read_within(connection: Connection, scope: Scope) -> Database:
    """Read a schema as this connection sees it, inside the transaction in which it is."""
    with paused():
        database: Database = _reader(connection).read(_asking(connection), scope)
    if database.dialect == "postgresql" and database.default_schema is None and not scope.schemas:
        raise _no_schema(connection)
    return database


def _no_schema(connection: Connection) -> DriftcheckError:
    """PostgreSQL passes over schemas that a role may not use as if they were not there."""
    from driftcheck.database.dialects.postgresql_queries import ROLE

    role, path = connection.exec_driver_sql(ROLE).one()
    return DriftcheckError(
        f"the role {role} can use no schema of its search path ({path})",
        f"GRANT USAGE ON SCHEMA … TO {role}, or set the search path to a schema that is there",
    )


def _reader(connection: Connection) -> ModuleType:
    from driftcheck.database.dialects import mysql, postgresql, sqlite

    readers: dict[str, ModuleType] = {
        "postgresql": postgresql,
        "mysql": mysql,
        "mariadb": mysql,
        "sqlite": sqlite,
    }
    return readers[connection.dialect.name]


def _asking(connection: Connection) -> Ask:
    from sqlalchemy import bindparam, text

    in_lists = connection.dialect.name in {"mysql", "mariadb"}
    rows = Rows()

    def ask(sql: str, **values: Any) -> Sequence[Row]:
        if not values:
            return rows.of(connection.exec_driver_sql(sql))
        statement = text(sql)
        if in_lists and "schemas" in values:
            statement = statement.bindparams(bindparam("schemas", expanding=True))
        return rows.of(connection.execute(statement, values))

    return ask
