"""Models are compiled for the driver that the application uses: SQLAlchemy's dialects differ by driver."""

from __future__ import annotations

import pytest
from sqlalchemy import CHAR, URL, Column, Integer, MetaData, Table
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeDecorator

from driftcheck import check_database
from tests.database.conftest import run


class Identifier(TypeDecorator):
    """The recipe for UUIDs of SQLAlchemy's documentation, without PostgreSQL's own type."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(CHAR(32))


TABLE = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("u", Identifier()))


def check(url):
    report = check_database(url, models=TABLE.metadata, config={"db": {"cache": False}})
    return [(item.difference.object, item.difference.attribute) for item in report.findings]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg", "pg8000"])
def test_what_create_all_makes_is_no_drift(postgresql, driver):
    dialect = URL.create(f"postgresql+{driver}").get_dialect()()
    with postgresql.database() as url:
        run(url, str(CreateTable(TABLE).compile(dialect=dialect)))
        assert check(url.set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)) == []


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_shorter_one_is(postgresql, driver):
    kind = {"psycopg": "VARCHAR", "psycopg2": "CHAR"}[driver]
    with postgresql.database() as url:
        run(url, f"CREATE TABLE t (id SERIAL PRIMARY KEY, u {kind}(16))")
        found = check(url.set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False))
    assert found == [("t.u", "length")]
