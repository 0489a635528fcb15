"""Histories that are run in one go: what is tried of them, and that all is as with alembic."""

from __future__ import annotations

import pytest

from driftcheck import DriftcheckError, check_migrations
from driftcheck.config import Config, MigrationsConfig
from driftcheck.database.migrations.trial import MOST, NEWEST
from driftcheck.difference import Severity
from tests.database.migrations.project import Project, rules

MANY = MOST + 10
COLUMN = "op.add_column('t', sa.Column('{}', sa.Integer))".format
NOT_THERE = "op.drop_column('t', 'absent')"


def long(tmp_path, monkeypatch, fails):
    project = Project(tmp_path, monkeypatch)
    project.add(
        "r0", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))", "op.drop_table('t')"
    )
    for number in range(1, MANY):
        back = NOT_THERE if number in fails else f"op.drop_column('t', 'c{number}')"
        project.add(f"r{number}", COLUMN(f"c{number}"), back)
    return project


def config(**options):
    return Config(migrations=MigrationsConfig(engine="sqlite", cache=False, **options))


def test_of_a_long_history_the_newest_are_tried(tmp_path, monkeypatch):
    long(tmp_path, monkeypatch, {5, MANY - NEWEST - 1, MANY - NEWEST, MANY - 1})
    report = check_migrations(config=config())
    found = {name for rule, name in rules(report) if rule == "downgrade-fails"}
    assert found == {f"r{MANY - NEWEST}", f"r{MANY - 1}"}
    (note,) = [item for item in report.skipped if "oldest" in item.what]
    assert str(MANY - NEWEST) in note.what
    assert "--thorough" in note.why


def test_all_are_tried_where_that_is_asked_for(tmp_path, monkeypatch):
    long(tmp_path, monkeypatch, {5, MANY - 1})
    report = check_migrations(config=config(thorough=True))
    assert rules(report) == [("downgrade-fails", f"r{MANY - 1}"), ("downgrade-fails", "r5")]
    assert not any("oldest" in item.what for item in report.skipped)


def test_new_revisions_are_all_tried_however_many(tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    project.add(
        "a1", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))", "op.drop_table('t')"
    )
    project.commit()
    for number in range(MANY):
        project.add(
            f"r{number}",
            COLUMN(f"c{number}"),
            NOT_THERE if number == 3 else f"op.drop_column('t', 'c{number}')",
        )
    assert ("downgrade-fails", "r3") in rules(check_migrations(base="HEAD", config=config()))


def test_an_old_revision_that_fails_is_named(tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    project.add(
        "a1", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))", "op.drop_table('t')"
    )
    project.add("b2", NOT_THERE, "pass")
    project.commit()
    project.add("c3", COLUMN("d"), "op.drop_column('t', 'd')")
    report = check_migrations(base="HEAD", config=config())
    (failed,) = [each for each in report.findings if each.severity is Severity.RISKY]
    assert (failed.rule, failed.difference.object) == ("replay-fails", "b2")
    assert failed.locations[0].line == project.line("b2", "absent")


def test_an_enum_that_two_revisions_name_is_made_once(tmp_path, monkeypatch, postgresql):
    project = Project(tmp_path, monkeypatch)
    column = "sa.Column('e', sa.Enum('a', name='kind'), primary_key=True)"
    gone = "op.drop_table('{}')\n"
    project.add("a1", f"op.create_table('t', {column})", gone.format("t") + "op.execute('DROP TYPE kind')")
    project.add("b2", f"op.create_table('u', {column})", gone.format("u"))
    with postgresql.database() as url:
        report = check_migrations(scratch=url.render_as_string(hide_password=False))
    assert rules(report) == []


def test_ids_that_are_assigned_together(tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    head = "from alembic import op\nimport sqlalchemy as sa\n"
    body = "def upgrade():\n    op.execute('SELECT 1')\n\ndef downgrade():\n    pass\n"
    project.write("a1.py", f"{head}revision, down_revision = 'a1', None\n{body}")
    project.write("b2.py", f"{head}revision, down_revision = 'b2', 'a1'\n{body}")
    assert rules(check_migrations(config=config())) == []


MULTI = """
from alembic import context
from sqlalchemy import create_engine
for name in ("first", "second"):
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        context.configure(connection=connection, upgrade_token=f"{name}_up", downgrade_token=f"{name}_down")
        context.run_migrations(engine_name=name)
"""


def test_a_history_of_several_databases(tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    (tmp_path / "migrations/env.py").write_text(MULTI)
    project.write(
        "a1.py",
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n\n"
        "def upgrade(engine_name):\n    globals()['upgrade_' + engine_name]()\n\n"
        "def downgrade(engine_name):\n    globals()['downgrade_' + engine_name]()\n\n"
        "def upgrade_first():\n    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))\n\n"
        "def downgrade_first():\n    op.drop_table('nothing')\n",
    )
    report = check_migrations(config=config())
    assert rules(report) == [("downgrade-fails", "a1")]
    assert any(item.what == "the migrations of second" for item in report.skipped)


def test_an_old_sqlalchemy_is_refused_in_a_sentence(tmp_path, monkeypatch):
    Project(tmp_path, monkeypatch)
    monkeypatch.setattr("sqlalchemy.__version__", "1.4.54")
    with pytest.raises(DriftcheckError, match=r"SQLAlchemy 1\.4\.54"):
        check_migrations(config=config())
