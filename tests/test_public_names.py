"""The names that `import driftcheck` promises, at run time and to a type checker."""

from __future__ import annotations

import subprocess
import sys

import pytest

import driftcheck

PROGRAM = """
import driftcheck

config = driftcheck.Config(fail_on="risky")
report: driftcheck.Report = driftcheck.check_api("old.yaml", "new.yaml", config=config)
driftcheck.check_api({"openapi": "3.1.0"}, "new.yaml", config={"fail-on": "risky"})
status: int = report.exit_code
for finding in report.findings:
    rule: str = finding.rule
for skipped in report.skipped:
    why: str = skipped.why
version: str = driftcheck.__version__
"""
MISTAKES = """
import driftcheck

driftcheck.chek_api
driftcheck.check_api(1)
driftcheck.Config(fail_on="error")
"""


@pytest.mark.parametrize("name", driftcheck.__all__)
def test_every_public_name_is_there(name):
    assert getattr(driftcheck, name) is getattr(driftcheck, name)
    assert name in dir(driftcheck)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'chek_api'"):
        driftcheck.chek_api  # noqa: B018


def test_star_import_gives_the_public_names():
    names = {}
    exec("from driftcheck import *", names)
    assert set(driftcheck.__all__) <= set(names)


def mypy(tmp_path, program):
    (tmp_path / "program.py").write_text(program)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--follow-imports=silent",
        "--cache-dir",
        str(tmp_path / "c"),
    ]
    command += [str(tmp_path / "program.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_type_checker_knows_the_public_names(tmp_path):
    assert mypy(tmp_path, PROGRAM) == ""


def test_a_type_checker_sees_mistakes(tmp_path):
    errors = mypy(tmp_path, MISTAKES)
    assert [line.split(":")[1] for line in errors.splitlines() if ": error:" in line] == ["4", "5", "5", "6"]


CONFIGURED = {
    "check_api": lambda config: driftcheck.check_api("a.yaml", "b.yaml", config=config),
    "check_database": lambda config: driftcheck.check_database("sqlite://", models="a:b", config=config),
    "check_migrations": lambda config: driftcheck.check_migrations("alembic.ini", config=config),
    "check_project": driftcheck.check_project,
    "check_service": lambda config: driftcheck.check_service("a.yaml", url="http://a", config=config),
    "check_traffic": lambda config: driftcheck.check_traffic(["a.har"], "a.yaml", config=config),
}


def test_every_check_can_be_configured():
    assert set(CONFIGURED) == {name for name in driftcheck.__all__ if name.startswith("check_")}


@pytest.mark.parametrize("name", CONFIGURED)
def test_configuration_may_be_a_mapping_as_in_the_file(name):
    with pytest.raises(driftcheck.DriftcheckError, match="unknown option 'fial-on'") as caught:
        CONFIGURED[name]({"fial-on": "risky"})
    assert "fail-on" in caught.value.hint
