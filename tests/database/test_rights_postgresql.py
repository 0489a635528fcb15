"""PostgreSQL: what a role may not read is told and no drift, and a name that is nowhere is an error."""

from __future__ import annotations

import pytest

from driftcheck import DriftcheckError, check_database
from driftcheck.database.check import Request, check
from tests.database.conftest import run
from tests.database.models import col, key, table
from tests.database.test_cases import found
from tests.database.test_scratch_roles import migrations, shown  # noqa: F401 - a fixture


@pytest.fixture
def live(postgresql):
    with postgresql.database() as url:
        run(url, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        run(url, "INSERT INTO alembic_version VALUES ('a1')", "CREATE TABLE t (id integer)")
        run(url, "DO $$BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$")
        run(url, "GRANT USAGE ON SCHEMA public TO reader")
        yield url


def test_a_stamp_that_the_role_may_not_read_is_not_missing(live, migrations):  # noqa: F811
    source = migrations("SELECT 1")
    report = check_database(shown(live.set(username="reader")), migrations=source)
    assert found(report) == []
    assert "the stamp of the migrations in the live database" in [item.what for item in report.skipped]
    run(live, "GRANT SELECT ON alembic_version TO reader")
    report = check_database(shown(live.set(username="reader")), migrations=source)
    assert found(report) == []
    assert "the stamp of the migrations in the live database" not in [item.what for item in report.skipped]


def test_a_database_without_a_stamp_is_told(live, migrations):  # noqa: F811
    run(live, "DROP TABLE alembic_version")
    report = check_database(shown(live.set(username="reader")), migrations=migrations("SELECT 1"))
    assert found(report) == ["migration alembic_version stamp risky"]


def test_a_misspelt_schema_is_an_error(live):
    run(live, "CREATE SCHEMA sales")
    models = table(col("id"))
    with pytest.raises(DriftcheckError, match="no side has a schema slaes") as raised:
        check_database(live, models=models, schemas=["slaes"])
    assert raised.value.hint == "did you mean sales?"
    assert found(check_database(live, models=models, schemas=["sales", "*"])) == []


def test_a_schema_that_only_the_models_have_is_missing(live):
    assert found(check_database(live, models=table(key(), schema="app"), schemas=["app"])) == [
        "schema app missing breaking",
        "table t extra info",
    ]


def test_a_user_that_is_not_there(live):
    with pytest.raises(DriftcheckError) as raised:
        check_database(shown(live.set(username="nobody")), models=table(col("id")))
    assert raised.value.hint == "check the user in the URL"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "CREATE TABLE a (x int);\n\\restrict x\nCREATE TABEL b;",
            'schema.sql:3: syntax error at or near "TABEL"',
        ),
        ("CREATE TABLE a (x int);\nCREATE TABLE a (x int);", 'schema.sql: relation "a" already exists'),
    ],
)
def test_the_line_of_a_mistake_in_a_file(live, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.sql").write_text(text)
    with pytest.raises(DriftcheckError) as raised:
        check(Request(live, against="schema.sql"))
    assert raised.value.message == said
