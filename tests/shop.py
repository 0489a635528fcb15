"""The demo project as a git repository with two branches: `python -m tests.shop FOLDER` makes it.

`main` holds fixtures/projects/shop, `branch` (checked out) what fixtures/projects/shop-branch changes in it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.repositories import commit, git, start

PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"


def copy(folder, name="shop"):
    """The files of a project, without a repository."""
    left_out = shutil.ignore_patterns("__pycache__", "*.db")
    shutil.copytree(PROJECTS / name, folder, dirs_exist_ok=True, ignore=left_out)


def repository(folder, branch=True):
    """The repository; without `branch`, main alone."""
    start(folder)
    copy(folder)
    commit("The shop", folder)
    if branch:
        git("checkout", "--quiet", "-b", "branch", cwd=folder)
        copy(folder, "shop-branch")
        commit("A currency, and a better name", folder)


if __name__ == "__main__":
    repository(sys.argv[1])
