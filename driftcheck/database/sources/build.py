"""Builds models in a scratch database with their own create_all, events included, and reads them back."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database
from driftcheck.database.scratch import Scratch
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, MetaData

_NEEDS = (
    (r'type "(?:public\.)?(citext|hstore|ltree|vector|cube|isn)" does not exist', None),
    (r'type "(?:public\.)?(?:geometry|geography)', "postgis"),
    (r"function uuid_generate_v\d", "uuid-ossp"),
    (r'operator class "(?:public\.)?(?:gin|gist)_trgm_ops"', "pg_trgm"),
    (r'no default operator class for access method "gist"', "btree_gist"),
    (r'no default operator class for access method "gin"', "btree_gin"),
    (r"function (?:crypt|gen_salt|digest|hmac|pgp_\w+)\(", "pgcrypto"),
    (r"function (?:similarity|word_similarity)\(", "pg_trgm"),
    (r"function unaccent\(", "unaccent"),
)


@dataclass(frozen=True, slots=True)
class Built:
    """A side that was built: the schema, tables that could not be, and what to say about them."""

    database: Database
    left_out: frozenset[str] = frozenset()
    notes: tuple[Skipped, ...] = ()


def needed_extension(message: str) -> str | None:
    """The PostgreSQL extension whose absence an error message is about."""
    for pattern, name in _NEEDS:
        found = re.search(pattern, message)
        if found:
            return name or found[1]
    return None


def build_models(
    metadatas: Sequence[MetaData], scratch: Scratch, scope: Scope, extensions: Sequence[str]
) -> Built:
    """Build all metadata together. Extensions are those of the live database, and any that turn out needed."""
    wanted = list(extensions)
    for _ in range(8):
        with scratch.database() as url:
            try:
                notes = _create(url, metadatas, wanted)
                return Built(_read(url, scope), notes=notes)
            except _Needs as need:
                if need.name in wanted:
                    return _one_by_one(metadatas, url, scope, need)
                wanted.append(need.name)
    raise DriftcheckError("the models need more extensions than could be found", "give a prepared --scratch URL")


class _Needs(Exception):
    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name, self.message = name, message


def _read(url: URL, scope: Scope) -> Database:
    with connect.opened(url, 120) as connection:
        return connect.read(connection, scope, 120)


def _create(url: URL, metadatas: Sequence[MetaData], extensions: Sequence[str]) -> tuple[Skipped, ...]:
    from sqlalchemy.exc import SQLAlchemyError

    with _building(url) as connection:
        notes = prepare(connection, extensions)
        make_schemas(connection, metadatas)
        for metadata in metadatas:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    metadata.create_all(connection, checkfirst=len(metadatas) > 1)
            except SQLAlchemyError as error:
                message = _message(error)
                name = needed_extension(message)
                if name is not None:
                    raise _Needs(name, message) from None
                raise DriftcheckError(
                    f"the models cannot be built on {connection.dialect.name}: {message}",
                    "check that --engine or the URL names the engine that the models are for",
                ) from None
    return notes


def _building(url: URL) -> Connection:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    level = {"isolation_level": "AUTOCOMMIT"} if url.get_backend_name() == "postgresql" else {}
    engine = create_engine(url, poolclass=NullPool, **level)  # type: ignore[arg-type]
    connection = engine.connect()
    if url.get_backend_name() == "sqlite":
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    elif not level:
        connection.execution_options(isolation_level="AUTOCOMMIT")
    return connection


def prepare(connection: Connection, extensions: Sequence[str]) -> tuple[Skipped, ...]:
    """Install extensions; those that the scratch server lacks are named."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    notes = []
    if connection.dialect.name != "postgresql":
        return ()
    for name in extensions:
        quoted = name.replace('"', '""')
        try:
            connection.execute(text(f'CREATE EXTENSION IF NOT EXISTS "{quoted}" CASCADE'))
        except SQLAlchemyError:
            notes.append(Skipped(f"extension {name}", "the scratch server does not have it"))
    return tuple(notes)


def make_schemas(connection: Connection, metadatas: Sequence[MetaData]) -> None:
    """create_all makes no schemas, so they are made first."""
    from sqlalchemy import schema

    if connection.dialect.name != "postgresql":
        return
    names = {table.schema for metadata in metadatas for table in metadata.tables.values() if table.schema}
    for name in sorted(names):
        connection.execute(schema.CreateSchema(name, if_not_exists=True))


def _message(error: Exception) -> str:
    lines = connect.masked(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def _one_by_one(metadatas: Sequence[MetaData], url: URL, scope: Scope, need: _Needs) -> Built:
    """Leave out the tables that need an extension nobody has here."""
    from sqlalchemy.exc import SQLAlchemyError

    left_out = set()
    notes = []
    with _building(url) as connection:
        for metadata in metadatas:
            for table in metadata.sorted_tables:
                try:
                    table.create(connection, checkfirst=True)
                except SQLAlchemyError as error:
                    left_out.add(str(table.fullname))
                    notes.append(Skipped(f"table {table.fullname}", f"cannot be built in scratch: {_message(error)}"))
    notes.append(Skipped(f"extension {need.name}", "the scratch server does not have it"))
    return Built(_read(url, scope), frozenset(left_out), tuple(notes))
