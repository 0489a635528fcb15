"""Recorded SQL: what a statement names, and whether models or migrations make it."""

from __future__ import annotations

import sys

import pytest

from driftcheck import DriftcheckError, check_traffic
from driftcheck.config import Config, TrafficConfig
from driftcheck.database.names import Names, names_of
from driftcheck.traffic.exchange import Source
from driftcheck.traffic.queries import QueryCheck
from driftcheck.traffic.readers import RecordedQuery
from driftcheck.traffic.sql import UnreadableSqlError, uses_of

TABLES = {
    ("", "users"): frozenset({"id", "name", "email"}),
    ("", "orders"): frozenset({"id", "user_id", "total"}),
    ("audit", "log"): frozenset({"at", "what"}),
}


def missing(*statements, engine="postgresql"):
    check = QueryCheck(Config(), known=Names("models", TABLES))
    for sql in statements:
        check.take(RecordedQuery(Source("mocks.yaml", "keploy", 7), sql, engine))
    return [difference.object for difference in check.differences()]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id, name FROM users WHERE email = $1",
        "SELECT * FROM users",
        'SELECT "users"."id" FROM "public"."users"',
        "SELECT u.name, o.total FROM users u JOIN orders o ON o.user_id = u.id ORDER BY total LIMIT $1",
        "SELECT name, total FROM users, orders",
        "SELECT count(*) AS n FROM users GROUP BY name HAVING count(*) > 1 ORDER BY n",
        "SELECT total AS sum_of FROM orders ORDER BY sum_of",
        "WITH big AS (SELECT id, total AS much FROM orders) SELECT much FROM big",
        "SELECT name FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE user_id = users.id AND name = 'x')",
        "SELECT x.y FROM (SELECT id AS y FROM users) x",
        "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id RETURNING name",
        "UPDATE users SET name = $1 WHERE id = $2",
        "UPDATE users AS u SET name = o.total FROM orders AS o WHERE o.user_id = u.id",
        "DELETE FROM orders WHERE total < 5",
        "SELECT what FROM audit.log",
        "SELECT what FROM log",
        "SELECT version_num FROM alembic_version",
        "SELECT oid, typname FROM pg_type",
        "SELECT table_name FROM information_schema.tables",
        "SELECT ctid FROM users",
        "SELECT g FROM generate_series(1, 3) AS g",
        "SELECT id FROM users UNION SELECT id FROM orders",
        "SELECT 'nick $1 it''s' FROM users",
        "BEGIN",
        "SET search_path TO x",
        "SELECT 1",
    ],
)
def test_statements_that_work(sql):
    assert missing(sql) == []


@pytest.mark.parametrize(
    ("sql", "objects"),
    [
        ("SELECT nick FROM users", ["users.nick"]),
        ("SELECT u.nick FROM users u JOIN orders o ON o.user_id = u.id", ["users.nick"]),
        ("SELECT nick FROM users, orders", ["orders or users.nick"]),
        ("SELECT id FROM people", ["people"]),
        ("INSERT INTO users (id, nick) VALUES ($1, $2)", ["users.nick"]),
        ("UPDATE users SET nick = $1", ["users.nick"]),
        ("DELETE FROM users WHERE nick = $1", ["users.nick"]),
        ("SELECT id FROM users WHERE id IN (SELECT buyer FROM orders)", ["orders or users.buyer"]),
        ("SELECT at FROM audit.log WHERE log.who = 1", ["audit.log.who"]),
        ("SELECT at FROM other.log", ["other.log"]),
        ("SELECT id FROM users UNION SELECT nick FROM users", ["users.nick"]),
        ('SELECT NICK FROM "USERS"', ["users.nick"]),
    ],
)
def test_statements_that_use_what_is_not_there(sql, objects):
    assert missing(sql) == objects


def test_other_spellings_of_mysql():
    assert missing("SELECT `users`.`name` FROM `users` WHERE `id` = ?", engine="mysql") == []
    assert missing("SELECT `nick` FROM `users` WHERE `id` = ?", engine="mysql") == ["users.nick"]


def test_a_table_that_the_recording_makes_itself():
    assert missing("CREATE TABLE scratch (a int)", "SELECT a, b FROM scratch") == []


def test_the_same_lack_is_one_finding_with_its_count():
    check = QueryCheck(Config(), known=Names("models", TABLES))
    for sql in ("SELECT nick FROM users", "SELECT nick FROM users WHERE id = 1", "SELECT nick FROM users"):
        check.take(RecordedQuery(Source("mocks.yaml", "keploy", 7), sql, "postgresql"))
    (found,) = check.differences()
    assert found.facts["count"] == 3
    assert (found.locations[0].file, found.locations[0].line) == ("mocks.yaml", 7)


def test_what_cannot_be_parsed_is_counted():
    with pytest.raises(UnreadableSqlError):
        uses_of("SELECT FROM WHERE (", "postgresql")
    check = QueryCheck(Config(), known=Names("models", TABLES))
    check.take(RecordedQuery(Source("m", "keploy"), "SELECT FROM WHERE (", "postgresql"))
    assert [item.what for item in check.skipped()] == ["1 recorded statement"]


def test_without_the_parser_the_hint_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(DriftcheckError, match=r"sqlglot.*\n.*driftcheck\[recordings\]"):
        uses_of("SELECT 1", "postgresql")


MOCK = """version: api.keploy.io/v1beta1
kind: PostgresV3
name: mock-1
spec:
  postgresV3:
    type: query
    sqlNormalized: SELECT id, nick FROM users WHERE id = $1
"""


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    folder = tmp_path / "keploy" / "test-set-0"
    folder.mkdir(parents=True)
    (folder / "mocks.yaml").write_text(MOCK)
    (tmp_path / "shop_models.py").write_text(
        "from sqlalchemy import Column, Integer, MetaData, String, Table\n"
        "metadata = MetaData()\n"
        "Table('users', metadata, Column('id', Integer, primary_key=True), Column('name', String(20)))\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("shop_models", None)


def test_recorded_queries_against_models(recorded):
    config = Config(traffic=TrafficConfig(models="shop_models:metadata"))
    report = check_traffic("keploy", config=config)
    assert [found.difference.object for found in report.findings] == ["users.nick"]
    assert report.findings[0].rule == "recorded-query-column-missing"
    assert report.findings[0].locations[0].file.endswith("mocks.yaml")
    assert "nick" in report.findings[0].message


def test_recorded_queries_against_migrations(recorded):
    versions = recorded / "migrations" / "versions"
    versions.mkdir(parents=True)
    (recorded / "migrations" / "env.py").write_text(
        "from alembic import context\n"
        "from sqlalchemy import create_engine\n"
        "with create_engine('sqlite://').connect() as connection:\n"
        "    context.configure(connection=connection, target_metadata=None)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
    )
    (versions / "one.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = 'a1'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True))\n"
        "def downgrade():\n    op.drop_table('users')\n"
    )
    names = names_of("", "migrations", "sqlite", Config())
    assert names.columns("", "users") == {"id"}
    assert names.columns("public", "users") == {"id"}
    assert names.columns("", "people") is None


def test_recordings_without_sql_say_so(recorded):
    (recorded / "empty").mkdir()
    config = Config(traffic=TrafficConfig(models="shop_models:metadata"))
    report = check_traffic("empty", config=config)
    assert [item.what for item in report.skipped] == ["recorded SQL"]


def test_neither_description_nor_models():
    with pytest.raises(DriftcheckError, match="no description"):
        check_traffic([])
