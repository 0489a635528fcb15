"""Fix hints: run as they stand, they take the drift away; nothing in them is left to be filled in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    func,
    text,
)
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.pool import NullPool

from driftcheck.database.check import Request, check
from driftcheck.database.fixes.hints import fix_lines
from driftcheck.database.fixes.types import column_of, type_of
from driftcheck.database.model import Column as ColumnValue
from driftcheck.database.model import DataType
from tests.database.conftest import run
from tests.database.models import col, key, of, one, table, tables
from tests.database.test_cases import found, scratch_of_the_session  # noqa: F401 - a fixture


def parent(metadata):
    of("p", key())(metadata)


CASES = [
    (one(String(50)), "create table t(id serial primary key)"),
    (one(Integer, nullable=False, server_default="0"), "create table t(id serial primary key)"),
    (one(String(50)), "create table t(id serial primary key, a varchar(20))"),
    (one(Numeric(10, 2)), "create table t(id serial primary key, a numeric(10,3))"),
    (one(DateTime(timezone=True)), "create table t(id serial primary key, a timestamp)"),
    (one(Integer, nullable=False), "create table t(id serial primary key, a int)"),
    (one(Integer, server_default="5"), "create table t(id serial primary key, a int default 4)"),
    (one(Integer), "create table t(id serial primary key, a int default 4, b int)"),
    (one(postgresql.ARRAY(Text)), "create table t(id serial primary key)"),
    (one(Enum("x", "y", name="e")), "create type e as enum('x'); create table t(id serial primary key, a e)"),
    (one(Enum("x", "y", name="e")), "create type e as enum('x', 'y'); create table t(id serial primary key)"),
    (one(Integer, index=True), "create table t(id serial primary key, a int)"),
    (one(Integer), "create table t(id serial primary key, a int); create index ix on t(a)"),
    (
        table(key(), Column("s", Text), Index("ix", text("lower(s)"), postgresql_where=text("s <> ''"))),
        "create table t(id serial primary key, s text); create index ix on t(s)",
    ),
    (
        table(key(), Column("s", Text), Index("ix", text("s DESC"), "id", unique=True)),
        "create table t(id serial primary key, s text)",
    ),
    (table(key(), col(), UniqueConstraint("a", name="uq")), "create table t(id serial primary key, a int)"),
    (table(key(), col()), "create table t(id serial primary key, a int constraint uq unique)"),
    (
        table(key(), col(), CheckConstraint("a > 0", name="ck")),
        "create table t(id serial primary key, a int constraint ck check (a > 1))",
    ),
    (
        tables(parent, of("t", key(), Column("p_id", ForeignKey("p.id", name="fk", ondelete="CASCADE")))),
        "create table p(id serial primary key);"
        "create table t(id serial primary key, p_id int constraint fk references p)",
    ),
    (
        tables(
            parent,
            of(
                "t",
                Column("id", Integer, Identity(always=True), primary_key=True),
                Column("p_id", ForeignKey("p.id", ondelete="CASCADE"), index=True),
                Column("n", Numeric(8, 3), CheckConstraint("n > 0", name="ck"), comment="how many"),
                Column("made", DateTime, server_default=func.now(), nullable=False),
                Column("twice", Numeric, Computed("n * 2")),
                UniqueConstraint("n", name="uq"),
            ),
        ),
        "create table p(id serial primary key)",
    ),
    (table(key(), Column("email", Text)), "create table t(id serial primary key, user_email text)"),
    (
        tables(of("customer", key(), Column("email", Text))),
        "create table customers(id serial primary key, email text)",
    ),
    (one(Integer, index=True), "create table t(id serial primary key, a int); create index other on t(a)"),
]


@pytest.mark.parametrize(("models", "ddl"), CASES)
def test_what_a_hint_says_takes_the_drift_away(postgresql_scratch, models, ddl):
    with postgresql_scratch.database() as url:
        run(url, ddl)
        expected = []
        report = check(Request(url, models, expects=expected.append))
        hints = list(fix_lines(report, expected[0]))
        assert report.findings != ()
        assert hints != []
        assert "..." not in "".join(hints)
        with create_engine(url, poolclass=NullPool).begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            for hint in hints:
                exec(hint, {"op": op, "sa": sa, "postgresql": postgresql, "mysql": mysql})
        assert found(check(Request(url, models))) == []


@pytest.fixture
def postgresql_scratch(request):
    return request.getfixturevalue("postgresql")


def test_no_drift_has_no_hints(postgresql_scratch):
    with postgresql_scratch.database() as url:
        run(url, "create table t(id serial primary key, a int)")
        expected = []
        report = check(Request(url, one(Integer), expects=expected.append))
        assert list(fix_lines(report, expected[0])) == []


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (DataType("character varying", length=50), "sa.String(length=50)"),
        (DataType("varchar"), "sa.String()"),
        (DataType("numeric", precision=8, scale=2), "sa.Numeric(precision=8, scale=2)"),
        (DataType("timestamp", timezone=True), "sa.DateTime(timezone=True)"),
        (
            DataType("timestamp", timezone=False, precision=3),
            "postgresql.TIMESTAMP(timezone=None, precision=3)",
        ),
        (DataType("datetime", precision=6), "mysql.DATETIME(fsp=6)"),
        (DataType("bigint", unsigned=True), "mysql.BIGINT(unsigned=True)"),
        (DataType("enum", values=("a", "b")), "sa.Enum('a', 'b')"),
        (DataType("integer", dimensions=1), "postgresql.ARRAY(sa.Integer())"),
        (DataType("geometry(Point,4326)"), None),
    ],
)
def test_types_as_python(kind, shown):
    told = type_of(kind, {})
    assert told == (shown.replace("timezone=None, ", "") if shown else None)
    if told is not None:
        eval(told, {"sa": sa, "postgresql": postgresql, "mysql": mysql})


def test_a_column_without_a_word_for_its_type_is_left_to_sql():
    assert column_of(ColumnValue("a", DataType("geometry")), {}) is None
