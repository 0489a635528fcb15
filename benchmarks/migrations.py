"""Times `driftcheck migrations` beside a plain `alembic upgrade head`, on private servers of one machine.

    python benchmarks/migrations.py [postgresql|mariadb|sqlite] [REVISIONS]

Prints seconds and processor seconds of all processes, those of the database server included. "server alone"
starts and stops one, which all lines but those of SQLite contain; the ratios are to "alembic" as it is and,
in brackets, to alembic without the server's start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ENV = """
from alembic import context
from sqlalchemy import create_engine
with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """import sqlalchemy as sa
from alembic import op
revision, down_revision = {name!r}, {down!r}

def upgrade():
    {up}

def downgrade():
    {back}
"""
PLAIN = """
import subprocess, sys
from driftcheck.database.scratch import Wanted, open_scratch
engine, upgrade = sys.argv[1:]
with open_scratch(Wanted(engine, backend=engine), None, None) as scratch, scratch.database() as url:
    shown = url.render_as_string(hide_password=False).replace("%", "%%")
    with open("plain.ini", "w") as file:
        file.write(f"[alembic]\\nscript_location = versions_here\\nsqlalchemy.url = {shown}\\n")
    if upgrade == "yes":
        command = [sys.executable, "-m", "alembic", "-c", "plain.ini", "upgrade", "head"]
        subprocess.run(command, check=True, capture_output=True)
"""


def steps(number):
    """What revision `number` does, and its way back: a table, then a column, an index and a type for it."""
    table = number // 4
    before = f", sa.ForeignKey('t{table - 1}.id')" if table else ""
    return (
        (
            f"op.create_table('t{table}', sa.Column('id', sa.Integer, primary_key=True),"
            " sa.Column('name', sa.String(50), nullable=False), sa.Column('note', sa.Text),"
            f" sa.Column('parent', sa.Integer{before}))",
            f"op.drop_table('t{table}')",
        ),
        (
            f"op.add_column('t{table}', sa.Column('c{number}', sa.String(20)))",
            f"op.drop_column('t{table}', 'c{number}')",
        ),
        (
            f"op.create_index('ix{number}', 't{table}', ['name'])",
            f"op.drop_index('ix{number}', 't{table}')",
        ),
        (
            f"op.add_column('t{table}', sa.Column('n{number}', sa.Integer, server_default='0'))",
            f"op.drop_column('t{table}', 'n{number}')",
        ),
    )[number % 4]


def write(folder, count):
    """A project of `count` revisions, committed but for the last one."""
    versions = folder / "versions_here/versions"
    versions.mkdir(parents=True)
    (folder / "versions_here/env.py").write_text(ENV)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = versions_here\n")
    down = None
    for number in range(count):
        up, back = steps(number)
        if number == count - 1:
            git(folder, "init", "-q")
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", "base")
        text = REVISION.format(name=f"r{number:04}", down=down, up=up, back=back)
        (versions / f"r{number:04}.py").write_text(text)
        down = f"r{number:04}"


def git(folder, *arguments):
    """Run git there."""
    who = ("-c", "user.name=b", "-c", "user.email=b@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def timed(name, folder, command):
    """Run it and print what it took; the processor seconds."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=surroundings(folder), capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - start, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr)
    return name, seconds, cpu


def surroundings(folder):
    """The environment, with a cache of its own."""
    here = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(folder / ".cache")}


def main(engine="postgresql", count="285"):
    """Print a line for each way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, int(count))
        run = [sys.executable, "-m", "driftcheck", "migrations", "--engine", engine]
        alone = timed("server alone", folder, [sys.executable, "-c", PLAIN, engine, "no"])
        ways = [
            timed("alembic", folder, [sys.executable, "-c", PLAIN, engine, "yes"]),
            timed("driftcheck --base HEAD", folder, [*run, "--base", "HEAD", "--no-cache"]),
            timed("driftcheck", folder, run),
            timed("driftcheck, second run", folder, run),
            timed("driftcheck --thorough", folder, [*run, "--thorough", "--no-cache"]),
        ]
    plain = ways[0][2]
    for label, seconds, cpu in (alone, *ways):
        ratios = f"{cpu / plain:5.2f}x ({cpu / (plain - alone[2]):5.2f}x)" if label != alone[0] else ""
        print(f"{engine:11} {label:24} {seconds:7.2f} s  cpu {cpu:6.2f} s  {ratios}")


if __name__ == "__main__":
    main(*sys.argv[1:])
