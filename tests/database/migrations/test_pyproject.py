"""Options of alembic in pyproject.toml, alone or beside an alembic.ini (`alembic init -t pyproject`)."""

from __future__ import annotations

import pytest
from alembic.config import Config

from driftcheck import DriftcheckError, check_database
from driftcheck.database.migrations.engine import default_source
from driftcheck.database.migrations.history import open_history
from tests.database.migrations.project import Project

TABLE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"
MODELS = "sa.Table('t', metadata, Column('id', Integer, primary_key=True))"
TOML = '[project]\nname = "shop"\n\n[tool.alembic]\nscript_location = "{}"\n'
INI = "[alembic]\nsqlalchemy.url = sqlite:///shop.db\n"

newer = pytest.mark.skipif(not hasattr(Config, "get_alembic_option"), reason="alembic before 1.16")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Project(tmp_path, monkeypatch, MODELS).add("a1", TABLE)
    (tmp_path / "alembic.ini").unlink()
    return made


def check(source):
    return check_database(migrations=source, config={"db": {"cache": False}})


@newer
@pytest.mark.parametrize("location", ["migrations", "%(here)s/migrations"])
@pytest.mark.parametrize(
    ("ini", "source"),
    [
        ("", "pyproject.toml"),
        ("", "migrations"),
        (INI, "pyproject.toml"),
        (INI, "alembic.ini"),
        (INI, "migrations"),
    ],
)
def test_a_location_in_pyproject(project, location, ini, source):
    (project.folder / "pyproject.toml").write_text(TOML.format(location))
    if ini:
        (project.folder / "alembic.ini").write_text(ini)
    assert check(source).findings == ()
    assert open_history(source).config.get_main_option("sqlalchemy.url") == (
        "sqlite:///shop.db" if ini else None
    )


@newer
def test_folders_of_revisions_in_pyproject(project):
    (project.folder / "migrations/versions/a1.py").rename(project.folder / "elsewhere.py")
    (project.folder / "more").mkdir()
    (project.folder / "elsewhere.py").rename(project.folder / "more/a1.py")
    toml = TOML.format("%(here)s/migrations") + 'version_locations = ["%(here)s/more"]\n'
    (project.folder / "pyproject.toml").write_text(toml)
    assert [found.revision for found in open_history("pyproject.toml").revisions()] == ["a1"]


@newer
def test_a_pyproject_from_another_folder(project, monkeypatch, tmp_path_factory):
    (project.folder / "pyproject.toml").write_text(TOML.format("migrations"))
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert check(str(project.folder / "pyproject.toml")).findings == ()


@pytest.mark.parametrize("toml", ["[project]\nname = 'shop'\n", "[tool.alembic]\n"])
def test_a_pyproject_without_a_location(project, toml):
    (project.folder / "pyproject.toml").write_text(toml)
    with pytest.raises(DriftcheckError, match=r"pyproject\.toml"):
        check("pyproject.toml")


def test_a_pyproject_of_others_is_left_alone(project):
    (project.folder / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    assert default_source() == "migrations"
    assert check("migrations").findings == ()


def test_an_alembic_that_reads_no_pyproject(project, monkeypatch):
    monkeypatch.delattr(Config, "get_alembic_option", raising=False)
    (project.folder / "pyproject.toml").write_text(TOML.format("migrations"))
    with pytest.raises(DriftcheckError, match=r"alembic [\d.]+ reads no pyproject\.toml"):
        check("pyproject.toml")
