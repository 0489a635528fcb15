"""What a start costs: the modules that are loaded, not seconds, so that a busy machine changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from driftcheck.catalogue import all_rules
from driftcheck.cli.app import COMMANDS

SLOW = {
    "alembic",
    "deepdiff",
    "hypothesis",
    "jsonschema",
    "jsonschema_rs",
    "openapi_spec_validator",
    "rich",
    "schemathesis",
    "sqlalchemy",
}
PROBE = """
import sys
before = set(sys.modules)
{code}
sys.stderr.write("\\nMODULES " + " ".join(sorted(set(sys.modules) - before)))
"""


def modules_after(code):
    run = subprocess.run(
        [sys.executable, "-c", PROBE.format(code=code)], capture_output=True, text=True, check=True
    )
    return set(run.stderr.rsplit("MODULES ", 1)[1].split())


def modules_of(*arguments):
    return modules_after(f"from driftcheck.cli import main\nmain({list(arguments)!r})")


def top(modules):
    return {name.split(".")[0] for name in modules}


def slow(*arguments):
    """The slow packages that a command loads; what Typer loads by itself, as it once did Rich, is its own."""
    return top(modules_of(*arguments)) & SLOW - top(modules_after("import typer.core"))


def test_importing_driftcheck_imports_next_to_nothing():
    assert modules_after("import driftcheck") <= {"__future__", "driftcheck", "driftcheck._version"}


def test_version_imports_next_to_nothing():
    assert modules_of("--version") <= {"__future__", "driftcheck", "driftcheck._version", "driftcheck.cli"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["api", "--help"],
        ["rules"],
        ["rules", "--format", "json"],
        ["report-schema"],
        ["completion", "fish"],
    ],
    ids=" ".join,
)
def test_commands_that_only_tell_load_nothing_slow(arguments):
    assert not slow(*arguments)


def test_listing_the_commands_does_without_pydantic():
    assert "pydantic" not in top(modules_of("--help"))


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_that_does_the_work(arguments):
    work = ("driftcheck.openapi", "driftcheck.database", "driftcheck.catalogue", "driftcheck.config_file")
    assert not {name for name in modules_of(*arguments) if name.startswith(work)}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_read_without_most_others(name):
    loaded = {each.removeprefix("driftcheck.cli.") for each in modules_of(name, "--help")}
    commands = {each.replace("-", "_") for each in COMMANDS} & loaded
    assert name.replace("-", "_") in commands
    assert len(commands) <= 2, "a command may share options with one other"


def test_explain_loads_nothing_slow():
    assert not slow("explain", all_rules()[0].id)


SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}},
}


def test_an_equal_pair_loads_only_what_reading_needs(tmp_path):
    for name in ("old.json", "new.json"):
        (tmp_path / name).write_text(json.dumps(SPEC))
    loaded = slow("api", str(tmp_path / "old.json"), str(tmp_path / "new.json"))
    assert not loaded - {"jsonschema_rs"}, "the fast validation needs jsonschema-rs, nothing else is needed"
