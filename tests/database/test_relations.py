"""The foreign keys that pictures show: those around tables with findings, of every side."""

from __future__ import annotations

from driftcheck.database.model import Database, ForeignKey, Name, Table
from driftcheck.database.relations import relations
from driftcheck.finding import Relation
from tests.builders import finding


def table(name, *targets, schema=None):
    keys = tuple(ForeignKey(None, (f"{target}_id",), f"{target}(id)") for target in targets)
    return Table(Name(schema, name), (), foreign_keys=keys)


def database(*tables):
    return Database("postgresql", (17,), "public", tables=tables)


def about(object, kind="column"):
    return finding(object=object, kind=kind)


SHOP = database(table("items", "orders"), table("orders", "customers"), table("logs", "users"))


def test_those_from_and_to_a_table_with_findings():
    assert relations([SHOP], [about("orders.total")]) == (
        Relation("items", "orders", ("orders_id",)),
        Relation("orders", "customers", ("customers_id",)),
    )


def test_findings_of_the_table_and_of_unnamed_constraints_count():
    assert len(relations([SHOP], [about("customers", "table")])) == 1
    assert len(relations([SHOP], [about("logs.(a,b)", "unique")])) == 1


def test_tables_of_other_schemas_have_their_names():
    other = database(table("orders", "billing.customers", schema="billing"))
    (found,) = relations([other], [about("billing.orders.total")])
    assert (found.source, found.target) == ("billing.orders", "billing.customers")


def test_all_sides_are_looked_at_and_each_relation_is_one():
    more = database(table("orders", "customers", "shops"))
    assert len(relations([SHOP, None, more, SHOP], [about("orders.total")])) == 3


def test_without_findings_or_sides_there_are_none():
    assert relations([SHOP], []) == ()
    assert relations([None], [about("orders.total")]) == ()
    assert relations([SHOP], [about("elsewhere.total")]) == ()
