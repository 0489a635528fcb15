"""Roles that DDL grants to or gives its tables: scratch has them without a login, and only while it is used.

Roles belong to the whole server, which for `--scratch URL` is the user's; so each one made here carries the
name of its scratch database as a comment, and only such a one is ever dropped.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROLE = "role "  # before the name of a role where extensions and roles are told alike
_OURS = """
SELECT quote_ident(r.rolname) FROM pg_roles r
JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE d.description = 'made by driftcheck for its scratch database ' || current_database()
"""


def make_role(connection: Connection, name: str) -> None:
    """Make a role unless there is one; who makes it becomes a member, and may give it tables.

    SQLAlchemyError where that is not allowed.
    """
    from sqlalchemy import text

    known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name})
    if known.first() is not None:
        return
    quoted = '"' + name.replace('"', '""') + '"'
    said = "'made by driftcheck for its scratch database ' || current_database()"
    literal = connection.exec_driver_sql(f"SELECT quote_literal({said})").scalar()
    run = connection.execution_options(no_parameters=True)
    run.exec_driver_sql(f"CREATE ROLE {quoted} NOLOGIN ROLE CURRENT_USER")
    run.exec_driver_sql(f"COMMENT ON ROLE {quoted} IS {literal}")


def drop_made_roles(connection: Connection) -> None:
    """Drop the roles made for this scratch database, when nothing in it is theirs any longer."""
    from sqlalchemy.exc import SQLAlchemyError

    for (role,) in connection.exec_driver_sql(_OURS).fetchall():
        for statement in (f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}"):
            with suppress(SQLAlchemyError):
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
