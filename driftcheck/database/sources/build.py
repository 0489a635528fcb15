"""Builds models in a scratch database with their own create_all, events included, and reads them back."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database, Index, IndexPart
from driftcheck.database.model import Table as TableValue
from driftcheck.database.scratch import Scratch
from driftcheck.database.scratch.mysql import make_databases
from driftcheck.database.scratch.roles import ROLE, make_role
from driftcheck.database.sources.left_types import make_types
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, MetaData, Table

_FEW, _CHUNK = 10, 150
_CREATE_EXTENSION = re.compile(
    r"\s*CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:\"([^\"]+)\"|(\w+))", re.IGNORECASE
)
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
_NO_ROLE = re.compile(r'role "([^"]+)" does not exist')


@dataclass(frozen=True, slots=True)
class Built:
    """A side that was built: the schema, tables that could not be, and what to say about them."""

    database: Database
    left_out: frozenset[str] = frozenset()
    notes: tuple[Skipped, ...] = ()


def needed_extension(message: str) -> str | None:
    """The PostgreSQL extension whose absence an error message is about; a role is called "role NAME"."""
    lacking = _NO_ROLE.search(message)
    if lacking:
        return f"{ROLE}{lacking[1]}"
    for pattern, name in _NEEDS:
        found = re.search(pattern, message)
        if found:
            return name or found[1]
    return None


def build_models(
    metadatas: Sequence[MetaData],
    scratch: Scratch,
    scope: Scope,
    extensions: Sequence[str],
    statements: Sequence[str] | None = None,
    driver: str = "",
) -> Built:
    """Build all metadata together. Extensions are those of the live database, and any that turn out needed.

    `statements`, if given, are what create_all would run over the application's `driver`: PostgreSQL takes
    them many at a time.
    """
    made = _extensions_made(statements or ())
    wanted = [name for name in extensions if name not in made]
    for _ in range(9):
        with scratch.database() as url:
            try:
                notes = _create(_over(url, driver), metadatas, wanted, statements, driver)
                return Built(_as_declared(_read(url, scope), metadatas, wanted), notes=notes)
            except _NotAtOnceError:
                statements = None
            except _Fails as failure:
                if failure.extension is None or failure.extension in wanted:
                    break
                wanted.append(failure.extension)
    with scratch.database() as url:
        return _one_by_one(metadatas, _over(url, driver), scope, wanted)


def _over(url: URL, driver: str) -> URL:
    """The application's driver, if it is here and waits for answers."""
    from importlib.util import find_spec

    if url.get_backend_name() != "postgresql" or driver != "psycopg2" or find_spec(driver) is None:
        return url
    return url.set(drivername=f"postgresql+{driver}")


def _extensions_made(statements: Sequence[str]) -> set[str]:
    """The extensions that the models' own DDL installs, in the version that it says."""
    found = (_CREATE_EXTENSION.match(statement) for statement in statements)
    return {made[1] or made[2].lower() for made in found if made}


class _Fails(Exception):
    """create_all stopped; `extension` is what it needs, if it is that."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extension = needed_extension(message)


class _NotAtOnceError(Exception):
    """Statements failed without what create_all does around them; the database is half built."""


def _read(url: URL, scope: Scope) -> Database:
    with connect.opened(url, 120) as connection:
        return connect.read_built(connection, scope)


def _create(
    url: URL,
    metadatas: Sequence[MetaData],
    extensions: Sequence[str],
    statements: Sequence[str] | None,
    driver: str,
) -> tuple[Skipped, ...]:
    with _building(url) as connection:
        notes = prepare(connection, extensions)
        make_schemas(connection, metadatas)
        make_types(connection, metadatas)
        if statements is not None and _at_once(connection, statements, driver):
            return notes
        for metadata in metadatas:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    metadata.create_all(connection, checkfirst=len(metadatas) > 1)
            except Exception as error:  # noqa: BLE001 - types and hooks of the user may raise anything
                raise _Fails(_message(error)) from None
    return notes


def _at_once(connection: Connection, statements: Sequence[str], written_for: str) -> bool:
    """Run many statements a round trip; False where the driver cannot, or where create_all writes the same.

    Each of these is a transaction: in one for all, the server's work grows with the square of the tables.
    """
    from sqlalchemy.exc import SQLAlchemyError

    driver = connection.dialect.driver
    if connection.dialect.name != "postgresql" or driver not in {"psycopg", "psycopg2"}:
        return False
    if len(statements) < _FEW and written_for in {"", driver}:
        return False
    run = connection.execution_options(no_parameters=True)
    try:
        for start in range(0, len(statements), _CHUNK):
            run.exec_driver_sql(";\n".join(statements[start : start + _CHUNK]))
    except SQLAlchemyError:
        raise _NotAtOnceError from None
    return True


def _building(url: URL) -> Connection:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    level = {"isolation_level": "AUTOCOMMIT"} if url.get_backend_name() == "postgresql" else {}
    engine = create_engine(url, poolclass=NullPool, **level)
    connection = engine.connect()
    if url.get_backend_name() == "sqlite":
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    elif not level:
        connection.execution_options(isolation_level="AUTOCOMMIT")
    return connection


def prepare(connection: Connection, extensions: Sequence[str]) -> tuple[Skipped, ...]:
    """Install extensions, and make roles; those that the scratch server lacks are named."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    notes = []
    if connection.dialect.name != "postgresql":
        return ()
    for name in extensions:
        try:
            if name.startswith(ROLE):
                make_role(connection, name.removeprefix(ROLE))
            else:
                quoted = name.replace('"', '""')
                connection.execute(text(f'CREATE EXTENSION IF NOT EXISTS "{quoted}" CASCADE'))
            connection.commit()
        except SQLAlchemyError:
            connection.rollback()  # what failed must not take the next ones with it
            what = name if name.startswith(ROLE) else f"extension {name}"
            notes.append(Skipped(what, "the scratch server does not have it"))
    return tuple(notes)


