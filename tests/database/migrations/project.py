"""A small project of Alembic revisions on disk, in a git repository where a test needs one."""

from __future__ import annotations

import subprocess
import textwrap
from itertools import count

_NUMBERS = count(1)

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool, text
{models}

def run():
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata={metadata})
        with context.begin_transaction():
            context.run_migrations()

run()
"""
REVISION = '''"""{doc}"""

import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {down!r}


def upgrade():
{up}


def downgrade():
{back}
'''
MODELS = """
import sqlalchemy as sa
from sqlalchemy import Column, Integer, String

metadata = sa.MetaData()
"""


def body(text):
    return textwrap.indent(textwrap.dedent(text).strip() or "pass", "    ")


class Project:
    """`models` is the source of the models below an empty metadata; None: there are none."""

    def __init__(self, folder, monkeypatch, models=None):
        self.folder, self.last = folder, None
        self.module = f"app_models_{next(_NUMBERS)}"
        monkeypatch.chdir(folder)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
        (folder / "migrations/versions").mkdir(parents=True)
        self.models(models)

    def models(self, source):
        if source is not None:
            (self.folder / f"{self.module}.py").write_text(MODELS + textwrap.dedent(source))
        use = f"from {self.module} import metadata" if source is not None else ""
        env = ENV.format(models=use, metadata="metadata" if source is not None else "None")
        (self.folder / "migrations/env.py").write_text(env)

    def add(self, name, up, back="", down=...):
        down = self.last if down is ... else down
        text = REVISION.format(doc=name, name=name, down=down, up=body(up), back=body(back))
        (self.folder / f"migrations/versions/{name}.py").write_text(text)
        self.last = name
        return self

    def write(self, name, text):
        (self.folder / f"migrations/versions/{name}").write_text(text)

    def line(self, name, words):
        """Where a revision's file says these words."""
        lines = (self.folder / f"migrations/versions/{name}.py").read_text().splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)

    def git(self, *arguments):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
        run = subprocess.run(
            ["git", *who, *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return run.stdout

    def commit(self):
        if not (self.folder / ".git").exists():
            self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a commit")


def rules(report, but=("migration-",)):
    """Rules by revision, without those of the lint."""
    return sorted(
        (finding.rule, finding.difference.object)
        for finding in report.findings
        if not finding.rule.startswith(tuple(but))
    )
