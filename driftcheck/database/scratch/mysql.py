"""A private MariaDB (or MySQL) server on a Unix socket, made from a cached data directory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.scratch import Scratch, Wanted, binaries
from driftcheck.database.scratch.process import Owner, folder, owner, run, serving, template
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_FAST = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=64M",
    "--default-time-zone=+00:00",
    "--character-set-server=utf8mb4",
    "--log-bin-trust-function-creators=1",
    "--loose-mysqlx=OFF",
)
_OURS: set[str] = set()  # sockets of the servers that this process started
_CLOCKS_LEFT_ALONE = {"mariadb": (10, 10), "mysql": (8, 0, 2)}


class _Server:
    def __init__(self, home: Path, version: tuple[int, ...], wanted: Wanted) -> None:
        self.version, self._wanted = version, wanted
        self._home, self._numbers = home, count(1)

    def url(self, database: str | None) -> URL:
        from sqlalchemy import URL as Url

        backend = self._wanted.backend or self._wanted.dialect
        socket = {"unix_socket": str(self._home / "sock")}
        return connect.with_sync_driver(Url.create(backend, "root", database=database, query=socket))

    def engine(self) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        return create_engine(self.url(None), poolclass=NullPool)

    def ready(self) -> bool:
        from sqlalchemy.exc import OperationalError

        if not (self._home / "sock").exists():
            return False
        try:
            self.engine().connect().close()
        except OperationalError:
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[URL]:
        name = f"scratch{next(self._numbers)}"
        charset, collation = self._wanted.charset, self._wanted.collation
        options = f" CHARACTER SET {charset} COLLATE {collation}" if charset and collation else ""
        admin = self.engine()
        with admin.connect() as connection:
            before = _databases(connection)
        with spelled_as(charset, collation), admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}{options}")
        try:
            yield self.url(name)
        finally:
            with admin.connect() as connection:
                connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
                for made in _databases(connection) - before:  # schemas of the models are databases here
                    connection.exec_driver_sql(f"DROP DATABASE `{made.replace('`', '``')}`")


def _databases(connection: Connection) -> set[str]:
    return {str(row[0]) for row in connection.exec_driver_sql("SHOW DATABASES")}


def make_databases(connection: Connection, names: Iterable[str]) -> None:
    """Create the databases that models call schemas, if the server is one of ours: elsewhere one of that name
    would be somebody's."""
    if connection.engine.url.query.get("unix_socket") in _OURS:
        for name in names:
            connection.exec_driver_sql(f"CREATE DATABASE IF NOT EXISTS `{name.replace('`', '``')}`")


@contextmanager
def spelled_as(charset: str | None, collation: str | None) -> Iterator[None]:
    """Say so where the scratch server does not know how the live database spells text."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        reason = connect.reason(error)
        if "Unknown c" not in reason:
            raise
        raise DriftcheckError(
            f"the scratch server cannot imitate a database of {charset}, {collation}: {reason}",
            "give an empty database on a server of the live one's version with --scratch URL",
        ) from None


def same_family(wanted: Wanted, found: str) -> None:
    """Refuse a MariaDB to build what a live MySQL is compared with, or the reverse."""
    names = {"mysql": "MySQL", "mariadb": "MariaDB"}
    if wanted.version and found != wanted.dialect:
        raise DriftcheckError(
            f"the live database is {names[wanted.dialect]}, and the scratch server {names[found]}:"
            " their JSON, defaults and collations differ",
            f"give an empty database on a {names[wanted.dialect]} server with --scratch URL",
        )


@cache
def _shown(program: Path) -> str:
    return run([str(program), "--no-defaults", "--version"], owner(), program.name)


@cache
def _version(program: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", _shown(program).partition("Ver")[2])[:3])


def version_here(wanted: Wanted) -> tuple[int, ...] | None:
    """The version of the server that would be started."""
    program = binaries.mysql(wanted.dialect)
    return _version(program) if program is not None else None


@contextmanager
def server(wanted: Wanted) -> Iterator[Scratch]:
    """A server of the live one's family if this machine has one."""
    program = binaries.mysql(wanted.dialect)
    if program is None:
        raise DriftcheckError(
            "there is no MariaDB or MySQL server on this machine to build the schema in",
            "install mariadb-server, or give an empty database with --scratch URL",
        )
    same_family(wanted, "mariadb" if "mariadb" in _shown(program).lower() else "mysql")
    user = owner()
    version = _version(program)
    name = f"{program.name}-{'.'.join(map(str, version))}"
    data = template(name, user, lambda path: _install(program, path, user))
    with folder(user) as home:
        shutil.copytree(data, home / "data")
        user.give(home)
        command = [str(program), "--no-defaults", f"--datadir={home / 'data'}", f"--socket={home / 'sock'}"]
        command += [f"--pid-file={home / 'pid'}", f"--tmpdir={home}", *_FAST]
        command += _as_live(wanted)
        running = _Server(home, version, wanted)
        with serving(command, home, user, running.ready):
            _OURS.add(str(home / "sock"))
            try:
                yield running
            finally:
                _OURS.discard(str(home / "sock"))


def _as_live(wanted: Wanted) -> list[str]:
    """Before these versions the first TIMESTAMP of a table was the time of its row's last change, if it said
    nothing else."""
    if not wanted.version:
        return []
    explicit = wanted.version >= _CLOCKS_LEFT_ALONE[wanted.dialect]
    return [f"--explicit-defaults-for-timestamp={'ON' if explicit else 'OFF'}"]


def _install(program: Path, path: Path, user: Owner) -> None:
    if program.name == "mysqld":
        run([str(program), "--no-defaults", "--initialize-insecure", f"--datadir={path}"], user, "mysqld")
        return
    install = binaries.program("mariadb-install-db") or binaries.program("mysql_install_db")
    if install is None:
        raise DriftcheckError("mariadb-install-db is missing", "give an empty database with --scratch URL")
    options = [
        "--no-defaults",
        f"--datadir={path}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]
    run([str(install), *options], user, "mariadb-install-db")
