"""The files of a repository that are the user's own: without what git ignores, environments and packages.

git is asked where there is a repository; elsewhere the .gitignore files are read here, as far as names go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from driftcheck import git

_SKIPPED = frozenset(
    "node_modules bower_components site-packages __pycache__ venv env .venv .tox .nox .git .hg .svn"
    " .mypy_cache .ruff_cache .pytest_cache .hypothesis .idea .vscode build dist target"
    " vendor third_party .eggs".split()
)
_VENV = "pyvenv.cfg"


def own_files(root: Path) -> list[str]:
    """Paths below `root`, with "/", sorted."""
    listed = _from_git(root)
    found = _from_disk(root) if listed is None else listed
    return sorted(path for path in found if _SKIPPED.isdisjoint(path.split("/")[:-1]))


def _from_git(root: Path) -> Iterator[str] | None:
    try:
        done = git.run(str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    except FileNotFoundError:  # git is not installed
        return None
    if done.returncode:
        return None
    names = {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}
    environments = {name.rpartition("/")[0] + "/" for name in names if name.rpartition("/")[2] == _VENV}
    return (
        name
        for name in names
        if not any(name.startswith(each) for each in environments) and (root / name).is_file()
    )


def _from_disk(root: Path) -> Iterator[str]:
    patterns: list[tuple[str, str]] = []
    for where, folders, names in os.walk(root):
        below = "" if Path(where) == root else Path(where).relative_to(root).as_posix() + "/"
        patterns += ((below, line) for line in _ignored_in(Path(where)))
        folders[:] = [
            name
            for name in sorted(folders)
            if name not in _SKIPPED
            and not os.path.exists(os.path.join(where, name, _VENV))
            and not _is_ignored(f"{below}{name}", True, patterns)
        ]
        yield from (below + name for name in names if not _is_ignored(below + name, False, patterns))


def _ignored_in(folder: Path) -> list[str]:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _is_ignored(path: str, is_folder: bool, patterns: list[tuple[str, str]]) -> bool:
    """What the last pattern that fits says; a pattern with a slash is one from its folder on."""
    ignored = False
    for below, line in patterns:
        if not path.startswith(below):
            continue
        wanted = not line.startswith("!")
        pattern = line.removeprefix("!")
        if pattern.endswith("/") and not is_folder:
            continue
        pattern = pattern.rstrip("/")
        local = path[len(below) :]
        anchored = "/" in pattern
        pattern = re.sub(r"\*\*/?", "*", pattern.lstrip("/"))
        if fnmatchcase(local if anchored else local.rpartition("/")[2], pattern):
            ignored = wanted
    return ignored
