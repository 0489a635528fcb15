"""What the live database says about its migrations: where it stands, and how many rows its tables hold.

Only read, and only estimates: no table is scanned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

_POSTGRESQL = """
SELECT CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END,
       CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint
            ELSE GREATEST(COALESCE(s.n_live_tup, 0), pg_relation_size(c.oid) / 200) END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_MYSQL = """
SELECT TABLE_NAME, COALESCE(TABLE_ROWS, 0) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
"""
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


@dataclass(frozen=True, slots=True)
class Live:
    """The schema with its stamps, and the estimated rows by table."""

    database: Database
    rows: Mapping[str, int]


def look_at(url: str, scope: Scope, timeout: float) -> Live:
    """Read schema, stamps and estimates. DriftcheckError where that cannot be."""
    with connect.opened(url, timeout) as connection:
        database = connect.read(connection, scope, timeout)
    with connect.opened(url, timeout) as connection:
        return Live(database, dict(_rows(connection)))


def _rows(connection: Connection) -> Iterator[tuple[str, int]]:
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    if dialect != "sqlite":
        for name, count in connection.exec_driver_sql(_POSTGRESQL if dialect == "postgresql" else _MYSQL):
            yield str(name), int(count)
        return
    for name, sql in connection.exec_driver_sql(_SQLITE).fetchall():
        quoted = '"' + str(name).replace('"', '""') + '"'
        counted = "COUNT(*)" if "without rowid" in str(sql).lower() else "MAX(rowid)"
        found = connection.exec_driver_sql(f"SELECT {counted} FROM {quoted}").scalar()
        yield str(name), int(found or 0)
