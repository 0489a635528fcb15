"""The GitLab component: its form, and its script in bash over the demo project."""

from __future__ import annotations

import json
import os
import sys
from xml.etree import ElementTree

import pytest
import yaml

from tests import shop
from tests.ci import gitlab
from tests.ci.runner import ROOT
from tests.ci.test_workflows import check_schema
from tests.repositories import commit, git

HOSTILE = "x'; touch pwned; $(touch pwned) `touch pwned` \" #"


@pytest.fixture
def programs(tmp_path):
    """A PATH on which `driftcheck` is this one, and `pip` writes down what it is to install."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "driftcheck").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m driftcheck "$@"\n')
    log = tmp_path / "installed"
    (folder / "python").write_text(
        f'#!/bin/sh\nfor word do last="$word"; done\nprintf %s "$last" > "{log}"\n'
    )
    for program in folder.iterdir():
        program.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    return {"PATH": path, "PYTHONPATH": str(ROOT)}, log


@pytest.fixture
def repository(tmp_path):
    shop.repository(tmp_path / "shop")
    return tmp_path / "shop"


def merge_request(folder):
    base = git("merge-base", "main", "HEAD", cwd=folder)
    return {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}


def job(**inputs):
    (name,) = (written := gitlab.filled(**inputs))
    return written[name]


def test_a_merge_request_that_breaks_things(repository, programs):
    environ, log = programs
    status, said = gitlab.run(job(), repository, **environ, **merge_request(repository))
    assert status == 1, said
    assert "qty was renamed to quantity" in said
    assert log.read_text() == "driftcheck"
    quality = json.loads((repository / "gl-code-quality-report.json").read_text("utf-8"))
    assert "openapi.yaml" in {finding["location"]["path"] for finding in quality}
    assert ElementTree.parse(repository / "driftcheck.xml").getroot().tag == "testsuites"
    assert (repository / "driftcheck.html").exists()


def test_a_merge_request_that_breaks_nothing(repository, programs):
    git("checkout", "--quiet", "main", cwd=repository)
    git("checkout", "--quiet", "-b", "harmless", cwd=repository)
    commit("words", repository, NOTES_md="words")
    status, said = gitlab.run(job(), repository, **programs[0], **merge_request(repository))
    assert status == 0, said
    assert json.loads((repository / "gl-code-quality-report.json").read_text("utf-8")) == []


def test_a_push_is_compared_with_what_was_there_before(repository, programs):
    before = git("rev-parse", "main", cwd=repository)
    git("checkout", "--quiet", "-B", "main", "branch", cwd=repository)
    status, said = gitlab.run(job(parts="api"), repository, **programs[0], CI_COMMIT_BEFORE_SHA=before)
    assert status == 1, said
    status, said = gitlab.run(job(parts="api"), repository, **programs[0], CI_COMMIT_BEFORE_SHA="0" * 40)
    assert status == 0, said  # nothing was there


def test_parts_levels_and_options(repository, programs):
    asked = job(parts="api traffic", fail_on="never", extra_args="--changelog --severity unknown-*=info")
    status, said = gitlab.run(asked, repository, **programs[0], **merge_request(repository))
    assert status == 2, said  # the * is a *
    assert "unknown-*" in said
    asked = job(parts="api traffic", fail_on="never", extra_args="--changelog")
    status, said = gitlab.run(asked, repository, **programs[0], **merge_request(repository))
    assert status == 0, said
    assert "api, traffic" in said


def test_what_is_run_before(repository, programs):
    (repository / "prepare.sh").write_text("export PREPARED=yes; echo prepared\n", encoding="utf-8")
    asked = job(before="prepare.sh", parts="api", package="driftcheck[postgresql]==1.0")
    status, said = gitlab.run(asked, repository, **programs[0], **merge_request(repository))
    assert (status, "prepared" in said) == (1, True), said
    assert programs[1].read_text() == "driftcheck[postgresql]==1.0"


def test_a_folder_of_its_own(tmp_path, programs):
    folder = tmp_path / "many"
    shop.repository(folder / "unused")
    (folder / "unused").rename(folder / "orders")
    (folder / "orders" / ".git").rename(folder / ".git")
    asked = job(working_directory="orders", parts="api")
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "-m", "moved", cwd=folder)
    environ = merge_request(folder) | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": git("rev-parse", "HEAD", cwd=folder)}
    status, said = gitlab.run(asked, folder, **programs[0], **environ)
    assert status == 0, said
    assert (folder / "driftcheck.xml").exists()


@pytest.mark.parametrize("name", ["package", "before", "working_directory", "parts", "extra_args"])
def test_inputs_and_branches_are_never_run(repository, programs, name):
    hostile = merge_request(repository) | {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": HOSTILE}
    status, said = gitlab.run(job(**{name: HOSTILE}), repository, **programs[0], **hostile)
    assert status != 0
    assert not list(repository.parent.rglob("pwned")), said


def test_the_job_has_the_form_of_a_job(tmp_path):
    for inputs in ({}, {"allow_failure": True, "fail_on": "risky", "job_name": "contracts"}):
        file = tmp_path / ".gitlab-ci.yml"
        file.write_text(yaml.safe_dump(gitlab.filled(**inputs)), encoding="utf-8")
        status, said = check_schema("vendor.gitlab-ci", file)
        assert status == 0, said
    assert gitlab.filled(job_name="contracts")["contracts"]["allow_failure"] is False


def test_a_job_of_another_form_is_told(tmp_path):
    wrong = gitlab.filled()
    wrong["driftcheck"]["artifacts"]["when"] = "sometimes"
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(yaml.safe_dump(wrong), encoding="utf-8")
    assert check_schema("vendor.gitlab-ci", file)[0] == 1


def test_every_input_is_used_and_described_and_stays_out_of_scripts():
    inputs, rest = gitlab.parts()
    for name, one in inputs.items():
        assert f"$[[ inputs.{name} ]]" in rest
        assert one["description"].endswith(".")
    assert not [
        line for line in yaml.safe_load(rest)["$[[ inputs.job-name ]]"]["script"] if "inputs." in line
    ]
    with pytest.raises(AssertionError, match="GitLab refuses"):
        gitlab.filled(fail_on="error")
