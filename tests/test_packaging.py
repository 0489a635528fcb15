"""What is shipped: the wheel has all that runs, the sdist all that tests, and both say the same version."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from driftcheck._version import VERSION

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "driftcheck"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    with zipfile.ZipFile(built / f"driftcheck-{VERSION}-py3-none-any.whl") as archive:
        yield archive


def test_the_wheel_has_the_whole_package_and_nothing_else(wheel):
    shipped = {name for name in wheel.namelist() if not name.startswith("driftcheck-")}
    written = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped == written
    assert {"driftcheck/py.typed", "driftcheck/report/schema.json"} <= shipped


def test_the_wheel_says_what_it_is(wheel):
    metadata = wheel.read(f"driftcheck-{VERSION}.dist-info/METADATA").decode()
    assert f"\nVersion: {VERSION}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    entry = wheel.read(f"driftcheck-{VERSION}.dist-info/entry_points.txt").decode()
    assert "driftcheck = driftcheck.cli:main" in entry
    assert f"driftcheck-{VERSION}.dist-info/licenses/LICENSE" in wheel.namelist()


def test_the_wheel_runs(wheel, tmp_path):
    wheel.extractall(tmp_path)
    demo = ROOT / "fixtures" / "specs" / "demo"
    command = [sys.executable, "-m", "driftcheck", "api", str(demo / "old.yaml"), str(demo / "new.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "user_email" in done.stdout


def test_the_sdist_builds_and_tests_itself(built):
    with tarfile.open(built / f"driftcheck-{VERSION}.tar.gz") as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", "ARCHITECTURE.md", "docs/rules.md"} <= names
    assert {"driftcheck/cli/api.py", "tests/conftest.py", "fixtures/specs/demo/old.yaml"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]


def test_runtime_needs_no_tool_of_development():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {name.split(">")[0].split("=")[0] for name in project["dependencies"]}
    tools = {name.split(">")[0] for name in project["optional-dependencies"]["dev"]}
    assert not needed & tools
