"""Two sides from PostgreSQL servers of different versions: what these print or make otherwise is no drift."""

from __future__ import annotations

import pytest

from driftcheck.database.compare import compare
from driftcheck.database.model import Column, Database, DataType, Name, Table, View

OLD = "SELECT t.a,\n    t.b\n   FROM t\n  WHERE (t.a > 0);"
NEW = "SELECT a,\n    b\n   FROM t\n  WHERE (a > 0);"


def with_view(major, query):
    return Database("postgresql", (major, 1), "public", views=(View(Name(None, "v"), query),))


def with_column(major, *, stored):
    column = Column("a", DataType("integer"), expression="(b * 2)", stored=stored)
    return Database("postgresql", (major, 1), "public", tables=(Table(Name(None, "t"), (column,)),))


def told(expected, actual):
    return [(item.object, item.attribute) for item in compare(expected, actual)]


@pytest.mark.parametrize(
    ("ours", "theirs"), [((15, OLD), (18, NEW)), ((16, NEW), (12, OLD)), ((15, OLD), (14, OLD))]
)
def test_a_view_that_another_version_prints_is_the_same(ours, theirs):
    assert told(with_view(*ours), with_view(*theirs)) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ((15, OLD), (18, NEW.replace("> 0", "> 1"))),
        ((18, NEW), (15, OLD.replace("FROM t", "FROM u"))),
        ((18, NEW), (18, OLD)),
        ((15, OLD), (14, NEW)),
    ],
)
def test_another_view_is_not(ours, theirs):
    assert told(with_view(*ours), with_view(*theirs)) == [("v", "definition")]


def test_a_generated_column_that_older_servers_always_store():
    assert told(with_column(18, stored=False), with_column(15, stored=True)) == []
    assert told(with_column(18, stored=False), with_column(18, stored=True)) == [("t.a", "stored")]
    assert told(with_column(15, stored=True), with_column(18, stored=False)) == [("t.a", "stored")]
