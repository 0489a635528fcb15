"""Types as the engines spell them, taken apart, and what SQLite keeps only in its statements."""

from __future__ import annotations

import pytest

from driftcheck.database.dialects.mysql_columns import data_type as mysql
from driftcheck.database.dialects.postgresql_types import data_type as postgresql
from driftcheck.database.dialects.sqlite import data_type as sqlite
from driftcheck.database.dialects.sqlite_ddl import index_keys, table_text
from driftcheck.database.model import DataType


@pytest.mark.parametrize(
    ("read", "spelled", "expected"),
    [
        (postgresql, "integer", DataType("integer")),
        (postgresql, "character varying(50)", DataType("character varying", length=50)),
        (postgresql, "character varying", DataType("character varying")),
        (postgresql, "numeric(10,2)", DataType("numeric", precision=10, scale=2)),
        (postgresql, "numeric(10,-2)", DataType("numeric", precision=10, scale=-2)),
        (postgresql, "timestamp(3) without time zone", DataType("timestamp", precision=3, timezone=False)),
        (postgresql, "timestamp(6) with time zone", DataType("timestamp", timezone=True)),
        (postgresql, "text[]", DataType("text", dimensions=1)),
        (postgresql, "interval day to second(3)", DataType("interval", precision=3, fields="day to second")),
        (postgresql, "geometry(Point,4326)", DataType("geometry(Point,4326)")),
        (postgresql, '"my Type"', DataType('"my Type"')),
        (mysql, "int(11)", DataType("int")),
        (mysql, "int(10) unsigned", DataType("int", unsigned=True)),
        (mysql, "tinyint(1)", DataType("tinyint")),
        (mysql, "datetime(6)", DataType("datetime", precision=6)),
        (mysql, "decimal(10,2)", DataType("decimal", precision=10, scale=2)),
        (mysql, "enum('a','it''s')", DataType("enum", values=("a", "it's"))),
        (sqlite, "varchar(20)", DataType("VARCHAR", length=20)),
        (sqlite, "INT", DataType("INTEGER")),
        (sqlite, "double  precision", DataType("REAL")),
        (sqlite, "DECIMAL(10, 2)", DataType("NUMERIC", precision=10, scale=2)),
        (sqlite, "", DataType("")),
    ],
)
def test_types(read, spelled, expected):
    assert read(spelled) == expected


DDL = """CREATE TABLE "my table" (
    id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, -- a comment, with (parentheses
    [a b] VARCHAR(20) COLLATE nocase NOT NULL CHECK (length([a b]) > 2),
    c DECIMAL(10, 2) DEFAULT ('x,)' || 1),
    d INTEGER GENERATED ALWAYS AS (c * 2) STORED,
    p INTEGER CONSTRAINT fk REFERENCES other (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck CHECK (c > 0 AND id <> 5),
    CONSTRAINT u UNIQUE (c, d),
    FOREIGN KEY (c, d) REFERENCES third (x, y) NOT DEFERRABLE
) STRICT, WITHOUT ROWID"""


def test_a_statement_of_sqlite():
    text = table_text(DDL)
    assert text.checks == [(None, "length([a b]) > 2"), ("ck", "c > 0 AND id <> 5")]
    assert text.collations == {"a b": "NOCASE"}
    assert text.expressions == {"d": "c * 2"}
    assert text.uniques == {("c", "d"): "u"}
    assert text.foreign_keys == {("p",): ("fk", "deferred"), ("c", "d"): (None, None)}
    assert text.primary_key == "pk"
    assert text.autoincrement
    assert text.strict
    assert text.without_rowid


def test_keys_of_an_index():
    assert index_keys("CREATE INDEX i ON t (a, lower(b), c DESC) WHERE a > 0") == ["a", "lower(b)", "c DESC"]


@pytest.mark.parametrize(
    "sql", ["", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (", "CREATE TABLE t (a CHECK (", "x)"]
)
def test_odd_statements_are_no_crash(sql):
    assert table_text(sql).primary_key is None
