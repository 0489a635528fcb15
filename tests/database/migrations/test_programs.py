"""Database clients that a revision would start are stopped; other programs run."""

from __future__ import annotations

import sys

import pytest

from driftcheck import DriftcheckError, check_migrations
from driftcheck.database.migrations.programs import client
from tests.database.migrations.project import Project, rules

TABLE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"


@pytest.mark.parametrize(
    ("event", "given", "found"),
    [
        ("subprocess.Popen", ["psql", "-c", "DROP TABLE t"], "psql"),
        ("subprocess.Popen", ["/usr/bin/psql", "service=production"], "psql"),
        ("subprocess.Popen", "psql service=production < x.sql", "psql"),
        ("subprocess.Popen", ["/bin/sh", "-c", "cat x.sql | mysql shop"], "mysql"),
        ("subprocess.Popen", [b"sqlite3", b"shop.db"], "sqlite3"),
        ("subprocess.Popen", ["python", "-m", "alembic", "upgrade", "head"], "alembic"),
        ("os.system", b"PGPASSWORD=x sudo psql -f x.sql", "psql"),
        ("os.system", "cd db && mariadb shop", "mariadb"),
        ("os.posix_spawn", ["pg_restore", "x.dump"], "pg_restore"),
        ("subprocess.Popen", ["git", "commit", "-m", "psql is not needed"], None),
        ("subprocess.Popen", ["git", "rev-parse", "HEAD"], None),
        ("subprocess.Popen", ["python", "-m", "http.server"], None),
        ("subprocess.Popen", "echo psql", None),
        ("os.system", "ls psql", None),
        ("subprocess.Popen", [], None),
    ],
)
def test_which_client_it_is(event, given, found):
    arguments = (given,) if event == "os.system" else (None, given, None, None)
    assert client(event, arguments) == found


@pytest.mark.parametrize(
    "run", ["subprocess.run(['psql', '-c', 'SELECT 1'])", "os.system('sqlite3 shop.db .dump')"]
)
def test_a_revision_that_starts_a_client_is_refused(run, tmp_path, monkeypatch, sqlite):
    Project(tmp_path, monkeypatch).add("a1", f"import os, subprocess\n{run}\n{TABLE}", "op.drop_table('t')")
    with pytest.raises(DriftcheckError, match=r"by the program (psql|sqlite3)\) was refused"):
        check_migrations()


def test_a_revision_that_starts_something_else(tmp_path, monkeypatch, sqlite):
    run = f"import subprocess\nsubprocess.run([{sys.executable!r}, '-c', 'pass'], check=True)"
    Project(tmp_path, monkeypatch).add("a1", f"{run}\n{TABLE}", "op.drop_table('t')")
    assert rules(check_migrations()) == []
