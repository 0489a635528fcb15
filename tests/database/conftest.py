"""Real engines for the tests: private servers, started once a session; a missing one is a loud skip."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from driftcheck.database.scratch import Wanted, open_scratch
from driftcheck.errors import DriftcheckError
from tests.database.three_sides import FIRST, SECOND, Project

WANTED = {
    "postgresql": Wanted("postgresql", backend="postgresql"),
    "mariadb": Wanted("mariadb", backend="mysql"),
    "sqlite": Wanted("sqlite", backend="sqlite"),
}


@contextmanager
def engine_or_skip(dialect):
    try:
        opened = open_scratch(WANTED[dialect], None, None)
        scratch = opened.__enter__()
    except DriftcheckError as error:
        if os.environ.get("DRIFTCHECK_REQUIRE_ALL") == "1":
            raise
        pytest.skip(f"NO {dialect.upper()} HERE, its tests did not run: {error.message}")
    try:
        yield scratch
    finally:
        opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def postgresql():
    with engine_or_skip("postgresql") as scratch:
        yield scratch


@pytest.fixture(scope="session")
def mariadb():
    with engine_or_skip("mariadb") as scratch:
        yield scratch


@pytest.fixture(scope="session")
def sqlite():
    with engine_or_skip("sqlite") as scratch:
        yield scratch


@pytest.fixture
def engine_of(request):
    """A scratch engine by the name of its dialect."""
    return request.getfixturevalue


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two revisions whose models are what these make."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "app_models", raising=False)
    made = Project(tmp_path)
    made.revision("a1", None, FIRST)
    made.revision("b2", "a1", SECOND)
    yield made
    sys.modules.pop("app_models", None)


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory, monkeypatch):
    """Schemas that one test built must not serve another; prepared data directories may."""
    monkeypatch.setattr(
        "driftcheck.database.cache.cache_folder", lambda: tmp_path_factory.getbasetemp() / "cache"
    )


def run(url, *statements):
    """Execute DDL on a test's database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def split(ddl):
    """Statements between semicolons; a list where a statement holds some."""
    return [part for part in ddl.split(";") if part.strip()] if isinstance(ddl, str) else ddl
