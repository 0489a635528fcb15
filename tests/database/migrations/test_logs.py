"""What an application sets up of logging is there while it runs, and gone afterwards."""

from __future__ import annotations

import logging
import logging.config

from driftcheck import check_migrations
from driftcheck.database.migrations.logs import kept
from tests.database.migrations.project import Project, rules

CONFIG = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {
        "task": {"class": "logging.NullHandler"},
        "screen": {"class": "logging.StreamHandler", "level": "DEBUG"},
    },
    "loggers": {"app.task": {"handlers": ["task", "screen"], "level": "INFO"}},
    "root": {"handlers": ["screen"], "level": "DEBUG"},
}


def names(logger):
    return [handler.get_name() for handler in logging.getLogger(logger).handlers]


def test_handlers_are_there_while_it_runs(capsys):
    before = list(logging.getLogger().handlers), logging.getLogger().level
    other = logging.getLogger("app.other")
    with kept():
        logging.config.dictConfig(CONFIG)
        assert names("app.task") == ["task", "screen"]
        assert other.disabled
        logging.getLogger("app.task").info("chatter")
    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before
    assert names("app.task") == ["task"]
    assert not other.disabled
    assert "chatter" not in capsys.readouterr().err


def test_alembics_own_logging_is_not_set_up(tmp_path):
    before = list(logging.getLogger().handlers)
    with kept():
        logging.config.fileConfig(tmp_path / "there_is_none.ini")
        assert list(logging.getLogger().handlers) == before


def test_an_application_that_insists_on_its_handlers(tmp_path, monkeypatch, sqlite):
    project = Project(tmp_path, monkeypatch, "")
    insists = f"""
import logging.config
logging.config.dictConfig({CONFIG!r})
assert [each.get_name() for each in logging.getLogger("app.task").handlers], "no handler"
t = sa.Table("t", metadata, Column("id", Integer, primary_key=True))
"""
    project.models(insists)
    table = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"
    project.add("a1", table, "op.drop_table('t')")
    report = check_migrations()
    assert (rules(report), report.skipped) == ([], ())
