"""What the plugin costs every run of pytest that does not use it: nothing but its own small module."""

from __future__ import annotations

import json
import subprocess
import sys

PROBE = """
import json, sys
import pytest
before = set(sys.modules)
import driftcheck.pytest_plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""

UNUSED = """
import sys

def test_nothing(pytestconfig):
    loaded = {name for name in sys.modules if name.startswith("driftcheck")}
    assert loaded <= {"driftcheck", "driftcheck._version", "driftcheck.pytest_plugin"}
    assert not {"sqlalchemy", "alembic", "jsonschema_rs", "httpx", "requests", "typer"} & set(sys.modules)
    assert not pytestconfig.pluginmanager.has_plugin("driftcheck-calls")
"""

pytest_plugins = ["pytester"]


def test_importing_the_plugin_imports_nothing_else():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)) <= {
        "driftcheck",
        "driftcheck._version",
        "driftcheck.pytest_plugin",
        "__future__",
    }


def test_an_unused_plugin_loads_and_patches_nothing(project):
    project.write("test_unused.py", UNUSED)
    project.run("-p", "no:anyio", "-p", "no:schemathesis", "-p", "no:hypothesispytest").assert_outcomes(
        passed=1
    )


def test_options_and_the_marker_are_explained(project):
    said = project.run("--help").stdout.str()
    for option in (
        "--driftcheck ",
        "--driftcheck-spec=SPEC",
        "--driftcheck-record=FILE",
        "--driftcheck-base=REV",
    ):
        assert option in said
    assert "@pytest.mark.driftcheck(spec=True)" in project.run("--markers").stdout.str()
