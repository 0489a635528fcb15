"""Small git repositories for tests: made in the working directory, with no configuration of the machine's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_WHO = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(*arguments, cwd="."):
    """Run git; its output without the last newline."""
    done = subprocess.run(
        ("git", *arguments), cwd=cwd, env={**os.environ, **_WHO}, check=True, capture_output=True, text=True
    )
    return done.stdout.rstrip("\n")


def start(folder="."):
    """An empty repository whose branch is main."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)


def commit(message="a commit", folder=".", **files):
    """Write `files` ("__" stands for "/", the last "_" for "."), commit all there is; its full name."""
    write(folder, **files)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "-m", message, cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder)


def write(folder=".", **files):
    """Write `files`, named as in `commit`."""
    for name, text in files.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = Path(folder, f"{stem}.{suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
