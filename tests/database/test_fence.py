"""Migrations and env.py are refused every database but the scratch one."""

from __future__ import annotations

import sqlite3

import pytest

from driftcheck import DriftcheckError
from tests.database.three_sides import said


@pytest.fixture
def production(project):
    """A database that nobody may touch."""
    path = project.root / "production.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (x)")
    connection.close()
    before = path.read_bytes()
    yield path
    assert path.read_bytes() == before


WAYS_TO_PRODUCTION = {
    "sqlite3": "import sqlite3; sqlite3.connect({path!r}).execute('DROP TABLE precious')",
    "engine": (
        "import sqlalchemy\n"
        "with sqlalchemy.create_engine('sqlite:///' + {path!r}).begin() as c:\n"
        "    c.exec_driver_sql('DROP TABLE precious')"
    ),
}


@pytest.mark.parametrize("way", WAYS_TO_PRODUCTION)
def test_a_migration_that_opens_production_is_refused(project, production, way):
    project.revision("c3", "b2", WAYS_TO_PRODUCTION[way].format(path=str(production)))
    with pytest.raises(DriftcheckError, match=r"revision c3.*production\.db was refused"):
        project.check()


def test_a_migration_that_swallows_the_refusal_is_refused_too(project, production):
    way = WAYS_TO_PRODUCTION["sqlite3"].format(path=str(production))
    project.revision("c3", "b2", f"try:\n    {way}\nexcept Exception:\n    pass")
    with pytest.raises(DriftcheckError, match="was refused"):
        project.check()


def test_an_env_py_that_opens_production_gets_scratch_instead(project, production):
    env = project.root / "migrations" / "env.py"
    text = env.read_text().replace(
        "engine_from_config(config.get_section(config.config_ini_section) or {}, poolclass=pool.NullPool)",
        f"__import__('sqlalchemy').create_engine('sqlite:///{production}')",
    )
    env.write_text(text)
    report = project.check()
    assert said(report) == []
    assert "production.db" in report.skipped[0].what
    assert "refused" in report.skipped[0].why


def test_an_env_py_that_opens_production_by_its_driver_is_refused(project, production):
    project.env(before=WAYS_TO_PRODUCTION["sqlite3"].format(path=str(production)) + "\n")
    with pytest.raises(DriftcheckError, match=r"production\.db was refused"):
        project.check()


def test_the_fence_is_gone_afterwards(project, production):
    project.check()
    with sqlite3.connect(production) as connection:
        assert connection.execute("SELECT count(*) FROM precious").fetchone() == (0,)
    connection.close()
