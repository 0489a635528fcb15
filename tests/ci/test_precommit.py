"""`pre-commit try-repo`: pre-commit itself clones the hooks, installs driftcheck and runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import shop
from tests.ci.runner import ROOT
from tests.repositories import commit, git, start

SHIPPED = ("driftcheck", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """A repository of what hooks need of this one, as it is now."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    start(folder)
    commit("driftcheck", folder)
    return folder


def test_pre_commit_runs_all_hooks(hooks, tmp_path, monkeypatch):
    shop.repository(tmp_path / "shop", branch=False)
    monkeypatch.chdir(tmp_path / "shop")
    shop.copy(tmp_path / "shop", "shop-branch")
    recording = json.loads(Path("recordings/checkout.har").read_text("utf-8"))
    recording["log"]["entries"][0]["request"]["headers"].append(
        {"name": "X-Api-Key", "value": "sk_live_51H8x9"}
    )
    Path("recordings/checkout.har").write_text(json.dumps(recording), encoding="utf-8")
    git("add", "--all")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        (
            sys.executable,
            "-m",
            "pre_commit",
            "try-repo",
            str(hooks),
            "--verbose",
            "--all-files",
            "--color=never",
        ),
        env=environ | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    results = dict(zip(_ids(said), _results(said), strict=True))
    assert results == {
        "driftcheck-spec": "Failed",
        "driftcheck-migrations": "Passed",
        "driftcheck-recordings": "Failed",
    }, said
    assert "qty was renamed to quantity" in said
    assert "sk_live_51H8x9" not in said


def _ids(said):
    return [line.removeprefix("- hook id: ") for line in said.splitlines() if line.startswith("- hook id: ")]


def _results(said):
    lines = [line for line in said.splitlines() if line.startswith("driftcheck, ") and "...." in line]
    return [line.rpartition(".")[2] for line in lines]


def test_the_manifest_is_what_pre_commit_expects():
    done = subprocess.run(
        (sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
