"""Who is wrong, where models, migrations and the live database call one key by different names."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from driftcheck.database import connect
from driftcheck.database.attribution import head_and_live, three_sides, with_what_models_cannot_say
from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope

PARENT = "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY); "


def read(ddl):
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.executescript(ddl)
        found = connect.read(connection, Scope(()))
    engine.dispose()
    return found


def table(key="", after=""):
    return f"{PARENT}CREATE TABLE t (a INTEGER, b INTEGER{key}); {after}"


def told(models, head, live, stamped=None):
    """What three sides are told of, and what migrations and live alone."""
    selection = Selection()
    sides = [read(ddl) for ddl in (models, head, live)]
    wanted, migrated, there = sides
    before = read(stamped) if stamped is not None else migrated
    head_live, stamped_live = compare(migrated, there, selection), compare(before, there, selection)
    every = (*sides, before)
    models_live, models_head = compare(wanted, there, selection), compare(wanted, migrated, selection)
    three = three_sides(every, list(models_live), list(models_head), list(head_live), list(stamped_live))
    return [(str(item.change), item.kind, item.object, item.attribution) for item in three]


FOREIGN, NAMED = ", FOREIGN KEY (a) REFERENCES p (id)", ", CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)"
UNIQUE, INDEX = ", CONSTRAINT uq UNIQUE (a)", "CREATE UNIQUE INDEX ix ON t (a)"


@pytest.mark.parametrize(
    ("models", "head", "kind", "name"),
    [
        (table(NAMED), table(FOREIGN), "foreign_key", "t.fk"),
        (table(FOREIGN), table(NAMED), "foreign_key", "t.(a)"),
        (table(UNIQUE), table(", UNIQUE (a)"), "unique", "t.uq"),
        (table(UNIQUE), table(after=INDEX), "unique", "t.uq"),
        (table(after=INDEX), table(UNIQUE), "index", "t.ix"),
        (table(", CONSTRAINT ck CHECK (a > 0)"), table(", CHECK (a > 0)"), "check", "t.ck"),
    ],
)
def test_a_key_that_migrations_call_otherwise_was_dropped_by_hand(models, head, kind, name):
    assert told(models, head, table()) == [("missing", kind, name, "hand-made")]


@pytest.mark.parametrize("models", [table(NAMED), table(UNIQUE), table(after=INDEX)])
def test_a_key_that_no_revision_makes_is_the_models(models):
    assert [item[3] for item in told(models, table(), table())] == ["model-ahead"]


def test_a_key_that_waits_under_another_name_is_not_applied():
    found = told(table(NAMED), table(FOREIGN), table(), stamped=table())
    assert found == [("missing", "foreign_key", "t.fk", "not-applied")]


def test_two_keys_over_the_same_columns_are_told_apart():
    models = table(", CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (a > 5)")
    head = table(", CONSTRAINT one CHECK (a > 0)")
    assert told(models, head, table()) == [
        ("missing", "check", "t.one", "hand-made"),
        ("missing", "check", "t.two", "model-ahead"),
    ]


def test_another_table_s_key_is_another_key():
    head = f"{table(NAMED)} CREATE TABLE t2 (a INTEGER)"
    models = f"{table(NAMED)} CREATE TABLE t2 (a INTEGER{FOREIGN})"
    live = f"{table()} CREATE TABLE t2 (a INTEGER)"
    assert told(models, head, live) == [
        ("missing", "foreign_key", "t.fk", "hand-made"),
        ("missing", "foreign_key", "t2.(a)", "model-ahead"),
    ]


def test_without_models_a_key_that_a_revision_renames():
    """Live lacks it altogether: nobody who upgrades gets it back."""
    sides = [read(ddl) for ddl in (table(NAMED), table(FOREIGN), table())]
    head, stamped, live = sides
    found = head_and_live(
        sides, list(compare(head, live, Selection())), list(compare(stamped, live, Selection()))
    )
    assert [item.attribution for item in found] == ["hand-made"]


def test_a_trigger_on_a_table_that_models_lack_is_that_tables_matter():
    head = read(table() + "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM p WHERE id = 0; END")
    wanted = with_what_models_cannot_say(read(PARENT), head)
    assert [(item.kind, item.object, str(item.change)) for item in compare(wanted, head)] == [
        ("table", "t", "extra")
    ]
