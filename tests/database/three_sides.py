"""A project with models, migrations and a live SQLite database, on disk."""

from __future__ import annotations

import sqlite3
import textwrap

from driftcheck import check_database

ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool
from app_models import metadata

config = context.config

def online():
    engine = engine_from_config(config.get_section(config.config_ini_section) or {}, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata{options})
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    context.configure(url="sqlite://", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    online()
"""

MODELS = """
from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(50), nullable=False),
    Column("age", Integer),
)
"""

REVISION = """
revision = {revision!r}
down_revision = {down!r}

import sqlalchemy as sa
from alembic import op

def upgrade():
{upgrade}

def downgrade():
    pass
"""

FIRST = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(50), nullable=False),
)
"""
SECOND = 'op.add_column("users", sa.Column("age", sa.Integer))'
USERS = "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(50) NOT NULL"


class Project:
    """An application folder with models, migrations and a live SQLite database."""

    def __init__(self, root):
        self.root = root
        (root / "migrations" / "versions").mkdir(parents=True)
        self.env()
        (root / "app_models.py").write_text(MODELS)
        (root / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")

    def env(self, options="", before=""):
        (self.root / "migrations" / "env.py").write_text(before + ENV.replace("{options}", options))

    def revision(self, name, down, upgrade):
        body = textwrap.indent(textwrap.dedent(upgrade).strip(), "    ")
        text = REVISION.format(revision=name, down=down, upgrade=body)
        (self.root / "migrations" / "versions" / f"{name}.py").write_text(text)

    def live(self, *statements, stamp=None):
        path = self.root / "live.db"
        with sqlite3.connect(path) as connection:
            connection.executescript(";".join(statements))
            if stamp is not None:
                connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
                connection.executemany("INSERT INTO alembic_version VALUES (?)", [(item,) for item in stamp])
        connection.close()
        return f"sqlite:///{path}"

    def check(self, url=None, models="app_models:metadata"):
        return check_database(url, models=models, migrations=str(self.root / "alembic.ini"))


def said(report):
    return [
        (d.object, str(d.attribute or d.change), d.attribution)
        for finding in report.findings
        for d in (finding.difference,)
    ]
