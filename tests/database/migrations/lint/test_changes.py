"""From two moments of a schema to the steps between them."""

from __future__ import annotations

from dataclasses import replace

from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped, changes
from driftcheck.database.migrations.lint.schema import Column, Constraint, Index, Schema, Table, Type

ID, NOTE = Column(1, "id", "int", True), Column(2, "note", "text")
INDEX = Index(20, "ix", ("note",), "ON t (note)", node=500)
CHECK = Constraint(30, "ck", "check", ("note",), "CHECK (note <> '')")
TABLE = Table(10, "t", columns=(ID, NOTE), constraints=(CHECK,), indexes=(INDEX,), node=400)


def between(before, after):
    return list(changes(Schema({10: before} if before else {}), Schema({10: after} if after else {})))


def test_nothing_changed():
    assert between(TABLE, TABLE) == []
    assert between(None, None) == []


def test_a_table_comes_and_goes_as_one():
    assert between(None, TABLE) == [Added(TABLE, "t")]
    assert between(TABLE, None) == [Dropped(TABLE, "t")]


def test_the_same_column_under_another_name():
    other = replace(NOTE, name="remark")
    assert between(TABLE, replace(TABLE, columns=(ID, other))) == [Changed(NOTE, other, "t")]


def test_another_column_of_the_same_name_is_another_one():
    other = replace(NOTE, key=3)
    assert between(TABLE, replace(TABLE, columns=(ID, other))) == [Dropped(NOTE, "t"), Added(other, "t")]


def test_a_renamed_table_names_what_it_was():
    (step,) = between(TABLE, replace(TABLE, name="u"))
    assert (step.before.name, step.after.name, step.table) == ("t", "u", "t")


def test_an_index_that_is_made_anew_over_the_same_storage_is_the_same():
    again = replace(INDEX, key=21)
    assert between(TABLE, replace(TABLE, indexes=(again,))) == []


def test_an_index_that_is_built_anew_has_changed():
    again = replace(INDEX, key=21, node=501)
    assert between(TABLE, replace(TABLE, indexes=(again,))) == [Changed(INDEX, again, "t")]


def test_a_constraint_that_is_made_anew_is_the_same():
    assert between(TABLE, replace(TABLE, constraints=(replace(CHECK, key=31),))) == []
    other = replace(CHECK, key=31, validated=False)
    assert between(TABLE, replace(TABLE, constraints=(other,))) == [Changed(CHECK, other, "t")]


def test_types_are_compared_by_what_they_are():
    old, new = Type(1, "mood", "enum", ((1, "a"),)), Type(1, "mood", "enum", ((1, "a"), (2, "b")))
    assert list(changes(Schema(types={1: old}), Schema(types={1: new}))) == [Changed(old, new)]
    assert list(changes(Schema(types={1: old}), Schema(types={1: old}))) == []
