"""A scratch database that the user names: refused unless empty and not the live one, emptied after use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database
from driftcheck.database.scratch import Scratch, Wanted
from driftcheck.database.scratch.mysql import same_family, spelled_as
from driftcheck.database.scratch.postgresql import empty
from driftcheck.database.scratch.roles import drop_made_roles
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

_LOCAL = {"", "localhost", "127.0.0.1", "::1", None}


class _Given:
    def __init__(self, url: URL, version: tuple[int, ...]) -> None:
        self.version, self._url = version, url

    @contextmanager
    def database(self) -> Iterator[URL]:
        try:
            yield self._url
        finally:
            empty_again(self._url)


@contextmanager
def given(choice: str, wanted: Wanted, live: URL | None) -> Iterator[Scratch]:
    """The user's own scratch database."""
    url = connect.with_sync_driver(connect.parse(choice))
    if live is not None and _same(url, live):
        raise DriftcheckError("--scratch names the live database itself", "give an empty database of its own")
    _same_engine(url, wanted)
    if url.get_backend_name() == "sqlite":
        if url.database and Path(url.database).exists() and Path(url.database).stat().st_size:
            raise _not_empty(url)
        yield _Given(url, ())
        return
    with connect.opened(url) as connection:
        found = connect.read(connection, Scope(schemas=("*",), version_table=""))
    if _holds_something(found):
        raise _not_empty(url)
    if found.dialect in {"mysql", "mariadb"}:
        same_family(wanted, found.dialect)
    ours, theirs = (found.charset, found.collation), (wanted.charset, wanted.collation)
    if None in theirs or ours == theirs:
        yield _Given(url, found.version)
        return
    _spell_text(url, *theirs)
    try:
        yield _Given(url, found.version)
    finally:
        _spell_text(url, *ours)


def _spell_text(url: URL, charset: str | None, collation: str | None) -> None:
    """Give an empty database of MariaDB the character set that new tables of the live one would have."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    name = (url.database or "").replace("`", "``")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with spelled_as(charset, collation), engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE `{name}` CHARACTER SET {charset} COLLATE {collation}")


def _holds_something(found: Database) -> bool:
    values = (found.tables, found.views, found.enums, found.domains, found.sequences, found.functions)
    return any((*values, found.events))


def _not_empty(url: URL) -> DriftcheckError:
    return DriftcheckError(
        f"the scratch database {connect.label(url)} is not empty",
        "everything in it would be lost: give an empty one",
    )


def _same_engine(url: URL, wanted: Wanted) -> None:
    family = {"mariadb": "mysql"}
    backend = url.get_backend_name()
    if family.get(backend, backend) != family.get(wanted.dialect, wanted.dialect):
        raise DriftcheckError(
            f"the scratch database is {backend}, but the comparison is about {wanted.dialect}",
            "the same engine is needed, so that both sides are spelled alike",
        )


def _same(one: URL, other: URL) -> bool:
    return _place(one) == _place(other)


def _place(url: URL) -> tuple[object, ...]:
    if url.get_backend_name() == "sqlite":
        return ("sqlite", str(Path(url.database or "").resolve()))
    host = url.host or url.query.get("host") or url.query.get("unix_socket")
    family = "mysql" if url.get_backend_name() in {"mysql", "mariadb"} else url.get_backend_name()
    port = url.port or {"mysql": 3306, "postgresql": 5432}.get(family)
    return (family, "localhost" if host in _LOCAL else host, port, url.database)


def empty_again(url: URL) -> None:
    """Drop everything in a scratch database."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if url.get_backend_name() == "sqlite":
        Path(url.database or "").unlink(missing_ok=True)
        return
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        clear(connection)
        if connection.dialect.name == "postgresql":
            drop_made_roles(connection)


def clear(connection: Connection) -> None:
    """Drop everything in a scratch database of PostgreSQL or MariaDB; on PostgreSQL the caller commits."""
    if connection.dialect.name == "postgresql":
        _empty_postgresql(connection)
        return
    name = (connection.engine.url.database or "").replace("`", "``")
    charset = "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA"
    row = connection.exec_driver_sql(f"{charset} WHERE SCHEMA_NAME = DATABASE()").one()
    connection.exec_driver_sql(f"DROP DATABASE `{name}`")
    connection.exec_driver_sql(f"CREATE DATABASE `{name}` CHARACTER SET {row[0]} COLLATE {row[1]}")
    connection.exec_driver_sql(f"USE `{name}`")


def _empty_postgresql(connection: Connection) -> None:
    default = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    empty(connection)
    if default:
        connection.exec_driver_sql(f"CREATE SCHEMA {default}")
