"""Runs two bodies of revisions on a real engine, measures the second, and judges it: what the lint is for."""

from __future__ import annotations

import itertools
import sys
import tempfile
import textwrap
import types
from pathlib import Path

import sqlalchemy as sa

from driftcheck.config import Config
from driftcheck.database.migrations.environment import Environment
from driftcheck.database.migrations.history import open_history
from driftcheck.database.migrations.lint.danger import Sizes
from driftcheck.database.migrations.lint.lint import explained, lint
from driftcheck.database.migrations.lint.observer import Measuring
from driftcheck.database.migrations.replay import over
from driftcheck.database.migrations.rules import RULES
from driftcheck.database.migrations.run import Runner
from driftcheck.inline import silence
from driftcheck.judge import judge

FILE = """\
revision = {revision!r}
down_revision = {down!r}

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.mysql
from alembic import op


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
        module.User = type("User", (base,), {"__tablename__": "users", "id": sa.Column(sa.Integer, primary_key=True)})
        module.LIMIT = 5
        sys.modules["driftcheck_example_models"] = module


def _body(text):
    return textwrap.indent(text.strip() or "pass", "    ")


def _write(folder, revision, down, text):
    up, _, back = text.partition("# downgrade\n")
    lines = [line for line in up.splitlines() if not line.startswith(("# postgresql", "# mariadb", "# sqlite"))]
    source = FILE.format(
        revision=revision, down=down, upgrade=_body("\n".join(lines)), downgrade=_body(back or "raise NotImplementedError")
    )
    (folder / "versions" / f"{revision}.py").write_text(source)


def measured(scratch, bodies, sizes=None):
    """The observer after all revisions have run, with the failure of the last, and the differences of the last."""
    _models()
    with tempfile.TemporaryDirectory() as name, scratch.database() as url:
        folder = Path(name)
        (folder / "versions").mkdir()
        (folder / "env.py").write_text("")
        down = None
        for number, body in enumerate(bodies):
            revision = f"r{next(_numbers)}_{number}"
            _write(folder, revision, down, body)
            down = revision
        return over(url, "", (), lambda connection: _run(folder, connection, sizes or Sizes()))


def _run(folder, connection, sizes):
    history = open_history(str(folder))
    observer = Measuring()
    runner = Runner(history, Environment(), connection)
    with runner.running():
        for script in runner.order():
            ran = runner.upgrade(script, observer)
    observer.close()
    path = Path(script.path)
    if ran.failure is not None:
        failure = ran.failure
        found = explained(
            script.revision, str(path), connection.dialect.name, failure.place.line, failure.statement, failure.message
        )
        differences = [found] if found else []
    else:
        differences = list(lint(observer.ran[script.revision], path.read_text(), script.module, sizes))
    files = [path]
    findings, _ = judge(differences, RULES, Config(changelog=True))
    findings = [each.located(each.difference.locations) for each in findings]
    silenced = silence(findings, [str(file) for file in files], RULES, Config())
    return ran.failure, silenced.kept, silenced.about


def rules_of(scratch, *bodies, rows=None, info=False):
    """The ids of the rules that fire for the last body, without "migration-"; `!message` for a failure."""
    failure, findings, about = measured(scratch, bodies, Sizes(rows or {}))
    found = {each.rule.removeprefix("migration-") for each in findings if info or each.severity != "info"}
    found |= {each.rule for each in about}
    if failure is not None and not found:
        found.add(f"!{failure.message}")
    return sorted(found)
