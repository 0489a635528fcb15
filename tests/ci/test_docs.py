"""docs/ci.md says what there is."""

from __future__ import annotations

import re
from textwrap import dedent

import yaml

from tests.ci.runner import ROOT, action
from tests.ci.test_workflows import audit, check_schema, lint

TEXT = (ROOT / "docs" / "ci.md").read_text("utf-8")


def rows(heading):
    """First cells of the table that begins with this line."""
    lines = TEXT.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [name for line in lines for name in re.findall(r"`([\w-]+)`", line.split("|")[1])]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_all_inputs_and_outputs_are_told():
    assert sorted(rows("| Input | Default | |")) == sorted(action()["inputs"])
    assert sorted(rows("| Output | |")) == sorted(action()["outputs"])


def test_all_hooks_are_told():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert rows("| Hook | stops a commit when | options (`args:`) |") == [hook["id"] for hook in hooks]


def test_the_workflow_to_copy_is_a_good_one(tmp_path):
    file = tmp_path / ".github" / "workflows" / "driftcheck.yml"
    file.parent.mkdir(parents=True)
    file.write_text(blocks("yaml")[0], encoding="utf-8")
    assert check_schema("vendor.github-workflows", file)[0] == 0
    assert lint(file) == []
    # Examples are not pinned, so that they can be read; the text says that they should be.
    assert set(audit(file)) <= {"unpinned-uses", "concurrency-limits", "undocumented-permissions"}


def test_examples_are_yaml():
    assert len(blocks("yaml")) >= 7
    for block in blocks("yaml"):
        assert yaml.safe_load(dedent(block))


def test_parts_of_a_job_only_name_what_the_action_has():
    named = set(re.findall(r"steps\.driftcheck\.outputs\.([\w-]+)", TEXT))
    assert named <= set(action()["outputs"])
