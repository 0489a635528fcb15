"""Where models stand that are no classes, and those of packages that are installed."""

from __future__ import annotations

import importlib
import sys

import pytest

from driftcheck.database.difference import missing
from driftcheck.database.locations import Places

CORE = """
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.orm import registry

metadata = MetaData()
orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("note", String(20)),
    Index("ix_note", "note"),
)


class Order:
    pass


mapped = registry(metadata=metadata)
tags = Table(
    "tags",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
)
others = Table("others", MetaData(), Column("id", Integer, primary_key=True))
"""
MAPPED = "\nmapped.map_imperatively(Order, orders)\n"


@pytest.fixture(params=["src", "site-packages"])
def module(request, tmp_path, monkeypatch):
    """A maker of modules: in a project, and as a package that pip installed."""
    folder = tmp_path / request.param
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def make(text):
        name = f"shop_models_{request.param.replace('-', '_')}"
        (folder / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        monkeypatch.delitem(sys.modules, name, raising=False)
        made = importlib.import_module(name)
        monkeypatch.setitem(sys.modules, name, made)
        return made

    return make


@pytest.mark.parametrize("mapped", ["", MAPPED])
@pytest.mark.parametrize(
    ("kind", "name", "line"),
    [
        ("column", "orders.note", 10),
        ("column", "orders.id", 9),
        ("index", "orders.ix_note", 11),
        ("column", "tags.order_id", 23),
    ],
)
def test_a_table_without_a_class_has_a_place(module, kind, name, line, mapped):
    made = module(CORE + mapped)
    (place,) = Places([made.metadata], None).of(missing(kind, name))
    assert (place.file, place.line) == (made.__file__, line)


def test_a_table_of_another_metadata_is_none_of_them(module):
    made = module(CORE)
    assert Places([made.metadata], None).of(missing("column", "others.id")) == ()


def test_a_table_with_a_class_is_the_class(module):
    made = module(CORE + MAPPED)
    (place,) = Places([made.metadata], None).of(missing("table", "orders"))
    assert place.line == 15
