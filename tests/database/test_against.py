"""--against: a snapshot or a file of DDL is held to with all the schemas that it has."""

from __future__ import annotations

import pytest

from driftcheck.database import connect
from driftcheck.database.check import Request, check
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.sources.snapshot import dump_snapshot
from tests.database.conftest import run
from tests.database.test_cases import found

DDL = (
    "CREATE SCHEMA sales",
    "CREATE TYPE sales.kind AS ENUM ('a')",
    "CREATE TABLE sales.t (id int, k sales.kind)",
    "CREATE TABLE t (id int)",
)


@pytest.fixture
def live(postgresql):
    with postgresql.database() as url:
        run(url, *DDL)
        yield url


@pytest.fixture(params=["snapshot", "dump"])
def file(request, live, tmp_path):
    if request.param == "dump":
        path = tmp_path / "schema.sql"
        path.write_text(";\n".join(DDL))
        return str(path)
    path = tmp_path / "schema.json"
    with connect.opened(live) as connection:
        path.write_text(dump_snapshot(connect.read(connection, Scope(("sales",)))))
    return str(path)


def test_another_schema_is_no_drift(live, file):
    assert found(check(Request(live, against=file))) == []


def test_drift_in_another_schema_is_seen(live, file):
    run(live, "ALTER TABLE sales.t ALTER id TYPE bigint", "CREATE TABLE sales.extra (id int)")
    assert found(check(Request(live, against=file))) == [
        "column sales.t.id type risky",
        "table sales.extra extra info",
    ]


def test_what_live_has_in_other_schemas_is_nobodys_business(live, file):
    run(live, "CREATE SCHEMA other", "CREATE TABLE other.t (id int)")
    assert found(check(Request(live, against=file))) == []
