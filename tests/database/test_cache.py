"""The key of built models: the same for equal models, another one for anything that create_all would do."""

from __future__ import annotations

import gc

import pytest
from sqlalchemy import (
    ARRAY,
    DDL,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    event,
    text,
)
from sqlalchemy.ext.compiler import compiles

from driftcheck.database.scratch import Wanted, bare_url
from driftcheck.database.sources.statements import ddl_of, digest_of

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
    return digest_of([metadata], URL)


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


def test_the_order_of_definition_makes_no_other_key():
    one, other = MetaData(), MetaData()
    for name in ("a", "b"):
        Table(name, one, Column("id", Integer, primary_key=True))
    for name in ("b", "a"):
        Table(name, other, Column("id", Integer, primary_key=True))
    assert key(one) == key(other)


def test_types_that_hold_equal_values_but_are_of_other_classes_are_told_apart():
    def of(kind):
        metadata = MetaData()
        Table("t", metadata, Column("a", String(5)), Column("b", kind(5)))
        return metadata

    class Other(String):
        pass

    @compiles(Other)
    def _other(_type, _compiler, **_options):
        return "citext"

    assert key(of(String)) != key(of(Other))
    assert key(of(Other)) == key(of(Other))


def test_types_of_one_class_are_told_apart_by_their_values():
    def of(first, second):
        metadata = MetaData()
        Table("t", metadata, Column("a", first), Column("b", second))
        return metadata

    assert key(of(String(5), String(6))) != key(of(String(5), String(5)))
    assert key(of(Enum("x", name="e"), Integer())) != key(of(Enum("y", name="e"), Integer()))
    assert key(of(ARRAY(Integer), Integer())) != key(of(ARRAY(String), Integer()))


def test_models_are_left_as_they_were():
    metadata = models()
    key(metadata)
    things = [item for table in metadata.tables.values() for item in (table, *table.indexes)]
    assert [item.name for item in things if "dialect_options" in vars(item)] == ["ix"]


def test_options_of_the_user_stay():
    metadata = models()
    key(metadata)
    (index,) = metadata.tables["t"].indexes
    assert str(index.dialect_options["postgresql"]["where"]) == "a > 0"


def test_no_key_where_a_listener_needs_a_real_connection():
    metadata = models()

    @event.listens_for(metadata, "after_create")
    def _look(_target, connection, **_options):
        connection.execute(text("SELECT 1")).scalar()

    assert key(metadata) is None
    assert ddl_of([metadata], URL) is None


def test_the_collector_runs_again_afterwards():
    key(models())
    assert gc.isenabled()


def test_the_collector_stays_off_where_it_was_off():
    gc.disable()
    try:
        key(models())
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_sorting_works_again_afterwards():
    key(models())
    made = [text.split("(")[0].strip() for text in ddl_of([models()], URL) if "CREATE TABLE" in text]
    assert made == ["CREATE TABLE p", "CREATE TABLE t"]
