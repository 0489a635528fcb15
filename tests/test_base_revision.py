"""The base of a branch: named by the user, by a CI system, or found; and what is said where it is missing."""

from __future__ import annotations

import pytest

from driftcheck.base_revision import VARIABLES, find_base
from driftcheck.errors import DriftcheckError
from tests.repositories import commit, git, start


@pytest.fixture
def forked(tmp_path, monkeypatch):
    """main: first, later; branch (here): first, mine. The answer is the first commit."""
    monkeypatch.chdir(tmp_path)
    start()
    first = commit("first", a_txt="1")
    git("checkout", "--quiet", "-b", "branch")
    commit("mine", b_txt="1")
    git("checkout", "--quiet", "main")
    commit("later", a_txt="2")
    git("checkout", "--quiet", "branch")
    return first


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_ci_system_is_understood(forked, variable):
    git("branch", "release", "main")
    base = find_base(environ={variable: "release"})
    assert (base.name, base.commit, base.here) == ("release", forked, False)


def test_where_the_branch_left_and_not_where_main_is_now(forked):
    assert find_base(environ={}).commit == forked
    assert find_base("main", {}).commit == forked


def test_what_is_typed_wins_over_the_environment(forked):
    git("branch", "release", "branch~1")
    assert find_base("main", {"GITHUB_BASE_REF": "nowhere"}).name == "main"


def test_azure_writes_full_names(forked):
    assert find_base(environ={"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}).name == "main"


def test_a_branch_of_the_server_goes_before_a_local_one(forked, tmp_path):
    git("branch", "release", "main")
    git("clone", "--quiet", str(tmp_path), str(tmp_path / "clone"))
    git("checkout", "--quiet", "-b", "main", "origin/branch", cwd=tmp_path / "clone")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "clone")
        assert find_base(environ={"GITHUB_BASE_REF": "main"}).name == "origin/main"
        assert find_base("main", {}).name == "main"
        assert find_base(environ={}).name == "origin/HEAD"
        assert find_base("release", {}).name == "origin/release"


def test_on_the_base_itself_only_uncommitted_changes_are_seen(forked):
    git("checkout", "--quiet", "main")
    base = find_base(environ={})
    assert base.here
    assert base.commit == git("rev-parse", "HEAD")
    assert base.label == f"main ({base.commit[:12]})"


@pytest.mark.parametrize("name", ["gone", "-x", "a b", "--output=x"])
def test_a_revision_that_is_not_there(forked, name):
    with pytest.raises(DriftcheckError, match="git knows no revision"):
        find_base(name, {})


def test_a_branch_that_ci_did_not_fetch(forked):
    with pytest.raises(DriftcheckError) as caught:
        find_base(environ={"GITHUB_BASE_REF": "develop"})
    assert "develop (from GITHUB_BASE_REF)" in caught.value.message
    assert "git fetch origin develop:refs/remotes/origin/develop" in caught.value.hint


def test_a_shallow_clone_is_explained(forked, tmp_path, monkeypatch):
    url = tmp_path.as_uri()
    git("clone", "--quiet", "--depth=1", "--no-single-branch", url, str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    with pytest.raises(DriftcheckError) as caught:
        find_base("origin/main", {})
    assert "shallow" in caught.value.message
    assert "fetch-depth: 0" in caught.value.hint


def test_without_any_default_branch(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start()
    commit()
    git("branch", "--quiet", "-m", "trunk")
    with pytest.raises(DriftcheckError, match="no branch to compare with") as caught:
        find_base(environ={})
    assert "--base" in caught.value.hint
    assert find_base("trunk", {}).here


def test_histories_that_have_nothing_in_common(forked):
    git("checkout", "--quiet", "--orphan", "other")
    commit("other")
    with pytest.raises(DriftcheckError, match="no common past"):
        find_base("main", {})


def test_no_commit_and_no_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DriftcheckError, match="git cannot be asked"):
        find_base(environ={})
    start()
    with pytest.raises(DriftcheckError, match="no branch to compare with"):
        find_base(environ={})
