"""Which parts a check has, from which configuration, and which of them a user names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from driftcheck.checking.plan import plan
from driftcheck.config import Ignore
from driftcheck.config_file import config_from
from driftcheck.errors import DriftcheckError

ROOT = Path("/repo")
API = {"api": {"spec": ["openapi.yaml"]}}
DB = {"db": {"models": "shop.models:Base", "migrations": "alembic.ini"}}
LIVE = {"db": {**DB["db"], "url-env": "URL"}}
TRAFFIC = {"traffic": {"recordings": ["recordings"], "spec": "openapi.yaml"}}


def planned(table, *names, environ=None):
    return plan(config_from(table), ROOT, environ or {}, names=names, today=date(2026, 6, 1))


def parts(table, *names, **given):
    return [(part.name, part.command) for part in planned(table, *names, **given).parts]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (API, ["api"]),
        (DB, ["migrations"]),
        (TRAFFIC, ["traffic"]),
        ({**API, **DB, **TRAFFIC}, ["api", "migrations", "traffic"]),
        ({"migrations": {"migrations": "alembic.ini"}}, ["migrations"]),
        ({"db": {"url": ["sqlite:///a.db"], "models": "a:B"}}, ["db"]),
        ({"db": {"url": ["sqlite:///a.db"], "against": "b.json"}}, ["db"]),
        ({"api": {"spec": ["a.yaml", "b.yaml"]}}, ["api:a.yaml", "api:b.yaml"]),
    ],
)
def test_parts_follow_from_sections(table, names):
    assert [name for name, _ in parts(table)] == names


def test_models_against_migrations_are_a_part_of_migrations_without_a_live_database():
    assert parts(LIVE, environ={"URL": "sqlite:///a.db"}) == [("db", "db"), ("migrations", "migrations")]
    assert parts(LIVE) == [("migrations", "migrations")]
    assert parts(LIVE, "db") == [("db", "db")]


@pytest.mark.parametrize("table", [{}, {"fail-on": "risky"}, {"traffic": {"spec": "a.yaml"}}])
def test_nothing_configured(table):
    with pytest.raises(DriftcheckError, match="nothing is configured") as caught:
        planned(table)
    assert "driftcheck init" in caught.value.hint


def test_a_live_database_that_is_not_there_is_told():
    (skipped,) = planned(LIVE).skipped
    assert "URL is not set" in skipped.why
    assert not planned(LIVE).whole
    assert planned(LIVE, environ={"URL": "sqlite:///a.db"}).skipped == ()
    assert planned(LIVE, environ={"URL": "sqlite:///a.db"}).whole


FUZZ = {**API, "fuzz": {"url": "http://localhost:1"}}


def test_fuzzing_only_where_it_is_asked_for():
    assert parts(FUZZ) == [("api", "api")]
    assert [item.what for item in planned(FUZZ).skipped] == ["fuzz"]
    assert parts(FUZZ, "fuzz") == [("fuzz", "fuzz")]
    asked = plan(config_from(FUZZ), ROOT, {}, fuzz=True)
    assert [part.name for part in asked.parts] == ["api", "fuzz"]
    assert (asked.skipped, asked.whole) == ((), True)


JOBS = {
    "severity": {"operation-removed": "info"},
    "api": {"validate": "off"},
    "check": {
        "jobs": [
            {"name": "orders-api", "command": "api", "directory": "services/orders", "spec": ["o.yaml"]},
            {"name": "orders-db", "command": "db", "models": "orders:Base", "migrations": "m"},
            {"name": "billing-api", "command": "api", "spec": ["b.yaml", "c.yaml"], "validate": "full"},
        ]
    },
}


def test_jobs_stand_for_the_sections_and_have_options_of_their_own():
    orders, db, *billing = planned(JOBS).parts
    assert [part.name for part in (orders, db, *billing)] == [
        "orders-api",
        "orders-db",
        "billing-api:b.yaml",
        "billing-api:c.yaml",
    ]
    assert Path(orders.directory) == ROOT / "services" / "orders"
    assert (orders.config.api.validate, billing[0].config.api.validate) == ("off", "full")
    assert [part.config.api.spec for part in billing] == [("b.yaml",), ("c.yaml",)]
    assert db.config.db.models == "orders:Base"
    assert db.config.severity == {"operation-removed": "info"}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["orders-db"], ["orders-db"]),
        (["orders-*"], ["orders-api", "orders-db"]),
        (["db"], ["orders-db"]),
        (["api"], ["orders-api", "billing-api:b.yaml", "billing-api:c.yaml"]),
        (["db", "orders-api"], ["orders-api", "orders-db"]),
    ],
)
def test_some_parts_are_named(names, found):
    assert [name for name, _ in parts(JOBS, *names)] == found
    assert not planned(JOBS, *names).whole
    assert planned(JOBS).whole


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("order-db", "did you mean 'orders-db'?"),
        ("zzz", "configured are: orders-api"),
        ("traffic", "too little"),
    ],
)
def test_a_name_that_nothing_has(name, hint):
    with pytest.raises(DriftcheckError, match="no part") as caught:
        planned(JOBS, name)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"command": "api"}, "has no name"),
        ({"name": "a"}, "has no command"),
        ({"name": "a", "command": "apis"}, "none of: api, db"),
        ({"name": "a", "command": "api", "specs": ["a"]}, "unknown option"),
        ({"name": "a", "command": "api", "models": "a"}, "unknown option"),
        ({"name": "a", "command": "db", "models": 1}, "must be a string"),
    ],
)
def test_a_job_that_is_wrong(job, said):
    with pytest.raises(DriftcheckError, match=said):
        config_from({"check": {"jobs": [job]}})


def test_two_jobs_of_one_name():
    job = {"name": "a", "command": "api"}
    with pytest.raises(DriftcheckError, match="two jobs are called 'a'"):
        config_from({"check": {"jobs": [job, job]}})


def test_parts_get_the_ignores_that_count_and_no_baseline():
    config = config_from({**API, "baseline": "b.json", "report": ["html=x.html"]})
    given = {"rule": "operation-removed", "written_in": "pyproject.toml"}
    entries = (
        Ignore(**given, reason="why"),
        Ignore(**given),
        Ignore(**given, reason="why", until=date(2026, 5, 31)),
    )
    from dataclasses import replace

    (part,) = plan(replace(config, ignore=entries), ROOT, {}, today=date(2026, 6, 1)).parts
    assert part.config.ignore == (Ignore(rule="operation-removed", reason="why"),)
    assert (part.config.baseline, part.config.report) == ("", ())
