"""Runs two bodies of revisions on a real engine, measures the second, and judges it: what the lint is for."""

from __future__ import annotations

import itertools
import sys
import tempfile
import textwrap
import types
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from driftcheck.config import Config
from driftcheck.database.migrations.environment import Environment
from driftcheck.database.migrations.history import open_history
from driftcheck.database.migrations.lint.danger import Sizes
from driftcheck.database.migrations.lint.lint import explained, lint
from driftcheck.database.migrations.lint.observer import Measuring
from driftcheck.database.migrations.rules import RULES
from driftcheck.database.migrations.run import Runner
from driftcheck.inline import silence
from driftcheck.judge import judge

FILE = """\
revision = {revision!r}
down_revision = {down!r}

import sqlalchemy as sa
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.mysql
from alembic import op

{above}

def upgrade():
{upgrade}


def downgrade():
{downgrade}
"""
_numbers = itertools.count()


def _models():
    """A module with a mapped class, as an application has."""
    if "driftcheck_example_models" not in sys.modules:
        from sqlalchemy.orm import declarative_base

        module = types.ModuleType("driftcheck_example_models")
        base = declarative_base()
        module.Base = base
        module.User = type(
            "User", (base,), {"__tablename__": "users", "id": sa.Column(sa.Integer, primary_key=True)}
        )
        module.LIMIT = 5
        module.SOON = sa.text("now()")  # a clause, which is neither true nor false
        sys.modules["driftcheck_example_models"] = module


def _body(text):
    return textwrap.indent(text.strip() or "pass", "    ")


def _write(folder, revision, down, text):
    above, _, text = text.rpartition("# upgrade\n")
    up, _, back = text.partition("# downgrade\n")
    lines = [
        line for line in up.splitlines() if not line.startswith(("# postgresql", "# mariadb", "# sqlite"))
    ]
    source = FILE.format(
        revision=revision,
        down=down,
        above=above,
        upgrade=_body("\n".join(lines)),
        downgrade=_body(back or "raise NotImplementedError"),
    )
    path = folder / "versions" / f"{revision}.py"
    path.write_text(source)
    return path


def measured(scratch, bodies, sizes=None):
    """The failure of the last revision, what it is judged to be, and what is said of its ignores."""
    with prepared(scratch, bodies[:-1]) as base:
        return base.judged(bodies[-1], sizes)


@contextmanager
def prepared(scratch, bodies):
    """A database in which the revisions of these bodies have run."""
    _models()
    with tempfile.TemporaryDirectory() as name, scratch.database() as url:
        folder = Path(name)
        (folder / "versions").mkdir()
        (folder / "env.py").write_text("")
        with create_engine(url, poolclass=NullPool).connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS plpgsql")  # one example drops it
            base = Base(folder, connection)
            for body in bodies:
                base.add(body)
                base.run()
            yield base


class Base:
    """A history that revisions are added to, and the database it runs in."""

    def __init__(self, folder, connection):
        self.folder, self.connection, self.down = folder, connection, None

    def add(self, body):
        revision = f"r{next(_numbers)}"
        self.path = _write(self.folder, revision, self.down, body)
        self.before, self.down = self.down, revision

    def run(self):
        runner = self.runner()
        with runner.running():
            failure = runner.upgrade(runner.history.script.get_revision(self.down)).failure
        assert failure is None, failure

    def runner(self):
        return Runner(open_history(str(self.folder)), Environment(), self.connection)

    def judged(self, body, sizes=None, undo=False):
        """Add a revision, run it under observation, and judge it; with `undo`, leave no trace of it."""
        self.add(body)
        runner, observer = self.runner(), Measuring()
        script = runner.history.script.get_revision(self.down)
        with runner.running():
            ran = runner._run(script, True, observer, (lambda: None) if undo else None)
        observer.close()
        result = _judged(ran.failure, script, observer, self.connection.dialect.name, sizes or Sizes())
        self.text = self.path.read_text()
        if undo:
            self.path.unlink()
            self.down = self.before
        return result


def _judged(failure, script, observer, dialect, sizes):
    path = str(script.path)
    if failure is not None:
        found = explained(
            script.revision, path, dialect, failure.place.line, failure.statement, failure.message
        )
        differences = [found] if found else []
    else:
        differences = list(lint(observer.ran[script.revision], Path(path).read_text(), script.module, sizes))
    findings, _ = judge(differences, RULES, Config(changelog=True))
    findings = [each.located(each.difference.locations) for each in findings]
    silenced = silence(findings, [path], RULES, Config())
    return failure, silenced.kept, silenced.about


def names(result, info):
    """The ids of the rules that fired, without "migration-"; `!message` for a failure that none explains."""
    failure, findings, about = result
    found = {each.rule.removeprefix("migration-") for each in findings if info or each.severity != "info"}
    found |= {each.rule for each in about}
    if failure is not None and not found:
        found.add(f"!{failure.message}")
    return sorted(found)
