"""Where a server of MariaDB or MySQL cannot stand for the live one, and URLs that lead to none."""

from __future__ import annotations

import pymysql
import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine
from sqlalchemy.pool import NullPool

from driftcheck import check_database
from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.scratch import Wanted, open_scratch
from driftcheck.database.scratch.mysql import _as_live, make_databases, same_family
from driftcheck.errors import DriftcheckError
from tests.database.conftest import run


@pytest.mark.parametrize("found", ["mysql", "mariadb"])
def test_the_other_family_builds_nothing_that_live_is_compared_with(found):
    live = "mariadb" if found == "mysql" else "mysql"
    with pytest.raises(DriftcheckError, match=r"the live database is .*, and the scratch server") as error:
        same_family(Wanted(live, (8, 0, 36)), found)
    assert "--scratch URL" in error.value.hint
    same_family(Wanted(found, (8, 0, 36)), found)
    same_family(Wanted(live), found)  # nothing is live: both sides are built in the same server


def test_a_scratch_url_of_the_other_family_is_refused(mariadb):
    live = Wanted("mysql", (8, 0, 36), "mysql", charset="utf8mb4", collation="utf8mb4_0900_ai_ci")
    with mariadb.database() as url, pytest.raises(DriftcheckError, match="the live database is MySQL"):
        open_scratch(live, url.render_as_string(hide_password=False), None).__enter__()


def test_a_collation_that_scratch_does_not_know_is_named(mariadb):
    live = Wanted("mariadb", (12, 0, 1), "mysql", charset="utf8mb4", collation="utf8mb4_tlh_ai_ci")
    url = mariadb.url("mysql")
    with pytest.raises(DriftcheckError, match="Unknown collation: 'utf8mb4_tlh_ai_ci'") as error:  # noqa: SIM117
        with open_scratch(live, None, url) as scratch, scratch.database():
            pass
    assert "--scratch URL" in error.value.hint


@pytest.mark.parametrize(
    ("wanted", "explicit"),
    [
        (Wanted("mariadb", (10, 6, 18)), "OFF"),
        (Wanted("mariadb", (10, 11, 6)), "ON"),
        (Wanted("mysql", (5, 7, 44)), "OFF"),
        (Wanted("mysql", (8, 0, 36)), "ON"),
    ],
)
def test_the_first_timestamp_of_a_table_is_what_the_live_server_makes_of_it(wanted, explicit):
    assert _as_live(wanted) == [f"--explicit-defaults-for-timestamp={explicit}"]


def test_an_unknown_server_is_left_at_its_defaults():
    assert _as_live(Wanted("mariadb")) == []


def test_a_url_names_a_database(mariadb):
    with (
        pytest.raises(DriftcheckError, match="the URL names no database"),
        connect.opened(mariadb.url(None)) as connection,
    ):
        connect.read(connection, Scope())


@pytest.mark.parametrize("option", ["charset=utf9", "read_timeout=abc", "nonsense=1"])
def test_options_that_no_driver_takes_are_the_urls_fault(mariadb, option):
    name, _, value = option.partition("=")
    url = mariadb.url("mysql").update_query_dict({name: value})
    with pytest.raises(DriftcheckError, match="cannot connect to") as error, connect.opened(url):
        pass
    assert "options of the URL" in error.value.hint


def test_a_package_that_the_driver_lacks_is_named(monkeypatch):
    def connecting(*_, **__):
        raise RuntimeError("'cryptography' package is required for sha256_password or caching_sha2_password")

    monkeypatch.setattr(pymysql, "connect", connecting)
    with (
        pytest.raises(DriftcheckError, match="cryptography") as error,
        connect.opened("mysql+pymysql://root:secret@localhost/shop"),
    ):
        pass
    assert "pip install cryptography" in error.value.hint


def audited():
    models = MetaData()
    Table("log", models, Column("id", Integer, primary_key=True), Column("what", String(9)), schema="audit")
    Table(
        "entry", models, Column("id", Integer, primary_key=True), Column("log_id", ForeignKey("audit.log.id"))
    )
    return models


def test_schemas_of_models_are_databases(mariadb):
    models = audited()
    with mariadb.database() as url:
        run(url, "create database audit")
        models.create_all(create_engine(url, poolclass=NullPool))
        report = check_database(url, models=models)
        assert (report.findings, report.skipped) == ((), ())
        run(url, "alter table audit.log drop column what", "alter table entry drop foreign key entry_ibfk_1")
        again = check_database(url, models=models)
        assert [item.difference.object for item in again.findings] == ["audit.log.what", "entry.(log_id)"]


def test_no_database_outlives_the_one_that_it_was_made_beside(mariadb):
    with mariadb.database() as url:
        run(url, "create database audit")
    with create_engine(mariadb.url(None), poolclass=NullPool).connect() as connection:
        assert "audit" not in {row[0] for row in connection.exec_driver_sql("show databases")}


def test_no_database_is_made_on_a_server_of_somebody_else(mariadb, monkeypatch):
    monkeypatch.setattr("driftcheck.database.scratch.mysql._OURS", set())
    with mariadb.database() as url, create_engine(url, poolclass=NullPool).connect() as connection:
        make_databases(connection, ["audit"])
        assert "audit" not in {row[0] for row in connection.exec_driver_sql("show databases")}
