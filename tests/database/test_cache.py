"""The key of built models: the same for equal models, another one for anything that create_all would do."""

from __future__ import annotations

import pytest
from sqlalchemy import DDL, Column, Enum, ForeignKey, Index, Integer, MetaData, String, Table, event, text

from driftcheck.database.cache import ddl_of
from driftcheck.database.scratch import Wanted, bare_url

URL = bare_url(Wanted("postgresql", backend="postgresql"))


def models(length=5, target="p.id", alter=True, label="x", where="a > 0", said="SELECT 1"):
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer, primary_key=True), Column("k", Integer, unique=True))
    Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("s", String(length)),
        Column("e", Enum(label, name="e")),
        Column("p_id", Integer, ForeignKey(target, use_alter=alter, name="fk")),
        Column("own", Integer, ForeignKey("t.id")),
        Index("ix", "a", postgresql_where=text(where)),
    )
    event.listen(metadata, "after_create", DDL(said))
    return metadata


def key(metadata):
    return sorted(ddl_of([metadata], URL, ordered=False))


@pytest.mark.parametrize(
    "changed",
    [
        {"length": 6},
        {"target": "p.k"},
        {"alter": False},
        {"label": "y"},
        {"where": "a > 1"},
        {"said": "SELECT 2"},
    ],
)
def test_another_key_for_anything_that_differs(changed):
    assert key(models()) != key(models(**changed))


def test_the_same_key_for_equal_models():
    assert key(models()) == key(models())


@pytest.mark.parametrize("alter", [True, False])
def test_nothing_is_left_out_without_the_order(alter):
    ordered, unordered = ddl_of([models(alter=alter)], URL), ddl_of([models(alter=alter)], URL, ordered=False)
    assert sorted(map(len, ordered)) == sorted(map(len, unordered))


def test_sorting_works_again_afterwards():
    ddl_of([models()], URL, ordered=False)
    made = [text.split("(")[0].strip() for text in ddl_of([models()], URL) if "CREATE TABLE" in text]
    assert made == ["CREATE TABLE p", "CREATE TABLE t"]
