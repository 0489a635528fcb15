"""What is shipped: the wheel has all that runs, the sdist all that tests, and both say the same version."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from driftcheck._version import VERSION
from tests.shop import copy

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


PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
OFFLINE = ["--no-index", "--no-deps"]


def clean_environment(folder, wheel):
    """A new virtual environment with the wheel, and driftcheck's dependencies from this one by a path."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([*PIP, "--python", str(python), "install", *OFFLINE, str(wheel)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin"


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(request, built, tmp_path_factory):
    """Where the commands are, installed from the wheel, and from a wheel that the sdist was built into."""
    folder = tmp_path_factory.mktemp("installed")
    source = built
    if request.param == "sdist":
        source = folder / "wheels"
        sdist = built / f"driftcheck-{VERSION}.tar.gz"
        command = [*PIP, "wheel", *OFFLINE, "--no-build-isolation", "-w", str(source), str(sdist)]
        subprocess.run(command, check=True)
    (wheel,) = source.glob("*.whl")
    return clean_environment(folder / "environment", wheel)


def run(tool, *arguments, cwd):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))
    }
    return subprocess.run(
        [str(tool), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_what_is_installed_is_what_was_built(installed, tmp_path):
    code = "import driftcheck; print(driftcheck.__file__, driftcheck.__version__)"
    file, version = run(installed / "python", "-c", code, cwd=tmp_path).stdout.split()
    assert Path(file).is_relative_to(installed.parent)
    assert version == VERSION


@pytest.mark.parametrize(
    ("command", "status", "shown"),
    [
        ("--version", 0, VERSION),
        ("rules", 0, "request-property-renamed"),
        ("report-schema", 0, "json-schema.org"),
        ("init --print", 0, "[tool.driftcheck"),
        ("api openapi.yaml openapi.yaml --format html", 0, "<script"),
        ("api openapi.yaml openapi.yaml --format sarif", 0, "sarif"),
        ("db --models shop.models:Base --migrations alembic.ini", 0, "PASS"),
        ("traffic check recordings --spec openapi.yaml", 0, "PASS"),
    ],
)
def test_commands_run_from_a_clean_environment(installed, tmp_path, command, status, shown):
    copy(tmp_path)
    done = run(installed / "driftcheck", *command.split(), cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert shown in done.stdout


def test_pytest_finds_the_plugin_by_itself(installed, tmp_path):
    copy(tmp_path)
    options = ["-q", "--collect-only", "-p", "no:cacheprovider", "--driftcheck"]
    done = run(installed / "python", "-m", "pytest", *options, cwd=tmp_path)
    assert "driftcheck::schema" in done.stdout, done.stdout + done.stderr


def test_runtime_needs_no_tool_of_development():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {name.split(">")[0].split("=")[0] for name in project["dependencies"]}
    tools = {name.split(">")[0] for name in project["optional-dependencies"]["dev"]}
    assert not needed & tools
