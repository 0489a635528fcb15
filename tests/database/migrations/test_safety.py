"""Nothing is left behind by a run that is broken off, and a live database is only read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from driftcheck import check_migrations
from driftcheck.cli.app import run as driftcheck
from tests.database.conftest import run
from tests.database.migrations.project import Project, rules
from tests.database.test_safety import ALLOWED, HEEDFUL, WRITES, gone, logged

TABLE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.String(50)))"
SLEEP = (
    "import pathlib, time\n"
    "url = op.get_bind().engine.url\n"
    "place = url.query.get('host') or url.query.get('unix_socket') or url.database\n"
    "pathlib.Path('started').write_text(place)\n"
    "time.sleep(600)"
)
COMMAND = "import sys; from driftcheck.cli.app import run; sys.exit(run(sys.argv[1:]))"


@pytest.fixture
def temporary():
    """A folder for temporary files with a name that is short enough for sockets."""
    folder = tempfile.mkdtemp(prefix="dc", dir="/tmp" if Path("/tmp").is_dir() else None)
    Path(folder).chmod(0o777)  # servers do not run as root
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


def started(path, seconds=120):
    """What the revision wrote when it began."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    raise AssertionError("the revision did not begin")


@pytest.mark.parametrize(
    ("engine", "sign"),
    [
        *((engine, sign) for engine in ("postgresql", "mariadb") for sign in (signal.SIGINT, signal.SIGKILL)),
        *((engine, signal.SIGTERM) for engine in ("postgresql", "sqlite")),
        ("sqlite", signal.SIGINT),
    ],
)
def test_a_replay_that_is_broken_off_leaves_nothing(engine, sign, request, tmp_path, monkeypatch, temporary):
    request.getfixturevalue(engine)  # or the loud skip
    project = Project(tmp_path, monkeypatch, "t = sa.Table('t', metadata, Column('id', Integer))")
    project.add("a1", TABLE, "op.drop_table('t')").commit()
    project.add("b2", SLEEP, "pass")
    known = dict.fromkeys(("PYTHONPATH", "PATH", "HOME"))
    where = {name: os.environ[name] for name in known if name in os.environ}
    where |= {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(tmp_path / "cache"), "USER": "somebody"}
    where["PYTHONPATH"] = os.pathsep.join([*sys.path, str(tmp_path)])
    command = [sys.executable, "-c", HEEDFUL + COMMAND, "migrations", "--engine", engine, "--base", "HEAD"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=where, cwd=tmp_path)
    try:
        place = Path(started(tmp_path / "started"))
        assert place.exists()
        child.send_signal(sign)
        output, errors = child.communicate(timeout=100)
    finally:
        child.kill()
    assert gone(place)
    assert output == b""
    assert b"Traceback" not in errors
    assert child.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(sign, -sign)
    if sign != signal.SIGKILL:
        assert [each.name for each in temporary.iterdir()] == []
    trees = subprocess.run(
        ["git", "worktree", "list"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert len(trees.stdout.splitlines()) == 1


def filled(engine, url, count):
    run(url, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, c VARCHAR(50))")
    run(url, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    run(url, "INSERT INTO alembic_version VALUES ('a1')")
    if engine == "postgresql":
        run(url, f"INSERT INTO t SELECT n, 'x' FROM generate_series(1, {count}) n", "ANALYZE t")
    else:
        run(url, f"INSERT INTO t SELECT seq, 'x' FROM seq_1_to_{count}", "ANALYZE TABLE t")


CHANGES = {
    "postgresql": ("op.create_index('ix', 't', ['c'])", "migration-index-not-concurrent"),
    "mariadb": ("op.execute('ALTER TABLE t CONVERT TO CHARACTER SET latin1')", "migration-table-copied"),
}


@pytest.mark.parametrize(
    ("count", "options", "alarm"), [(50, [], False), (50, ["--small-table", "10"], True)]
)
@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_tables_that_are_small_in_live(engine, count, options, alarm, request, tmp_path, monkeypatch, capfd):
    change, rule = CHANGES[engine]
    Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')").add("b2", change, "pass")
    scratch = request.getfixturevalue(engine)
    with scratch.database() as live:
        filled(engine, live, count)
        url = live.render_as_string(hide_password=False)
        driftcheck(["migrations", "--url", url, "--format", "json", *options])
    found = {finding["rule"] for finding in json.loads(capfd.readouterr().out)["findings"]}
    assert (rule in found) is alarm


def test_live_postgresql_hears_nothing_but_reading(postgresql, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch, "t = sa.Table('t', metadata, Column('id', Integer))")
    project.add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.execute('TRUNCATE t')\nop.drop_table('t')", "pass")
    with postgresql.database() as live:
        filled("postgresql", live, 5)
        run(live, f"ALTER DATABASE {live.database} SET log_statement = 'all'")
        run(live, f"ALTER DATABASE {live.database} SET application_name = 'live'")
        before = len(logged(live.query["host"]))
        found = rules(check_migrations(url=live.render_as_string(hide_password=False), scratch=None), but=())
        heard = logged(live.query["host"])[before:]
    assert ("migration-table-dropped", "t") in found
    assert any("pg_class" in each for each in heard)
    for statement in heard:
        assert ALLOWED.match(statement.strip()), statement
        assert not WRITES.search(re.sub(r"'[^']*'", "''", statement)), statement


def test_live_sqlite_is_not_touched(tmp_path, monkeypatch, sqlite):
    project = Project(tmp_path, monkeypatch)
    project.add("a1", TABLE, "op.drop_table('t')").add("b2", "op.drop_table('t')", "pass")
    live = tmp_path / "live.db"
    with sqlite3.connect(live) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, c VARCHAR(50)); INSERT INTO t VALUES (1, 'x');"
            "CREATE TABLE alembic_version (version_num VARCHAR(32));"
            "INSERT INTO alembic_version VALUES ('a1')"
        )
    connection.close()
    before = hashlib.sha256(live.read_bytes()).hexdigest(), live.stat().st_mtime_ns
    found = rules(check_migrations(url=f"sqlite:///{live}"), but=())
    assert ("migration-table-dropped", "t") in found
    assert (hashlib.sha256(live.read_bytes()).hexdigest(), live.stat().st_mtime_ns) == before
    assert [each.name for each in tmp_path.glob("live.db*")] == ["live.db"]
