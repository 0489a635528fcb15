"""Whether a type holds all that another held."""

from __future__ import annotations

import pytest

from driftcheck.database.migrations.lint.types import fit, read


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("character varying(20)", "character varying(50)"),
        ("character varying(20)", "text"),
        ("varchar(20)", "mediumtext"),
        ("character(3)", "character varying(3)"),
        ("integer", "bigint"),
        ("int(11)", "bigint(20)"),
        ("smallint", "integer"),
        ("integer", "numeric"),
        ("integer", "numeric(12,0)"),
        ("numeric(10,2)", "numeric(12,2)"),
        ("numeric(10,2)", "numeric"),
        ("real", "double precision"),
        ("enum('a','b')", "enum('a','b','c')"),
        ("timestamp(0) without time zone", "timestamp without time zone"),
        ("blob", "longblob"),
        ("int unsigned", "bigint"),
    ],
)
def test_a_type_that_holds_all(old, new):
    assert fit(old, new) in {"wider", "same"}
    if fit(old, new) == "wider":
        assert fit(new, old) != "wider"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("character varying(50)", "character varying(20)"),
        ("text", "character varying(200)"),
        ("bigint", "integer"),
        ("int", "int unsigned"),
        ("bigint unsigned", "bigint"),
        ("numeric(10,2)", "numeric(8,2)"),
        ("numeric(10,2)", "numeric(10,1)"),
        ("numeric", "numeric(10,2)"),
        ("numeric(10,2)", "integer"),
        ("double precision", "real"),
        ("bigint", "numeric(5,0)"),
        ("enum('a','b')", "enum('a')"),
        ("timestamp with time zone", "date"),
        ("datetime(6)", "datetime(0)"),
        ("longblob", "blob"),
    ],
)
def test_a_type_that_does_not(old, new):
    assert fit(old, new) == "narrower"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("integer", "text"),
        ("boolean", "integer"),
        ("json", "jsonb"),
        ("uuid", "bytea"),
        ("timestamp without time zone", "timestamp with time zone"),
        ("text", "text[]"),
    ],
)
def test_a_type_of_another_kind(old, new):
    assert fit(old, new) == "other"


def test_equal_types():
    assert fit("TEXT", "text") == "same"
    assert fit("int(11)", "int(10)") == "same"


def test_enums_are_texts_with_fewer_values():
    enums = frozenset({"mood"})
    assert fit("mood", "text", enums) == "wider"
    assert fit("character varying", "mood", enums) == "narrower"
    assert fit("mood", "text") == "other"


def test_the_parts_of_a_type():
    assert read("decimal(10,2) unsigned") == ("decimal", (10, 2), (), True)
    assert read("enum('a','it''s')").labels == ("a", "it''s")
    assert read("varchar(40) CHARACTER SET utf8mb4").base == "varchar"
