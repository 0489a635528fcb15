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
from driftcheck.database.sources.statements import compiled, ddl_of

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
    made = compiled([metadata], URL)
    return made and made.digest


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


def of_chain(*references):
    """Tables that refer to one another: "a-b" says that a refers to b."""
    metadata = MetaData()
    found = [reference.split("-") for reference in references]
    for name in dict.fromkeys(name for pair in found for name in pair):
        keys = [Column(f"{other}_id", ForeignKey(f"{other}.id")) for one, other in found if one == name]
        Table(name, metadata, Column("id", Integer, primary_key=True), *keys)
    return metadata


def made_tables(statements):
    return [text.split("(")[0].strip() for text in statements if "CREATE TABLE" in text]


def test_tables_come_after_those_that_they_refer_to():
    made = compiled([of_chain("a-c", "b-a", "c-d", "b-d")], URL)
    assert made_tables(made.statements()) == [f"CREATE TABLE {name}" for name in "dcab"]


def test_a_table_that_refers_to_itself_is_in_order():
    assert made_tables(compiled([of_chain("a-a")], URL).statements()) == ["CREATE TABLE a"]


def test_a_long_chain_is_sorted_from_its_end():
    made = compiled([of_chain(*(f"t{at:04}-t{at + 1:04}" for at in range(1500)))], URL)
    assert made_tables(made.statements()) == [f"CREATE TABLE t{at:04}" for at in range(1500, -1, -1)]


def test_tables_that_refer_to_each_other_are_left_to_sqlalchemy():
    circle = of_chain("a-b", "b-c", "c-a")
    made = compiled([circle], URL)
    assert made.digest
    assert made.statements() is None
    assert any("ALTER TABLE" in text for text in ddl_of([circle], URL))


def test_a_key_that_is_added_afterwards_makes_no_circle():
    metadata = of_chain("a-b")
    metadata.tables["b"].append_column(Column("a_id", ForeignKey("a.id", use_alter=True, name="late")))
    statements = compiled([metadata], URL).statements()
    assert made_tables(statements) == ["CREATE TABLE b", "CREATE TABLE a"]
    assert statements[-1].startswith("ALTER TABLE b ADD CONSTRAINT late")


def test_a_dependency_that_is_declared_counts():
    metadata = of_chain("a-a", "b-b")
    metadata.tables["a"].add_is_dependent_on(metadata.tables["b"])
    assert made_tables(compiled([metadata], URL).statements()) == ["CREATE TABLE b", "CREATE TABLE a"]


def test_statements_come_as_sqlalchemy_tells_them():
    metadata = models()
    assert sorted(compiled([metadata], URL).statements()) == sorted(ddl_of([metadata], URL))


def test_sorting_works_again_afterwards():
    key(models())
    made = made_tables(ddl_of([models()], URL))
    assert made == ["CREATE TABLE p", "CREATE TABLE t"]
