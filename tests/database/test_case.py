"""Names that differ in case only, on servers that do not tell them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftcheck.database.compare import compare
from driftcheck.database.model import (
    Column,
    Database,
    DataType,
    ForeignKey,
    Name,
    Table,
    Trigger,
    View,
)

ID = Column("id", DataType("int"))


def shop(dialect, users, items, seen, trigger, *, caseless=False, schema=None):
    owner = Name(schema, users)
    table = Table(owner, (ID,))
    child = Table(Name(schema, items), (ID,), foreign_keys=(ForeignKey("fk", ("id",), f"{owner}(id)"),))
    return Database(
        dialect,
        (1,),
        None,
        tables=(table, child),
        views=(View(Name(schema, seen), f"select id from {users} where name <> 'x'"),),
        triggers=(Trigger(owner, trigger, f"insert into {items} values (1)"),),
        caseless=caseless,
    )


WRITTEN = ("Users", "OrderItem", "Seen", "OnInsert")
KEPT = ("users", "orderitem", "seen", "oninsert")


@pytest.mark.parametrize("schema", [None, "shop"])
@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_server_that_keeps_names_in_lower_case_makes_no_drift(dialect, schema):
    models = shop(dialect, *WRITTEN, schema=schema)
    live = shop(dialect, *KEPT, caseless=True, schema=schema)
    assert compare(models, live) == ()
    assert compare(live, models) == ()


def test_sqlite_never_tells_names_apart():
    assert compare(shop("sqlite", *WRITTEN), shop("sqlite", *KEPT)) == ()


def test_a_server_that_tells_names_apart_lacks_the_table():
    found = compare(shop("mariadb", *WRITTEN), shop("mariadb", *KEPT))
    assert ("view", "Seen", "missing") in [(item.kind, item.object, str(item.change)) for item in found]


def test_what_differs_besides_the_case_is_still_found():
    models = shop("mariadb", *WRITTEN)
    live = shop("mariadb", *KEPT, caseless=True)
    views = tuple(replace(view, definition=view.definition.replace("'x'", "'X'")) for view in live.views)
    users = replace(live.tables[0], columns=(replace(ID, nullable=False),))
    child = replace(live.tables[1], foreign_keys=())
    live = replace(live, views=views, tables=(users, child))
    assert sorted((item.kind, item.object) for item in compare(models, live)) == [
        ("column", "Users.id"),
        ("foreign_key", "OrderItem.fk"),
        ("view", "Seen"),
    ]
