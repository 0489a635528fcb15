"""A working directory of its own for each test, and a git repository where one is asked for."""

from __future__ import annotations

import subprocess

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.openapi.loading import load


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The test's working directory."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def write(here):
    """Writes files below the working directory: write({"a/b.yaml": "text"})."""

    def written(files):
        for name, text in files.items():
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return here

    return written


@pytest.fixture
def opened(write):
    """Writes files and loads the first of them."""

    def load_first(files, **settings):
        write(files)
        return load(next(iter(files)), Side.EXPECTED, ApiConfig(**settings))

    return load_first


@pytest.fixture
def git(here, monkeypatch):
    """Runs git in a new repository around the working directory."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(here.parent / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*arguments):
        done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    run("config", "user.name", "somebody")
    run("config", "user.email", "somebody@example.org")
    return run


@pytest.fixture
def commit(git, write):
    """Writes files, commits them and gives the revision."""

    def committed(files):
        write(files)
        git("add", "-A")
        git("commit", "-q", "-m", "change")
        return git("rev-parse", "HEAD")

    return committed
