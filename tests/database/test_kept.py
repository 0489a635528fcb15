"""A schema in the cache: what comes back is what was written, and equal tables are those in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftcheck.database.model import (
    Check,
    Column,
    Database,
    DataType,
    Enum,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    Name,
    Policy,
    PrimaryKey,
    Table,
    View,
)
from driftcheck.database.sources.kept import from_lines, lines_of

ID = Column("id", DataType("integer"), nullable=False, identity=Identity(always=True), numbering="identity")
SAID = Column("said", DataType("character varying", length=5), default="'\u00e4\n\t[],'", comment="x\u2028y")
FIRST = Table(
    Name(None, "first"),
    (ID, SAID),
    PrimaryKey("first_pkey", ("id",)),
    foreign_keys=(ForeignKey("fk", ("id",), "other.second(id)", ondelete="CASCADE"),),
    checks=(Check(None, "said <> ''", ("said",)),),
    indexes=(Index("ix", (IndexPart(None, "lower(said)", descending=True),), predicate="id > 0"),),
    policies=(Policy("p", "ALL", True, ("public",), None, None),),
)
SECOND = Table(Name("other", "se.cond\n"), (ID,), comment="c")
WHOLE = Database(
    "postgresql",
    (16, 2),
    "public",
    ("other", "public"),
    (FIRST, SECOND),
    enums=(Enum(Name(None, "e"), ("a", "b")),),
    views=(View(Name(None, "v"), "SELECT 1", columns=("a",)),),
    extensions=("citext",),
    versions=("a1",),
)


def copy(database):
    return from_lines(lines_of(database))


@pytest.mark.parametrize(
    "database", [WHOLE, replace(WHOLE, tables=()), replace(WHOLE, tables=(SECOND, FIRST), versions=None)]
)
def test_what_was_written_comes_back(database):
    assert copy(database) == database


def test_lines_of_a_file_come_back(tmp_path):
    path = tmp_path / "kept"
    path.write_text("".join(f"{line}\n" for line in lines_of(WHOLE)), encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        assert from_lines(file, (WHOLE,)) == WHOLE


def test_equal_tables_are_those_in_memory():
    found = from_lines(lines_of(copy(WHOLE)), (None, WHOLE))
    assert [one is other for one, other in zip(found.tables, WHOLE.tables, strict=True)] == [True, True]


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, comment="new"),
        replace(FIRST, columns=(SAID, ID)),
        replace(FIRST, columns=(ID, replace(SAID, nullable=False))),
        replace(FIRST, indexes=()),
        replace(FIRST, name=Name("other", "first")),
    ],
)
def test_a_table_that_differs_is_the_one_that_was_written(other):
    found = from_lines(lines_of(WHOLE), (replace(WHOLE, tables=(other, SECOND)),))
    assert found == WHOLE
    assert found.tables[1] is SECOND


def test_the_rest_of_the_schema_is_never_taken_from_another():
    found = from_lines(lines_of(WHOLE), (replace(WHOLE, views=(), enums=(), versions=()),))
    assert found == WHOLE


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [],
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-1], lines[-1][:-5]],
        lambda lines: ["{}", *lines[1:]],
        lambda lines: ['{"future": 1}', *lines[1:]],
    ],
)
def test_damaged_lines_are_refused(damage):
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_lines(damage(lines_of(WHOLE)))
