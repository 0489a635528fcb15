"""What could not be built whole is not kept: a second run says the same as the first."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.types import UserDefinedType

from driftcheck import check_database
from tests.database.conftest import run


class Strange(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "strange"


def models(kind):
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer, primary_key=True))
    Table("u", metadata, Column("id", Integer, primary_key=True), Column("a", kind))
    return metadata


def outcome(url, metadata):
    report = check_database(url, models=metadata)
    return (
        [(item.rule, item.difference.object) for item in report.findings],
        [item.what for item in report.skipped],
    )


def test_a_table_that_cannot_be_built_is_left_out_every_time(postgresql):
    with postgresql.database() as url:
        run(
            url,
            "CREATE TYPE strange AS (x int)",
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "CREATE TABLE u (id serial PRIMARY KEY, a strange)",
        )
        found = [outcome(url, models(Strange())) for _ in range(3)]
    assert found == [([("type-extra", "strange")], ["u"])] * 3


@pytest.mark.parametrize(("labels", "rules"), [(("x",), []), (("x", "y"), ["enum-values-narrowed"])])
def test_labels_of_a_type_that_migrations_make_are_part_of_the_key(postgresql, labels, rules):
    with postgresql.database() as url:
        run(
            url,
            "CREATE TYPE kind AS ENUM ('x')",
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "CREATE TABLE u (id serial PRIMARY KEY, a kind)",
        )
        for told in (("x",), labels):
            found = outcome(url, models(ENUM(*told, name="kind", create_type=False)))
    assert found == ([(rule, "kind") for rule in rules], [])
