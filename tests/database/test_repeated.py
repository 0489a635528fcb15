"""Columns that are taken from memory are written as SQLAlchemy writes each by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    FetchedValue,
    Identity,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    TypeDecorator,
    create_mock_engine,
    func,
    text,
)
from sqlalchemy.dialects.mysql import TIMESTAMP
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import quoted_name

from driftcheck.database.scratch import Wanted, bare_url
from driftcheck.database.sources.statements import compiled


class Shouted(String):
    """Written with the name of its column."""


@compiles(Shouted)
def _shouted(_type, _compiler, *, type_expression=None, **_options):
    return f"VARCHAR({len(type_expression.table.name)})"


class Louder(Shouted):
    """The hook of another type is its own."""


class Coded(TypeDecorator):
    impl = String(7)
    cache_ok = True


# Pairs of columns of one name in two tables: alike, or alike but for one thing.
PAIRS = {
    "the same": (Column("a", String(5)), Column("a", String(5))),
    "length": (Column("a", String(5)), Column("a", String(6))),
    "nullable": (Column("a", Integer), Column("a", Integer, nullable=False)),
    "quotes": (Column("a", Integer), Column(quoted_name("a", quote=True), Integer)),
    "default": (Column("a", String(5), server_default="x"), Column("a", String(5), server_default="y")),
    "no default": (Column("a", String(5), server_default=""), Column("a", String(5))),
    "default in quotes or not": (
        Column("a", String(5), server_default="now()"),
        Column("a", String(5), server_default=text("now()")),
    ),
    "a function": (
        Column("a", DateTime, server_default=func.now()),
        Column("a", DateTime, server_default=func.now()),
    ),
    "functions": (
        Column("a", DateTime, server_default=func.now()),
        Column("a", DateTime, server_default=func.now(6)),
    ),
    "other functions": (
        Column("a", DateTime, server_default=func.now()),
        Column("a", DateTime, server_default=func.current_date()),
    ),
    "fetched": (Column("a", Integer, server_default=FetchedValue()), Column("a", Integer)),
    "computed": (Column("a", Integer, Computed("1 + 1")), Column("a", Integer, Computed("1 + 2"))),
    "identity": (Column("a", Integer, Identity(start=5)), Column("a", Integer, Identity(start=6))),
    "a key": (Column("a", Integer, primary_key=True), Column("a", Integer, nullable=False)),
    "a check": (Column("a", Integer, CheckConstraint("a > 0")), Column("a", Integer)),
    "comment": (Column("a", Integer, comment="one"), Column("a", Integer, comment="other")),
    "enum": (Column("a", Enum("x", name="e")), Column("a", Enum("y", name="f"))),
    "arrays or JSON": (Column("a", JSON), Column("a", JSON(none_as_null=True))),
    "scale": (Column("a", Numeric(8, 2)), Column("a", Numeric(8, 3))),
    "checked": (Column("a", Boolean(create_constraint=True)), Column("a", Boolean())),
    "decorated": (Column("a", Coded()), Column("a", String(7))),
    "a hook": (Column("a", Shouted(5)), Column("a", Shouted(5))),
    "a hook of another": (Column("a", Louder(5)), Column("a", Louder(5))),
    "a sequence": (Column("a", Integer, Sequence("s")), Column("a", Integer)),
    "a clause of conflict": (
        Column("a", Integer, nullable=False, sqlite_on_conflict_not_null="FAIL"),
        Column("a", Integer, nullable=False),
    ),
    "null of MySQL": (Column("a", TIMESTAMP), Column("a", TIMESTAMP, nullable=False)),
}


def tables(pair):
    metadata = MetaData()
    for name, column in zip(("t", "other"), pair, strict=True):
        Table(name, metadata, column._copy(), Column("b", Integer))
    return metadata


def written(metadata, url):
    found = []
    engine = create_mock_engine(
        url, lambda sql, *_, **__: found.append(str(sql.compile(dialect=engine.dialect)))
    )
    metadata.create_all(engine, checkfirst=False)
    return sorted(found)


@pytest.mark.parametrize("backend", ["postgresql", "mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("name", PAIRS)
def test_equal_columns_are_written_once_and_others_apart(name, backend):
    url = bare_url(Wanted(backend, backend=backend))
    for pair in (PAIRS[name], PAIRS[name][::-1]):
        made = compiled([tables(pair)], url)
        assert sorted(made.statements()) == written(tables(pair), url)


def test_arrays_are_told_apart_by_what_they_hold():
    url = bare_url(Wanted("postgresql", backend="postgresql"))
    pair = (Column("a", ARRAY(Integer)), Column("a", ARRAY(String)))
    assert sorted(compiled([tables(pair)], url).statements()) == written(tables(pair), url)


def test_an_equal_column_is_not_written_again(monkeypatch):
    from sqlalchemy.dialects.postgresql.base import PGDDLCompiler

    asked = []
    specify = PGDDLCompiler.get_column_specification
    monkeypatch.setattr(
        PGDDLCompiler,
        "get_column_specification",
        lambda self, column, **rest: asked.append(column.name) or specify(self, column, **rest),
    )
    compiled([tables(PAIRS["the same"])], bare_url(Wanted("postgresql", backend="postgresql")))
    assert asked == ["a", "b"]