def make_schemas(connection: Connection, metadatas: Sequence[MetaData]) -> None:
    """create_all makes no schemas, so they are made first."""
    from sqlalchemy import schema

    names = sorted(schemas_of(metadatas))
    if connection.dialect.name in {"mysql", "mariadb"}:
        make_databases(connection, names)
    if connection.dialect.name != "postgresql":
        return
    for name in names:
        connection.execute(schema.CreateSchema(name, if_not_exists=True))


def schemas_of(metadatas: Sequence[MetaData]) -> set[str]:
    """The schemas of tables, types and sequences."""
    found: set[str | None] = set()
    for metadata in metadatas:
        found |= {sequence.schema for sequence in metadata._sequences.values()}
        for table in metadata.tables.values():
            found.add(table.schema)
            found |= {getattr(column.type, "schema", None) for column in table.columns}
    return {name for name in found if name}


def _message(error: Exception) -> str:
    lines = connect.masked(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def _one_by_one(metadatas: Sequence[MetaData], url: URL, scope: Scope, extensions: Sequence[str]) -> Built:
    """Build what can be built, and name the tables and indexes that cannot."""
    left_out: dict[str, Skipped] = {}
    with _building(url) as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        notes = list(prepare(connection, extensions))
        make_schemas(connection, metadatas)
        make_types(connection, metadatas)
        for metadata in metadatas:
            for name, reason in _piecemeal(connection, metadata):
                left_out[name] = Skipped(name, f"cannot be built in scratch: {reason}")
    tables = [str(table.fullname) for metadata in metadatas for table in metadata.tables.values()]
    if tables and all(name in left_out for name in tables):
        reason = left_out[tables[0]].why.partition(": ")[2]
        name = connection.dialect.name
        raise DriftcheckError(f"the models cannot be built on {name}: {reason}", _hint(reason, name))
    database = _as_declared(_read(url, scope), metadatas, extensions)
    return Built(database, frozenset(left_out), (*notes, *left_out.values()))


def _hint(reason: str, dialect: str) -> str:
    """What to do where no table of the models can be built."""
    if "requires a length" in reason:
        return f"write String(255) or Text: {dialect} has no VARCHAR without a length"
    extension = needed_extension(reason) if dialect == "postgresql" else None
    if extension is not None:
        return f"the scratch server has no {extension}: name an empty database that has it with --scratch URL"
    if "No space left on device" in reason:
        return "the scratch server needs more room: let TMPDIR name a folder that has it"
    return "check that --engine or the URL names the engine that the models are for"


def _piecemeal(connection: Connection, metadata: MetaData) -> Iterator[tuple[str, str]]:
    """Create tables without their indexes, together if that works, then each index; what fails and why."""
    indexes = {
        table: sorted(table.indexes, key=lambda index: str(index.name)) for table in metadata.sorted_tables
    }
    for table in indexes:
        table.indexes.clear()
    failed = set()
    try:
        for table, reason in _tables(connection, metadata):
            failed.add(table)
            yield str(table.fullname), reason
    finally:
        for table, found in indexes.items():
            table.indexes.update(found)
    for index in (index for table, found in indexes.items() if table not in failed for index in found):
        try:
            index.create(connection)
        except Exception as error:  # noqa: BLE001
            if "already exists" not in _message(error):
                yield f"{index.table.fullname}.{index.name}", _message(error)  # type: ignore[union-attr]


def _tables(connection: Connection, metadata: MetaData) -> Iterator[tuple[Table, str]]:
    try:
        metadata.create_all(connection)
        return
    except Exception:  # noqa: BLE001
        pass
    for table in metadata.sorted_tables:
        try:
            table.create(connection, checkfirst=True)
        except Exception as error:  # noqa: BLE001
            yield table, _message(error)


def _as_declared(database: Database, metadatas: Sequence[MetaData], extensions: Sequence[str]) -> Database:
    """The schema as read back, where an index of the models is an index: MySQL calls every unique one a
    constraint too."""
    database = without_extensions(database, extensions)
    if database.dialect not in {"mysql", "mariadb"}:
        return database
    declared = {
        (str(table.fullname), str(index.name))
        for metadata in metadatas
        for table in metadata.tables.values()
        for index in table.indexes
    }
    return replace(database, tables=tuple(_with_indexes(table, declared) for table in database.tables))


def _with_indexes(table: TableValue, declared: set[tuple[str, str]]) -> TableValue:
    found = [item for item in table.uniques if (str(table.name), item.name) in declared]
    indexes = tuple(
        Index(item.name or "", tuple(IndexPart(column) for column in item.columns), unique=True)
        for item in found
    )
    kept = tuple(item for item in table.uniques if item not in found)
    return replace(table, uniques=kept, indexes=(*table.indexes, *indexes)) if found else table


def without_extensions(database: Database, prepared: Sequence[str]) -> Database:
    """The schema without the extensions that driftcheck installed itself: nobody asked for them."""
    return replace(database, extensions=tuple(name for name in database.extensions if name not in prepared))
