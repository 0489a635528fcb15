"""The few words of a statement that are read: verb, table, sources, WHERE, renames."""

from __future__ import annotations

import pytest

from driftcheck.database.migrations.lint.sql import parts, renamed


def only(sql):
    (part,) = parts(sql)
    return part


@pytest.mark.parametrize(
    ("sql", "verb", "target"),
    [
        ("UPDATE orders SET a = 1", "update", "orders"),
        ('update only "Orders" set a = 1', "update", "Orders"),
        ("DELETE FROM public.orders WHERE id = 1", "delete", "public.orders"),
        ("INSERT INTO orders (a) VALUES (1)", "insert", "orders"),
        ("INSERT IGNORE INTO `orders` VALUES (1)", "insert", "orders"),
        ("WITH x AS (SELECT 1) UPDATE orders SET a = 1", "update", "orders"),
        ("TRUNCATE TABLE orders", "truncate", "orders"),
        ("ALTER TABLE IF EXISTS orders ADD a int", "alter", "orders"),
        ("CREATE UNIQUE INDEX i ON orders (a)", "create", "orders"),
        ("DROP INDEX i ON orders", "drop", "orders"),
        ("DROP TABLE IF EXISTS orders", "drop", "orders"),
        ("-- a remark\nUPDATE orders SET a = 1", "update", "orders"),
    ],
)
def test_verb_and_table(sql, verb, target):
    assert (only(sql).verb, only(sql).target) == (verb, target)


def test_what_changes_the_schema_and_what_writes_rows():
    assert only("ALTER TABLE t ADD a int").ddl
    assert not only("SELECT 1").ddl
    assert only("DELETE FROM t").dml
    assert not only("SELECT 1 FROM t").dml
    assert parts("") == ()


def test_a_script_is_cut_but_not_its_bodies():
    assert [part.verb for part in parts("SELECT 1; UPDATE t SET a = ';'; ")] == ["select", "update"]
    assert len(parts("CREATE FUNCTION f() AS $$ BEGIN DELETE FROM t; RETURN; END $$; SELECT 1")) == 2
    trigger = "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM u; SELECT 1; END; SELECT 2"
    assert [part.verb for part in parts(trigger)] == ["create", "select"]


@pytest.mark.parametrize(
    ("sql", "condition"),
    [
        ("UPDATE t SET a = 1", None),
        ("UPDATE t SET a = (SELECT b FROM u WHERE c = 1)", None),
        ("UPDATE t SET a = 1 WHERE id = 5", ("id", "=", "5")),
        ("DELETE FROM t WHERE id IN (1, 2)", ("id", "in", "(", "1", ",", "2", ")")),
    ],
)
def test_the_outermost_where(sql, condition):
    assert only(sql).condition == condition


def test_tables_that_are_read():
    part = only("INSERT INTO a SELECT * FROM b JOIN c USING (x)")
    assert {"b", "c"} <= set(part.sources)
    assert only("UPDATE a SET x = 1").sources == ()


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("ALTER TABLE t RENAME TO u", [("t", "", "u")]),
        ("RENAME TABLE t TO u, v TO w", [("t", "", "u"), ("v", "", "w")]),
        ("ALTER TABLE t RENAME COLUMN a TO b", [("t", "a", "b")]),
        ("ALTER TABLE t RENAME a TO b", [("t", "a", "b")]),
        ("ALTER TABLE t CHANGE a b int", [("t", "a", "b")]),
        ("ALTER TABLE t CHANGE COLUMN a a int", []),
        ("ALTER TABLE t RENAME INDEX i TO j", []),
        ("ALTER TABLE t RENAME CONSTRAINT c TO d", []),
        ("ALTER TABLE t ADD a int", []),
    ],
)
def test_renames(sql, names):
    assert list(renamed(only(sql))) == names


def test_words_that_follow_each_other():
    part = only("ALTER TYPE mood ADD VALUE 'x'")
    assert part.has("add", "value")
    assert not part.has("value", "add")
