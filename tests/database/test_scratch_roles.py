"""Roles that migrations, models and dumps name and scratch lacks: made there without a login, and dropped."""

from __future__ import annotations

import pytest
from sqlalchemy import DDL, Column, Integer, MetaData, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from driftcheck import DriftcheckError, check_database
from driftcheck.database.check import Request, check
from driftcheck.database.scratch.given import given
from driftcheck.database.scratch.roles import drop_made_roles, make_role
from tests.database.conftest import WANTED, run

REVISION = """
from alembic import op
revision = "a1"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE t (id integer)")
    op.execute({statement!r})

def downgrade():
    pass
"""
ENV = """
from alembic import context
from sqlalchemy import create_engine
with create_engine("postgresql://").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture
def migrations(tmp_path):
    def written(statement):
        (tmp_path / "versions").mkdir()
        (tmp_path / "env.py").write_text(ENV)
        (tmp_path / "versions" / "a1.py").write_text(REVISION.format(statement=statement))
        return str(tmp_path)

    return written


@pytest.fixture
def live(postgresql):
    with postgresql.database() as url:
        run(url, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        run(url, "INSERT INTO alembic_version VALUES ('a1')", "CREATE TABLE t (id integer)")
        yield url


def connected(url, **options):
    return create_engine(url, poolclass=NullPool, **options).connect()


def roles(url):
    with connected(url) as connection:
        found = connection.exec_driver_sql("SELECT rolname FROM pg_roles WHERE oid >= 16384")
        return {row[0] for row in found}


def said(report):
    return [
        (f.difference.object, str(f.difference.attribute or f.difference.change)) for f in report.findings
    ]


STATEMENTS = [
    "GRANT SELECT ON t TO app_reader",
    'GRANT SELECT ON t TO "App Reader", other',
    "ALTER TABLE t OWNER TO app_owner",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO app_reader",
    "SET ROLE app_owner; RESET ROLE",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_role_that_migrations_grant_to(live, migrations, statement):
    report = check_database(live, migrations=migrations(statement))
    assert said(report) == []
    assert "the migrations as a side" not in [item.what for item in report.skipped]


def test_the_roles_of_a_policy_are_compared(live, migrations):
    made = migrations("CREATE POLICY p ON t TO app_reader USING (id > 0)")
    run(live, "CREATE ROLE app_reader", "CREATE POLICY p ON t TO app_reader USING (id > 0)")
    assert said(check_database(live, migrations=made)) == []
    run(live, "ALTER POLICY p ON t TO public")
    assert said(check_database(live, migrations=made)) == [("t.p", "roles")]


def test_a_role_that_the_ddl_of_models_grants_to(live):
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer))
    event.listen(metadata, "after_create", DDL("GRANT SELECT ON t TO app_reader"))
    assert said(check_database(live, models=metadata)) == []


def test_a_role_that_a_dump_gives_its_tables(live, tmp_path):
    dump = tmp_path / "schema.sql"
    dump.write_text("CREATE TABLE t (id integer);\nALTER TABLE t OWNER TO app;\nGRANT ALL ON t TO api;\n")
    assert said(check(Request(url=live, against=str(dump)))) == []


def test_a_scratch_database_of_the_user_is_left_without_them(postgresql, live, migrations):
    with postgresql.database() as url:
        run(url, "CREATE ROLE theirs")
        before = roles(url)
        report = check_database(live, migrations=migrations(STATEMENTS[0]), scratch=shown(url))
        assert said(report) == []
        assert roles(url) == before


def test_a_role_of_another_scratch_database_is_not_dropped(postgresql):
    with postgresql.database() as one, postgresql.database() as other:
        with connected(one, isolation_level="AUTOCOMMIT") as connection:
            make_role(connection, 'app\'s "reader"')
            make_role(connection, 'app\'s "reader"')
        with connected(other, isolation_level="AUTOCOMMIT") as connection:
            drop_made_roles(connection)
        assert 'app\'s "reader"' in roles(one)
        with connected(one, isolation_level="AUTOCOMMIT") as connection:
            drop_made_roles(connection)
        assert 'app\'s "reader"' not in roles(one)


def test_a_scratch_database_where_no_role_can_be_made(postgresql, live, migrations):
    with postgresql.database() as url:
        run(url, "CREATE ROLE limited LOGIN", f'ALTER DATABASE "{url.database}" OWNER TO limited')
        run(url, "ALTER SCHEMA public OWNER TO limited")
        limited = shown(url.set(username="limited"))
        with pytest.raises(DriftcheckError, match="role app_reader"):
            check_database(live, migrations=migrations(STATEMENTS[0]), scratch=limited)


def test_a_mistake_of_another_kind_is_told(live, migrations):
    with pytest.raises(DriftcheckError, match="syntax error"):
        check_database(live, migrations=migrations("GRANT role app DOES not exist"))


def test_a_scratch_database_is_emptied_with_its_roles(postgresql):
    with postgresql.database() as url:
        with given(shown(url), WANTED["postgresql"], None) as scratch, scratch.database() as place:
            with connected(place, isolation_level="AUTOCOMMIT") as connection:
                make_role(connection, "app_reader")
            run(place, "CREATE TABLE t (id int)", "GRANT SELECT ON t TO app_reader")
        assert "app_reader" not in roles(url)


def shown(url):
    return make_url(url).render_as_string(hide_password=False)
