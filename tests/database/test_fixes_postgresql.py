"""Fix hints on PostgreSQL: a database made from the models is broken in one way, and the hints mend it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.pool import NullPool

from driftcheck.database.check import Request, check
from driftcheck.database.fixes.hints import fix_lines
from driftcheck.database.fixes.sql import escaped
from tests.database.cases_fixes import BROKEN, models
from tests.database.conftest import run
from tests.database.test_cases import found, scratch_of_the_session  # noqa: F401 - a fixture


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ddl", BROKEN)
def test_what_was_broken_is_mended(request, ddl):
    expected = []
    metadata = models()
    with request.getfixturevalue("postgresql").database() as url:
        run(url, 'create schema "My App"')
        with create_engine(url, poolclass=NullPool).begin() as connection:
            metadata.create_all(connection)
        run(url, ddl)
        report = check(Request(url, metadata, expects=expected.append))
        assert report.findings != ()
        with create_engine(url, poolclass=NullPool).begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            for hint in fix_lines(report, expected[0]):
                exec(hint, {"op": op, "sa": sa, "postgresql": postgresql, "mysql": mysql})
        assert found(check(Request(url, metadata))) == []


@pytest.mark.parametrize(
    "sql",
    ["a::text", "'x:y'", "'10:30'", "'{\"a\":1}'", "x := 1", "a[1:2]", "'c:\\d'", "select 5 % 3", "f(:a)"],
)
def test_sql_is_told_without_parameters(sql):
    assert str(text(escaped(sql)).compile(dialect=postgresql.asyncpg.dialect())).replace("%%", "%") == sql
