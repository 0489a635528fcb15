"""The files of another revision: complete, elsewhere, gone afterwards, and no trace in the repository."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.worktree import checked_out
from tests.repositories import commit, git, start, write


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A repository in which `shop` says 1 in the first commit, 2 in the second and 3 uncommitted."""
    top = tmp_path / "repo"
    start(top)
    monkeypatch.chdir(top)
    commit(shop_py="VERSION = 1\n", deep__inner_txt="old\n")
    commit(shop_py="VERSION = 2\n", new__only_txt="")
    write(shop_py="VERSION = 3\n")
    return top


SAY = "import json, shop, sys; print(json.dumps([shop.VERSION, shop.__file__]))"


def said(tree, code=SAY):
    done = tree.python(["-c", code])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_code_of_the_revision_runs(here):
    with checked_out("HEAD~1") as tree:
        version, file = said(tree)
        assert version == 1
        assert Path(file).is_relative_to(tree.top)
        assert (tree.top / "deep" / "inner.txt").read_text() == "old\n"
        assert not (tree.top / "new").exists()
    with checked_out("HEAD") as tree:
        assert said(tree)[0] == 2


def test_nothing_is_left_behind_and_the_repository_is_as_before(here):
    before = (git("status", "--porcelain"), sorted(map(str, Path(".git").rglob("*"))))
    with checked_out("HEAD~1") as tree:
        folder = tree.top
        assert folder.is_dir()
    assert not folder.exists()
    assert git("worktree", "list").count("\n") == 0
    assert (git("status", "--porcelain"), sorted(map(str, Path(".git").rglob("*")))) == before
    assert Path("shop.py").read_text() == "VERSION = 3\n"


def test_also_when_the_block_fails(here):
    folders = []

    def fail():
        with checked_out("HEAD") as tree:
            folders.append(tree.top)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not folders[0].exists()


def test_from_a_folder_below_the_top(here, monkeypatch):
    monkeypatch.chdir(here / "deep")
    with checked_out("HEAD") as tree:
        assert tree.here == tree.top / "deep"
        assert tree.counterpart("inner.txt") == tree.top / "deep" / "inner.txt"
        assert tree.counterpart(here.parent) is None


def test_a_folder_that_the_revision_does_not_have(here, monkeypatch):
    monkeypatch.chdir(here / "new")
    with checked_out("HEAD~1") as tree:
        assert tree.here.is_dir()


def test_modules_are_found_where_this_interpreter_finds_them(here, monkeypatch):
    commit(src__lib__core_py="WHERE = 'base'\n")
    monkeypatch.setattr(sys, "path", [str(here / "src"), str(here / ".venv/lib/site-packages"), *sys.path])
    with checked_out("HEAD") as tree:
        assert tree.import_path()[:2] == [str(tree.here), str(tree.top / "src")]
        assert not any("site-packages" in entry for entry in tree.import_path())
        assert said(tree, "import json, lib.core; print(json.dumps(lib.core.WHERE))") == "base"


def test_pythonpath_of_the_repository_is_not_mixed_in(here, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here), str(tmp_path / "tools")]))
    with checked_out("HEAD") as tree:
        path = tree.environment()["PYTHONPATH"].split(os.pathsep)
        assert str(here) not in path
        assert str(tmp_path / "tools") in path


def test_files_that_archives_leave_out_are_there_all_the_same(here):
    (here / ".gitattributes").write_text("tests export-ignore\n")
    commit(tests__data_txt="x")
    with checked_out("HEAD") as tree:
        assert (tree.top / "tests" / "data.txt").is_file()


def test_a_program_that_never_ends(here):
    with checked_out("HEAD") as tree, pytest.raises(DriftcheckError, match="did not end within"):
        tree.python(["-c", "import time; time.sleep(60)"], timeout=0.2)


@pytest.mark.parametrize("revision", ["gone", "--help", ""])
def test_a_revision_that_is_not_there(here, revision):
    with pytest.raises(DriftcheckError, match="git knows no revision"), checked_out(revision):
        pass
