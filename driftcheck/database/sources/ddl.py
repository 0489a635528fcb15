"""A file of DDL as a side: run in a scratch database as it is, then read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database
from driftcheck.database.scratch import Scratch
from driftcheck.database.scratch.roles import ROLE
from driftcheck.database.sources.build import needed_extension, prepare
from driftcheck.database.sources.split import split
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL


def build_ddl(path: Path, scratch: Scratch, scope: Scope) -> Database:
    """Run the file's statements; a dump of pg_dump, mysqldump or sqlite3 will do."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DriftcheckError(f"{path} cannot be read: {error}") from None
    return run_ddl(text, str(path), scratch, scope)


def run_ddl(text: str, name: str, scratch: Scratch, scope: Scope) -> Database:
    """The schema that the statements make in an empty database, where the roles that they name exist."""
    roles: list[str] = []
    while True:
        with scratch.database() as url:
            lacking = _run(url, text, name, roles)
            if lacking is None:
                with connect.opened(url) as reading:
                    return connect.read_built(reading, scope)
            roles.append(lacking)


def _run(url: URL, text: str, name: str, roles: Sequence[str]) -> str | None:
    """Run the statements; a role that has to be there first. DriftcheckError where they fail otherwise."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    line, statement = 1, ""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        prepare(connection, roles)
        if connection.dialect.name in {"mysql", "mariadb"}:  # tables stand in the order of their names
            connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        try:
            for at, statement in statements(text, connection.dialect.name):
                line = at
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
            connection.commit()
        except SQLAlchemyError as error:
            said = connect.masked(getattr(error, "orig", None) or error).splitlines()[0]
            lacking = needed_extension(said)
            if lacking is not None and lacking.startswith(ROLE) and lacking not in roles:
                return lacking
            place = _line(error, statement, line)
            raise DriftcheckError(
                f"{name}{place}: {said}", "the file must run on an empty database"
            ) from None
    return None


def _line(error: Exception, statement: str, first: int) -> str:
    """Where it failed: PostgreSQL ran the whole file, and says of some mistakes at which letter they are."""
    if not hasattr(getattr(error, "orig", None), "diag"):
        return f":{first}"
    position = getattr(error.orig.diag, "statement_position", None)  # type: ignore[attr-defined]
    return f":{first + statement[: int(position)].count(chr(10))}" if position else ""


def statements(text: str, dialect: str) -> Iterator[tuple[int, str]]:
    """Line and text of each statement; PostgreSQL takes the whole file, its dollar quotes included."""
    lines = [line if not line.startswith("\\") else "" for line in text.splitlines()]
    text = "\n".join(lines)
    if dialect == "postgresql":
        kept = "\n".join(
            line if not line.startswith("SELECT pg_catalog.set_config('search_path'") else ""
            for line in lines
        )
        if kept.strip():
            yield 1, kept
        return
    yield from split(text, dialect)
