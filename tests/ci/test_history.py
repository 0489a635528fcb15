"""Which base is wanted, and how much of it is fetched."""

from __future__ import annotations

import pytest

from driftcheck.ci.history import Wanted, changed, concerned, fetch, wanted
from driftcheck.errors import DriftcheckError
from tests.ci.server_side import Origin
from tests.repositories import commit, git

SHA = "0123456789abcdef0123456789abcdef01234567"
MAIN = {"repository": {"default_branch": "main"}}


@pytest.mark.parametrize(
    ("asked", "environ", "event", "expected"),
    [
        ("", {"GITHUB_BASE_REF": "release/1"}, MAIN, Wanted(branch="release/1")),
        ("dev", {"GITHUB_BASE_REF": "main"}, MAIN, Wanted(branch="dev")),
        ("origin/dev", {}, MAIN, Wanted(branch="dev")),
        ("refs/heads/dev", {}, MAIN, Wanted(branch="dev")),
        (SHA, {"GITHUB_BASE_REF": "main"}, MAIN, Wanted(commit=SHA)),
        ("", {}, {"merge_group": {"base_sha": SHA}, **MAIN}, Wanted(commit=SHA)),
        (
            "",
            {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"},
            {"before": SHA, **MAIN},
            Wanted(commit=SHA),
        ),
        (
            "",
            {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"},
            {"before": "0" * 40, **MAIN},
            Wanted(branch="main"),
        ),
        (
            "",
            {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/topic"},
            {"before": SHA, **MAIN},
            Wanted(branch="main"),
        ),
        ("", {"GITHUB_EVENT_NAME": "schedule"}, MAIN, Wanted(branch="main")),
        ("", {}, {}, None),
        ("", {}, {"repository": "odd", "merge_group": [], "before": 3}, None),
    ],
)
def test_what_is_wanted(asked, environ, event, expected):
    assert wanted(asked, environ, event) == expected


def branches(folder, **kwargs):
    origin = Origin(folder, **kwargs)
    start = commit("start", origin.work, a_txt="1")
    git("checkout", "--quiet", "-b", "branch", cwd=origin.work)
    commit("mine", origin.work, b_txt="1")
    git("checkout", "--quiet", "main", cwd=origin.work)
    commit("theirs", origin.work, c_txt="1")
    git("checkout", "--quiet", "branch", cwd=origin.work)
    commit("mine again", origin.work, services__b_txt="2")
    origin.push("main", "branch")
    return origin, start


@pytest.mark.parametrize("any_commit", [True, False])
@pytest.mark.parametrize("depth", [1, 0])
def test_the_commit_that_the_branch_left(tmp_path, monkeypatch, depth, any_commit):
    origin, start = branches(tmp_path / "server", any_commit=any_commit)
    folder = origin.checkout(tmp_path / "here", ref="refs/heads/branch", depth=depth)
    monkeypatch.chdir(folder)
    assert fetch(Wanted(branch="main"), "refs/heads/branch") == start
    assert fetch(Wanted(branch="main"), "refs/heads/branch") == start
    assert changed(start) == ["b.txt", "services/b.txt"]


def test_a_commit_by_its_name(tmp_path, monkeypatch):
    origin, start = branches(tmp_path / "server")
    folder = origin.checkout(tmp_path / "here", ref="refs/heads/branch")
    monkeypatch.chdir(folder)
    assert fetch(Wanted(commit=start), "refs/heads/branch") == start


def test_nothing_is_fetched_where_all_is_there(tmp_path, monkeypatch):
    origin, start = branches(tmp_path / "server")
    folder = origin.checkout(tmp_path / "here", ref="refs/heads/branch", depth=0)
    git("remote", "set-url", "origin", "file:///nowhere", cwd=folder)
    monkeypatch.chdir(folder)
    assert fetch(Wanted(branch="main"), "") == start


def test_why_there_is_no_base(tmp_path, monkeypatch):
    origin, _ = branches(tmp_path / "server")
    folder = origin.checkout(tmp_path / "here", ref="refs/heads/branch")
    monkeypatch.chdir(folder)
    with pytest.raises(DriftcheckError, match="gone cannot be fetched"):
        fetch(Wanted(branch="gone"), "refs/heads/branch")
    with pytest.raises(DriftcheckError, match="no name of a branch"):
        fetch(Wanted(branch="a b"), "refs/heads/branch")
    git("checkout", "--quiet", "--orphan", "other", cwd=origin.work)
    commit("another beginning", origin.work)
    origin.push("other")
    with pytest.raises(DriftcheckError, match="no common past"):
        fetch(Wanted(branch="other"), "refs/heads/branch")


def test_outside_of_any_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DriftcheckError):
        fetch(Wanted(branch="main"), "")


FILES = ["services/orders/openapi.yaml", "README.md"]


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (["services"], True),
        (["services/"], True),
        (["services/orders"], True),
        (["*.yaml"], True),
        (["docs", "README.md"], True),
        (["README"], False),
        (["service"], False),
        (["*.YAML"], False),
        (["orders"], False),
        ([], False),
    ],
)
def test_paths(globs, expected):
    assert concerned(FILES, globs) is expected
