"""Throw-away databases of the live one's engine, in which models and migrations are built.

Everything made here is removed on every way out, by a keeper process if this one is killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL

_COMPILING = {"psycopg", "psycopg2", "asyncpg", "pg8000"}  # drivers whose dialects can be had without them


@dataclass(frozen=True, slots=True)
class Wanted:
    """The database to imitate: engine family, version (empty when unknown), and what new databases get.

    `backend` is how URLs name the engine: "mysql" and "mariadb" read different options of the models.
    """

    dialect: str
    version: tuple[int, ...] = ()
    backend: str = ""
    schema: str | None = None
    charset: str | None = None
    collation: str | None = None


class Scratch(Protocol):
    """A place to build schemas in. `version` is the engine's, () until known."""

    version: tuple[int, ...]

    def database(self) -> AbstractContextManager[URL]:
        """A fresh, empty database; what it holds is gone afterwards."""


@contextmanager
def open_scratch(wanted: Wanted, choice: str | None, live: URL | None) -> Iterator[Scratch]:
    """Start, or connect to, a scratch engine; `choice` is None or "auto", or a URL. Never `live` itself."""
    if choice and choice != "auto":
        from driftcheck.database.scratch.given import given

        with given(choice, wanted, live) as scratch:
            yield scratch
        return
    with _engine(wanted) as scratch:
        yield scratch


def _engine(wanted: Wanted) -> AbstractContextManager[Scratch]:
    if wanted.dialect == "sqlite":
        from driftcheck.database.scratch.sqlite import files

        return files()
    if wanted.dialect == "postgresql":
        from driftcheck.database.scratch.postgresql import server

        return server(wanted)
    if wanted.dialect in {"mysql", "mariadb"}:
        from driftcheck.database.scratch.mysql import server as mysql_server

        return mysql_server(wanted)
    raise DriftcheckError(
        f"driftcheck has no scratch engine for {wanted.dialect}",
        "it knows postgresql, mysql, mariadb and sqlite",
    )


def engine_version(wanted: Wanted) -> tuple[int, ...] | None:
    """The version of the engine that would be started here; None where only starting it would tell."""
    if wanted.dialect == "sqlite":
        import sqlite3

        return sqlite3.sqlite_version_info
    if wanted.dialect == "postgresql":
        from driftcheck.database.scratch.binaries import postgres

        found = postgres(wanted.version[0] if wanted.version else None)
        return found.version if found else None
    from driftcheck.database.scratch.mysql import version_here

    return version_here(wanted)


def bare_url(wanted: Wanted, driver: str = "") -> URL:
    """A URL of the engine that leads nowhere, for compiling DDL: with the application's `driver`, or the one
    that SQLAlchemy takes by itself. It matters: psycopg's dialect makes VARCHAR of what a type of one's own
    calls CHAR, psycopg2's does not."""
    from importlib.util import find_spec

    from sqlalchemy import URL as Url

    from driftcheck.database.connect import with_sync_driver

    plain = Url.create(wanted.backend or wanted.dialect)
    if wanted.dialect == "postgresql" and (driver in _COMPILING or find_spec(plain.get_driver_name())):
        return plain.set(
            drivername=f"postgresql+{driver if driver in _COMPILING else plain.get_driver_name()}"
        )
    return with_sync_driver(plain)
