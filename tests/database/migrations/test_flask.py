"""Flask-Migrate: its env.py asks Flask's application, which is found and made without a connection."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

import driftcheck
from driftcheck import DriftcheckError
from tests.repositories import commit, git, start

ENV = Path(pytest.importorskip("flask_migrate").__file__).parent / "templates" / "flask" / "env.py"
NUMBERS = itertools.count()

EXTENSIONS = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
MODELS = """\
from {name}.extensions import db

class Ticket(db.Model):
    __tablename__ = "tickets"
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False){more}
"""
FACTORY = """\
from flask import Flask
from flask_migrate import Migrate

from {name}.extensions import db

def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///live.db"
    db.init_app(app)
    Migrate(app, db)
    import {name}.models{more}
    return app
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
    )

def downgrade():
    op.drop_table("tickets")
"""
NICK = "\n    nick = db.Column(db.String(9))"


class Project:
    """A package with extensions, models and a factory each in a module of its own, as is usual."""

    def __init__(self):
        self.name = f"flaskshop_{next(NUMBERS)}"
        self.write("__init__.py", FACTORY)
        self.write("extensions.py", EXTENSIONS)
        self.write("models.py", MODELS)
        versions = Path("migrations/versions")
        versions.mkdir(parents=True)
        Path("migrations/env.py").write_text(ENV.read_text())
        Path("migrations/alembic.ini").write_text("[alembic]\n")
        (versions / "0001_tickets.py").write_text(REVISION)

    def write(self, file, text, more=""):
        path = Path(self.name, file)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.format(name=self.name, more=more))

    @property
    def db(self):
        return f"{self.name}.extensions:db"

    def forget(self):
        for name in list(sys.modules):
            if name.partition(".")[0] in (self.name, f"web_{self.name}", "wsgi"):
                del sys.modules[name]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("DRIFTCHECK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("FLASK_APP", raising=False)
    made = Project()
    yield made
    made.forget()


def found(report):
    return [(each.rule, each.difference.object) for each in report.findings]


def told(report):
    return {item.what: item.why for item in report.skipped}


def both(models):
    """What the two commands say that look at models and migrations."""
    return (
        driftcheck.check_database(None, models=models, migrations="migrations"),
        driftcheck.check_migrations("migrations", models=models),
    )


@pytest.mark.parametrize("named", [True, False])
def test_models_that_the_application_imports_are_compared(project, named):
    for report in both(project.db if named else None):
        assert found(report) == []
        assert "the options of env.py" not in told(report)
    project.write("models.py", MODELS, NICK)
    project.forget()
    for report in both(project.db if named else None):
        assert found(report) == [("column-missing", "tickets.nick")]
    assert not Path("instance/live.db").exists()


@pytest.mark.parametrize("where", ["FLASK_APP", ".flaskenv", "src", "wsgi.py"])
def test_the_application_is_where_it_is_said_to_be(project, monkeypatch, where):
    made = Path(project.name, "__init__.py").read_text()
    if where == "src":
        Path("src").mkdir()
        Path(project.name).rename(f"src/{project.name}")
    else:  # nothing in it looks like an application
        Path(project.name, "__init__.py").write_text("")
        project.write("deep/__init__.py", "")
        project.write("deep/web.py", made)
    if where == "FLASK_APP":
        monkeypatch.setenv("FLASK_APP", f"{project.name}.deep.web:create_app")
    elif where == ".flaskenv":
        Path(".flaskenv").write_text(f'# why\nexport FLASK_APP="{project.name}.deep.web:create_app"\n')
    elif where == "wsgi.py":
        Path("wsgi.py").write_text(f"from {project.name}.deep.web import create_app\napp = create_app()\n")
    for report in both(None):
        assert found(report) == []
        assert "the options of env.py" not in told(report)


def test_where_there_is_none_it_is_said_and_models_without_tables_are_no_pass(project):
    Path(project.name, "__init__.py").write_text("")
    report = driftcheck.check_migrations("migrations")
    assert "no application of Flask was found: set FLASK_APP" in told(report)["the options of env.py"]
    with pytest.raises(DriftcheckError, match="knows no tables"):
        driftcheck.check_migrations("migrations", models=project.db)


def test_what_was_learnt_from_a_failure_is_not_kept(project, monkeypatch):
    made = Path(project.name, "__init__.py").read_text()
    Path(project.name, "__init__.py").write_text("")
    Path(f"web_{project.name}.py").write_text(made)
    for command in (driftcheck.check_migrations, lambda at: driftcheck.check_database(None, migrations=at)):
        monkeypatch.delenv("FLASK_APP", raising=False)
        try:
            assert "the options of env.py" in told(command("migrations"))
        except DriftcheckError as error:
            assert "target_metadata" in error.message  # noqa: PT017
        monkeypatch.setenv("FLASK_APP", f"web_{project.name}:create_app")
        assert "the options of env.py" not in told(command("migrations"))
        project.forget()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("\n    with app.app_context():\n        db.create_all()", "was refused"),
        ("\n    raise KeyError('SECRET')", "KeyError: 'SECRET'"),
    ],
)
def test_an_application_that_cannot_be_made(project, more, words):
    project.write("__init__.py", FACTORY, more)
    assert words in told(driftcheck.check_migrations("migrations"))["the options of env.py"]
    assert not Path("instance/live.db").exists()


def test_the_models_of_the_base_revision_are_those_of_its_application(project):
    start(".")
    commit("the shop", ".")
    git("checkout", "--quiet", "-b", "branch")
    project.write("models.py", MODELS, NICK)
    Path("migrations/versions/0002_nick.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "0002"\ndown_revision = "0001"\n'
        'def upgrade():\n    op.add_column("tickets", sa.Column("nick", sa.String(9)))\n'
        'def downgrade():\n    op.drop_column("tickets", "nick")\n'
    )
    for models in (None, project.db):
        report = driftcheck.check_migrations("migrations", models=models, base="main")
        assert "deploy-migrate-first" in [rule for rule, _ in found(report)]
        assert "the rolling deploy" not in told(report)
        project.forget()
