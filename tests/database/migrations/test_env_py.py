"""What env.py of a project wants that was not told its database, or needs more than a URL."""

from __future__ import annotations

import sys

import pytest

from driftcheck import DriftcheckError, check_database
from tests.database.migrations.project import Project

TABLE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"
MODELS = "sa.Table('t', metadata, Column('id', Integer, primary_key=True))"
ONLINE = """
from alembic import context
from sqlalchemy import create_engine
from {module} import metadata

engine = create_engine({url})
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Project(tmp_path, monkeypatch, MODELS)
    return made.add("a1", TABLE)


def env(project, url, before=""):
    text = before + ONLINE.format(module=project.module, url=url)
    (project.folder / "migrations/env.py").write_text(text)


def check(engine, url=None):
    return check_database(url, migrations="alembic.ini", config={"db": {"engine": engine, "cache": False}})


@pytest.mark.parametrize("url", ["'sqlite:///app.db'", "'sqlite://'"])
def test_a_project_that_falls_back_to_sqlite_is_checked_on_another_engine(project, postgresql, url):
    env(project, url)
    report = check("postgresql")
    assert report.findings == ()
    told = [item.what.rpartition("/")[2] for item in report.skipped]
    assert told == (["app.db"] if "app.db" in url else [])
    assert not (project.folder / "app.db").exists()


def test_such_a_project_with_drift(project, postgresql):
    env(project, "'sqlite:///app.db'")
    project.add("b2", "op.add_column('t', sa.Column('c', sa.Integer))")
    assert [item.difference.object for item in check("postgresql").findings] == ["t.c"]


def test_a_server_of_another_engine_is_refused_with_a_way_out(project):
    pytest.importorskip("pymysql")
    env(project, "'mysql+pymysql://u:secret@db.example/app'")
    with pytest.raises(DriftcheckError, match=r"mysql://db\.example/app was refused") as caught:
        check("sqlite")
    assert caught.value.hint == "let env.py find a URL of sqlite: it is given the scratch database instead"


def test_why_env_py_names_no_metadata(project):
    env(project, "'sqlite://'", before="from alembic import context\ncontext.config.shop_config.read()\n")
    with pytest.raises(DriftcheckError, match=r"no target_metadata: it could not be run.*shop_config"):
        check("sqlite")


def test_an_env_py_without_metadata_is_no_failure_of_it(project):
    text = ONLINE.format(module=project.module, url="'sqlite://'").replace("=metadata", "=None")
    (project.folder / "migrations/env.py").write_text(text)
    with pytest.raises(DriftcheckError, match="names no target_metadata") as caught:
        check("sqlite")
    assert caught.value.message == "env.py names no target_metadata"


def test_an_ini_inside_a_package_hides_no_modules(project, monkeypatch, tmp_path_factory):
    """Its folder is no place to import from: types.py there is not Python's own."""
    package = project.folder / "shop"
    package.mkdir()
    for name in ("__init__", "tomllib", "colorsys"):
        (package / f"{name}.py").write_text("")
    project.add("b2", "import colorsys, tomllib; colorsys.rgb_to_hls, tomllib.loads")
    (project.folder / "alembic.ini").rename(package / "alembic.ini")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    for name in ("tomllib", "colorsys"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    report = check_database(migrations=str(package / "alembic.ini"), config={"db": {"cache": False}})
    assert report.findings == ()
