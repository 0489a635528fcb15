"""How a live database may be given: URLs of async drivers with their options, TLS, engines."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine
from sqlalchemy.engine import make_url

from driftcheck import DriftcheckError, check_database
from driftcheck.database.connect import driver_of, opened, other_drivers, parse, with_sync_driver
from tests.database.conftest import run


def models():
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer, primary_key=True))
    return metadata


@pytest.fixture
def live(tmp_path):
    path = tmp_path / "live.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    connection.close()
    return path


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ("postgresql+asyncpg://u@h/d?ssl=require", {"sslmode": "require"}),
        ("postgresql+asyncpg://u@h/d?ssl=true&timeout=5", {"sslmode": "require"}),
        ("postgresql+asyncpg://u@h/d?ssl=false", {"sslmode": "disable"}),
        ("postgresql+asyncpg://u@h/d?prepared_statement_cache_size=0", {}),
        (
            "postgresql://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem",
            {"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
        ),
        ("mysql+aiomysql://u@h/d?ssl_ca=/ca.pem&maxsize=4", {"ssl_ca": "/ca.pem"}),
        ("mysql://u@h/d?ssl_ca=/ca.pem&charset=utf8mb4", {"ssl_ca": "/ca.pem", "charset": "utf8mb4"}),
    ],
)
def test_options_pass_through_in_words_of_the_driver(given, query):
    assert dict(with_sync_driver(parse(given)).query) == query


def test_an_async_url(live):
    assert check_database(f"sqlite+aiosqlite:///{live}", models=models()).findings == ()


def test_an_engine_and_a_url_object(live):
    url = make_url(f"sqlite:///{live}")
    assert check_database(url, models=models()).findings == ()
    assert check_database(create_engine(url), models=models()).findings == ()


def test_an_async_engine(live):
    pytest.importorskip("greenlet")
    pytest.importorskip("aiosqlite")
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(f"sqlite+aiosqlite:///{live}")
    report = check_database(engine, models=models())
    assert report.findings == ()
    assert "sqlite:///" in report.actual


def test_an_option_that_no_driver_knows_is_one_sentence():
    with pytest.raises(DriftcheckError, match="cannot connect"):
        check_database("mysql+pymysql://u@127.0.0.1:1/d?no_such_option=1", models=models())


def read_of_a_server_that_stops(url):
    with opened(url) as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        run(url, f"SELECT pg_terminate_backend({backend})")
        connection.exec_driver_sql("SELECT 1")


def test_a_server_that_goes_away_half_way(postgresql):
    with postgresql.database() as url:
        run(url, "CREATE TABLE t (id integer PRIMARY KEY)")
        with pytest.raises(DriftcheckError, match="cannot read") as raised:
            read_of_a_server_that_stops(url)
    assert "went away" in str(raised.value)


def test_a_role_with_usage_on_an_empty_mariadb_database_can_read(mariadb):
    with mariadb.database() as url:
        run(
            url,
            "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY)",
            "DROP USER IF EXISTS reader",
            "CREATE USER reader",
            f"GRANT SELECT ON `{url.database}`.* TO reader",
        )
        report = check_database(url.set(username="reader"), models=models())
        run(url, "DROP USER reader")
    assert report.findings == ()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        (None, ""),
        ("postgresql://u@h/d", ""),
        ("postgresql+psycopg2://u@h/d", "psycopg2"),
        (make_url("mysql+pymysql://u@h/d"), "pymysql"),
    ],
)
def test_the_driver_that_is_named(given, driver):
    assert driver_of(given) == driver


def test_other_drivers_for_a_replay_that_failed():
    assert "psycopg" in list(other_drivers("postgresql", "psycopg2"))
    assert "psycopg" not in list(other_drivers("postgresql", "psycopg"))
    assert list(other_drivers("sqlite", "")) == []
